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
	"apigateway-maintenance/internal/terraform"
	tc "apigateway-maintenance/internal/toolchain"
)

var passed = regexp.MustCompile(`Success! (\d+) passed, 0 failed\.`)

// toolchains are those of Terraform and OpenTofu that are installed, by name;
// the CI must have both.
func toolchains(t *testing.T) map[string]*tc.Toolchain {
	t.Helper()
	found := map[string]*tc.Toolchain{}
	for _, name := range []string{terraform.Terraform, terraform.OpenTofu} {
		path, err := exec.LookPath(name)
		if err != nil && os.Getenv("CI") == "" {
			t.Logf("%s is not on PATH, so nothing is run with it", name)
			continue
		}
		require.NoError(t, err, "the CI must have both")
		tools, err := tc.Prepare(t.Context(), tc.EnsureOptions{Path: path})
		require.NoError(t, err)
		found[name] = tools
	}
	return found
}

// TestNative runs the modules' own tests, as env0 does: in the module's folder,
// without credentials. OpenTofu has its turn where it is installed; the CI
// installs it.
func TestNative(t *testing.T) {
	t.Parallel()
	for name, tools := range toolchains(t) {
		for _, module := range []string{"maintenance-api", "custom-domain"} {
			t.Run(name+" test in "+module, func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				require.NoError(t, os.CopyFS(dir, kit.Files))
				runner := tools.Runner(filepath.Join(dir, "modules", module))
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
