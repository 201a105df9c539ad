package execution

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// defaultTimeout of an integration (AWS page "Amazon API Gateway quotas").
const defaultTimeout = 29 * time.Second

// http calls a backend and maps request and response.
func (c *call) http() *failure {
	body, failed := c.requestBody()
	if failed != nil {
		return failed
	}
	header := http.Header{"Content-Type": {c.requestType()}, "User-Agent": {"AmazonAPIGateway_" + c.place.apiID}}
	if contentType := c.r.Header.Get("Content-Type"); contentType != "" {
		header.Set("Content-Type", contentType)
	}
	if accept := c.r.Header.Get("Accept"); accept != "" {
		header.Set("Accept", accept)
	}
	answer, failed := c.callBackend(header, "", []byte(body))
	if failed != nil {
		return failed
	}
	return c.integrationResponse(answer)
}

// httpProxy passes the request to a backend and its answer back.
func (c *call) httpProxy() *failure {
	answer, failed := c.callBackend(c.proxyHeader(), c.r.URL.RawQuery, c.body)
	if failed != nil {
		return failed
	}
	header := c.w.Header()
	for name, values := range answer.header {
		switch {
		case remappedProxy[name]:
			name = "x-amzn-Remapped-" + name
		case hopByHop[name]:
			continue
		}
		header[name] = values
	}
	c.write(answer.status, answer.body)
	return nil
}

// proxyHeader is the client's header without what concerns its connection,
// names as the API sees them.
func (c *call) proxyHeader() http.Header {
	spelling := c.spelling()
	header := make(http.Header, len(c.r.Header)+5)
	dropped := map[string]bool{}
	for _, value := range c.r.Header.Values("Connection") {
		for name := range strings.SplitSeq(value, ",") {
			dropped[textproto.CanonicalMIMEHeaderKey(strings.TrimSpace(name))] = true
		}
	}
	for name, values := range c.r.Header {
		if !hopByHop[name] && !dropped[name] {
			header[spelling(name)] = values
		}
	}
	return header
}

// callBackend sends the mapped request and reads the whole answer.
func (c *call) callBackend(header http.Header, rawQuery string, body []byte) (*backendAnswer, *failure) {
	c.trace()
	request, failed := c.backendRequest(header, rawQuery, body)
	if failed != nil {
		return nil, failed
	}
	ctx, cancel := context.WithTimeout(c.r.Context(), c.method.integration.timeout())
	defer cancel()
	begin := time.Now()
	response, err := c.handler.config.Transport.RoundTrip(request.WithContext(ctx))
	if err == nil {
		defer func() { _ = response.Body.Close() }()
		body, err = io.ReadAll(io.LimitReader(response.Body, maxBodyBytes+1))
	}
	c.log.integrationLatency = time.Since(begin)
	if err != nil {
		c.log.integrationError = err.Error()
		return nil, backendFailure(ctx, err)
	}
	c.log.integrationStatus = response.StatusCode
	if len(body) > maxBodyBytes {
		c.log.integrationError = "the integration's answer is longer than 10 MB"
		return nil, fail("API_CONFIGURATION_ERROR")
	}
	return &backendAnswer{status: response.StatusCode, header: response.Header, body: body}, nil
}

