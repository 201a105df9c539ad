package harness

import (
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/terraform"
)

// RequireSwitchOnly requires that a plan updates that many base path mappings
// in place, each in api_id and stage_name alone, and does nothing else.
func RequireSwitchOnly(t *testing.T, plan *tfjson.Plan, mappings int) {
	t.Helper()
	changes := terraform.Changes(plan)
	require.Len(t, changes, mappings, "changes of the plan: %v", addresses(changes))
	for _, change := range changes {
		require.Equal(t, "aws_api_gateway_base_path_mapping", change.Type, change.Address)
		require.True(t, change.Change.Actions.Update(), "%s: %v", change.Address, change.Change.Actions)
		before, after := change.Change.Before.(map[string]any), change.Change.After.(map[string]any)
		for name := range after {
			if name != "api_id" && name != "stage_name" {
				require.Equal(t, before[name], after[name], "%s of %s", name, change.Address)
			}
		}
		require.NotEqual(t, before["api_id"], after["api_id"], change.Address)
	}
}

func addresses(changes []*tfjson.ResourceChange) string {
	var all []string
	for _, change := range changes {
		all = append(all, change.Address)
	}
	return strings.Join(all, ", ")
}
