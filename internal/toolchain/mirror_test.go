package toolchain

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/terraform"
)

// addProvider puts a provider binary of a version into a mirror.
func addProvider(t *testing.T, mirror, host, version, platform string) string {
	t.Helper()
	dir := filepath.Join(mirror, host, "hashicorp", "aws", version, platform)
	require.NoError(t, writeFile(filepath.Join(dir, "terraform-provider-aws_v"+version+"_x5"), "binary"))
	return dir
}

func TestFindMirror(t *testing.T) {
	home := t.TempDir()
	pluginDir := filepath.Join(home, ".terraform.d", "plugins")
	addProvider(t, pluginDir, terraformRegistry, "5.99.0", platform()) // older than the modules accept
	addProvider(t, pluginDir, terraformRegistry, "5.100.0", platform())
	addProvider(t, pluginDir, terraformRegistry, "5.101.0", platform())
	addProvider(t, pluginDir, terraformRegistry, "5.9.0", platform())
	addProvider(t, pluginDir, terraformRegistry, "6.1.0", "plan9_mips") // another platform
	addProvider(t, pluginDir, terraformRegistry, "7.0.0", platform())   // newer than the modules accept
	named := t.TempDir()
	addProvider(t, named, tofuRegistry, "6.2.0", platform())
	env := []string{"HOME=" + home, "XDG_DATA_DIRS=/nowhere"}

	t.Run("the version on which all was run is taken from an implied folder", func(t *testing.T) {
		m, err := FindMirror(t.Context(), env)
		require.NoError(t, err)
		require.NotNil(t, m)
		assert.Equal(t, pluginDir, m.Dir)
		assert.Equal(t, RunVersion, m.Version.String())
		assert.False(t, m.Alone)
	})
	t.Run("else the newest that is acceptable", func(t *testing.T) {
		other := t.TempDir()
		addProvider(t, other, terraformRegistry, "5.101.0", platform())
		addProvider(t, other, terraformRegistry, "6.0.1", platform())
		addProvider(t, other, terraformRegistry, "7.0.0", platform())
		m, err := FindMirror(t.Context(), []string{MirrorEnv + "=" + other})
		require.NoError(t, err)
		assert.Equal(t, "6.0.1", m.Version.String())
	})
	t.Run("provider 6 is looked for by itself", func(t *testing.T) {
		m, err := FindMirror6(t.Context(), append(env, Provider6Env+"="+named))
		require.NoError(t, err)
		assert.Equal(t, "6.2.0", m.Version.String())
		_, err = FindMirror6(t.Context(), append(env, Provider6Env+"="+pluginDir))
		require.ErrorContains(t, err, Provider6Env+"="+pluginDir+" holds no hashicorp/aws >= 6.0, < 7.0")
	})
	t.Run("the named one wins", func(t *testing.T) {
		m, err := FindMirror(t.Context(), append(env, MirrorEnv+"="+named))
		require.NoError(t, err)
		require.NotNil(t, m)
		assert.Equal(t, named, m.Dir)
		assert.Equal(t, tofuRegistry, m.Host)
	})
	t.Run("none goes online", func(t *testing.T) {
		m, err := FindMirror(t.Context(), append(env, MirrorEnv+"=none"))
		require.NoError(t, err)
		assert.Nil(t, m)
	})
	t.Run("a named one without the provider is an error, not a detour", func(t *testing.T) {
		empty := t.TempDir()
		_, err := FindMirror(t.Context(), append(env, MirrorEnv+"="+empty))
		require.ErrorContains(t, err, MirrorEnv+"="+empty+" holds no hashicorp/aws")
		assert.Equal(t, terraform.KindProvider, terraform.KindOf(err))
	})
	t.Run("a packed provider counts", func(t *testing.T) {
		packed := t.TempDir()
		zip := filepath.Join(packed, terraformRegistry, "hashicorp", "aws", "terraform-provider-aws_6.3.0_"+platform()+".zip")
		require.NoError(t, writeFile(zip, "zip"))
		m, err := FindMirror(t.Context(), []string{MirrorEnv + "=" + packed})
		require.NoError(t, err)
		assert.Equal(t, zip, m.Package)
		assert.Equal(t, "6.3.0", m.Version.String())
	})
}

