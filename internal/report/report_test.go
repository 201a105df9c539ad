package report

import (
	"bytes"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/probe"
)

func written(t require.TestingT, d Data) string {
	var b bytes.Buffer
	require.NoError(t, Write(&b, d))
	return b.String()
}

// elements are all of a name, in the document's order.
func elements(t *testing.T, text, name string) []*html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(text))
	require.NoError(t, err)
	var found []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && n.Data == name {
			found = append(found, n)
		}
	}
	return found
}

func words(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func TestThePageHasItsParts(t *testing.T) {
	text := written(t, sample())
	for _, landmark := range []string{"header", "main", "footer", "h1"} {
		assert.Len(t, elements(t, text, landmark), 1, landmark)
	}
	assert.Equal(t, "en", attribute(elements(t, text, "html")[0], "lang"))
	assert.Equal(t, "Maintenance on: api.example.com (Confirmed)", words(elements(t, text, "title")[0]))
	tables := elements(t, text, "table")
	require.Len(t, tables, 4)
	assert.Len(t, elements(t, text, "caption"), len(tables), "each table has a caption")
	assert.Contains(t, words(tables[0]), "https://api.example.com/orders ✓ maintenance, as expected 81 57 2 live → maintenance +40.5 s 01:02:43.5 wrong → maintenance +42.0 s")
	assert.Contains(t, words(tables[1]), "+41.0 s 01:02:44.0 502 status 502 is neither live nor maintenance")
	assert.Contains(t, words(tables[2]), "During apply start to apply end 56 11 ms 16 ms 23 ms 823 ms")
	assert.Contains(t, words(tables[3]), `module.domain.aws_api_gateway_base_path_mapping.this["/orders"] update a1b2c3d4e5/live k8s2m0ck77/maintenance`)
	for _, sentence := range []string{"3.2 s after the apply", "Terraform 1.11.4", "2026-11-24 01:02:01.5 UTC", "5.5 s", "8.7 s", "its next deploy would switch back"} {
		assert.Contains(t, text, sentence)
	}
}

func TestNothingIsLoadedFromElsewhere(t *testing.T) {
	text := written(t, sample())
	for _, name := range []string{"script", "link", "img", "iframe", "object", "embed", "audio", "video", "base", "form"} {
		assert.Empty(t, elements(t, text, name), name)
	}
	assert.NotRegexp(t, regexp.MustCompile(`(?i)@import|url\([^#]|\s(src|href|srcset|action)\s*=`), text)
	assert.Contains(t, text, "default-src 'none'", "a browser refuses what slips through")
}

func TestSecretsOfURLsAreNotTold(t *testing.T) {
	text := written(t, sample())
	assert.NotContains(t, text, secret)
	assert.Contains(t, text, "https://api.example.com/payments?…", "what is left out is marked")
	for address, want := range map[string]string{
		"https://a.example/x":                 "https://a.example/x",
		"https://u:p@a.example/x?token=s#f":   "https://a.example/x?…",
		"https://a.example/%zz?token=hunter2": "https://a.example/%zz",
	} {
		assert.Equal(t, want, shown(address))
	}
}

func TestUserDataStaysText(t *testing.T) {
	const hostile = `</style></title><script>alert(1)</script>"'><img src=x onerror=alert(1)>`
	d := sample()
	d.Outcome, d.Title, d.Guard, d.Root, d.Workspace, d.Kit, d.Notes = hostile, hostile, hostile, hostile, hostile, hostile, []string{hostile}
	d.Changes = append(d.Changes, Change{Address: hostile, Action: hostile, Before: &maintenance.Target{APIID: hostile, StageName: hostile}, After: &maintenance.Target{APIID: hostile, StageName: hostile}})
	d.Summary.Marks = append(d.Summary.Marks, probe.Moment{Name: hostile, At: d.Finished})
	d.Summary.URLs[0].WrongFirst[0].Reason = hostile
	text := written(t, d)
	assert.Empty(t, elements(t, text, "script"))
	assert.Empty(t, elements(t, text, "img"))
	assert.Equal(t, 1, strings.Count(text, "</style>"))
	assert.Contains(t, words(elements(t, text, "main")[0]), hostile, "and it is told")
}

func TestResultsAreToldInWords(t *testing.T) {
	for result, word := range map[Result]string{Confirmed: "Confirmed", Unconfirmed: "Not confirmed", Failed: "Failed", Unchanged: "Nothing changed"} {
		d := sample()
		d.Result = result
		assert.Contains(t, words(elements(t, written(t, d), "header")[0]), word)
	}
}

func TestAnUnexpectedAnswerIsTold(t *testing.T) {
	d := sample()
	d.Expected[orders] = probe.Live
	assert.Contains(t, written(t, d), "✕ maintenance, expected live")
}

func TestAReportWithoutProbesIsWritten(t *testing.T) {
	text := written(t, Data{Direction: "off", Result: Unchanged, Outcome: "It was off already.", Title: "api.example.com"})
	assert.Contains(t, text, "No URL was probed")
	assert.Contains(t, text, "It changed nothing.")
	assert.Empty(t, elements(t, text, "table"))
}

func TestDirectionsOtherThanOnAndOffAreRefused(t *testing.T) {
	assert.ErrorContains(t, Write(&bytes.Buffer{}, Data{Direction: "maybe"}), `direction "maybe"`)
}

type full struct{}

var errFull = errors.New("no space left")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestAFullDiskIsAnError(t *testing.T) {
	assert.ErrorIs(t, Write(full{}, sample()), errFull)
}

// TestTheChartKeepsEveryAnswer draws timelines of any length.
func TestTheChartKeepsEveryAnswer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := time.Second << rapid.IntRange(0, 4).Draw(t, "width")
		counts := rapid.SliceOfN(rapid.IntRange(0, 50), 1, 3600).Draw(t, "counts")
		var buckets []probe.Bucket
		var want int
		for i, n := range counts {
			want += n
			if n > 0 || i == 0 { // a timeline may leave out what was silent
				buckets = append(buckets, probe.Bucket{From: time.Duration(i) * width, Live: n / 2, Maintenance: n - n/2})
			}
		}
		merged, mergedWidth := merge(buckets, width)
		var got int
		for i, b := range merged {
			got += b.Live + b.Maintenance
			assert.Equal(t, time.Duration(i)*mergedWidth, b.From)
		}
		assert.Equal(t, want, got)
		assert.LessOrEqual(t, len(merged), maxBars)

		start := time.Unix(0, 0)
		c := newChart(probe.Summary{Started: start, Span: probe.Span{Width: width, Buckets: buckets}}, start)
		for _, b := range c.Bars {
			assert.GreaterOrEqual(t, b.X, 0.0)
			assert.LessOrEqual(t, b.X+b.Width, 100.0)
			for _, p := range b.Parts {
				assert.GreaterOrEqual(t, p.Y, float64(c.Top)-1e-6, "no bar leaves the plot")
			}
		}
		assert.LessOrEqual(t, len(c.XTicks), 7, "labels of times do not touch on a phone")
	})
}

func TestMarksThatAreCloseStandInRows(t *testing.T) {
	start := time.Unix(0, 0)
	var c chart
	rows := c.placeMarks(probe.Summary{Started: start, Marks: []probe.Moment{
		{Name: "a", At: start}, {Name: "b", At: start.Add(time.Second)}, {Name: "c", At: start.Add(50 * time.Second)},
	}}, 100*time.Second)
	assert.Equal(t, 2, rows)
	assert.Equal(t, c.Marks[0].Y, c.Marks[2].Y)
	assert.Equal(t, c.Marks[0].Y+badgeRow, c.Marks[1].Y)
}
