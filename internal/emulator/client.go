package emulator

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"time"
)

// CACertPEM gives the certificate of the authority that signed what the edge
// serves, for clients to trust.
func (e *Emulator) CACertPEM() []byte { return e.authority.PEM() }

// Resolver asks the emulator's name server and nothing else.
func (e *Emulator) Resolver() *net.Resolver {
	return &net.Resolver{
		PreferGo: true,
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			var dialer net.Dialer
			return dialer.DialContext(ctx, network, e.DNSAddr())
		},
	}
}

// HTTPClient makes a client that sees the emulator as the world: it resolves
// names through the name server, reaches the edge where a URL means port 443
// or 80, and trusts the emulator's authority. It follows no redirects and no
// proxy of the environment. Each call gives a client with connections of its
// own.
func (e *Emulator) HTTPClient() *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			DialContext:         e.dial,
			TLSClientConfig:     &tls.Config{RootCAs: e.authority.Pool(), MinVersion: tls.VersionTLS12},
			ForceAttemptHTTP2:   true,
			MaxIdleConnsPerHost: 64,
			IdleConnTimeout:     30 * time.Second,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       60 * time.Second,
	}
}

// dial resolves a name and connects to the edge. The standard ports are
// exchanged for those on which the edge really listens.
func (e *Emulator) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	var dialer net.Dialer
	if net.ParseIP(host) != nil {
		return dialer.DialContext(ctx, network, address)
	}
	// The dot at the end keeps search domains of this machine out.
	addresses, err := e.Resolver().LookupHost(ctx, host+".")
	if err != nil {
		return nil, fmt.Errorf("resolve %s with the emulator's name server: %w", host, err)
	}
	switch port {
	case "443":
		_, port, err = net.SplitHostPort(e.HTTPSAddr())
	case "80":
		_, port, err = net.SplitHostPort(e.HTTPAddr())
	}
	if err != nil {
		return nil, err
	}
	return dialer.DialContext(ctx, network, net.JoinHostPort(addresses[0], port))
}
