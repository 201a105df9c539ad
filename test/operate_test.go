package test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	kit "apigateway-maintenance"
	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/terraform"
)

func copyFixture(t *testing.T, dir, name string) {
	t.Helper()
	require.NoError(t, os.CopyFS(dir, kit.Files))
	require.NoError(t, os.CopyFS(filepath.Join(dir, "fixtures", name), os.DirFS(filepath.Join("testdata", name))))
}

// TestOperate takes the command through a life in a root that is not ours.
func TestOperate(t *testing.T) {
	o := openShop(t, emulator.Config{}, toolchain, "")
	files := filepath.Join(o.dir, "written")
	require.NoError(t, os.Mkdir(files, 0o755))
	report, book := filepath.Join(files, "report.html"), filepath.Join(files, "runbook.json")

	t.Run("without a terminal it asks for --auto-approve", func(t *testing.T) {
		assert.Contains(t, o.require(2, "on").errOut, "--auto-approve")
	})
	t.Run("a plan that does more is refused and nothing is touched", func(t *testing.T) {
		o.Emulator.ResetCalls()
		r := o.require(3, "on", "--auto-approve", "--var", "release=2")
		assert.Contains(t, r.errOut, "aws_api_gateway_rest_api.shop (update)")
		assert.Zero(t, o.writes())
	})
	t.Run("a variable that the root does not have is told in a sentence", func(t *testing.T) {
		r := o.require(2, "on", "--auto-approve", "--variable", "nosuch")
		assert.Contains(t, r.errOut, `declares no variable "nosuch"`)
		assert.Equal(t, 1, strings.Count(r.errOut, "nosuch"), r.errOut)
	})
	t.Run("status without a plan shows the rest and why there is none", func(t *testing.T) {
		r := o.require(2, "status", "--var", "nosuch=1")
		assert.Contains(t, r.out, "live  (workspace prod)")
		assert.Regexp(t, `next deploy: +not known`, r.out)
		assert.Contains(t, r.errOut, `declares no variable "nosuch"`)
	})
	t.Run("a workspace where nothing was deployed is named with its folder", func(t *testing.T) {
		r := o.runIn([]string{"TF_WORKSPACE=stage"}, nil, "status")
		assert.Equal(t, 3, r.code)
		assert.Contains(t, r.errOut, "workspace stage of "+o.root)
	})
	t.Run("a lock that somebody else holds is told in a sentence", func(t *testing.T) {
		o.hold(t)
		o.Emulator.ResetCalls()
		r := o.require(5, "on", "--auto-approve")
		assert.Contains(t, r.errOut, "locked")
		assert.Equal(t, 1, strings.Count(strings.TrimSpace(r.errOut), "\n")+1, r.errOut)
		assert.Zero(t, o.writes())
	})
	t.Run("wrong credentials are told in a sentence", func(t *testing.T) {
		r := o.runIn([]string{"AWS_ACCESS_KEY_ID=AKIAWRONG"}, nil, "on", "--auto-approve")
		assert.Equal(t, 5, r.code, r.errOut)
		assert.Contains(t, r.errOut, "credentials")
	})

	t.Run("on switches what follows the variable and proves it", func(t *testing.T) {
		o.Emulator.ResetCalls()
		r := o.require(0, "on", "--auto-approve", "--json", "--report", report, "--save-runbook", book)
		result := r.last(t, "result")["data"].(map[string]any)
		assert.Equal(t, "done", result["outcome"])
		for _, a := range result["answers"].([]any) {
			answers := a.(map[string]any)
			assert.Zero(t, answers["wrong"], answers)
			want := map[string]string{cartURL: "maintenance", healthURL: "live"}[answers["url"].(string)]
			assert.Equal(t, want, answers["expected"])
		}
		assert.Equal(t, 1, o.writes(), "one mapping moves in one call")
		o.require(0, "verify", "--expect", "on", cartURL)
		o.require(0, "verify", "--expect", "off", healthURL)
		o.require(4, "verify", "--expect", "off", "--timeout", "1s", cartURL)
	})
	t.Run("on again is already so", func(t *testing.T) {
		o.Emulator.ResetCalls()
		r := o.require(0, "on", "--auto-approve", "--json")
		assert.Equal(t, "already", r.last(t, "result")["data"].(map[string]any)["outcome"])
		assert.Zero(t, o.writes())
	})
	t.Run("status tells maintenance, the next deploy and the open back door", func(t *testing.T) {
		r := o.require(10, "status", "--exit-code", "--json")
		status := r.last(t, "status")
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
		r := o.require(3, "off", "--auto-approve", "--preflight", "http://127.0.0.1:1/health")
		assert.Contains(t, r.errOut, "connection refused")
		assert.Zero(t, o.writes())
	})
	t.Run("off inside an open window says how to end it", func(t *testing.T) {
		window := `maintenance_window={start="2020-01-01T00:00:00Z",end="2099-01-01T00:00:00Z"}`
		r := o.require(3, "off", "--auto-approve", "--var", window)
		assert.Contains(t, r.errOut, "the variable maintenance_window is open until 2099-01-01T00:00:00Z")
	})
	t.Run("off sees a window that comes from a local, too", func(t *testing.T) {
		for name, code := range map[string]string{
			"window.tf":          "locals {\n  announced = { start = \"2020-01-01T00:00:00Z\", end = \"2099-01-01T00:00:00Z\" }\n}\n",
			"window_override.tf": "variable \"shop_closed\" {\n  default = null\n}\nmodule \"front_door\" {\n  maintenance_window = local.announced\n}\n",
		} {
			o.override(name, code)
			t.Cleanup(func() { require.NoError(t, os.Remove(filepath.Join(o.root, name))) })
		}
		o.Emulator.ResetCalls()
		assert.Contains(t, o.require(3, "off", "--auto-approve").errOut, "module.front_door's maintenance_window (local.announced) is open")
		assert.Zero(t, o.writes())
	})
	t.Run("the printed calls of breakglass switch, and status calls it drift", func(t *testing.T) {
		script := o.require(0, "breakglass", "off", "--runbook", book).out
		o.shell(t, script)
		o.require(0, "verify", "--expect", "off", cartURL, healthURL)
		r := o.require(12, "status", "--exit-code")
		assert.Contains(t, r.out, "switched outside Terraform")
		o.shell(t, o.require(0, "breakglass", "on", "--runbook", book).out)
		o.require(10, "status", "--exit-code")
	})
	t.Run("a new text of the mock passes the guard and is served", func(t *testing.T) {
		r := o.require(0, "on", "--auto-approve", "--json", "--var", "notice=Closed until noon.")
		plan := r.last(t, "planned")["data"].(map[string]any)
		assert.Len(t, plan["redeploys"], 3)
		assert.Contains(t, o.body(t, cartURL), "Closed until noon.")
	})
	t.Run("off drains, saves, and the next plain deploy stays off", func(t *testing.T) {
		r := o.require(0, "off", "--auto-approve", "--json", "--var", "notice=Closed until noon.", "--save", "--drain", "2s", "--preflight", o.Backend.URL)
		result := r.last(t, "result")["data"].(map[string]any)
		assert.NotEmpty(t, result["drained_at"])
		assert.FileExists(t, filepath.Join(o.root, "maintenance.auto.tfvars.json"))
		o.require(0, "status", "--exit-code", "--no-plan")
		assert.Contains(t, o.terraform("plan", "-input=false", "-var=notice=Closed until noon."), "No changes")
	})
	t.Run("answers that never become right exit 4 with the way back", func(t *testing.T) {
		r := o.require(4, "on", "--auto-approve", "--maintenance-status", "418", "--timeout", "2s")
		assert.Contains(t, r.out, "SWITCHED, NOT CONFIRMED")
		assert.Contains(t, r.out, "maintenance off")
		assert.Contains(t, r.errOut, "status 503 instead of 418")
		o.require(0, "off", "--auto-approve")
	})
	t.Run("only-switch passes by a change that stands in the way", func(t *testing.T) {
		o.override("unmerged.tf", `resource "terraform_data" "unmerged" {}`)
		t.Cleanup(func() { require.NoError(t, os.Remove(filepath.Join(o.root, "unmerged.tf"))) })
		assert.Contains(t, o.require(3, "on", "--auto-approve").errOut, "terraform_data.unmerged (create)")
		o.require(0, "on", "--auto-approve", "--only-switch")
		assert.Contains(t, o.require(11, "status", "--exit-code").out, "`modes` is behind for "+cartURL)
		o.require(0, "off", "--auto-approve", "--only-switch")
	})
	t.Run("an update that AWS refuses is not told as a switch", func(t *testing.T) {
		o.Emulator.SetFaults(&emulator.Faults{Rules: []emulator.Fault{{Operation: "UpdateBasePathMapping", Status: 403}}})
		t.Cleanup(func() { o.Emulator.SetFaults(nil) })
		r := o.require(1, "on", "--auto-approve")
		assert.Contains(t, r.errOut, "of shop.example.com/cart the state says so and clients do not")
		o.Emulator.SetFaults(nil)
		o.require(0, "off", "--auto-approve")
	})
	t.Run("throttling is told in a sentence and is no switch", func(t *testing.T) {
		o.override("provider_override.tf", "provider \"aws\" {\n  max_retries = 2\n}\n")
		o.Emulator.SetFaults(&emulator.Faults{Rules: []emulator.Fault{{Operation: "UpdateBasePathMapping", Status: 429}}})
		t.Cleanup(func() {
			o.Emulator.SetFaults(nil)
			require.NoError(t, os.Remove(filepath.Join(o.root, "provider_override.tf")))
		})
		r := o.require(5, "on", "--auto-approve")
		assert.Contains(t, r.errOut, "AWS throttled the calls")
		o.Emulator.SetFaults(nil)
		o.require(0, "verify", "--expect", "off", cartURL)
		o.require(0, "off", "--auto-approve")
	})
	t.Run("other changes are let through where that is asked for, and named", func(t *testing.T) {
		r := o.require(0, "on", "--auto-approve", "--allow-other-changes", "--json", "--var", "release=2")
		violations := r.last(t, "planned")["data"].(map[string]any)["violations"].([]any)
		require.NotEmpty(t, violations)
		assert.Equal(t, "aws_api_gateway_rest_api.shop", violations[0].(map[string]any)["address"])
		o.require(0, "off", "--auto-approve", "--allow-other-changes")
	})
	t.Run("a path that is exempt no more is not moved with the switch", func(t *testing.T) {
		unexempt := strings.Replace(o.mainFile(t), "maintenance_mode = false", "maintenance_mode = null", 1)
		kept := o.mainFile(t)
		o.override("main.tf", unexempt)
		t.Cleanup(func() { o.override("main.tf", kept) })
		assert.Contains(t, o.require(3, "on", "--auto-approve").errOut, "changes the own maintenance_mode of /health")
	})
	t.Run("a runbook that was saved while live knows the exempt path", func(t *testing.T) {
		o.require(0, "status", "--save-runbook", book)
		script := o.require(0, "breakglass", "on", "--runbook", book).out
		assert.Contains(t, script, "https://shop.example.com/health stays live")
	})
	t.Run("an interrupted apply is told and leaves no lock", func(t *testing.T) {
		o.Emulator.SetFaults(&emulator.Faults{Rules: []emulator.Fault{{Operation: "UpdateBasePathMapping", Latency: 3 * time.Second}}})
		t.Cleanup(func() { o.Emulator.SetFaults(nil) })
		r := o.runIn(nil, o.interruptDuringApply(t), "on", "--auto-approve", "--json")
		assert.Equal(t, 130, r.code, r.out+r.errOut)
		assert.Equal(t, "interrupted", r.last(t, "result")["data"].(map[string]any)["outcome"])
		o.Emulator.SetFaults(nil)
		o.require(0, "off", "--auto-approve")
	})
	t.Run("no secret is written anywhere", func(t *testing.T) {
		require.NotZero(t, o.spoken.Len())
		written := o.spoken.String()
		for _, path := range []string{report, book} {
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			written += string(text)
		}
		for _, secret := range []string{plantedToken, plantedHeader, "/opens/nothing/else"} {
			assert.NotContains(t, written, secret)
		}
	})
}

