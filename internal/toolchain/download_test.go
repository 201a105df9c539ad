package toolchain

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/terraform"
)

// TestTheProviderIsDownloadedOnceInThePinnedVersion has a Terraform that installs
// what the root asks for.
func TestTheProviderIsDownloadedOnceInThePinnedVersion(t *testing.T) {
	bin, cache, log := t.TempDir(), t.TempDir(), filepath.Join(t.TempDir(), "log")
	executableFile(t, bin, "terraform", `case "$1" in
init)
  pwd >> "`+log+`"
  version=$(sed -n 's/.*version = "\(.*\)"/\1/p' main.tf)
  [ -n "$version" ] || exit 0
  dir=.terraform/providers/registry.terraform.io/hashicorp/aws/$version/`+platform()+`
  mkdir -p "$dir" && touch "$dir/terraform-provider-aws_v$version"
  ;;
*) `+saysTerraform+` ;;
esac`)
	binary := terraform.Binary{Name: terraform.Terraform, Path: filepath.Join(bin, "terraform")}
	tools, err := with(binary, nil, cache)
	require.NoError(t, err)
	root := t.TempDir()
	require.NoError(t, writeFile(filepath.Join(root, "main.tf"), ""))
	for range 2 {
		require.NoError(t, tools.Runner(root).Init(t.Context()))
	}
	inits := strings.Fields(read(t, log))
	assert.Equal(t, []string{filepath.Join(cache, "provider", "terraform"), root, root}, inits)
	mirror := mirrorAt(filepath.Join(cache, "provider", "terraform", ".terraform", "providers"), RunVersion)
	require.NotNil(t, mirror)
	assert.Contains(t, read(t, tools.CLIConfig), mirror.Dir, "the roots take it from there")

	other, err := tools.With(mirror)
	require.NoError(t, err)
	assert.Equal(t, mirror, other.Mirror)
}
