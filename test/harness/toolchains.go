package harness

import (
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/terraform"
	"apigateway-maintenance/internal/toolchain"
)

// Toolchains are those of Terraform and OpenTofu that are installed, by name;
// the CI must have both.
func Toolchains(t *testing.T) map[string]*toolchain.Toolchain {
	t.Helper()
	found := map[string]*toolchain.Toolchain{}
	for _, name := range []string{terraform.Terraform, terraform.OpenTofu} {
		path, err := exec.LookPath(name)
		if err != nil && os.Getenv("CI") == "" {
			t.Logf("%s is not on PATH, so nothing is run with it", name)
			continue
		}
		require.NoError(t, err, "the CI must have both")
		tools, err := toolchain.Prepare(t.Context(), toolchain.EnsureOptions{Path: path})
		require.NoError(t, err)
		found[name] = tools
	}
	return found
}
