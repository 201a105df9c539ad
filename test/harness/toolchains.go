package harness

import (
	"testing"

	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/need"
	"apigateway-maintenance/internal/terraform"
	"apigateway-maintenance/internal/toolchain"
)

// Toolchains are those of Terraform and OpenTofu that are installed, by name.
// For one that is not, a test of its name is skipped.
func Toolchains(t *testing.T) map[string]*toolchain.Toolchain {
	t.Helper()
	found := map[string]*toolchain.Toolchain{}
	for name, tool := range map[string]need.Tool{terraform.Terraform: need.Terraform, terraform.OpenTofu: need.OpenTofu} {
		path := tool.Path()
		if path == "" {
			t.Run(name, func(t *testing.T) { need.For(t, tool) })
			continue
		}
		tools, err := toolchain.Prepare(t.Context(), toolchain.EnsureOptions{Path: path})
		require.NoError(t, err)
		found[name] = tools
	}
	return found
}
