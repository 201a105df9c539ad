package probe

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"os"
	"regexp"
	"strings"
	"time"
)

// transports are the two ways in which clients come: over a connection made
// for the request, which finds its gateway node anew, and over one that is
// kept and may stay with an old node.
type transports struct {
	fresh, kept *http.Transport
}

func newTransports(c Config, via string) (*transports, error) {
	tlsConfig, err := c.tls()
	if err != nil {
		return nil, err
	}
	dial, err := newDialer(c, via)
	if err != nil {
		return nil, err
	}
	// Not by Clone: a transport that has set itself up for HTTP/2 leaves its
	// protocol in the TLS configuration that its clone would offer.
	kept, fresh := newTransport(c, dial, tlsConfig), newTransport(c, dial, tlsConfig)
	kept.ForceAttemptHTTP2 = true
	fresh.DisableKeepAlives = true
	return &transports{fresh: fresh, kept: kept}, nil
}

func newTransport(c Config, dial dialFunc, tlsConfig *tls.Config) *http.Transport {
	t := &http.Transport{
		DialContext:         dial,
		TLSClientConfig:     tlsConfig.Clone(),
		MaxIdleConnsPerHost: 16,
		IdleConnTimeout:     time.Minute,

		MaxResponseHeaderBytes: headerLimit,
		// A request that was given up is no reason to go on dialling for it.
		TLSHandshakeTimeout:   c.Timeout,
		ResponseHeaderTimeout: c.Timeout,
	}
	if c.Resolver == "" && len(c.ConnectTo) == 0 {
		t.Proxy = http.ProxyFromEnvironment
	}
	return t
}

func (t *transports) close() {
	t.fresh.CloseIdleConnections()
	t.kept.CloseIdleConnections()
}

func certPool(file string) (*x509.CertPool, error) {
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the CA file: %w", err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool() // a system without certificates of its own
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("the CA file %s holds no PEM certificate", file)
	}
	return pool, nil
}

type dialFunc func(ctx context.Context, network, address string) (net.Conn, error)

// newDialer connects to via in place of whatever host a URL has, unless it is
// empty, and by the rules of --connect-to in place of that.
func newDialer(c Config, via string) (dialFunc, error) {
	rules := make([]connectTo, len(c.ConnectTo))
	for i, entry := range c.ConnectTo {
		rule, err := parseConnectTo(entry)
		if err != nil {
			return nil, err
		}
		rules[i] = rule
	}
	dialer := &net.Dialer{Resolver: NewResolver(c.Resolver), Timeout: c.Timeout}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if _, port, err := net.SplitHostPort(address); err == nil && via != "" {
			address = net.JoinHostPort(via, port)
		}
		for _, rule := range rules {
			if to, ok := rule.rewrite(address); ok {
				address = to
				break
			}
		}
		return dialer.DialContext(ctx, network, address)
	}, nil
}

// NewResolver asks the name server at address (host:port); an empty address
// means the system's resolver.
func NewResolver(address string) *net.Resolver {
	if address == "" {
		return net.DefaultResolver
	}
	return &net.Resolver{
		PreferGo: true,
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, network, address)
		},
	}
}

// connectTo is one rule of curl's --connect-to (curl.se/docs/manpage.html).
type connectTo struct {
	fromHost, fromPort, toHost, toPort string
}

var connectToEntry = regexp.MustCompile(`^(\[[^]]*\]|[^:]*):([0-9]*):(\[[^]]*\]|[^:]*):([0-9]*)$`)

func parseConnectTo(entry string) (connectTo, error) {
	m := connectToEntry.FindStringSubmatch(entry)
	if m == nil {
		return connectTo{}, fmt.Errorf("%q is not HOST1:PORT1:HOST2:PORT2 (IPv6 addresses in brackets)", entry)
	}
	bare := func(host string) string { return strings.Trim(host, "[]") }
	return connectTo{fromHost: bare(m[1]), fromPort: m[2], toHost: bare(m[3]), toPort: m[4]}, nil
}

func (r connectTo) rewrite(address string) (string, bool) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", false
	}
	if (r.fromHost != "" && !strings.EqualFold(r.fromHost, host)) || (r.fromPort != "" && r.fromPort != port) {
		return "", false
	}
	if r.toHost != "" {
		host = r.toHost
	}
	if r.toPort != "" {
		port = r.toPort
	}
	return net.JoinHostPort(host, port), true
}
