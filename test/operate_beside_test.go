package test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/test/harness"
)

// TestOperateBesideOtherChanges switches a root whose code has changed since its
// last deploy.
func TestOperateBesideOtherChanges(t *testing.T) {
	t.Parallel()
	o := harness.OpenShop(t, emulator.Config{}, harness.Toolchain, "")
	t.Run("only-switch passes by a change that stands in the way", func(t *testing.T) {
		o := o.In(t)
		o.Given(maintenance.Off)
		o.Override("unmerged.tf", `resource "terraform_data" "unmerged" {}`)
		t.Cleanup(func() { require.NoError(t, os.Remove(filepath.Join(o.Root, "unmerged.tf"))) })
		assert.Contains(t, o.Require(3, "on", "--auto-approve").ErrOut, "terraform_data.unmerged (create)")
		o.Require(0, "on", "--auto-approve", "--only-switch")
		assert.Contains(t, o.Require(11, "status", "--exit-code").Out, "`modes` is behind for "+harness.CartURL)
		o.Require(0, "off", "--auto-approve", "--only-switch")
	})
	t.Run("other changes are let through where that is asked for, and named", func(t *testing.T) {
		o := o.In(t)
		o.Given(maintenance.Off)
		r := o.Require(0, "on", "--auto-approve", "--allow-other-changes", "--json", "--var", "release=2")
		violations := r.Last(t, "planned")["data"].(map[string]any)["violations"].([]any)
		require.NotEmpty(t, violations)
		assert.Equal(t, "aws_api_gateway_rest_api.shop", violations[0].(map[string]any)["address"])
		o.Require(0, "off", "--auto-approve", "--allow-other-changes")
	})
}
