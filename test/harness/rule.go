package harness

import (
	"fmt"
	"html"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Call is a request as drawn; [Rule] says what must come back.
type Call struct {
	Method string
	Path   string // with query, encoded
	Header map[string]string
	Body   string
}

// Get looks a name up as HTTP does.
func (c Call) Get(name string) (string, bool) {
	for key, value := range c.Header {
		if strings.EqualFold(key, name) {
			return value, true
		}
	}
	return "", false
}

// Rule is what the README promises of the mock, written without a look at how
// the module does it.
type Rule struct {
	Message    string
	RetryAfter string
	Origins    []string // reflected; empty: any origin
}

type expectation struct {
	status      int
	contentType string
	origin      string // Access-Control-Allow-Origin
	preflight   bool
}

// RequestTypes are those that the module's README lists: for these the answer
// is negotiated, for others it is JSON.
var RequestTypes = []string{
	"application/cbor", "application/gzip", "application/graphql", "application/graphql-response+json",
	"application/hal+json", "application/javascript", "application/json", "application/json-patch+json",
	"application/ld+json", "application/merge-patch+json", "application/msgpack", "application/octet-stream",
	"application/pdf", "application/problem+json", "application/protobuf", "application/soap+xml",
	"application/vnd.api+json", "application/vnd.github+json", "application/x-amz-json-1.0", "application/x-amz-json-1.1",
	"application/x-ndjson", "application/x-protobuf", "application/x-www-form-urlencoded", "application/xml",
	"application/zip", "image/gif", "image/jpeg", "image/png", "image/svg+xml", "image/webp",
	"multipart/form-data", "text/csv", "text/html", "text/plain", "text/xml",
}

func (r Rule) expect(c Call) expectation {
	method := c.Method
	if override, ok := c.Get("X-HTTP-Method-Override"); ok {
		method = override
	}
	origin, _ := c.Get("Origin")
	if !slices.Contains(Methods, method) || !r.templated(c) {
		return expectation{status: 503, contentType: "application/json", origin: "*"}
	}
	e := expectation{status: 503, contentType: r.negotiate(c) + "; charset=utf-8", origin: "*"}
	if len(r.Origins) > 0 {
		e.origin = ""
		if slices.Contains(r.Origins, origin) {
			e.origin = origin
		}
	}
	if _, asked := c.Get("Access-Control-Request-Method"); asked && method == http.MethodOptions {
		e.status, e.preflight, e.contentType = 204, true, ""
	}
	return e
}

// templated says whether the request's media type is one that the mock knows.
func (r Rule) templated(c Call) bool {
	contentType, sent := c.Get("Content-Type")
	if !sent {
		return true
	}
	media, _, _ := strings.Cut(contentType, ";")
	return slices.Contains(RequestTypes, strings.TrimSpace(media))
}

// negotiate picks the media type by Accept: the highest quality wins, the first
// among equals, JSON where nothing fits.
func (r Rule) negotiate(c Call) string {
	accept, _ := c.Get("Accept")
	best, chosen := 0.0, "application/json"
	for _, item := range strings.Split(accept, ",") {
		media, params, err := mime.ParseMediaType(strings.TrimSpace(item))
		if err != nil {
			continue
		}
		quality := 1.0
		if q, given := params["q"]; given {
			if parsed, err := strconv.ParseFloat(q, 64); err == nil && parsed < 1 {
				quality = parsed
			}
		}
		offer := ""
		switch media {
		case "*/*", "application/*", "application/json":
			offer = "application/json"
		case "text/*", "text/plain":
			offer = "text/plain"
		case "text/html", "application/problem+json":
			offer = media
		}
		if offer != "" && quality > best {
			best, chosen = quality, offer
		}
	}
	return chosen
}

// carries says whether a body of a media type holds the message.
func carries(contentType, body, message string) bool {
	switch media, _, _ := strings.Cut(contentType, ";"); media {
	case "text/html":
		return strings.Contains(html.UnescapeString(body), message) && strings.HasPrefix(body, "<!doctype html>")
	case "text/plain":
		return strings.HasPrefix(body, message)
	default:
		return ProblemMessage(body) == message
	}
}

// Mismatch says what is wrong with an answer, if anything.
func (r Rule) Mismatch(c Call, got Answer) string {
	want := r.expect(c)
	header := func(name, value string) string {
		if got.Header.Get(name) != value {
			return fmt.Sprintf("%s is %q instead of %q", name, got.Header.Get(name), value)
		}
		return ""
	}
	problems := []string{
		header("X-Maintenance-Mode", "on"),
		header("Cache-Control", "no-store"),
		header("X-Content-Type-Options", "nosniff"),
		header("Access-Control-Allow-Origin", want.origin),
	}
	if got.Status != want.status {
		problems = append(problems, fmt.Sprintf("status %d instead of %d", got.Status, want.status))
	}
	if want.preflight {
		if got.Body != "" {
			problems = append(problems, "a preflight has no body")
		}
		if asked, ok := c.Get("Access-Control-Request-Headers"); ok {
			problems = append(problems, header("Access-Control-Allow-Headers", asked))
		}
		return firstOf(problems)
	}
	vary := "Accept"
	if len(r.Origins) > 0 {
		vary = "Accept, Origin"
	}
	problems = append(problems, header("Retry-After", r.RetryAfter), header("Content-Type", want.contentType), header("Vary", vary))
	for _, name := range []string{"Retry-After", "X-Maintenance-Mode"} {
		if !strings.Contains(got.Header.Get("Access-Control-Expose-Headers"), name) {
			problems = append(problems, name+" is not exposed to browsers")
		}
	}
	if c.Method == http.MethodHead {
		if got.Body != "" {
			problems = append(problems, "HEAD has no body")
		}
	} else if !carries(want.contentType, got.Body, r.Message) {
		problems = append(problems, "the body does not carry the message")
	}
	return firstOf(problems)
}

func firstOf(problems []string) string {
	for _, problem := range problems {
		if problem != "" {
			return problem
		}
	}
	return ""
}
