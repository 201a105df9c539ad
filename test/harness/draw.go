package harness

import (
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Requests drawn in one run, in batches of which each is one rapid check.
const (
	Checks = 200
	Batch  = 50
)

// seeded makes runs repeatable: MATRIX_SEED sets the seed, which is the whole
// process's.
var seeded = sync.OnceValue(func() error {
	value := strconv.FormatInt(time.Now().UnixNano()&0x7fffffff, 10)
	if given := os.Getenv("MATRIX_SEED"); given != "" {
		value = given
	}
	fmt.Printf("MATRIX_SEED=%s\n", value)
	return errors.Join(
		flag.Set("rapid.seed", value),
		flag.Set("rapid.checks", strconv.Itoa(Checks)),
		flag.Set("rapid.nofailfile", "true"),
	)
})

// Seed sets up rapid for suites that draw requests.
func Seed(t *testing.T) {
	t.Helper()
	require.NoError(t, seeded())
}

// StatusBody is what a MOCK integration reads its status from.
const StatusBody = `{"statusCode": 200}`

var (
	drawMethod = rapid.OneOf(rapid.SampledFrom(Methods), rapid.SampledFrom([]string{"TRACE", "PROPFIND", "PURGE", "LINK"}))

	drawSegment = rapid.OneOf(
		rapid.StringMatching(`[a-zA-Z0-9_.~-]{1,12}`),
		rapid.SampledFrom([]string{"orders", "42", "%C3%A9t%C3%A9", "%E6%97%A5", "a%20b", "a+b", "x%2Fy", "favicon.ico", "@me", "a:b", "$metadata", strings.Repeat("long", 200)}),
	)

	drawPath = rapid.Custom(func(t *rapid.T) string {
		segments := rapid.SliceOfN(drawSegment, 0, 6).Draw(t, "segments")
		path := "/" + strings.Join(segments, "/")
		if len(segments) == 1 && (path == "/ping" || path == "/sping") {
			path += "x" // API Gateway answers these two itself
		}
		if len(segments) > 0 && rapid.Bool().Draw(t, "closing slash") {
			path += "/"
		}
		return path + rapid.SampledFrom([]string{"", "", "?a=b", "?q=%C3%A9&q=2", "?empty=&x", "?a=b%7Cc"}).Draw(t, "query")
	})

	drawContentType = rapid.OneOf(
		rapid.SampledFrom(RequestTypes),
		rapid.SampledFrom([]string{"application/json; charset=utf-8", "text/xml; charset=iso-8859-1", "multipart/form-data; boundary=xyz"}),
		rapid.SampledFrom([]string{"application/x-unheard-of", "video/mp4", "text/calendar", "application/vnd.acme.v2+json", "audio/ogg", "font/woff2"}),
	)

	drawAccept = rapid.OneOf(
		rapid.SampledFrom([]string{
			"*/*", "application/json", "application/problem+json", "text/html", "text/plain", "application/*", "text/*",
			"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
			"application/json;q=0.5, text/plain;q=0.9", "text/html;q=0, */*", "image/png", "application/xml", "text/plain;q=0.250, text/html;q=0.251",
			"Application/JSON", "TEXT/HTML", "application/problem+json;charset=utf-8;q=1.0, text/html",
		}),
		rapid.Custom(func(t *rapid.T) string {
			ranges := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
				media := rapid.SampledFrom([]string{"*/*", "text/*", "application/*", "application/json", "application/problem+json", "text/html", "text/plain", "image/webp", "application/xml"}).Draw(t, "range")
				return media + rapid.SampledFrom([]string{"", "", ";q=0", ";q=0.3", "; q=0.75", ";q=0.001", ";level=1;q=0.6", ";q=1", ";q=1.000"}).Draw(t, "quality")
			}), 1, 5).Draw(t, "ranges")
			return strings.Join(ranges, rapid.SampledFrom([]string{",", ", "}).Draw(t, "comma"))
		}),
	)

	drawBody = rapid.OneOf(
		rapid.Just(""),
		rapid.SampledFrom([]string{StatusBody, `{"item":"tea"}`, "a=b&c=d", "<order/>", "not json {", "--xyz\r\n\r\nx\r\n--xyz--", "\x00\xff\xfe", strings.Repeat("x", 70_000)}),
		rapid.StringN(0, 200, 400),
	)

	drawOrigin = rapid.SampledFrom([]string{"https://app.example.com", "https://admin.example.com:8443", "https://elsewhere.example", "null"})
)

// DrawCall draws a request that a client could send and API Gateway would take.
func DrawCall(t *rapid.T) Call {
	c := Call{Method: drawMethod.Draw(t, "method"), Path: drawPath.Draw(t, "path"), Header: map[string]string{}}
	some := func(name string, value func() string) {
		if rapid.Bool().Draw(t, "with "+name) {
			c.Header[spell(t, name)] = value()
		}
	}
	some("Content-Type", func() string { return drawContentType.Draw(t, "content type") })
	some("Accept", func() string { return drawAccept.Draw(t, "accept") })
	some("Origin", func() string { return drawOrigin.Draw(t, "origin") })
	if c.Method == http.MethodOptions {
		some("Access-Control-Request-Method", func() string { return "POST" })
		some("Access-Control-Request-Headers", func() string { return "authorization, content-type" })
	}
	if rapid.IntRange(0, 9).Draw(t, "override") == 0 {
		c.Header["X-HTTP-Method-Override"] = rapid.SampledFrom(Methods).Draw(t, "overriding method")
	}
	for i := range rapid.SampledFrom([]int{0, 0, 0, 3, 100}).Draw(t, "further headers") {
		c.Header[fmt.Sprintf("X-Further-%d", i)] = "value"
	}
	if c.Method != http.MethodTrace { // TRACE has no body by definition
		c.Body = drawBody.Draw(t, "body")
	}
	return c
}

// spell varies the case of a header's name.
func spell(t *rapid.T, name string) string {
	return rapid.SampledFrom([]string{name, strings.ToLower(name), strings.ToUpper(name)}).Draw(t, "case of "+name)
}
