package terraform

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"

	"apigateway-maintenance/internal/plain"
)

// diagnostic is one complaint of Terraform. It has no place for the lines that
// Terraform quotes and the values that it lists below them: either may be a
// secret, whoever marked what as sensitive.
type diagnostic struct {
	warning bool
	summary string
	// where is "on main.tf line 3"; empty where it is about no file.
	where, file string
	detail      string
}

// detailLimit is how much of a diagnostic's text is repeated.
const detailLimit = 4000

func newDiagnostic(d *tfjson.Diagnostic) diagnostic {
	made := diagnostic{warning: d.Severity == tfjson.DiagnosticSeverityWarning, summary: d.Summary, detail: d.Detail}
	if d.Range != nil {
		made.file = d.Range.Filename
		made.where = fmt.Sprintf("on %s line %d", d.Range.Filename, d.Range.Start.Line)
	}
	return made
}

// quotation is what a parser quotes of what it stumbled over.
var quotation = regexp.MustCompile(`"(?:[^"\\]|\\.)*"?`)

// discreet leaves out what a diagnostic about values quotes of them. Values are
// in every file that is not the configuration, and in those that were given as
// variable files whatever they are called.
func (d diagnostic) discreet(varFiles []string) diagnostic {
	given := slices.ContainsFunc(varFiles, func(name string) bool { return filepath.Base(name) == filepath.Base(d.file) })
	if d.file != "" && (given || !isConfiguration(d.file)) {
		d.summary = quotation.ReplaceAllString(d.summary, `"…"`)
		d.detail = quotation.ReplaceAllString(d.detail, `"…"`)
	}
	return d
}

// String is the diagnostic as Terraform lays it out.
func (d diagnostic) String() string {
	title := "Error: "
	if d.warning {
		title = "Warning: "
	}
	parts := []string{title + plain.Line(d.summary)}
	if d.where != "" {
		parts = append(parts, "  "+plain.Line(d.where))
	}
	if detail := strings.TrimSpace(d.detail); detail != "" {
		parts = append(parts, plain.Text(cut(detail, detailLimit)))
	}
	return strings.Join(parts, "\n\n")
}

// sentence is the diagnostic's title and the first paragraph of its text.
func (d diagnostic) sentence() string {
	title := strings.TrimSuffix(strings.TrimSpace(d.summary), ".")
	first, _, _ := strings.Cut(strings.TrimSpace(d.detail), "\n\n")
	if text := unwrapped(first); text != "" {
		return title + ": " + text
	}
	return title
}

var (
	escapes    = regexp.MustCompile("\x1b\\[[0-9;]*[A-Za-z]")
	frameLine  = regexp.MustCompile(`(?m)^[│╷╵] ?`)
	valueLine  = regexp.MustCompile(`^\s*[├│]`)
	sourceLine = regexp.MustCompile(`^\s*\d+: `)
	whereLine  = regexp.MustCompile(`^\s*(on (.+) line \d+).*:$`)
	addressing = regexp.MustCompile(`^\s*with .+,$`)
	titleLine  = regexp.MustCompile(`^(Error|Warning): (.*)$`)
)

// readDiagnostics reads what a command prints that has no -json: coloured or
// not, in a box or not. Text before the first title belongs to none.
func readDiagnostics(text string) []diagnostic {
	text = frameLine.ReplaceAllString(escapes.ReplaceAllString(text, ""), "")
	var found []diagnostic
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if title := titleLine.FindStringSubmatch(line); title != nil {
			found = append(found, diagnostic{warning: title[1] == "Warning", summary: title[2]})
			continue
		}
		if len(found) == 0 {
			continue
		}
		found[len(found)-1].read(line)
	}
	return found
}

// read takes a line of the text below the title. A title is wrapped as all else,
// and ends with the first empty line.
func (d *diagnostic) read(line string) {
	where := whereLine.FindStringSubmatch(line)
	switch {
	case where != nil && d.where == "" && strings.TrimSpace(d.detail) == "":
		d.where, d.file = where[1], where[2]
	case sourceLine.MatchString(line), valueLine.MatchString(line), addressing.MatchString(line):
	case d.detail == "" && strings.TrimSpace(line) != "" && d.where == "":
		d.summary += " " + strings.TrimSpace(line)
	default:
		d.detail += line + "\n"
	}
}

// unwrapped undoes line breaks, since diagnostics are wrapped at the width of
// a terminal and a sign may be broken anywhere.
func unwrapped(s string) string { return strings.Join(strings.Fields(s), " ") }

func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "…"
}
