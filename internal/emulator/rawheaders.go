package emulator

import (
	"bytes"
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
	"sync"

	"apigateway-maintenance/internal/emulator/execution"
)

// net/http canonicalises the names of headers, but REGIONAL APIs show mapping
// templates the client's own spelling (facts C2). So the bytes of an HTTP/1
// connection are watched on their way to net/http, just as far as is needed to
// tell where each request's header begins.

// spelledConn watches what is read from a connection.
type spelledConn struct {
	net.Conn

	mu      sync.Mutex
	scanner headerScanner
}

func (c *spelledConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 {
		c.mu.Lock()
		c.scanner.write(b[:n])
		c.mu.Unlock()
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

// next gives the header names of the oldest request that was not asked for.
// net/http serves the requests of a connection one after the other.
func (c *spelledConn) next() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.scanner.requests) == 0 {
		return nil
	}
	names := c.scanner.requests[0]
	c.scanner.requests = c.scanner.requests[1:]
	return names
}

// scanState says in which part of a request the scanner is.
type scanState int

const (
	inStart     scanState = iota // before or in the request line
	inHeader                     // in the header's lines
	inBody                       // in a body of known length
	inChunkSize                  // in the line before a chunk
	inChunk                      // in a chunk and the line end after it
	inTrailer                    // in the lines after the last chunk
)

// headerScanner follows a stream of HTTP/1 requests (RFC 9112) and collects the
// names of their headers as they were spelled.
type headerScanner struct {
	requests [][]string

	state   scanState
	line    []byte
	left    int64 // bytes of the body or the chunk
	names   []string
	length  int64
	chunked bool
}

func (s *headerScanner) write(b []byte) {
	for len(b) > 0 {
		if s.state == inBody || s.state == inChunk {
			b = s.skip(b)
			continue
		}
		end := bytes.IndexByte(b, '\n')
		if end < 0 {
			s.line = append(s.line, b...)
			return
		}
		line := string(bytes.TrimSuffix(append(s.line, b[:end]...), []byte("\r")))
		s.line, b = s.line[:0], b[end+1:]
		s.endLine(line)
	}
}

func (s *headerScanner) skip(b []byte) []byte {
	n := min(s.left, int64(len(b)))
	s.left -= n
	if s.left == 0 {
		if s.state == inBody {
			s.state = inStart
		} else {
			s.state = inChunkSize
		}
	}
	return b[n:]
}

func (s *headerScanner) endLine(line string) {
	switch s.state {
	case inStart:
		if line != "" { // empty lines before a request are ignored (RFC 9112 section 2.2)
			s.state, s.names, s.length, s.chunked = inHeader, nil, 0, false
		}
	case inHeader:
		s.headerLine(line)
	case inChunkSize:
		s.chunkSize(line)
	case inTrailer:
		if line == "" {
			s.state = inStart
		}
	}
}

func (s *headerScanner) headerLine(line string) {
	if line == "" {
		s.requests = append(s.requests, s.names)
		s.enterBody()
		return
	}
	name, value, found := strings.Cut(line, ":")
	if !found {
		return
	}
	s.names = append(s.names, name)
	switch textproto.CanonicalMIMEHeaderKey(name) {
	case "Content-Length":
		// One that is no number is refused by net/http.
		s.length, _ = strconv.ParseInt(strings.TrimSpace(value), 10, 64)
	case "Transfer-Encoding":
		s.chunked = strings.EqualFold(strings.TrimSpace(value), "chunked")
	}
}

func (s *headerScanner) enterBody() {
	switch {
	case s.chunked:
		s.state = inChunkSize
	case s.length > 0:
		s.state, s.left = inBody, s.length
	default:
		s.state = inStart
	}
}

func (s *headerScanner) chunkSize(line string) {
	digits, _, _ := strings.Cut(line, ";")
	size, err := strconv.ParseInt(strings.TrimSpace(digits), 16, 64)
	if err != nil || size <= 0 {
		s.state = inTrailer
		return
	}
	s.state, s.left = inChunk, size+int64(len("\r\n"))
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
		if names := conn.next(); areOf(names, r) {
			r = r.WithContext(execution.WithRawHeaderNames(r.Context(), names))
		}
		next.ServeHTTP(w, r)
	})
}

// areOf guards against a scanner that lost its place: the names must be
// those of the request.
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
