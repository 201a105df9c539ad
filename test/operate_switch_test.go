package test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/test/harness"
)

// TestOperateSwitch takes base paths out of service and back by the command, in
// a root that is not ours.
func TestOperateSwitch(t *testing.T) {
	t.Parallel()
	o := harness.OpenShop(t, emulator.Config{}, harness.Toolchain, "")
	t.Run("on switches what follows the variable and proves it", func(t *testing.T) {
		o := o.In(t)
		o.Given(maintenance.Off)
		o.Emulator.ResetCalls()
		r := o.Require(0, "on", "--auto-approve", "--json", "--report", o.Written("report.html"), "--save-runbook", o.Written("runbook.json"))
		result := r.Last(t, "result")["data"].(map[string]any)
		assert.Equal(t, "done", result["outcome"])
		for _, a := range result["answers"].([]any) {
			answers := a.(map[string]any)
			assert.Zero(t, answers["wrong"], answers)
			want := map[string]string{harness.CartURL: "maintenance", harness.HealthURL: "live"}[answers["url"].(string)]
			assert.Equal(t, want, answers["expected"])
		}
		assert.Equal(t, 1, o.Writes(), "one mapping moves in one call")
		o.Require(0, "verify", "--expect", "on", harness.CartURL)
		o.Require(0, "verify", "--expect", "off", harness.HealthURL)
		o.Require(4, "verify", "--expect", "off", "--timeout", "1s", harness.CartURL)
	})
	t.Run("on again is already so", func(t *testing.T) {
		o := o.In(t)
		o.Given(maintenance.On)
		o.Emulator.ResetCalls()
		r := o.Require(0, "on", "--auto-approve", "--json")
		assert.Equal(t, "already", r.Last(t, "result")["data"].(map[string]any)["outcome"])
		assert.Zero(t, o.Writes())
	})
	t.Run("a new text of the mock passes the guard and is served", func(t *testing.T) {
		o := o.In(t)
		o.Given(maintenance.On)
		r := o.Require(0, "on", "--auto-approve", "--json", "--var", "notice=Closed until noon.")
		plan := r.Last(t, "planned")["data"].(map[string]any)
		assert.Len(t, plan["redeploys"], 3)
		assert.Contains(t, o.Body(harness.CartURL), "Closed until noon.")
	})
	t.Run("off drains, saves, and the next plain deploy stays off", func(t *testing.T) {
		o := o.In(t)
		o.Given(maintenance.On)
		r := o.Require(0, "off", "--auto-approve", "--json", "--var", "notice=Closed until noon.", "--save", "--drain", "2s", "--preflight", o.Backend.URL)
		result := r.Last(t, "result")["data"].(map[string]any)
		assert.NotEmpty(t, result["drained_at"])
		assert.FileExists(t, filepath.Join(o.Root, "maintenance.auto.tfvars.json"))
		o.Require(0, "status", "--exit-code", "--no-plan")
		assert.Contains(t, o.Terraform("plan", "-input=false", "-var=notice=Closed until noon."), "No changes")
	})
}
