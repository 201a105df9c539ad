package test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/probe"
	"apigateway-maintenance/test/harness"
)

// observation is a request whose answer AWS does not document.
type observation struct {
	name, method, path string
	header             map[string]string
	body               string
}

// observations are asked in maintenance (facts H1, H2, H3, H4, H5, H10).
func observations() []observation {
	post := func(mediaType string) observation {
		return observation{name: "POST " + mediaType, method: "POST", path: "/orders", header: map[string]string{"Content-Type": mediaType}, body: "x"}
	}
	get := func(name, path string) observation { return observation{name: name, method: "GET", path: path} }
	return []observation{
		post("text/xml"), post("multipart/form-data; boundary=b"), post("application/x-www-form-urlencoded"), post("image/png"),
		post("application/json; charset=utf-8"), post("Application/JSON"),
		{name: "POST text/xml, Accept text/html", method: "POST", path: "/orders", header: map[string]string{"Content-Type": "text/xml", "Accept": "text/html"}, body: "x"},
		{name: "POST text/xml, Origin", method: "POST", path: "/orders", header: map[string]string{"Content-Type": "text/xml", "Origin": "https://app.example.com"}, body: "x"},
		{name: "HEAD", method: "HEAD", path: "/orders"},
		{name: "TRACE", method: "TRACE", path: "/orders"},
		{name: "PROPFIND", method: "PROPFIND", path: "/orders"},
		get("two slashes", "//orders"), get("encoded dots", "/%2e%2e/"), get("a broken escape", "/%zz"),
		get("a URL of 9 KB", "/"+strings.Repeat("a", 9<<10)),
		{name: "headers of 12 KB", method: "GET", path: "/orders", header: map[string]string{"X-Long": strings.Repeat("a", 12<<10)}},
	}
}

// observe reports a table and judges nothing.
func (a *awsTarget) observe(t *testing.T, client *http.Client) map[string]string {
	t.Helper()
	observed := map[string]string{}
	var table strings.Builder
	fmt.Fprintln(&table, "| request in maintenance | answer |\n|---|---|")
	for _, o := range observations() {
		seen, err := a.send(t.Context(), client, o)
		if err != nil {
			observed[o.name] = "no answer: " + err.Error()
		} else {
			observed[o.name] = fmt.Sprintf("%d, marker %q, type %q, error %q, allow-origin %q, %d bytes", seen.Status, seen.Header.Get("X-Maintenance-Mode"),
				seen.Header.Get("Content-Type"), seen.Header.Get("X-Amzn-Errortype"), seen.Header.Get("Access-Control-Allow-Origin"), len(seen.Body))
		}
		fmt.Fprintf(&table, "| %s | %s |\n", o.name, observed[o.name])
	}
	t.Log("observed, not judged:\n" + table.String())
	return observed
}

func (a *awsTarget) send(ctx context.Context, client *http.Client, o observation) (harness.Answer, error) {
	request, err := http.NewRequestWithContext(ctx, o.method, "https://"+a.vars["domain_name"].(string)+"/", strings.NewReader(o.body))
	if err != nil {
		return harness.Answer{}, err
	}
	// Opaque goes out as it is, broken escapes too; but with two slashes it
	// would be taken for a host.
	if request.URL.Opaque = o.path; strings.HasPrefix(o.path, "//") {
		request.URL = &url.URL{Scheme: "https", Host: request.URL.Host, Path: o.path}
	}
	for name, value := range o.header {
		request.Header.Set(name, value)
	}
	response, err := client.Do(request)
	if err != nil {
		return harness.Answer{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return harness.Answer{Status: response.StatusCode, Header: response.Header, Body: string(body)}, err
}

// client reaches the domain as the prober does.
func (a *awsTarget) client(t *testing.T) *http.Client {
	t.Helper()
	roots, err := x509.SystemCertPool()
	require.NoError(t, err)
	if a.clients.CAFile != "" {
		pem, err := os.ReadFile(a.clients.CAFile)
		require.NoError(t, err)
		require.True(t, roots.AppendCertsFromPEM(pem), "%s holds no certificate", a.clients.CAFile)
	}
	dialer := &net.Dialer{Timeout: 10 * time.Second}
	if a.clients.Resolver != "" {
		dialer.Resolver = probe.NewResolver(a.clients.Resolver)
	}
	return &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: roots},
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			return dialer.DialContext(ctx, network, connectTo(a.clients.ConnectTo, address))
		},
	}}
}

// connectTo follows the first of curl's --connect-to entries that matches;
// hosts without colons only.
func connectTo(entries []string, address string) string {
	host, port, _ := net.SplitHostPort(address)
	for _, entry := range entries {
		part := strings.Split(entry, ":")
		if len(part) != 4 || (part[0] != "" && part[0] != host) || (part[1] != "" && part[1] != port) {
			continue
		}
		if part[2] != "" {
			host = part[2]
		}
		if part[3] != "" {
			port = part[3]
		}
		break
	}
	return net.JoinHostPort(host, port)
}
