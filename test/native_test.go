package test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	kit "apigateway-maintenance"
	"apigateway-maintenance/test/harness"
)

var passed = regexp.MustCompile(`Success! (\d+) passed, 0 failed\.`)

// TestNative runs the modules' own tests, as env0 does: in the module's folder,
// without credentials. OpenTofu has its turn where it is installed; the CI
// installs it.
func TestNative(t *testing.T) {
	t.Parallel()
	for name, tools := range harness.Toolchains(t) {
		schema := harness.KeepSchema(t, tools)
		for _, module := range []string{"maintenance-api", "custom-domain", "read-only-api"} {
			t.Run(name+" test in "+module, func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				require.NoError(t, os.CopyFS(dir, kit.Files))
				runner := tools.Runner(filepath.Join(dir, "modules", module), schema...)
				require.NoError(t, runner.Init(t.Context()))
				cmd := exec.CommandContext(t.Context(), tools.Binary.Path, "test", "-no-color")
				cmd.Dir, cmd.Env = runner.Dir, runner.Env
				out, err := cmd.CombinedOutput()
				require.NoError(t, err, "%s", out)
				assert.Regexp(t, passed, string(out))
			})
		}
	}
}
