package docs_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const root = ".."

var (
	factHeading = regexp.MustCompile(`(?m)^### ([A-J][0-9]{1,2}) .*$`)
	sourceMark  = regexp.MustCompile(`\[(doc|recorded|validated|provider|ran|bindings|thread|LocalStack|unverified)\b`)

	// One spelling, over line breaks of comments too: fact D1, or facts A5, B3.
	citation = regexp.MustCompile(`\b[Ff]acts?[\s/#]+[A-J][0-9]{1,2}(?:,[\s/#]+[A-J][0-9]{1,2})*\b`)
	factID   = regexp.MustCompile(`[A-J][0-9]{1,2}`)

	// What looks like a citation and is none of that spelling.
	otherwise = regexp.MustCompile(`(?i)\bfacts?\b[^\n.]{0,8}\b[A-J][0-9]{1,2}\b|\([A-J][0-9]{1,2}(?:, [A-J][0-9]{1,2})*[),;]`)
	furtherID = regexp.MustCompile(`^(?:[\s/#]*[,;])?[\s/#]*(?:and|or|to|-|–)?[\s/#]*[A-J][0-9]{1,2}\b`)
)

// fact is a section of facts.md.
type fact struct {
	id, text   string
	background bool
}

func TestEveryCitedFactExistsAndEveryFactIsCited(t *testing.T) {
	facts := readFacts(t)
	background := map[string]bool{}
	for _, f := range facts {
		assert.NotContains(t, background, f.id, "facts.md has fact %s twice", f.id)
		background[f.id] = f.background
	}

	cited := map[string]bool{}
	walkSources(t, func(path, text string) {
		if slices.Contains([]string{"docs/facts.md", "docs/facts_test.go", "CONTRIBUTING.md"}, path) { // not citations, but the facts and examples
			return
		}
		ids, misspelt := citations(text)
		for _, m := range misspelt {
			assert.Fail(t, "a citation in another spelling", "%s: %q; write (fact D1) or (facts A5, B3)", path, m)
		}
		for _, id := range ids {
			assert.Contains(t, background, id, "%s cites fact %s, which docs/facts.md does not have", path, id)
			cited[id] = true
		}
	})

	for id, isBackground := range background {
		assert.True(t, cited[id] || isBackground, "nothing cites fact %s: mark its heading in docs/facts.md (background)", id)
	}
}

func TestEveryFactHasASource(t *testing.T) {
	for _, f := range readFacts(t) {
		if strings.HasPrefix(f.id, "H") { // questions, not answers
			continue
		}
		assert.Regexp(t, sourceMark, f.text, "fact %s names no source and is not marked unverified", f.id)
	}
}

func TestCitations(t *testing.T) {
	tests := map[string]struct {
		text     string
		ids      []string
		misspelt int
	}{
		"one":                         {text: "// so it is (fact D1).", ids: []string{"D1"}},
		"several":                     {text: "(facts A5, B10; AWS page X)", ids: []string{"A5", "B10"}},
		"over a line break":           {text: "# it is so (facts\n  # A5,\n# B3)", ids: []string{"A5", "B3"}},
		"in a name of a test":         {text: `"a slash is refused (fact D3)"`, ids: []string{"D3"}},
		"not of ours":                 {text: "A fact of life on A4 paper, as facts go. B2C is not one."},
		"without the word":            {text: "no method on the root (B1), so", misspelt: 1},
		"a range":                     {text: "(facts H1 to H5)", misspelt: 1},
		"a list that ends in a range": {text: "(facts H1, H2 and H3)", misspelt: 1},
		"the other way round":         {text: "facts: see A2", misspelt: 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			ids, misspelt := citations(tt.text)
			assert.Equal(t, tt.ids, ids)
			assert.Len(t, misspelt, tt.misspelt)
		})
	}
}

// citations are the facts that a text cites, and what it cites in a spelling
// that this test would not find everywhere.
func citations(text string) (ids, misspelt []string) {
	rest := text
	for _, at := range slices.Backward(citation.FindAllStringIndex(text, -1)) {
		whole := text[at[0]:at[1]]
		rest = rest[:at[0]] + rest[at[1]:]
		if furtherID.MatchString(text[at[1]:]) {
			misspelt = append(misspelt, whole)
			continue
		}
		ids = append(factID.FindAllString(whole, -1), ids...)
	}
	return ids, append(misspelt, otherwise.FindAllString(rest, -1)...)
}

func readFacts(t *testing.T) []fact {
	t.Helper()
	content, err := os.ReadFile("facts.md")
	require.NoError(t, err)

	var facts []fact
	text := string(content)
	headings := factHeading.FindAllStringSubmatchIndex(text, -1)
	require.NotEmpty(t, headings)
	for i, at := range headings {
		end := len(text)
		if i+1 < len(headings) {
			end = headings[i+1][0]
		}
		facts = append(facts, fact{
			id:         text[at[2]:at[3]],
			text:       text[at[1]:end],
			background: strings.HasSuffix(text[at[0]:at[1]], " (background)"),
		})
	}
	return facts
}

// walkSources visits every text of this repository that may cite a fact.
func walkSources(t *testing.T, visit func(path, text string)) {
	t.Helper()
	kinds := []string{".go", ".tf", ".hcl", ".vtl", ".tftpl", ".rego", ".md", ".sh", ".yml"}

	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := entry.Name(); entry.IsDir() {
			if path != root && (name == "bin" || strings.HasPrefix(name, ".") && name != ".github") {
				return fs.SkipDir
			}
			return nil
		}
		if !slices.Contains(kinds, filepath.Ext(path)) {
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		visit(filepath.ToSlash(strings.TrimPrefix(path, root+string(filepath.Separator))), string(content))
		return nil
	})
	require.NoError(t, err)
}
