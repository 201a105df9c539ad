package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// module has a package for each end that a package's tests can come to.
var module = map[string]string{
	"go.mod": "module example.com/m\n\ngo 1.26\n",
	"passes/a_test.go": `package passes
import "testing"
func TestA(t *testing.T) { t.Log("not shown") }
func TestB(t *testing.T) { t.Run("sub", func(t *testing.T) { t.Skip("no tool: get it") }) }
func TestC(t *testing.T) { t.Skip("no tool: get it") }
`,
	"fails/a_test.go": `package fails
import ("fmt"; "testing")
func TestA(t *testing.T) {}
func TestB(t *testing.T) { fmt.Println("printed"); t.Run("sub", func(t *testing.T) { t.Error("expected") }) }
`,
	"panics/a_test.go": `package panics
import "testing"
func TestA(t *testing.T) { if len(t.Name()) > 0 { panic("help") } }
`,
	"broken/a_test.go": "package broken\nfunc f() int {}\n",
	"none/a.go":        "package none\n",
}

// differs is what two runs print differently.
var differs = regexp.MustCompile(`\d+\.\d+s|0x[0-9a-f]+|goroutine \d+|\+0x.*`)

func TestItPrintsWhatGoTestPrints(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs tests")
	}
	t.Parallel()
	dir := t.TempDir()
	for name, text := range module {
		require.NoError(t, os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	for _, pkg := range []string{"./passes", "./fails", "./panics", "./broken", "./none"} {
		t.Run(pkg, func(t *testing.T) {
			t.Parallel()
			plain := exec.CommandContext(t.Context(), "go", "test", "-short", pkg)
			plain.Dir = dir
			want, _ := plain.Output()
			var got bytes.Buffer
			code, err := run(dir, &report{out: &got, errors: io.Discard}, []string{"-short", pkg})
			require.NoError(t, err)
			assert.Equal(t, plain.ProcessState.ExitCode(), code)
			text, summary, found := cutSummary(got.String())
			require.True(t, found, got.String())
			assert.Equal(t, lines(string(want)), lines(text))
			if pkg == "./passes" {
				assert.Equal(t, "2 tests passed, 0 failed, 2 skipped\nslowest: passes.TestA 0 s, passes.TestB 0 s, passes.TestC 0 s\n  2 skipped: no tool: get it\n    passes.TestB/sub, passes.TestC\n", summary)
			}
		})
	}
}

// lines that were printed, whatever their order and depth.
func lines(printed string) []string {
	var all []string
	for line := range strings.Lines(differs.ReplaceAllString(printed, "_")) {
		all = append(all, strings.TrimSpace(line))
	}
	slices.Sort(all)
	return all
}

// cutSummary divides what go test prints from what is ours.
func cutSummary(printed string) (text, summary string, found bool) {
	at := regexp.MustCompile(`(?m)^\d+ tests passed`).FindStringIndex(printed)
	if at == nil {
		return printed, "", false
	}
	return printed[:at[0]], printed[at[0]:], true
}

func TestTheSlowestAreNamed(t *testing.T) {
	r := &report{}
	for test, seconds := range map[string]float64{"p.TestA": 3, "p.TestB": 0, "p.TestB/x": 4, "p.TestB/y": 5, "p.TestB/y/z": 5, "q.TestC": 1} {
		r.time(test, seconds)
	}
	assert.Equal(t, "p.TestB 9 s, p.TestA 3 s", r.slowest(2))
	file := filepath.Join(t.TempDir(), "times.json")
	require.NoError(t, r.writeTimes(file))
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.JSONEq(t, `{"p.TestA": 3, "p.TestB": 9, "q.TestC": 1}`, string(text))
}

func TestManyReasonsOfOneTestAreFolded(t *testing.T) {
	var out bytes.Buffer
	r := &report{out: &out, skipped: map[string][]string{"no tool": {"p.TestA", "p.TestB/x"}}}
	for i := range 9 {
		r.skipped[strconv.Itoa(i)] = []string{"p.TestC/" + strconv.Itoa(i)}
	}
	r.summarize()
	assert.Equal(t, "0 tests passed, 0 failed, 11 skipped\n"+
		"  1 skipped: 9 cases, each with its own reason (-v shows them)\n    p.TestC\n"+
		"  2 skipped: no tool\n    p.TestA, p.TestB/x\n", out.String())
}

func TestMissingToolsAreToldFirst(t *testing.T) {
	empty := t.TempDir()
	golang, err := exec.LookPath("go")
	require.NoError(t, err)
	require.NoError(t, os.Symlink(golang, filepath.Join(empty, "go")))
	t.Setenv("PATH", empty)
	var got bytes.Buffer
	_, err = run(t.TempDir(), &report{out: &got, errors: io.Discard}, []string{"-run", "^$", "fmt"})
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(got.String(), "missing: Terraform is not on PATH (terraform); get it: "), got.String())
}
