package test

import (
	"crypto/tls"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"apigateway-maintenance/internal/emulator"
)

// Requests drawn in one run, in batches of which each is one rapid check.
const (
	matrixChecks = 200
	matrixBatch  = 50
)

const nasty = "Back at 5 o'clock: $input.body ${x} #set($y = 1) ## #* \\ \"quoted\" </script> & <b>\nnächste Zeile 🚧"

// seed makes the run repeatable: MATRIX_SEED sets it.
func seed(t *testing.T) {
	t.Helper()
	value := strconv.FormatInt(time.Now().UnixNano()&0x7fffffff, 10)
	if given := os.Getenv("MATRIX_SEED"); given != "" {
		value = given
	}
	require.NoError(t, flag.Set("rapid.seed", value))
	require.NoError(t, flag.Set("rapid.checks", strconv.Itoa(matrixChecks)))
	require.NoError(t, flag.Set("rapid.nofailfile", "true"))
	fmt.Printf("MATRIX_SEED=%s\n", value)
}

// TestMatrix sends what clients send, drawn at random, and requires of each
// answer exactly what the rule says.
func TestMatrix(t *testing.T) {
	seed(t)
	t.Run("any origin", func(t *testing.T) {
		s := newStage(t, "basic", emulator.Config{}, map[string]any{"maintenance_message": nasty})
		s.apply(map[string]any{"maintenance_mode": true})
		requireRule(t, s, rule{message: nasty, retryAfter: "120"})
	})
	t.Run("listed origins with credentials", func(t *testing.T) {
		s := newStage(t, "basic", emulator.Config{}, map[string]any{"maintenance_message": nasty})
		s.override("maintenance_override.tf", `
			module "maintenance_api" {
			  cors = { allow_origins = ["https://app.example.com", "https://admin.example.com:8443"], allow_credentials = true }
			}`)
		s.apply(map[string]any{"maintenance_mode": true})
		requireRule(t, s, rule{message: nasty, retryAfter: "120", origins: []string{"https://app.example.com", "https://admin.example.com:8443"}})
	})
	t.Run("an EDGE mock, where header names arrive capitalised", func(t *testing.T) {
		s := newStage(t, "basic", emulator.Config{}, map[string]any{"maintenance_message": nasty})
		s.override("maintenance_override.tf", `
			module "maintenance_api" {
			  endpoint_type = "EDGE"
			  cors          = { allow_origins = ["https://app.example.com", "https://admin.example.com:8443"] }
			}`)
		s.apply(map[string]any{"maintenance_mode": true})
		requireRule(t, s, rule{message: nasty, retryAfter: "120", origins: []string{"https://app.example.com", "https://admin.example.com:8443"}})
	})
}

func requireRule(t *testing.T, s *stage, r rule) {
	t.Helper()
	sent := 0
	rapid.Check(t, func(rt *rapid.T) {
		for range matrixBatch {
			c := drawCall(rt)
			got := s.send(rt, c)
			sent++
			if reason := r.mismatch(c, got); reason != "" {
				rt.Fatalf("%s\nrequest: %+v\nanswer: %d %v\n%s", reason, c, got.status, got.header, got.body)
			}
		}
	})
	fmt.Printf("%s: %d requests, each answered as the rule says\n", t.Name(), sent)
	assert.GreaterOrEqual(t, sent, matrixChecks*matrixBatch)
}

