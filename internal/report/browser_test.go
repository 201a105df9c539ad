package report

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"apigateway-maintenance/internal/need"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// browser opens a tab of a headless chromium.
func browser(t *testing.T) context.Context {
	t.Helper()
	if testing.Short() {
		t.Skip("starts a browser")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(need.For(t, need.Browser)), chromedp.NoSandbox)
	allocator, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	tab, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	tab, cancel = context.WithTimeout(tab, time.Minute)
	t.Cleanup(cancel)
	return tab
}

func TestInABrowser(t *testing.T) {
	tab := browser(t)
	var html bytes.Buffer
	require.NoError(t, Write(&html, sample()))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(html.Bytes())
	}))
	t.Cleanup(server.Close)

	var mu sync.Mutex
	var requests []string
	require.NoError(t, chromedp.Listen(tab, func(event any) {
		if sent, ok := event.(*network.EventRequestWillBeSent); ok {
			mu.Lock()
			defer mu.Unlock()
			requests = append(requests, sent.Request.URL)
		}
	}))
	_, err := chromedp.Call(tab, network.Enable, network.EnableParams{})
	require.NoError(t, err)
	for _, width := range []int64{360, 1280} {
		for _, scheme := range []string{"light", "dark"} {
			_, err := chromedp.Call(tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
				Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
			})
			require.NoError(t, err)
			require.NoError(t, chromedp.Do(tab, chromedp.EmulateViewport(width, 800), chromedp.Navigate(server.URL+"/")))
			page := look(t, tab)
			assert.Equal(t, page.Client, page.Scroll, "%d px, %s: no sideways scroll", width, scheme)
			assert.Equal(t, 71, page.Bars, "%d px: a bar a second, and one second with two verdicts", width)
			assert.Equal(t, 4, page.Marks)
			assert.Empty(t, page.Unseen, "%d px: every bar can be seen", width)
			assert.Empty(t, page.Outside, "%d px: nothing is cut off", width)
			assert.Contains(t, page.Text, "Confirmed")
			assert.Empty(t, page.Faint, "%d px, %s: contrast AA", width, scheme)
			picture(t, tab, scheme, width)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	assert.NotEmpty(t, requests)
	for _, url := range requests {
		assert.Contains(t, []string{server.URL + "/", server.URL + "/favicon.ico"}, url, "the report asks for nothing")
	}

	pdf, err := chromedp.Run(tab, chromedp.PrintToPDF(chromedp.PDFPaper(chromedp.PaperA4)))
	require.NoError(t, err)
	sheets := bytes.Count(pdf, []byte("/Type /Page\n"))
	assert.Positive(t, sheets)
	assert.LessOrEqual(t, sheets, 3, "a few sheets")
}

// seen is what a reader's browser makes of the page.
type seen struct {
	Scroll, Client, Bars, Marks int
	// Unseen are bars of less than a pixel, Outside what lies beyond the
	// window's sides, Faint the texts whose contrast with what is behind them is
	// less than WCAG 2.2 asks for (1.4.3, level AA: 4.5 to 1).
	Unseen, Outside, Faint []string
	Text                   string
}

func look(t *testing.T, tab context.Context) seen {
	t.Helper()
	page, err := chromedp.Run(tab, chromedp.Evaluate[seen](`(() => {
		const light = c => { const [r, g, b] = c.map(v => { v /= 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4 }); return .2126 * r + .7152 * g + .0722 * b }
		const parse = s => s.match(/[\d.]+/g).map(Number)
		const behind = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c.slice(0, 3) } return [255, 255, 255] }
		const contrast = e => {
			const ink = parse(e.closest('svg') ? getComputedStyle(e).fill : getComputedStyle(e).color).slice(0, 3)
			const ground = e.closest('.mark') ? parse(getComputedStyle(e.closest('.mark').querySelector('circle')).fill).slice(0, 3) : behind(e)
			const [a, b] = [light(ink), light(ground)].sort((x, y) => y - x)
			return (a + .05) / (b + .05)
		}
		const all = q => [...document.querySelectorAll(q)], box = e => e.getBoundingClientRect(), name = e => e.outerHTML.slice(0, 90)
		const text = e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && !e.closest('title, desc, style')
		return {
			Scroll: document.documentElement.scrollWidth, Client: document.documentElement.clientWidth,
			Bars: all('#chart .bar rect').length, Marks: all('#chart .mark').length,
			Unseen: all('#chart .bar rect').filter(e => box(e).width < 1 || box(e).height < 1).map(name),
			Outside: all('#chart *, tbody td, tbody th, li, dd').filter(e => box(e).width > 1 && (box(e).left < 0 || box(e).right > innerWidth)).map(name),
			Faint: all('body *').filter(e => text(e) && contrast(e) < 4.5).map(e => name(e) + ' ' + contrast(e).toFixed(2)),
			Text: document.body.innerText,
		}
	})()`))
	require.NoError(t, err)
	return page
}

// picture writes the upper part of what the browser shows where PICTURES names
// a folder: PICTURES=docs/pictures renews those that the README shows.
func picture(t *testing.T, tab context.Context, scheme string, width int64) {
	t.Helper()
	dir := os.Getenv("PICTURES")
	if dir == "" {
		return
	}
	name, height := "report", int64(1040)
	if width == 360 {
		name, height = "report-phone", 780
	}
	if scheme == "dark" {
		name += "-dark"
	}
	require.NoError(t, chromedp.Do(tab, chromedp.EmulateViewport(width, height)))
	png, err := chromedp.Run(tab, chromedp.CaptureScreenshot())
	require.NoError(t, err)
	assert.Less(t, len(png), 200<<10, "%s.png has to be small enough for a repository", name)
	require.NoError(t, os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644))
}
