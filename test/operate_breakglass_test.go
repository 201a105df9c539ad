package test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/test/harness"
)

// TestOperateBreakglass saves runbooks and runs the scripts that they give.
func TestOperateBreakglass(t *testing.T) {
	t.Parallel()
	o := harness.OpenShop(t, emulator.Config{}, harness.Toolchain, "")
	book := o.Written("runbook.json")
	t.Run("the printed calls of breakglass switch, and status calls it drift", func(t *testing.T) {
		o := o.In(t)
		o.Given(maintenance.Off)
		o.Require(0, "on", "--auto-approve", "--save-runbook", book)
		script := o.Require(0, "breakglass", "off", "--runbook", book).Out
		o.Shell(t, script)
		o.Require(0, "verify", "--expect", "off", harness.CartURL, harness.HealthURL)
		r := o.Require(12, "status", "--exit-code")
		assert.Contains(t, r.Out, "switched outside Terraform")
		o.Shell(t, o.Require(0, "breakglass", "on", "--runbook", book).Out)
		o.Require(10, "status", "--exit-code")
	})
	t.Run("a runbook that was saved while live knows the exempt path", func(t *testing.T) {
		o := o.In(t)
		o.Given(maintenance.Off)
		o.Require(0, "status", "--save-runbook", book)
		script := o.Require(0, "breakglass", "on", "--runbook", book).Out
		assert.Contains(t, script, "https://shop.example.com/health stays live")
	})
}