// backendFailure tells a timeout from a backend that cannot be reached; both
// are 504 unless customised (fact B2).
func backendFailure(ctx context.Context, err error) *failure {
	var timeout net.Error
	if errors.Is(ctx.Err(), context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout() {
		return fail("INTEGRATION_TIMEOUT")
	}
	return fail("INTEGRATION_FAILURE")
}

// backendRequest fills the URI's variables and applies parameter mappings and
// the overrides of a request template.
func (c *call) backendRequest(header http.Header, rawQuery string, body []byte) (*http.Request, *failure) {
	in := c.method.integration
	paths := map[string]string{}
	query := url.Values{}
	for _, m := range in.parameters {
		value, ok := c.integrationSource(m)
		if !ok {
			continue
		}
		switch m.location {
		case "path":
			paths[m.name] = value
		case "querystring":
			query.Set(m.name, value)
		case "header":
			replaceHeader(header, m.name, value)
		}
	}
	for name, value := range c.overrides.RequestPath {
		paths[name] = escapePath(value)
	}
	for name, value := range c.overrides.RequestQuery {
		query.Set(name, value)
	}
	for name, value := range c.overrides.RequestHeader {
		replaceHeader(header, name, value)
	}
	target, ok := c.fillURI(in.URI, paths)
	if !ok {
		return nil, fail("API_CONFIGURATION_ERROR")
	}
	target.RawQuery = joinQuery(target.RawQuery, without(rawQuery, query), query.Encode())
	verb := in.HTTPMethod
	if verb == "" || verb == "ANY" {
		verb = c.verb
	}
	c.forwardHeaders(header)
	request, err := http.NewRequest(verb, target.String(), bytes.NewReader(body))
	if err != nil {
		c.log.integrationError = err.Error()
		return nil, fail("API_CONFIGURATION_ERROR")
	}
	request.Header = header
	if host := header.Get("Host"); host != "" {
		request.Host = host
		header.Del("Host")
	}
	if len(body) == 0 {
		request.Body, request.ContentLength = http.NoBody, 0
	}
	header.Del("Content-Length")
	return request, nil
}

// forwardHeaders adds what API Gateway tells backends.
func (c *call) forwardHeaders(header http.Header) {
	replaceHeader(header, "X-Forwarded-For", c.forwardedFor())
	replaceHeader(header, "X-Forwarded-Port", "443")
	replaceHeader(header, "X-Forwarded-Proto", "https")
	replaceHeader(header, "X-Amzn-Trace-Id", c.traceID)
	replaceHeader(header, "X-Amzn-Apigateway-Api-Id", c.place.apiID)
}

// replaceHeader sets a header and removes other spellings of it.
func replaceHeader(header http.Header, name, value string) {
	for existing := range header {
		if strings.EqualFold(existing, name) {
			delete(header, existing)
		}
	}
	header[name] = []string{cleanHeaderValue(value)}
}

// integrationSource evaluates a request mapping; a path variable keeps the
// escapes that the client sent.
func (c *call) integrationSource(m mapping) (string, bool) {
	if name, ok := strings.CutPrefix(m.source, "method.request.path."); ok && m.location == "path" {
		for _, p := range c.pathParameters {
			if p.name == name {
				return p.raw, true
			}
		}
		return "", false
	}
	value, ok := c.requestSource(m.source)
	if ok && m.location == "path" {
		value = escapePath(value)
	}
	return value, ok
}

func escapePath(value string) string { return (&url.URL{Path: value}).EscapedPath() }

var (
	uriVariable   = regexp.MustCompile(`\{([A-Za-z0-9._$:-]+)\+?\}`)
	stageVariable = regexp.MustCompile(`\$\{stageVariables\.([A-Za-z0-9_]+)\}`)
)

// fillURI puts stage variables and path variables into the integration's URI.
// A variable that nothing maps leaves no valid URI, which is a 500.
func (c *call) fillURI(uri string, paths map[string]string) (*url.URL, bool) {
	uri = stageVariable.ReplaceAllStringFunc(uri, func(match string) string {
		return c.place.stage.Stage.Variables[stageVariable.FindStringSubmatch(match)[1]]
	})
	complete := true
	uri = uriVariable.ReplaceAllStringFunc(uri, func(match string) string {
		value, ok := paths[uriVariable.FindStringSubmatch(match)[1]]
		complete = complete && ok
		return value
	})
	target, err := url.Parse(uri)
	if err != nil || !complete || target.Host == "" {
		c.log.integrationError = "the integration's URI is not valid: " + uri
		return nil, false
	}
	return target, true
}

// without drops from the client's query string, which otherwise passes as it
// is, the parameters that are mapped.
func without(rawQuery string, mapped url.Values) string {
	if len(mapped) == 0 || rawQuery == "" {
		return rawQuery
	}
	var kept []string
	for pair := range strings.SplitSeq(rawQuery, "&") {
		name, _, _ := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(name); err != nil || !mapped.Has(plain) {
			kept = append(kept, pair)
		}
	}
	return strings.Join(kept, "&")
}

func joinQuery(parts ...string) string {
	var filled []string
	for _, part := range parts {
		if part != "" {
			filled = append(filled, part)
		}
	}
	return strings.Join(filled, "&")
}
