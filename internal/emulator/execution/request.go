package execution

import (
	"context"
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"time"

	"apigateway-maintenance/internal/emulator/vtl"
)

type rawHeaderNamesKey struct{}

// WithRawHeaderNames tells the handler how the client spelled the names of the
// request's headers on an HTTP/1 connection. net/http canonicalises them, and
// REGIONAL APIs show templates the client's own spelling (fact C2). Without
// it the canonical spelling is used; HTTP/2 names are lower case by protocol.
func WithRawHeaderNames(ctx context.Context, names []string) context.Context {
	return context.WithValue(ctx, rawHeaderNamesKey{}, names)
}

// call is one request on its way through the data plane.
type call struct {
	handler *Handler
	w       http.ResponseWriter
	r       *http.Request
	start   time.Time
	edge    bool
	body    []byte

	requestID  string
	extendedID string
	traceID    string // empty until an integration other than MOCK is called (fact A7)

	place          place
	program        *program
	verb           string // that routing uses
	method         *method
	pathParameters []pathParameter
	headers        map[string]string // as the API sees the names
	overrides      vtl.Overrides
	failure        *failure

	log callLog
}

// callLog is what only access logs show.
type callLog struct {
	status, length     int
	integrationStatus  int
	integrationLatency time.Duration
	integrationError   string
}

// readRequest takes from the request what routing and templates need.
func (c *call) readRequest() {
	c.verb = c.r.Method
	// The header really changes the method that is routed (fact A9).
	if override := c.r.Header.Get("X-HTTP-Method-Override"); override != "" {
		c.verb = strings.ToUpper(override)
	}
}

// visibleHeaders gives the request's headers with the names that the API sees:
// EDGE capitalises them, REGIONAL has them as the client sent them, which is
// lower case in HTTP/2 (fact C2). Of several values the last one counts.
func (c *call) visibleHeaders() map[string]string {
	if c.headers != nil {
		return c.headers
	}
	spelling := c.spelling()
	c.headers = make(map[string]string, len(c.r.Header)+5)
	for name, values := range c.r.Header {
		if len(values) > 0 && !unseen[name] {
			c.headers[spelling(name)] = values[len(values)-1]
		}
	}
	c.headers["Host"] = c.r.Host
	c.headers["X-Forwarded-For"] = c.forwardedFor()
	c.headers["X-Forwarded-Port"] = "443"
	c.headers["X-Forwarded-Proto"] = "https"
	if c.traceID != "" {
		c.headers["X-Amzn-Trace-Id"] = c.traceID
	}
	return c.headers
}

// spelling gives the function from a canonical header name to the one that the
// API sees.
func (c *call) spelling() func(string) string {
	if c.edge {
		return func(name string) string { return name }
	}
	if c.r.ProtoMajor >= 2 {
		return strings.ToLower
	}
	names, _ := c.r.Context().Value(rawHeaderNamesKey{}).([]string)
	if len(names) == 0 {
		return func(name string) string { return name }
	}
	raw := make(map[string]string, len(names))
	for _, name := range names {
		raw[textproto.CanonicalMIMEHeaderKey(name)] = name
	}
	return func(name string) string {
		if sent, ok := raw[name]; ok {
			return sent
		}
		return name
	}
}

func (c *call) sourceIP() string {
	host, _, err := net.SplitHostPort(c.r.RemoteAddr)
	if err != nil {
		return c.r.RemoteAddr
	}
	return host
}

// forwardedFor appends the client to what it sent.
func (c *call) forwardedFor() string {
	before := strings.Join(c.r.Header.Values("X-Forwarded-For"), ", ")
	if before == "" {
		return c.sourceIP()
	}
	return before + ", " + c.sourceIP()
}

func (c *call) pathValues() map[string]string {
	values := make(map[string]string, len(c.pathParameters))
	for _, p := range c.pathParameters {
		values[p.name] = unescape(p.raw)
	}
	return values
}

// queryValues gives the last value of each query parameter. A semicolon splits
// as an ampersand does (fact A10); pairs that cannot be decoded are left out.
func (c *call) queryValues() map[string]string {
	if c.r.URL.RawQuery == "" {
		return nil
	}
	query, _ := url.ParseQuery(strings.ReplaceAll(c.r.URL.RawQuery, ";", "&"))
	values := make(map[string]string, len(query))
	for name, all := range query {
		values[name] = all[len(all)-1]
	}
	return values
}

// templateContext is what a mapping template sees. Request and response
// template of a call share its overrides (fact A4).
func (c *call) templateContext(body string) *vtl.Context {
	return &vtl.Context{
		Body:           body,
		Path:           c.pathValues(),
		Query:          c.queryValues(),
		Header:         c.visibleHeaders(),
		Variable:       c.variable,
		StageVariables: c.place.stage.Stage.Variables,
		Overrides:      &c.overrides,
	}
}
