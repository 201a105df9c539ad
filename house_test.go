package kit_test

import (
	"io/fs"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	kit "apigateway-maintenance"
)

const module = "apigateway-maintenance/"

// floors of the house, from the top down: a package imports of ours only what
// lies below it. What stands on one floor knows nothing of its neighbours.
var floors = [][]string{
	{"test", "test/readonly", "docs", "policies", "internal/tools/*", "examples/serverless/orders", "examples/serverless/orders/package"},
	{"test/harness"},
	{"cmd/maintenance", "cmd/sandbox"},
	{"internal/sandbox", "internal/console"},
	{"internal/switchover", "internal/emulator", "internal/toolchain"},
	{"internal/breakglass"},
	{"internal/guard", "internal/report", "internal/runbook"},
	{"internal/probe", "internal/terraform"},
	{"internal/maintenance", "internal/plain", "internal/file", "internal/need", "examples/read-only/service", ""},
}

// emulator packages are one room: what is inside it is its own affair.
func room(pkg string) string {
	pkg = strings.TrimPrefix(strings.TrimPrefix(pkg, strings.TrimSuffix(module, "/")), "/")
	for _, shared := range []string{"internal/emulator", "internal/tools"} {
		if strings.HasPrefix(pkg, shared+"/") {
			if shared == "internal/tools" {
				return "internal/tools/*"
			}
			return shared
		}
	}
	return pkg
}

func floorOf(room string) int {
	return slices.IndexFunc(floors, func(rooms []string) bool { return slices.Contains(rooms, room) })
}

// TestWhatIsEmbeddedStaysSmall keeps built things out of the commands: a zip of a
// function, or what a package manager leaves.
func TestWhatIsEmbeddedStaysSmall(t *testing.T) {
	t.Parallel()
	var size int64
	require.NoError(t, fs.WalkDir(kit.Files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		assert.Less(t, info.Size(), int64(64<<10), path)
		size += info.Size()
		return err
	}))
	assert.Less(t, size, int64(512<<10))
}

func TestImportsRunDownward(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...").Output()
	require.NoError(t, err)
	for line := range strings.Lines(string(out)) {
		packages := strings.Fields(line)
		from := room(packages[0])
		require.GreaterOrEqual(t, floorOf(from), 0, "%s has no floor: give it one in house_test.go", from)
		for _, imported := range packages[1:] {
			if to := room(imported); strings.HasPrefix(imported+"/", module) && to != from {
				assert.Less(t, floorOf(from), floorOf(to), "%s imports %s, which does not lie below it", from, to)
			}
		}
	}
}

func TestOperatorsShipNeitherADownloaderNorAnAWS(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "./cmd/maintenance").Output()
	require.NoError(t, err)
	deps := strings.Fields(string(out))
	require.Contains(t, deps, module+"internal/switchover")
	for _, dep := range deps {
		for _, unwanted := range []string{module + "internal/emulator", module + "internal/toolchain", module + "internal/sandbox", "github.com/hashicorp/hc-install"} {
			assert.False(t, strings.HasPrefix(dep, unwanted), "maintenance links %s", dep)
		}
	}
}
