package test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/need"
	"apigateway-maintenance/test/harness"
)

// TestBrowser asks a real browser what it makes of the maintenance answer.
func TestBrowser(t *testing.T) {
	t.Parallel()
	need.For(t, need.Browser)
	const message = "We are moving the orders to a new database.\nNothing you sent before is lost."
	s := harness.NewStage(t, "basic", emulator.Config{}, map[string]any{"maintenance_message": message, "maintenance_retry_after": "2127-01-31T05:00:00+01:00"})
	s.Override("maintenance_override.tf", `
		module "maintenance_api" {
		  cors = { allow_origins = ["https://app.example.com", "https://admin.example.com"], allow_credentials = true }
		}`)
	s.Apply(map[string]any{"maintenance_mode": true})
	app := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "<!doctype html><title>an application of another origin</title>")
	}))
	defer app.Close()
	stripped := httptest.NewTLSServer(withoutCORS(s))
	defer stripped.Close()
	browser := harness.StartBrowser(t, map[string]string{
		"api.example.com":      s.Emulator.HTTPSAddr(),
		"app.example.com":      app.Listener.Addr().String(),
		"stripped.example.com": stripped.Listener.Addr().String(),
	})

	t.Run("a page of another origin reads the answer", func(t *testing.T) {
		tab := browser.Tab(t, "https://app.example.com/")
		for name, options := range map[string]string{
			"GET":                            `{}`,
			"GET with credentials":           `{credentials: "include"}`,
			"POST JSON with authorization":   `{method: "POST", headers: {"Content-Type": "application/json", "Authorization": "Bearer x"}, body: "{}"}`,
			"DELETE, credentials, X headers": `{method: "DELETE", credentials: "include", headers: {"X-Request-Id": "1"}}`,
			"GET of problem+json":            `{headers: {"Accept": "application/problem+json"}}`,
		} {
			t.Run(name, func(t *testing.T) {
				got := harness.Fetch(t, tab, "https://api.example.com/orders/42", options)
				require.Empty(t, got.Error)
				assert.Equal(t, 503, got.Status)
				assert.Equal(t, message, harness.ProblemMessage(got.Body))
				assert.Equal(t, "Fri, 31 Jan 2127 04:00:00 GMT", got.RetryAfter)
				assert.Equal(t, "on", got.Marker)
			})
		}
	})
	t.Run("a gateway response is readable without credentials", func(t *testing.T) {
		got := harness.Fetch(t, browser.Tab(t, "https://app.example.com/"), "https://api.example.com/orders", `{method: "POST", headers: {"Content-Type": "application/x-unheard-of"}, body: "?"}`)
		require.Empty(t, got.Error)
		assert.Equal(t, 503, got.Status)
		assert.Equal(t, message, harness.ProblemMessage(got.Body))
	})
	t.Run("the same answer without the CORS headers is unreadable", func(t *testing.T) {
		tab := browser.Tab(t, "https://app.example.com/")
		for _, options := range []string{`{}`, `{method: "POST", headers: {"Content-Type": "application/json"}, body: "{}"}`} {
			got := harness.Fetch(t, tab, "https://stripped.example.com/orders/42", options)
			assert.Contains(t, got.Error, "Failed to fetch")
			assert.Zero(t, got.Status)
		}
	})
	t.Run("an origin that is not listed reads nothing", func(t *testing.T) {
		got := harness.Fetch(t, browser.Tab(t, "https://stripped.example.com/page"), "https://api.example.com/orders/42", `{}`)
		assert.Contains(t, got.Error, "Failed to fetch")
	})
	for _, width := range []int64{360, 1280} {
		for _, scheme := range []string{"light", "dark"} {
			t.Run(fmt.Sprintf("the page at %d px, %s", width, scheme), func(t *testing.T) {
				requirePage(t, browser, message, width, scheme)
			})
		}
	}
}

// withoutCORS gives the API's own answers with the CORS headers taken off.
func withoutCORS(s *harness.Stage) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/page" {
			fmt.Fprint(w, "<!doctype html><title>an application that is not listed</title>")
			return
		}
		request, _ := http.NewRequestWithContext(r.Context(), r.Method, "https://api.example.com"+r.URL.Path, r.Body)
		request.Header = r.Header.Clone()
		response, err := s.Emulator.HTTPClient().Do(request)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		defer response.Body.Close()
		for name, values := range response.Header {
			if !strings.HasPrefix(name, "Access-Control-") {
				w.Header()[name] = values
			}
		}
		w.WriteHeader(response.StatusCode)
		_, _ = io.Copy(w, response.Body)
	})
}

// requirePage opens the page as a person does and requires that it can be read.
func requirePage(t *testing.T, b *harness.Browser, message string, width int64, scheme string) {
	t.Helper()
	tab := b.Tab(t, "about:blank")
	var requested []string
	require.NoError(t, chromedp.Listen(tab, func(event any) {
		if sent, ok := event.(*network.EventRequestWillBeSent); ok {
			requested = append(requested, sent.Request.URL)
		}
	}))
	require.NoError(t, chromedp.Do(tab,
		harness.Command(network.Enable, network.EnableParams{}),
		harness.Command(emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: 800, DeviceScaleFactor: 1, Mobile: width < 600}),
		harness.Command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}),
		chromedp.Navigate("https://api.example.com/orders/42"),
	))
	page, err := chromedp.Run(tab, chromedp.Evaluate[pageSeen](pageFacts))
	require.NoError(t, err)
	picture, err := chromedp.Run(tab, chromedp.FullScreenshot(100))
	require.NoError(t, err)
	assert.Equal(t, 503, page.Status)
	assert.Equal(t, "en", page.Lang)
	assert.Equal(t, "Service Unavailable", page.Title)
	assert.Equal(t, 1, page.Mains)
	assert.Equal(t, 1, page.Headings)
	assert.Contains(t, page.Text, message)
	assert.Equal(t, "2127-01-31T04:00:00Z", page.Time)
	assert.LessOrEqual(t, page.Overflow, 0.0, "the page must not scroll sideways")
	assert.GreaterOrEqual(t, page.Contrast, 4.5, "contrast of the faintest text (WCAG AA)")
	for _, url := range requested {
		assert.True(t, strings.HasPrefix(url, "https://api.example.com/"), "external resource %s", url)
	}
	if dir := os.Getenv("PICTURES"); dir != "" {
		require.NoError(t, os.WriteFile(filepath.Join(dir, fmt.Sprintf("page-%d-%s.png", width, scheme)), picture, 0o644))
	}
}

type pageSeen struct {
	Status             int
	Lang, Title, Text  string
	Mains, Headings    int
	Overflow, Contrast float64
	Time               string
}

// pageFacts computes, in the page, what the test requires of it.
const pageFacts = `(() => {
  const luminance = rgb => rgb.map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const numbers = color => color.match(/[0-9.]+/g).slice(0, 3).map(Number);
  const ground = luminance(numbers(getComputedStyle(document.querySelector("main")).backgroundColor));
  const contrast = element => {
    const ink = luminance(numbers(getComputedStyle(element).color));
    return (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
  };
  return {
    Status: performance.getEntriesByType("navigation")[0].responseStatus,
    Lang: document.documentElement.lang, Title: document.title, Text: document.body.innerText,
    Mains: document.querySelectorAll("main").length, Headings: document.querySelectorAll("h1").length,
    Overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    Contrast: Math.min(...[...document.querySelectorAll("main *")].map(contrast)),
    Time: (document.querySelector("time") || {}).dateTime || "",
  };
})()`