// TestOperateWithOpenTofu takes it through a shorter life under OpenTofu, with
// the modules by a git URL.
func TestOperateWithOpenTofu(t *testing.T) {
	tofu := toolchains(t)[terraform.OpenTofu]
	if tofu == nil {
		t.Skip("tofu is not on PATH; the CI has it")
	}
	o := openShop(t, emulator.Config{}, tofu, gitModules(t))
	o.require(3, "on", "--auto-approve", "--var", "release=2")
	assert.Equal(t, "done", o.outcome(t, "on", "--var", "notice=Closed until noon."))
	o.require(0, "verify", "--expect", "on", cartURL)
	o.require(10, "status", "--exit-code", "--var", "notice=Closed until noon.")
	assert.Equal(t, "already", o.outcome(t, "on", "--var", "notice=Closed until noon."))
	assert.Equal(t, "done", o.outcome(t, "off", "--only-switch"))
	o.require(0, "verify", "--expect", "off", cartURL, healthURL)
}

func (o *shop) outcome(t *testing.T, args ...string) string {
	t.Helper()
	r := o.require(0, append(args, "--auto-approve", "--json")...)
	return r.last(t, "result")["data"].(map[string]any)["outcome"].(string)
}

func (o *shop) mainFile(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(o.root, "main.tf"))
	require.NoError(t, err)
	require.Contains(t, string(text), "maintenance_mode = false")
	return string(text)
}

// shell runs a script as an operator with AWS credentials would; where there is
// no AWS CLI the SDK makes its calls.
func (o *shop) shell(t *testing.T, script string) {
	t.Helper()
	if _, err := exec.LookPath("aws"); err != nil {
		o.runBySDK(t, script)
		return
	}
	cmd := exec.CommandContext(t.Context(), "sh", "-c", script)
	cmd.Env = o.env
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
}

// interruptDuringApply sends Ctrl-C while the mapping is being updated.
func (o *shop) interruptDuringApply(t *testing.T) func(*exec.Cmd) {
	o.Emulator.ResetCalls()
	return func(cmd *exec.Cmd) {
		lock := filepath.Join(o.root, "terraform.tfstate.d", "prod", ".terraform.tfstate.lock.info")
		applying := func() bool {
			text, err := os.ReadFile(lock)
			return err == nil && strings.Contains(string(text), "OperationTypeApply")
		}
		require.Eventually(t, applying, time.Minute, 20*time.Millisecond)
		time.Sleep(1500 * time.Millisecond) // the update is under way, and late
		require.NoError(t, cmd.Process.Signal(syscall.SIGINT))
	}
}
