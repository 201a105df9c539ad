package test

import (
	"html"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// call is a request as drawn; rule says what must come back.
type call struct {
	Method string
	Path   string // with query, encoded
	Header map[string]string
	Body   string
}

// header looks a name up as HTTP does.
func (c call) header(name string) (string, bool) {
	for key, value := range c.Header {
		if strings.EqualFold(key, name) {
			return value, true
		}
	}
	return "", false
}

// rule is what the README promises of the mock, written without a look at how
// the module does it.
type rule struct {
	message    string
	retryAfter string
	origins    []string // reflected; empty: any origin
}

type expectation struct {
	status      int
	contentType string
	origin      string // Access-Control-Allow-Origin
	preflight   bool
}

// requestTypes are those that the module's README lists: for these the answer
// is negotiated, for others it is JSON.
var requestTypes = []string{
	"application/cbor", "application/gzip", "application/graphql", "application/graphql-response+json",
	"application/hal+json", "application/javascript", "application/json", "application/json-patch+json",
	"application/ld+json", "application/merge-patch+json", "application/msgpack", "application/octet-stream",
	"application/pdf", "application/problem+json", "application/protobuf", "application/soap+xml",
	"application/vnd.api+json", "application/vnd.github+json", "application/x-amz-json-1.0", "application/x-amz-json-1.1",
	"application/x-ndjson", "application/x-protobuf", "application/x-www-form-urlencoded", "application/xml",
	"application/zip", "image/gif", "image/jpeg", "image/png", "image/svg+xml", "image/webp",
	"multipart/form-data", "text/csv", "text/html", "text/plain", "text/xml",
}

func (r rule) expect(c call) expectation {
	method := c.Method
	if override, ok := c.header("X-HTTP-Method-Override"); ok {
		method = override
	}
	origin, _ := c.header("Origin")
	if !slices.Contains(methods, method) || !r.templated(c) {
		return expectation{status: 503, contentType: "application/json", origin: "*"}
	}
	e := expectation{status: 503, contentType: r.negotiate(c) + "; charset=utf-8", origin: "*"}
	if len(r.origins) > 0 {
		e.origin = ""
		if slices.Contains(r.origins, origin) {
			e.origin = origin
		}
	}
	if _, asked := c.header("Access-Control-Request-Method"); asked && method == http.MethodOptions {
		e.status, e.preflight, e.contentType = 204, true, ""
	}
	return e
}

// templated says whether the request's media type is one that the mock knows.
func (r rule) templated(c call) bool {
	contentType, sent := c.header("Content-Type")
	if !sent {
		return true
	}
	media, _, _ := strings.Cut(contentType, ";")
	return slices.Contains(requestTypes, strings.TrimSpace(media))
}

// negotiate picks the media type by Accept: the highest quality wins, the first
// among equals, JSON where nothing fits.
func (r rule) negotiate(c call) string {
	accept, _ := c.header("Accept")
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
		return problemMessage(body) == message
	}
}