// mismatch says what is wrong with an answer, if anything.
func (r rule) mismatch(c call, got answer) string {
	want := r.expect(c)
	header := func(name, value string) string {
		if got.header.Get(name) != value {
			return fmt.Sprintf("%s is %q instead of %q", name, got.header.Get(name), value)
		}
		return ""
	}
	problems := []string{
		header("X-Maintenance-Mode", "on"),
		header("Cache-Control", "no-store"),
		header("X-Content-Type-Options", "nosniff"),
		header("Access-Control-Allow-Origin", want.origin),
	}
	if got.status != want.status {
		problems = append(problems, fmt.Sprintf("status %d instead of %d", got.status, want.status))
	}
	if want.preflight {
		if got.body != "" {
			problems = append(problems, "a preflight has no body")
		}
		if asked, ok := c.header("Access-Control-Request-Headers"); ok {
			problems = append(problems, header("Access-Control-Allow-Headers", asked))
		}
		return firstOf(problems)
	}
	vary := "Accept"
	if len(r.origins) > 0 {
		vary = "Accept, Origin"
	}
	problems = append(problems, header("Retry-After", r.retryAfter), header("Content-Type", want.contentType), header("Vary", vary))
	for _, name := range []string{"Retry-After", "X-Maintenance-Mode"} {
		if !strings.Contains(got.header.Get("Access-Control-Expose-Headers"), name) {
			problems = append(problems, name+" is not exposed to browsers")
		}
	}
	if c.Method == http.MethodHead {
		if got.body != "" {
			problems = append(problems, "HEAD has no body")
		}
	} else if !carries(want.contentType, got.body, r.message) {
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

// send goes over HTTP/1.1, where header names arrive as they are spelled.
func (s *stage) send(t interface{ Fatalf(string, ...any) }, c call) answer {
	request, err := http.NewRequestWithContext(s.t.Context(), c.Method, "https://api.example.com"+c.Path, strings.NewReader(c.Body))
	if err != nil {
		t.Fatalf("%v", err)
	}
	for name, value := range c.Header {
		request.Header[name] = []string{value}
	}
	if _, set := c.header("User-Agent"); !set {
		request.Header.Set("User-Agent", "matrix")
	}
	response, err := s.http1().Do(request)
	if err != nil {
		t.Fatalf("%+v: %v", c, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("%+v: %v", c, err)
	}
	return answer{status: response.StatusCode, header: response.Header, body: string(body)}
}

func (s *stage) http1() *http.Client {
	s.once.Do(func() {
		transport := s.Emulator.HTTPClient().Transport.(*http.Transport).Clone()
		transport.ForceAttemptHTTP2 = false
		transport.TLSClientConfig.NextProtos = []string{"http/1.1"}
		transport.TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{}
		s.client = &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	})
	return s.client
}

// TestOriginal sends the same draw to the technique of 2020 and to ours, and
// compares the shares of proper 503s with what the facts predict.
func TestOriginal(t *testing.T) {
	seed(t)
	const message = "Down for maintenance."
	ours := newStage(t, "basic", emulator.Config{}, map[string]any{"maintenance_message": message})
	ours.apply(map[string]any{"maintenance_mode": true})
	theirs := newFixture(t, "original", emulator.Config{}, map[string]any{"maintenance_message": message})
	theirs.apply(map[string]any{"maintenance_mode": true})

	shares := map[string]*share{}
	var mu sync.Mutex
	rapid.Check(t, func(rt *rapid.T) {
		for range matrixBatch {
			c := drawCall(rt)
			if isPreflight(c) {
				continue // a preflight must not be 503: TestBrowser shows why
			}
			class := classOf(c)
			mu.Lock()
			s := shares[class]
			if s == nil {
				s = &share{}
				shares[class] = s
			}
			s.add(proper(c, ours.send(rt, c), message), proper(c, theirs.send(rt, c), message))
			mu.Unlock()
		}
	})

	var classes []string
	for class := range predictions {
		classes = append(classes, class)
	}
	sort.Strings(classes)
	fmt.Println("| request | drawn | this kit | predicted | 2020 technique | predicted |")
	fmt.Println("|---|---|---|---|---|---|")
	for _, class := range classes {
		s := shares[class]
		require.NotNil(t, s, "no request of class %q was drawn", class)
		fmt.Printf("| %s | %d | %d %% | 100 %% | %d %% | %d %% |\n", class, s.drawn, s.percent(s.ours), s.percent(s.theirs), predictions[class])
		assert.Equal(t, 100, s.percent(s.ours), "ours, %s", class)
		assert.Equal(t, predictions[class], s.percent(s.theirs), "the original, %s", class)
	}
	assert.Len(t, shares, len(predictions))
}

// predictions are the shares of proper 503s that the facts give the technique
// of 2020, written down before the first run: no method on the root (fact B1), one
// template for application/json and anything else passed through, where the mock
// finds no status (fact A2), verbs outside ANY (fact A9).
var predictions = map[string]int{
	"a path, JSON or no Content-Type": 100,
	// Passed through, it is what the mock reads its status from (fact A3, not verified on AWS).
	"a path, another Content-Type, a body that is a statusCode object": 100,
	"a path, another Content-Type":                                     0,
	"a path, a verb outside ANY":                                       0,
	"the root, JSON or no Content-Type":                                0,
	"the root, another Content-Type":                                   0,
	"the root, a verb outside ANY":                                     0,
}

func classOf(c call) string {
	where := "a path"
	if path, _, _ := strings.Cut(c.Path, "?"); path == "/" {
		where = "the root"
	}
	if _, overridden := c.header("X-HTTP-Method-Override"); !overridden && !slices.Contains(methods, c.Method) {
		return where + ", a verb outside ANY"
	}
	contentType, sent := c.header("Content-Type")
	if media, _, _ := strings.Cut(contentType, ";"); sent && media != "application/json" {
		if where == "a path" && c.Body == statusBody {
			return where + ", another Content-Type, a body that is a statusCode object"
		}
		return where + ", another Content-Type"
	}
	return where + ", JSON or no Content-Type"
}

func isPreflight(c call) bool {
	_, asked := c.header("Access-Control-Request-Method")
	return asked
}

// proper is a 503 that carries the message.
func proper(c call, got answer, message string) bool {
	return got.status == http.StatusServiceUnavailable && (c.Method == http.MethodHead || strings.Contains(got.body, message))
}

type share struct{ drawn, ours, theirs int }

func (s *share) add(ours, theirs bool) {
	s.drawn++
	if ours {
		s.ours++
	}
	if theirs {
		s.theirs++
	}
}

// percent is rounded down, so that 100 means all.
func (s *share) percent(n int) int { return n * 100 / s.drawn }
