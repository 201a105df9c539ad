package test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/test/harness"
)

// TestOperateRefuses lets the command refuse to switch: in a sentence, with the
// exit code of its kind, and before anything is touched.
func TestOperateRefuses(t *testing.T) {
	t.Parallel()
	o := harness.OpenShop(t, emulator.Config{}, harness.Toolchain, "")
	t.Run("without a terminal it asks for --auto-approve", func(t *testing.T) {
		o := o.In(t)
		assert.Contains(t, o.Require(2, "on").ErrOut, "--auto-approve")
	})
	t.Run("a plan that does more is refused and nothing is touched", func(t *testing.T) {
		o := o.In(t)
		o.Emulator.ResetCalls()
		r := o.Require(3, "on", "--auto-approve", "--var", "release=2")
		assert.Contains(t, r.ErrOut, "aws_api_gateway_rest_api.shop (update)")
		assert.Zero(t, o.Writes())
	})
	t.Run("a variable that the root does not have is told in a sentence", func(t *testing.T) {
		o := o.In(t)
		r := o.Require(2, "on", "--auto-approve", "--variable", "nosuch")
		assert.Contains(t, r.ErrOut, `declares no variable "nosuch"`)
		assert.Equal(t, 1, strings.Count(r.ErrOut, "nosuch"), r.ErrOut)
	})
	t.Run("a lock that somebody else holds is told in a sentence", func(t *testing.T) {
		o := o.In(t)
		o.Hold(t)
		o.Emulator.ResetCalls()
		r := o.Require(5, "on", "--auto-approve")
		assert.Contains(t, r.ErrOut, "locked")
		assert.Equal(t, 1, strings.Count(strings.TrimSpace(r.ErrOut), "\n")+1, r.ErrOut)
		assert.Zero(t, o.Writes())
	})
	t.Run("wrong credentials are told in a sentence", func(t *testing.T) {
		o := o.In(t)
		r := o.RunIn([]string{"AWS_ACCESS_KEY_ID=AKIAWRONG", harness.Anew}, nil, "on", "--auto-approve")
		assert.Equal(t, 5, r.Code, r.ErrOut)
		assert.Contains(t, r.ErrOut, "credentials")
	})
	t.Run("a path that is exempt no more is not moved with the switch", func(t *testing.T) {
		o := o.In(t)
		unexempt := strings.Replace(o.MainFile(t), "maintenance_mode = false", "maintenance_mode = null", 1)
		kept := o.MainFile(t)
		o.Override("main.tf", unexempt)
		t.Cleanup(func() { o.Override("main.tf", kept) })
		assert.Contains(t, o.Require(3, "on", "--auto-approve").ErrOut, "/health has a maintenance_mode of its own, which keeps it live")
	})
}

// TestOperateRefusesToReopen lets off refuse: what is behind the API is not
// well, or an announced window is still open.
func TestOperateRefusesToReopen(t *testing.T) {
	t.Parallel()
	o := harness.OpenShop(t, emulator.Config{}, harness.Toolchain, "")
	o.Given(maintenance.On)
	t.Run("off does not reopen onto a backend that is not well", func(t *testing.T) {
		o := o.In(t)
		o.Emulator.ResetCalls()
		r := o.Require(3, "off", "--auto-approve", "--preflight", "http://127.0.0.1:1/health")
		assert.Contains(t, r.ErrOut, "connection refused")
		assert.Zero(t, o.Writes())
	})
	t.Run("off inside an open window says how to end it", func(t *testing.T) {
		o := o.In(t)
		window := `maintenance_window={start="2020-01-01T00:00:00Z",end="2099-01-01T00:00:00Z"}`
		r := o.Require(3, "off", "--auto-approve", "--var", window)
		assert.Contains(t, r.ErrOut, "the variable maintenance_window is open until 2099-01-01T00:00:00Z")
	})
	t.Run("off sees a window that comes from a local, too", func(t *testing.T) {
		o := o.In(t)
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
}