func TestSearchMirror(t *testing.T) {
	place := t.TempDir()
	deep := filepath.Join(place, "a", "b", "c")
	addProvider(t, deep, terraformRegistry, "5.100.0", platform())
	m := searchMirror(t.Context(), []string{"/nowhere", place}, RunVersion)
	require.NotNil(t, m)
	assert.Equal(t, deep, m.Dir)

	shallow := filepath.Join(place, "z")
	addProvider(t, shallow, terraformRegistry, "5.100.0", platform())
	assert.Equal(t, shallow, searchMirror(t.Context(), []string{place}, RunVersion).Dir, "breadth first")

	tooDeep := t.TempDir()
	addProvider(t, filepath.Join(tooDeep, "a", "b", "c", "d"), terraformRegistry, "5.100.0", platform())
	assert.Nil(t, searchMirror(t.Context(), []string{tooDeep}, RunVersion), "the look is bounded in depth")

	over, cancel := context.WithCancel(t.Context())
	cancel()
	assert.Nil(t, searchMirror(over, []string{place}, RunVersion), "and in time")
}

func TestCLIConfig(t *testing.T) {
	cache, mirrorDir := t.TempDir(), t.TempDir()
	pkg := addProvider(t, mirrorDir, terraformRegistry, "5.100.0", platform())
	mirror := mirrorAt(mirrorDir, RunVersion)
	require.NotNil(t, mirror)

	t.Run("Terraform uses the mirror where it is", func(t *testing.T) {
		path, err := writeCLIConfig(cache, terraform.Binary{Name: terraform.Terraform}, mirror)
		require.NoError(t, err)
		assert.Contains(t, read(t, path), `path    = "`+mirrorDir+`"`)
		assert.Contains(t, read(t, path), `exclude = ["registry.terraform.io/hashicorp/aws"]`)
	})
	t.Run("OpenTofu gets a mirror of its own that links the package", func(t *testing.T) {
		for range 2 { // the second time finds the link of the first
			path, err := writeCLIConfig(cache, terraform.Binary{Name: terraform.OpenTofu}, mirror)
			require.NoError(t, err)
			config := read(t, path)
			assert.Contains(t, config, `include = ["registry.opentofu.org/hashicorp/aws"]`)
			assert.NotContains(t, config, mirrorDir)
		}
		links, err := filepath.Glob(filepath.Join(cache, "mirrors", "*", tofuRegistry, "hashicorp", "aws", "5.100.0", "*"))
		require.NoError(t, err)
		require.Len(t, links, 1)
		target, err := os.Readlink(links[0])
		require.NoError(t, err)
		assert.Equal(t, pkg, target)
	})
	t.Run("one of several versions gets a mirror of its own", func(t *testing.T) {
		addProvider(t, mirrorDir, terraformRegistry, "6.0.0", platform())
		path, err := writeCLIConfig(cache, terraform.Binary{Name: terraform.Terraform}, mirrorAt(mirrorDir, RunVersion))
		require.NoError(t, err)
		assert.NotContains(t, read(t, path), mirrorDir)
	})
	t.Run("without a mirror there will be one of ours", func(t *testing.T) {
		path, err := writeCLIConfig(cache, terraform.Binary{Name: terraform.Terraform}, nil)
		require.NoError(t, err)
		assert.Contains(t, read(t, path), `path    = "`+filepath.Join(cache, "provider", "terraform", ".terraform", "providers")+`"`)
	})
	t.Run("nothing half-written is left", func(t *testing.T) {
		entries, err := os.ReadDir(filepath.Join(cache, "cli"))
		require.NoError(t, err)
		for _, e := range entries {
			assert.True(t, strings.HasSuffix(e.Name(), ".tfrc"), e.Name())
		}
	})
}

func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(content)
}
