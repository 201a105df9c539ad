package harness

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"apigateway-maintenance/internal/need"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// Command makes a step of a protocol command.
func Command[P any](c cdp.Command[P, cdp.Empty], params P) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, c, params)
		return chromedp.Void{}, err
	}
}

// Fetched is what a page could read of an answer.
type Fetched struct {
	Status     int
	Body       string
	RetryAfter string
	Marker     string
	Error      string
}

// Fetch lets a page ask, by its own fetch.
func Fetch(t *testing.T, tab context.Context, url, options string) Fetched {
	t.Helper()
	script := fmt.Sprintf(`fetch(%q, %s).then(
	  async r => JSON.stringify({Status: r.status, Body: await r.text(), RetryAfter: r.headers.get("Retry-After") || "", Marker: r.headers.get("X-Maintenance-Mode") || ""}),
	  e => JSON.stringify({Error: String(e)}))`, url, options)
	result, err := chromedp.Run(tab, chromedp.Evaluate[string](script, chromedp.EvalAwaitPromise))
	require.NoError(t, err)
	var got Fetched
	require.NoError(t, json.Unmarshal([]byte(result), &got))
	return got
}

// Browser is a running chromium.
type Browser struct{ ctx context.Context }

// StartBrowser starts chromium with names led to loopback addresses. It trusts
// any certificate: TLS is tested elsewhere.
func StartBrowser(t *testing.T, hosts map[string]string) *Browser {
	t.Helper()
	var rules []string
	for host, address := range hosts {
		_, _, err := net.SplitHostPort(address)
		require.NoError(t, err)
		rules = append(rules, "MAP "+host+" "+address)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(need.For(t, need.Browser)),
		chromedp.NoSandbox,
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("ignore-certificate-errors", true),
		chromedp.Flag("host-resolver-rules", strings.Join(rules, ",")),
	)
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancelBrowser := chromedp.NewContext(allocator)
	t.Cleanup(cancelBrowser)
	require.NoError(t, chromedp.Do(ctx))
	return &Browser{ctx: ctx}
}

// Tab opens a page; it is closed with the test.
func (b *Browser) Tab(t *testing.T, url string) context.Context {
	t.Helper()
	tab, cancel := chromedp.NewContext(b.ctx)
	t.Cleanup(cancel)
	require.NoError(t, chromedp.Do(tab)) // a tab lives as long as the context that first used it
	tab, cancelTimeout := context.WithTimeout(tab, 60*time.Second)
	t.Cleanup(cancelTimeout)
	require.NoError(t, chromedp.Do(tab, chromedp.Navigate(url)))
	return tab
}
