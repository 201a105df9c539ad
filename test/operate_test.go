package test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/terraform"
	"apigateway-maintenance/test/harness"
)

// TestOperate takes the command through a life in a root that is not ours.
func TestOperate(t *testing.T) {
	o := harness.OpenShop(t, emulator.Config{}, harness.Toolchain, "")
	files := filepath.Join(o.Dir, "written")
	require.NoError(t, os.Mkdir(files, 0o755))
	report, book := filepath.Join(files, "report.html"), filepath.Join(files, "runbook.json")

	t.Run("without a terminal it asks for --auto-approve", func(t *testing.T) {
		assert.Contains(t, o.Require(2, "on").ErrOut, "--auto-approve")
	})
	t.Run("a plan that does more is refused and nothing is touched", func(t *testing.T) {
		o.Emulator.ResetCalls()
		r := o.Require(3, "on", "--auto-approve", "--var", "release=2")
		assert.Contains(t, r.ErrOut, "aws_api_gateway_rest_api.shop (update)")
		assert.Zero(t, o.Writes())
	})
	t.Run("a variable that the root does not have is told in a sentence", func(t *testing.T) {
		r := o.Require(2, "on", "--auto-approve", "--variable", "nosuch")
		assert.Contains(t, r.ErrOut, `declares no variable "nosuch"`)
		assert.Equal(t, 1, strings.Count(r.ErrOut, "nosuch"), r.ErrOut)
	})
	t.Run("status without a plan shows the rest and why there is none", func(t *testing.T) {
		r := o.Require(2, "status", "--var", "nosuch=1")
		assert.Contains(t, r.Out, "live  (workspace prod)")
		assert.Regexp(t, `next deploy: +not known`, r.Out)
		assert.Contains(t, r.ErrOut, `declares no variable "nosuch"`)
	})
	t.Run("a workspace where nothing was deployed is named with its folder", func(t *testing.T) {
		r := o.RunIn([]string{"TF_WORKSPACE=stage"}, nil, "status")
		assert.Equal(t, 3, r.Code)
		assert.Contains(t, r.ErrOut, "workspace stage of "+o.Root)
	})
	t.Run("a lock that somebody else holds is told in a sentence", func(t *testing.T) {
		o.Hold(t)
		o.Emulator.ResetCalls()
		r := o.Require(5, "on", "--auto-approve")
		assert.Contains(t, r.ErrOut, "locked")
		assert.Equal(t, 1, strings.Count(strings.TrimSpace(r.ErrOut), "\n")+1, r.ErrOut)
		assert.Zero(t, o.Writes())
	})
	t.Run("wrong credentials are told in a sentence", func(t *testing.T) {
		r := o.RunIn([]string{"AWS_ACCESS_KEY_ID=AKIAWRONG", harness.Anew}, nil, "on", "--auto-approve")
		assert.Equal(t, 5, r.Code, r.ErrOut)
		assert.Contains(t, r.ErrOut, "credentials")
	})

	t.Run("on switches what follows the variable and proves it", func(t *testing.T) {
		o.Emulator.ResetCalls()
		r := o.Require(0, "on", "--auto-approve", "--json", "--report", report, "--save-runbook", book)
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
		o.Emulator.ResetCalls()
		r := o.Require(0, "on", "--auto-approve", "--json")
		assert.Equal(t, "already", r.Last(t, "result")["data"].(map[string]any)["outcome"])
		assert.Zero(t, o.Writes())
	})
	t.Run("status tells maintenance, the next deploy and the open back door", func(t *testing.T) {
		r := o.Require(10, "status", "--exit-code", "--json")
		status := r.Last(t, "status")
		assert.Equal(t, "maintenance", status["stand"])
		assert.Equal(t, "prod", status["workspace"])
		for _, p := range status["paths"].([]any) {
			path := p.(map[string]any)
			assert.Equal(t, "live", path["next"], "the variable's default switches back: %v", path)
		}
		door := status["execute_api"].([]any)[0].(map[string]any)
		assert.True(t, door["open"].(bool), "the shop's API does not disable its own address: %v", door)
	})
	t.Run("off does not reopen onto a backend that is not well", func(t *testing.T) {
		o.Emulator.ResetCalls()
		r := o.Require(3, "off", "--auto-approve", "--preflight", "http://127.0.0.1:1/health")
		assert.Contains(t, r.ErrOut, "connection refused")
		assert.Zero(t, o.Writes())
	})
	t.Run("off inside an open window says how to end it", func(t *testing.T) {
		window := `maintenance_window={start="2020-01-01T00:00:00Z",end="2099-01-01T00:00:00Z"}`
		r := o.Require(3, "off", "--auto-approve", "--var", window)
		assert.Contains(t, r.ErrOut, "the variable maintenance_window is open until 2099-01-01T00:00:00Z")
	})
	t.Run("off sees a window that comes from a local, too", func(t *testing.T) {
		for name, code := range map[string]string{
			"window.tf":          "locals {\n  announced = { start = \"2020-01-01T00:00:00Z\", end = \"2099-01-01T00:00:00Z\" }\n}\n",
			"window_override.tf": "variable \"shop_closed\" {\n  default = null\n}\nmodule \"front_door\" {\n  maintenance_window = local.announced\n}\n",
		} {
			o.Override(name, code)
			t.Cleanup(func() { require.NoError(t, os.Remove(filepath.Join(o.Root, name))) })
		}
		o.Emulator.ResetCalls()
		assert.Contains(t, o.Require(3, "off", "--auto-approve").ErrOut, "module.front_door's maintenance_window (local.announced) is open")
		assert.Zero(t, o.Writes())
	})
	t.Run("the printed calls of breakglass switch, and status calls it drift", func(t *testing.T) {
		script := o.Require(0, "breakglass", "off", "--runbook", book).Out
		o.Shell(t, script)
		o.Require(0, "verify", "--expect", "off", harness.CartURL, harness.HealthURL)
		r := o.Require(12, "status", "--exit-code")
		assert.Contains(t, r.Out, "switched outside Terraform")
		o.Shell(t, o.Require(0, "breakglass", "on", "--runbook", book).Out)
		o.Require(10, "status", "--exit-code")
	})
	t.Run("a new text of the mock passes the guard and is served", func(t *testing.T) {
		r := o.Require(0, "on", "--auto-approve", "--json", "--var", "notice=Closed until noon.")
		plan := r.Last(t, "planned")["data"].(map[string]any)
		assert.Len(t, plan["redeploys"], 3)
		assert.Contains(t, o.Body(t, harness.CartURL), "Closed until noon.")
	})
	t.Run("off drains, saves, and the next plain deploy stays off", func(t *testing.T) {
		r := o.Require(0, "off", "--auto-approve", "--json", "--var", "notice=Closed until noon.", "--save", "--drain", "2s", "--preflight", o.Backend.URL)
		result := r.Last(t, "result")["data"].(map[string]any)
		assert.NotEmpty(t, result["drained_at"])
		assert.FileExists(t, filepath.Join(o.Root, "maintenance.auto.tfvars.json"))
		o.Require(0, "status", "--exit-code", "--no-plan")
		assert.Contains(t, o.Terraform("plan", "-input=false", "-var=notice=Closed until noon."), "No changes")
	})
	t.Run("answers that never become right exit 4 with the way back", func(t *testing.T) {
		r := o.Require(4, "on", "--auto-approve", "--maintenance-status", "418", "--timeout", "2s")
		assert.Contains(t, r.Out, "SWITCHED, NOT CONFIRMED")
		assert.Contains(t, r.Out, "maintenance off")
		assert.Contains(t, r.ErrOut, "status 503 instead of 418")
		o.Require(0, "off", "--auto-approve")
	})
	t.Run("only-switch passes by a change that stands in the way", func(t *testing.T) {
		o.Override("unmerged.tf", `resource "terraform_data" "unmerged" {}`)
		t.Cleanup(func() { require.NoError(t, os.Remove(filepath.Join(o.Root, "unmerged.tf"))) })
		assert.Contains(t, o.Require(3, "on", "--auto-approve").ErrOut, "terraform_data.unmerged (create)")
		o.Require(0, "on", "--auto-approve", "--only-switch")
		assert.Contains(t, o.Require(11, "status", "--exit-code").Out, "`modes` is behind for "+harness.CartURL)
		o.Require(0, "off", "--auto-approve", "--only-switch")
	})
	t.Run("an update that AWS refuses is not told as a switch", func(t *testing.T) {
		o.Emulator.SetFaults(&emulator.Faults{Rules: []emulator.Fault{{Operation: "UpdateBasePathMapping", Status: 403}}})
		t.Cleanup(func() { o.Emulator.SetFaults(nil) })
		r := o.Require(1, "on", "--auto-approve")
		assert.Contains(t, r.ErrOut, "of shop.example.com/cart the state says so and clients do not")
		o.Emulator.SetFaults(nil)
		o.Require(0, "off", "--auto-approve")
	})
	t.Run("throttling is told in a sentence and is no switch", func(t *testing.T) {
		o.Override("provider_override.tf", "provider \"aws\" {\n  max_retries = 2\n}\n")
		o.Emulator.SetFaults(&emulator.Faults{Rules: []emulator.Fault{{Operation: "UpdateBasePathMapping", Status: 429}}})
		t.Cleanup(func() {
			o.Emulator.SetFaults(nil)
			require.NoError(t, os.Remove(filepath.Join(o.Root, "provider_override.tf")))
		})
		r := o.Require(5, "on", "--auto-approve")
		assert.Contains(t, r.ErrOut, "AWS throttled the calls")
		o.Emulator.SetFaults(nil)
		o.Require(0, "verify", "--expect", "off", harness.CartURL)
		o.Require(0, "off", "--auto-approve")
	})
	t.Run("other changes are let through where that is asked for, and named", func(t *testing.T) {
		r := o.Require(0, "on", "--auto-approve", "--allow-other-changes", "--json", "--var", "release=2")
		violations := r.Last(t, "planned")["data"].(map[string]any)["violations"].([]any)
		require.NotEmpty(t, violations)
		assert.Equal(t, "aws_api_gateway_rest_api.shop", violations[0].(map[string]any)["address"])
		o.Require(0, "off", "--auto-approve", "--allow-other-changes")
	})
	t.Run("a path that is exempt no more is not moved with the switch", func(t *testing.T) {
		unexempt := strings.Replace(o.MainFile(t), "maintenance_mode = false", "maintenance_mode = null", 1)
		kept := o.MainFile(t)
		o.Override("main.tf", unexempt)
		t.Cleanup(func() { o.Override("main.tf", kept) })
		assert.Contains(t, o.Require(3, "on", "--auto-approve").ErrOut, "changes the own maintenance_mode of /health")
	})
	t.Run("a runbook that was saved while live knows the exempt path", func(t *testing.T) {
		o.Require(0, "status", "--save-runbook", book)
		script := o.Require(0, "breakglass", "on", "--runbook", book).Out
		assert.Contains(t, script, "https://shop.example.com/health stays live")
	})
	t.Run("an interrupted apply is told and leaves no lock", func(t *testing.T) {
		o.Emulator.SetFaults(&emulator.Faults{Rules: []emulator.Fault{{Operation: "UpdateBasePathMapping", Latency: 3 * time.Second}}})
		t.Cleanup(func() { o.Emulator.SetFaults(nil) })
		r := o.RunIn(nil, o.InterruptDuringApply(t), "on", "--auto-approve", "--json")
		assert.Equal(t, 130, r.Code, r.Out+r.ErrOut)
		assert.Equal(t, "interrupted", r.Last(t, "result")["data"].(map[string]any)["outcome"])
		o.Emulator.SetFaults(nil)
		o.Require(0, "off", "--auto-approve")
	})
	t.Run("no secret is written anywhere", func(t *testing.T) {
		require.NotZero(t, o.Spoken.Len())
		written := o.Spoken.String()
		for _, path := range []string{report, book} {
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			written += string(text)
		}
		for _, secret := range []string{harness.PlantedToken, harness.PlantedHeader, "/opens/nothing/else"} {
			assert.NotContains(t, written, secret)
		}
	})
}

// TestOperateWithOpenTofu takes it through a shorter life under OpenTofu, with
// the modules by a git URL.
func TestOperateWithOpenTofu(t *testing.T) {
	tofu := harness.Toolchains(t)[terraform.OpenTofu]
	if tofu == nil {
		t.Skip("tofu is not on PATH; the CI has it")
	}
	o := harness.OpenShop(t, emulator.Config{}, tofu, harness.GitModules(t))
	o.Require(3, "on", "--auto-approve", "--var", "release=2")
	assert.Equal(t, "done", o.Outcome(t, "on", "--var", "notice=Closed until noon."))
	o.Require(0, "verify", "--expect", "on", harness.CartURL)
	o.Require(10, "status", "--exit-code", "--var", "notice=Closed until noon.")
	assert.Equal(t, "already", o.Outcome(t, "on", "--var", "notice=Closed until noon."))
	assert.Equal(t, "done", o.Outcome(t, "off", "--only-switch"))
	o.Require(0, "verify", "--expect", "off", harness.CartURL, harness.HealthURL)
}
