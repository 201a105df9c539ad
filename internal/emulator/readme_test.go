package emulator

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator/awsproto"
)

var update = flag.Bool("update", false, "write the lists of README.md")

// TestReadmeListsWhatThereIs compares the lists of README.md with the
// operations of the services and with the refusals in their code.
func TestReadmeListsWhatThereIs(t *testing.T) {
	t.Parallel()
	e, err := Start(Config{})
	require.NoError(t, err)
	defer e.Close()
	have, err := os.ReadFile("README.md")
	require.NoError(t, err)

	want := withList(t, string(have), "OPERATIONS", operationsOf(e.front().(*awsproto.Front).Services))
	want = withList(t, want, "REFUSALS", refusals(t))
	if *update {
		require.NoError(t, os.WriteFile("README.md", []byte(want), 0o644))
		return
	}
	assert.Equal(t, want, string(have), "run: go test ./internal/emulator -run Readme -update")
}

// TestReadmeNamesEveryPackageAndSetting wants a line for each.
func TestReadmeNamesEveryPackageAndSetting(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	for _, field := range reflect.VisibleFields(reflect.TypeFor[Config]()) {
		assert.Contains(t, string(readme), "`"+field.Name+"`", "README.md does not say what this field of Config does")
	}
	entries, err := os.ReadDir(".")
	require.NoError(t, err)
	for _, entry := range entries {
		if entry.IsDir() {
			assert.Contains(t, string(readme), "`"+entry.Name()+"`", "README.md does not say what this package holds")
		}
	}
}

func withList(t *testing.T, readme, name, list string) string {
	t.Helper()
	begin, end := fmt.Sprintf("<!-- BEGIN %s -->\n", name), fmt.Sprintf("<!-- END %s -->", name)
	before, rest, found := strings.Cut(readme, begin)
	require.True(t, found, "README.md has no %q", begin)
	_, after, found := strings.Cut(rest, end)
	require.True(t, found, "README.md has no %q", end)
	return before + begin + list + end + after
}

func operationsOf(services []awsproto.Service) string {
	list := "| service | operations |\n|---|---|\n"
	for _, s := range services {
		names := s.Operations()
		slices.Sort(names)
		list += fmt.Sprintf("| `%s` | %s |\n", s.Name(), strings.Join(names, ", "))
	}
	return list
}

var refusal = regexp.MustCompile(`\bunsupported\("([^"]+)"`)

// refusals are what the control plane of API Gateway says it does not support.
func refusals(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob("apigateway/*.go")
	require.NoError(t, err)
	var found []string
	for _, file := range files {
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, m := range refusal.FindAllSubmatch(source, -1) {
			found = append(found, "- "+regexp.MustCompile(`%[sqdv]`).ReplaceAllString(string(m[1]), "…")+"\n")
		}
	}
	require.NotEmpty(t, found)
	slices.Sort(found)
	return strings.Join(slices.Compact(found), "")
}
