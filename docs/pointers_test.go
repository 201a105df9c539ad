package docs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	whereIs = regexp.MustCompile(`(?s)\n## Where is\n(.*?)(?:\n## |\z)`)
	pointer = regexp.MustCompile("(?m)^\\| (.+) \\| `([^`]+)` \\| `([^`]+)` \\|$")
)

// TestPointersOfContributing keeps the newcomer's list in CONTRIBUTING true.
func TestPointersOfContributing(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "CONTRIBUTING.md"))
	require.NoError(t, err)
	section := whereIs.FindSubmatch(text)
	require.NotNil(t, section, "CONTRIBUTING.md has no section \"Where is\"")

	pointers := pointer.FindAllSubmatch(section[1], -1)
	require.GreaterOrEqual(t, len(pointers), 12, "the questions of a newcomer")
	for _, p := range pointers {
		question, file, identifier := string(p[1]), string(p[2]), string(p[3])
		content, err := os.ReadFile(filepath.Join(root, file))
		if assert.NoError(t, err, "where is %s?", question) {
			assert.Contains(t, string(content), identifier, "where is %s? Not in %s any more", question, file)
		}
	}
}

var (
	link       = regexp.MustCompile(`\]\(([^)#:\s]*)(?:#([^)\s]+))?\)`)
	heading    = regexp.MustCompile(`(?m)^#+ (.*)$`)
	notInSlugs = regexp.MustCompile(`[^\p{L}\p{N}_ -]`)
)

// TestLinksLeadSomewhere follows each relative link of each document, to the
// heading where it names one.
func TestLinksLeadSomewhere(t *testing.T) {
	walkSources(t, func(path, text string) {
		if filepath.Ext(path) != ".md" {
			return
		}
		for _, l := range link.FindAllStringSubmatch(text, -1) {
			target := path
			if l[1] != "" {
				target = filepath.Join(filepath.Dir(path), l[1])
			}
			if _, err := os.Stat(filepath.Join(root, target)); !assert.NoError(t, err, "%s links to %s, which is not there", path, l[1]) || l[2] == "" {
				continue
			}
			content, err := os.ReadFile(filepath.Join(root, target))
			require.NoError(t, err)
			assert.Contains(t, anchors(string(content)), l[2], "%s links to a heading that %s does not have", path, target)
		}
	})
}

// anchors are those that GitHub gives to a document's headings.
func anchors(document string) []string {
	var all []string
	for _, h := range heading.FindAllStringSubmatch(document, -1) {
		slug := notInSlugs.ReplaceAllString(strings.ToLower(h[1]), "")
		all = append(all, strings.ReplaceAll(slug, " ", "-"))
	}
	return all
}
