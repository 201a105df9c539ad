package kit_test

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the table of suites, with the times of the last make test")

// suite is a test of package test: what its comment says that it shows, and how
// many seconds it took.
type suite struct {
	name, shows, seconds string
}

func (s suite) row() string {
	return fmt.Sprintf("| `%s` | %s | %s |", s.name, s.shows, s.seconds)
}

var suiteRow = regexp.MustCompile("(?m)^\\| `(Test\\w+)` \\| .* \\| (\\S*) \\|$")

// TestEverySuiteIsInTheREADME compares the table in test/README.md with what the
// suites say of themselves.
func TestEverySuiteIsInTheREADME(t *testing.T) {
	t.Parallel()
	const readme, begin, end = "test/README.md", "<!-- suites -->\n", "<!-- end of suites -->\n"
	text, err := os.ReadFile(readme)
	require.NoError(t, err)
	before, rest, found := strings.Cut(string(text), begin)
	require.True(t, found)
	table, after, found := strings.Cut(rest, end)
	require.True(t, found)

	seconds := map[string]string{}
	for _, row := range suiteRow.FindAllStringSubmatch(table, -1) {
		seconds[row[1]] = row[2]
	}
	if *update {
		measured(t, seconds)
	}
	want := suitesTable(suites(t, seconds))
	if *update {
		require.NoError(t, os.WriteFile(readme, []byte(before+begin+want+end+after), 0o600))
		return
	}
	assert.Equal(t, want, table, "the suites changed; run: go test . -run README -update")
}

// measured puts in what `make test` measured last.
func measured(t *testing.T, seconds map[string]string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(".cache", "times.json"))
	if os.IsNotExist(err) {
		return
	}
	require.NoError(t, err)
	var took map[string]float64
	require.NoError(t, json.Unmarshal(text, &took))
	for test, s := range took {
		if name, found := strings.CutPrefix(test, "test."); found {
			seconds[name] = fmt.Sprintf("%.0f", s)
		}
	}
}

// suites reads the tests' comments.
func suites(t *testing.T, seconds map[string]string) []suite {
	t.Helper()
	files, err := filepath.Glob("test/*_test.go")
	require.NoError(t, err)
	var all []suite
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		require.NoError(t, err)
		for _, declared := range parsed.Decls {
			function, ok := declared.(*ast.FuncDecl)
			if !ok || !strings.HasPrefix(function.Name.Name, "Test") || function.Name.Name == "TestMain" {
				continue
			}
			name := function.Name.Name
			shows := strings.Join(strings.Fields(function.Doc.Text()), " ")
			require.True(t, strings.HasPrefix(shows, name+" "), "%s needs a comment that says what it shows", name)
			all = append(all, suite{name: name, shows: strings.TrimPrefix(shows, name+" "), seconds: cmp.Or(seconds[name], "-")})
		}
	}
	slices.SortFunc(all, func(a, b suite) int { return cmp.Compare(a.name, b.name) })
	return all
}

func suitesTable(all []suite) string {
	var table strings.Builder
	table.WriteString("| suite | what it does | seconds |\n|---|---|---|\n")
	for _, s := range all {
		table.WriteString(s.row() + "\n")
	}
	slowest := slices.Clone(all)
	slices.SortStableFunc(slowest, func(a, b suite) int { return cmp.Compare(number(b.seconds), number(a.seconds)) })
	var named []string
	for _, s := range slowest[:min(5, len(slowest))] {
		named = append(named, fmt.Sprintf("`%s` (%s s)", s.name, s.seconds))
	}
	fmt.Fprintf(&table, "\nThe five slowest are %s.\n", strings.Join(named, ", "))
	return table.String()
}

func number(seconds string) (n int) {
	_, _ = fmt.Sscan(seconds, &n) // none where it was not measured
	return n
}
