package guard_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/guard"
	"apigateway-maintenance/internal/maintenance"
)

// object is a JSON object.
type object = map[string]any

// recorded are plans that Terraform and OpenTofu made of test/testdata/guarded,
// with the mock's text shortened (test/guarded_test.go records them).
var recorded = []string{"terraform-on", "terraform-off", "terraform-redeploy", "terraform-targeted", "tofu-on", "tofu-redeploy"}

// directionOf is what a recorded plan switches.
func directionOf(name string) maintenance.Direction {
	if strings.HasSuffix(name, "-off") {
		return maintenance.Off
	}
	return maintenance.On
}

func recordedText(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "plans", name+".json"))
	require.NoError(t, err)
	return text
}

// recordedPlan is a fresh copy, to be edited.
func recordedPlan(t testing.TB, name string) object {
	t.Helper()
	var plan object
	require.NoError(t, json.Unmarshal(recordedText(t, name), &plan))
	return plan
}

func parse(t testing.TB, plan object) *guard.Plan {
	t.Helper()
	text, err := json.Marshal(plan)
	require.NoError(t, err)
	parsed, err := guard.Parse(text)
	require.NoError(t, err, "%.200s", text)
	return parsed
}

// in walks into a JSON value by keys and indexes.
func in(value any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			value = value.(object)[step]
		case int:
			value = value.([]any)[step]
		}
	}
	return value
}

// resourceAt is the element of resource_changes whose address ends so.
func resourceAt(plan object, ending string) object {
	for _, raw := range plan["resource_changes"].([]any) {
		if rc := raw.(object); strings.HasSuffix(rc["address"].(string), ending) {
			return rc
		}
	}
	panic("no change ends with " + ending)
}

// blockAt is a resource of a module's configuration.
func blockAt(plan object, module, kind string) object {
	m := in(plan, "configuration", "root_module").(object)
	if module != "" {
		m = in(m, "module_calls", module, "module").(object)
	}
	for _, raw := range m["resources"].([]any) {
		if block := raw.(object); block["type"] == kind {
			return block
		}
	}
	panic("no block of " + kind)
}

// addChange appends an element of resource_changes.
func addChange(plan object, rc object) {
	plan["resource_changes"] = append(plan["resource_changes"].([]any), rc)
}

const (
	awsProvider = "registry.terraform.io/hashicorp/aws"
	mappingType = "aws_api_gateway_base_path_mapping"
	orders      = `this["/orders"]`
	health      = `this["/health"]`
)

// made is a change of a resource of the root.
func made(mode, kind, name string, actions []any, before, after any) object {
	address := kind + "." + name
	if mode != "managed" {
		address = mode + "." + address
	}
	return object{"address": address, "mode": mode, "type": kind, "name": name, "provider_name": awsProvider,
		"change": object{"actions": actions, "before": before, "after": after, "after_unknown": object{}, "before_sensitive": object{}, "after_sensitive": object{}}}
}

func copyOf(value object) object {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	var clone object
	if err := json.Unmarshal(text, &clone); err != nil {
		panic(err)
	}
	return clone
}
