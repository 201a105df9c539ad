package emulator

import (
	"bytes"
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/textproto"
	"sync"

	"apigateway-maintenance/internal/emulator/execution"
)

// net/http canonicalises the names of headers, but REGIONAL APIs show mapping
// templates the client's own spelling (fact C2). So what an HTTP/1 connection
// reads is kept until the request's header has been looked at. A client that
// sends a request before it has the answer to the last gets the canonical names.

// spelledConn keeps what was read since the connection was idle.
type spelledConn struct {
	net.Conn

	mu   sync.Mutex
	read []byte
}

// Read keeps no more than the longest header that net/http takes.
func (c *spelledConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.mu.Lock()
	defer c.mu.Unlock()
	if room := http.DefaultMaxHeaderBytes - len(c.read); room > 0 {
		c.read = append(c.read, b[:min(n, room)]...)
	}
	return n, err
}

// CloseWrite lets net/http end its side first, so that a client that is still
// sending reads the answer before the connection is reset.
func (c *spelledConn) CloseWrite() error {
	if half, can := c.Conn.(interface{ CloseWrite() error }); can {
		return half.CloseWrite()
	}
	return nil
}

// forgetWhenIdle is an http.Server's ConnState: what comes next is a new request.
func forgetWhenIdle(conn net.Conn, state http.ConnState) {
	if spelled, isSpelled := conn.(*spelledConn); isSpelled && state == http.StateIdle {
		spelled.mu.Lock()
		defer spelled.mu.Unlock()
		spelled.read = nil
	}
}

// headerNames gives the names of the header as they were sent.
func (c *spelledConn) headerNames() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	head, _, _ := bytes.Cut(c.read, []byte("\r\n\r\n"))
	var names []string
	for _, line := range bytes.Split(head, []byte("\r\n"))[1:] {
		name, _, _ := bytes.Cut(line, []byte(":"))
		names = append(names, string(name))
	}
	return names
}

type spelledConnKey struct{}

// rememberConn is an http.Server's ConnContext.
func rememberConn(ctx context.Context, conn net.Conn) context.Context {
	if spelled, isSpelled := conn.(*spelledConn); isSpelled {
		return context.WithValue(ctx, spelledConnKey{}, spelled)
	}
	return ctx
}

// withSpelling tells the data plane how the client spelled the headers' names.
func withSpelling(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, _ := r.Context().Value(spelledConnKey{}).(*spelledConn)
		if conn == nil {
			next.ServeHTTP(w, r)
			return
		}
		if secure, isTLS := conn.Conn.(*tls.Conn); isTLS {
			// net/http sees no TLS behind the wrapper.
			state := secure.ConnectionState()
			r.TLS = &state
		}
		if names := conn.headerNames(); areOf(names, r) {
			r = r.WithContext(execution.WithRawHeaderNames(r.Context(), names))
		}
		next.ServeHTTP(w, r)
	})
}

// areOf guards against names of another request of the connection.
func areOf(names []string, r *http.Request) bool {
	for _, name := range names {
		key := textproto.CanonicalMIMEHeaderKey(name)
		if _, found := r.Header[key]; !found && !takenOut[key] {
			return false
		}
	}
	return len(names) > 0
}

// takenOut are the headers that net/http keeps elsewhere.
var takenOut = map[string]bool{"Host": true, "Transfer-Encoding": true, "Trailer": true, "Content-Length": true}
