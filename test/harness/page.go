package harness

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// Page is an open page that is watched: what it complains of, and what it was
// answered.
type Page struct {
	t   *testing.T
	tab context.Context

	mu         sync.Mutex
	complaints []string
	answers    []*network.Response
}

// Open opens a page of the browser, for as long as the test takes.
func (b *Browser) Open(t *testing.T, url string) *Page {
	t.Helper()
	tab, cancel := chromedp.NewContext(b.ctx)
	t.Cleanup(cancel)
	p := &Page{t: t, tab: tab}
	require.NoError(t, chromedp.Do(tab))
	require.NoError(t, chromedp.Listen(tab, p.hear))
	require.NoError(t, chromedp.Do(tab,
		Command(log.Enable, struct{}{}), Command(runtime.Enable, struct{}{}), Command(network.Enable, network.EnableParams{}),
		chromedp.Navigate(url),
	))
	return p
}

func (p *Page) hear(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *log.EventEntryAdded:
		// The browser itself notes each answer of 400 and more; no page can help it.
		if e.Entry.Level == "error" && !strings.Contains(e.Entry.Text, "the server responded with a status of ") {
			p.complaints = append(p.complaints, e.Entry.Text+" "+e.Entry.URL)
		}
	case *runtime.EventExceptionThrown:
		p.complaints = append(p.complaints, e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "warning" {
			p.complaints = append(p.complaints, fmt.Sprint(e.Args))
		}
	case *network.EventResponseReceived:
		p.answers = append(p.answers, e.Response)
	}
}

// Complaints are the errors that the console shows.
func (p *Page) Complaints() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string{}, p.complaints...)
}

// Answers are those from URLs that begin so.
func (p *Page) Answers(prefix string) []*network.Response {
	p.mu.Lock()
	defer p.mu.Unlock()
	var found []*network.Response
	for _, answer := range p.answers {
		if strings.HasPrefix(answer.URL, prefix) {
			found = append(found, answer)
		}
	}
	return found
}

// JS evaluates an expression whose value is text.
func (p *Page) JS(expression string) string {
	p.t.Helper()
	value, err := chromedp.Run(p.tab, chromedp.Evaluate[string](expression))
	require.NoError(p.t, err)
	return value
}

// Sees waits until the page shows a text, to a person: what is hidden does not
// count.
func (p *Page) Sees(text string) {
	p.t.Helper()
	require.Eventually(p.t, func() bool { return strings.Contains(p.Text(), text) }, 2*time.Minute, 50*time.Millisecond, "the page shows: %s, not %q", p.Text(), text)
}

// Text is what a person sees.
func (p *Page) Text() string {
	p.t.Helper()
	return p.JS("document.body.innerText")
}

// Type puts text into a field, by keyboard.
func (p *Page) Type(selector, text string) {
	p.t.Helper()
	p.JS(fmt.Sprintf("document.querySelector(%q).focus(), ''", selector))
	require.NoError(p.t, chromedp.Do(p.tab, Command(input.InsertText, input.InsertTextParams{Text: text})))
}

// Click clicks an element.
func (p *Page) Click(selector string) {
	p.t.Helper()
	p.JS(fmt.Sprintf("document.querySelector(%q).click(), ''", selector))
}

// Look makes the page so wide and light or dark, requires that it does not
// scroll sideways, and keeps a picture where PICTURES says.
func (p *Page) Look(width int64, scheme, name string) {
	p.t.Helper()
	require.NoError(p.t, chromedp.Do(p.tab,
		Command(emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: 640, DeviceScaleFactor: 1, Mobile: width < 600}),
		Command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}),
	))
	require.Equal(p.t, "0", p.JS("String(Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth))"), "%d px: the page must not scroll sideways", width)
	dir := os.Getenv("PICTURES")
	if dir == "" {
		return
	}
	picture, err := chromedp.Run(p.tab, chromedp.FullScreenshot(100))
	require.NoError(p.t, err)
	require.NoError(p.t, os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%d-%s.png", name, width, scheme)), picture, 0o644))
}
