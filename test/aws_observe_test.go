package test

import (
	"cmp"
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
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/probe"
	"apigateway-maintenance/test/harness"
)

// observation is a request whose answer AWS does not document.
type observation struct {
	about, name, method, path string
	header                    map[string]string
	body                      string
}

const (
	browserAccept = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
	xml           = "text/xml"
)

// observations are asked of the domain in maintenance.
func observations() []observation {
	post := func(about, mediaType string) observation {
		return observation{about: about, name: "POST " + mediaType, method: "POST", path: "/orders", header: map[string]string{"Content-Type": mediaType}, body: "x"}
	}
	get := func(name, path string) observation {
		return observation{about: "H5", name: name, method: "GET", path: path}
	}
	return []observation{
		post("H1", xml), post("H1", "multipart/form-data; boundary=b"), post("H1", "application/x-www-form-urlencoded"),
		post("H3", "application/json; charset=utf-8"), post("H3", "Application/JSON"),
		{about: "H1", name: "POST a PNG", method: "POST", path: "/orders", header: map[string]string{"Content-Type": "image/png"}, body: string(pixel)},
		{about: "J2", name: "POST gzip JSON", method: "POST", path: "/orders", header: map[string]string{"Content-Type": "application/json", "Content-Encoding": "gzip"}, body: zipped(`{"a":1}`)},
		{about: "H4", name: "GET as a browser asks: must not be JSON", method: "GET", path: "/orders", header: map[string]string{"Accept": browserAccept}},
		{about: "H4", name: "POST text/xml, Accept text/html", method: "POST", path: "/orders", header: map[string]string{"Content-Type": xml, "Accept": "text/html"}, body: "x"},
		{about: "H10", name: "POST text/xml, Origin", method: "POST", path: "/orders", header: map[string]string{"Content-Type": xml, "Origin": "https://app.example.com"}, body: "x"},
		{about: "H5", name: "HEAD", method: "HEAD", path: "/orders"},
		{about: "H5", name: "TRACE", method: "TRACE", path: "/orders"},
		{about: "H5", name: "PROPFIND", method: "PROPFIND", path: "/orders"},
		get("two slashes", "//orders"), get("encoded dots", "/%2e%2e/"), get("a broken escape", "/%zz"),
		get("a URL of 9 KB", "/"+strings.Repeat("a", 9<<10)),
		{about: "H5", name: "headers of 12 KB", method: "GET", path: "/orders", header: map[string]string{"X-Long": strings.Repeat("a", 12<<10)}},
	}
}

// observe asks and judges nothing.
func (a *awsTarget) observe(t *testing.T, client *http.Client) []finding {
	t.Helper()
	var findings []finding
	for _, o := range observations() {
		findings = append(findings, finding{o.about, "in maintenance: " + o.name, a.asked(t, client, a.domain(), o)})
	}
	return findings
}

func (a *awsTarget) domain() string { return a.vars["domain_name"].(string) }

// asked tells an answer in one line.
func (a *awsTarget) asked(t *testing.T, client *http.Client, host string, o observation) string {
	t.Helper()
	seen, err := a.send(t.Context(), client, host, o)
	if err != nil {
		return "no answer: " + err.Error()
	}
	told := fmt.Sprint(seen.Status)
	for _, name := range []string{"Content-Type", "X-Maintenance-Mode", "X-Amzn-Errortype", "Access-Control-Allow-Origin", "X-Origin", "Retry-After"} {
		if value := seen.Header.Get(name); value != "" {
			told += fmt.Sprintf(", %s: %s", strings.ToLower(name), value)
		}
	}
	if body := seen.Body; len(body) > 0 && len(body) < 120 && utf8.ValidString(body) {
		return told + ", " + body
	}
	return fmt.Sprintf("%s, %d bytes", told, len(seen.Body))
}

// tlsVersions tells which versions a host's handshake takes.
func (a *awsTarget) tlsVersions(host string) string {
	var taken []string
	for _, version := range []uint16{tls.VersionTLS10, tls.VersionTLS11, tls.VersionTLS12, tls.VersionTLS13} {
		connection, err := a.dial(context.Background(), "tcp", host+":443")
		if err != nil {
			return "no connection: " + err.Error()
		}
		client := tls.Client(connection, &tls.Config{ServerName: host, MinVersion: version, MaxVersion: version, InsecureSkipVerify: true})
		_ = connection.SetDeadline(time.Now().Add(10 * time.Second))
		if client.Handshake() == nil {
			taken = append(taken, tls.VersionName(version))
		}
		_ = connection.Close()
	}
	return strings.Join(taken, ", ")
}

func (a *awsTarget) send(ctx context.Context, client *http.Client, host string, o observation) (harness.Answer, error) {
	request, err := http.NewRequestWithContext(ctx, cmp.Or(o.method, "GET"), "https://"+host+"/", strings.NewReader(o.body))
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
	return &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: roots},
		DialContext:     a.dial,
	}}
}

// dial reaches a host as the prober does.
func (a *awsTarget) dial(ctx context.Context, network, address string) (net.Conn, error) {
	dialer := &net.Dialer{Timeout: 10 * time.Second}
	if a.clients.Resolver != "" {
		dialer.Resolver = probe.NewResolver(a.clients.Resolver)
	}
	return dialer.DialContext(ctx, network, connectTo(a.clients.ConnectTo, address))
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
