package test

import (
	"fmt"
	"html"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/test/harness"
)

// awkward are texts that some layer on the way could act on.
var awkward = []string{
	`"quoted" and 'quoted'`, `back\slash`, `\`, `\\$`, `$`, `#`, `##`, `## a comment`, `#*`, `#* never closed`, `$input`, `$input.body`, `${input}`,
	`#set($x = 1)`, `#if(true)`, `#end`, `#else`, `#[[`, `]]#`, `$context.requestId`, `$stageVariables.x`, `${stageVariables.x}`, `$util.urlDecode('%24')`,
	`</script><script>alert(1)</script>`, `</p>`, `<!--`, `&amp; & &dollar;`, "line\nbreak", "\nfirst and last\n", "\r\n", "tab\there", "🚧 Wartung für 日本", "e\u0301", "\u2028",
	`%{ if true }`, `${var.message}`, `100 %`, `{"statusCode": 200}`, `'`, `''`, `$!{D}`, `${E}`, `$D`, `@request@`, "\u200b", "  blanks  ",
}

// fragments make up drawn texts, so that awkward ones meet.
var fragments = append([]string{"a", " ", "Z", "9", ".", ",", "(", ")", "{", "}", "[", "]", "=", ":", ";", "!", "?", "é", "\n"}, awkward...)

// TestMessages serves awkward texts letter by letter, from every form of the
// answer and from gateway responses.
func TestMessages(t *testing.T) {
	t.Parallel()
	texts := append([]string{}, awkward...)
	drawn := rapid.Map(rapid.SliceOfN(rapid.SampledFrom(fragments), 1, 12), func(parts []string) string { return strings.Join(parts, "") })
	for i := 0; len(texts) < len(awkward)+40; i++ {
		if text := drawn.Example(i); strings.TrimSpace(text) != "" {
			texts = append(texts, text)
		}
	}
	texts = withoutBlank(texts)
	s := harness.NewFixture(t, "messages", emulator.Config{}, nil)
	s.SetOnly(map[string]any{"messages": texts, "responses": map[string]string{"application/xml": "MESSAGE", "application/vnd.acme+json": `"own body"`}})
	s.Apply(nil)
	var urls []string
	s.Output("invoke_urls", &urls)
	require.Len(t, urls, len(texts))
	for i, text := range texts {
		text = norm.NFC.String(text) // Terraform normalises every string that it reads
		ask := func(accept, contentType string) string {
			header := http.Header{"Accept": {accept}}
			if contentType != "" {
				header.Set("Content-Type", contentType)
			}
			got := s.Ask("POST", urls[i]+"/deep/path", header, "x")
			require.Equal(t, 503, got.Status, "%q as %s", text, accept)
			return got.Body
		}
		for _, accept := range []string{"application/json", "application/problem+json"} {
			require.Equal(t, text, harness.ProblemMessage(ask(accept, "")), accept)
		}
		require.Equal(t, text, harness.ProblemMessage(ask("*/*", "application/x-unheard-of")), "gateway response")
		require.Equal(t, text, ask("text/plain", ""), "text/plain")
		require.Equal(t, text, ask("application/xml", ""), "a body of one's own")
		require.Equal(t, `"own body"`, ask("application/vnd.acme+json", ""))
		require.Equal(t, text, messageOnPage(t, ask("text/html", "")), "text/html")
	}
	fmt.Printf("%d texts, each in seven forms\n", len(texts))
	s.Removed()
	s.RequireEmpty()
}

// withoutBlank drops what the module refuses.
func withoutBlank(texts []string) []string {
	var kept []string
	for _, text := range texts {
		if strings.TrimSpace(text) != "" {
			kept = append(kept, text)
		}
	}
	return kept
}

// messageOnPage reads the message out of the page as a browser would.
func messageOnPage(t *testing.T, page string) string {
	t.Helper()
	_, rest, found := strings.Cut(page, `<p class="message">`)
	require.True(t, found, "%s", page)
	escaped, _, found := strings.Cut(rest, "</p>\n")
	require.True(t, found, "%s", page)
	require.NotContains(t, escaped, "<", "no markup of the user's may reach the page")
	return html.UnescapeString(escaped)
}
