package test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/need"
	"apigateway-maintenance/internal/terraform"
	"apigateway-maintenance/test/harness"
)

// TestOperateWithOpenTofu takes the command through a short life under OpenTofu,
// with the modules by a git URL.
func TestOperateWithOpenTofu(t *testing.T) {
	t.Parallel()
	need.For(t, need.OpenTofu)
	tofu := harness.Toolchains(t)[terraform.OpenTofu]
	o := harness.OpenShop(t, emulator.Config{}, tofu, harness.GitModules(t))
	o.Require(3, "on", "--auto-approve", "--var", "release=2")
	assert.Equal(t, "done", o.Outcome(t, "on", "--var", "notice=Closed until noon."))
	o.Require(0, "verify", "--expect", "on", harness.CartURL)
	o.Require(10, "status", "--exit-code", "--var", "notice=Closed until noon.")
	assert.Equal(t, "already", o.Outcome(t, "on", "--var", "notice=Closed until noon."))
	assert.Equal(t, "done", o.Outcome(t, "off", "--only-switch"))
	o.Require(0, "verify", "--expect", "off", harness.CartURL, harness.HealthURL)
}
