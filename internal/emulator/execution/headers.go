package execution

import (
	"encoding/hex"
	"math/rand/v2"
	"net/http"
	"net/textproto"
	"strings"
)

// remappedMock are renamed when a MOCK answer sets them, remappedHTTP when an
// HTTP integration's mapping does, remappedProxy when the backend of a proxy
// integration sends them (fact C1; that of MOCK and of proxies is not
// verified on AWS).
var (
	remappedMock  = nameSet("Connection", "Content-Length", "Date", "Server")
	remappedHTTP  = nameSet("Authorization", "Connection", "Content-Length", "Content-Md5", "Date", "Expect", "Host", "Max-Forwards", "Proxy-Authenticate", "Server", "Trailer", "Upgrade", "User-Agent", "Www-Authenticate")
	remappedProxy = nameSet("Connection", "Content-Length", "Date", "Server", "Www-Authenticate")
)

// hopByHop headers concern one connection and are not forwarded (RFC 9110).
var hopByHop = nameSet("Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade")

// What API Gateway does with headers of requests (recorded by LocalStack's
// validated test_apigateway_header_remapping_http): an API does not see these,
// a mapping does not send those, and of two it makes a 500.
var (
	unseen   = nameSet("Connection", "Content-Md5", "Expect", "Max-Forwards", "Proxy-Authenticate", "Server", "Te", "Trailer", "Transfer-Encoding", "Upgrade", "Www-Authenticate")
	unsent   = nameSet("Connection", "Expect", "Proxy-Authenticate", "Te", "Via")
	unmapped = nameSet("Content-Length", "Transfer-Encoding")
)

func nameSet(names ...string) map[string]bool {
	set := make(map[string]bool, len(names))
	for _, name := range names {
		set[name] = true
	}
	return set
}

// setResponseHeader sets a mapped header as it is spelled, renamed or dropped
// where API Gateway does so (fact C1).
func setResponseHeader(header http.Header, name, value string, mock bool) {
	remapped := remappedHTTP
	if mock {
		remapped = remappedMock
	}
	canonical := textproto.CanonicalMIMEHeaderKey(name)
	switch {
	case canonical == "Transfer-Encoding":
		return
	case remapped[canonical]:
		name = "x-amzn-Remapped-" + name
	case canonical == "Content-Type":
		name = canonical // net/http looks for it in this spelling
	}
	for existing := range header {
		if existing != name && strings.EqualFold(existing, name) {
			delete(header, existing)
		}
	}
	header[name] = []string{cleanHeaderValue(value)}
}

// cleanHeaderValue keeps a value on one line.
func cleanHeaderValue(value string) string {
	if !strings.ContainsAny(value, "\r\n\x00") {
		return value
	}
	return strings.NewReplacer("\r", " ", "\n", " ", "\x00", " ").Replace(value)
}

const requestIDHeader = "x-amzn-RequestId"

// identify gives the request its ids, in the formats of AWS.
func (c *call) identify() {
	var raw [16]byte
	a, b := rand.Uint64(), rand.Uint64()
	for i := range 8 {
		raw[i], raw[8+i] = byte(a>>(8*i)), byte(b>>(8*i))
	}
	raw[6], raw[8] = raw[6]&0x0f|0x40, raw[8]&0x3f|0x80
	var id [36]byte
	hex.Encode(id[:8], raw[:4])
	hex.Encode(id[9:13], raw[4:6])
	hex.Encode(id[14:18], raw[6:8])
	hex.Encode(id[19:23], raw[8:10])
	hex.Encode(id[24:], raw[10:])
	id[8], id[13], id[18], id[23] = '-', '-', '-', '-'
	c.requestID = string(id[:])
	c.extendedID = randomText(15) + "="
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

func randomText(n int) string {
	text := make([]byte, n)
	for i := range text {
		text[i] = letters[rand.Uint32()%uint32(len(letters))]
	}
	return string(text)
}

// serviceHeaders adds what API Gateway puts on every answer of an API (fact
// A7): a trace id only where an integration other than MOCK and HTTP_PROXY was
// called, the headers of CloudFront on EDGE.
func (c *call) serviceHeaders(header http.Header) {
	header[requestIDHeader] = []string{c.requestID}
	header["x-amz-apigw-id"] = []string{c.extendedID}
	if c.traceID != "" && c.method.integration.Type != "HTTP_PROXY" {
		header["X-Amzn-Trace-Id"] = []string{c.traceID}
	}
	c.edgeHeaders(c.failure != nil)
}

func (c *call) edgeHeaders(failed bool) {
	if !c.edge {
		return
	}
	header := c.w.Header()
	header["Via"] = []string{"1.1 " + strings.ToLower(randomText(8)) + ".cloudfront.net (CloudFront)"}
	header["X-Cache"] = []string{"Miss from cloudfront"}
	if failed {
		header["X-Cache"] = []string{"Error from cloudfront"}
	}
	header["X-Amz-Cf-Pop"] = []string{"FRA56-P1"}
	header["X-Amz-Cf-Id"] = []string{randomText(55) + "=="}
}

// trace starts the trace id of a call to a backend.
func (c *call) trace() {
	if c.traceID = c.r.Header.Get("X-Amzn-Trace-Id"); c.traceID == "" {
		stamp := hex.EncodeToString([]byte{byte(c.start.Unix() >> 24), byte(c.start.Unix() >> 16), byte(c.start.Unix() >> 8), byte(c.start.Unix())})
		c.traceID = "Root=1-" + stamp + "-" + strings.ReplaceAll(c.requestID, "-", "")[:24]
	}
}
