package harness

import (
	"crypto/tls"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Methods are the seven that ANY stands for.
var Methods = []string{"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}

// Answer is what a client got.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// Ask sends a request as a client would: names through DNS, HTTPS, the CA.
func (s *Stage) Ask(method, url string, header http.Header, body string) Answer {
	s.T.Helper()
	request, err := http.NewRequestWithContext(s.T.Context(), method, url, strings.NewReader(body))
	require.NoError(s.T, err)
	for name, values := range header {
		request.Header[name] = values
	}
	return answerOf(s.T, s.Emulator.HTTPClient(), request)
}

func answerOf(t *testing.T, client *http.Client, request *http.Request) Answer {
	t.Helper()
	response, err := client.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return Answer{Status: response.StatusCode, Header: response.Header, Body: string(content)}
}

// ProblemMessage reads the message of a JSON answer; empty if it is none.
func ProblemMessage(body string) string {
	var problem struct{ Message string }
	if json.Unmarshal([]byte(body), &problem) != nil {
		return ""
	}
	return problem.Message
}

// RequireMaintenance requires the maintenance answer, with its message where it
// has a body.
func RequireMaintenance(t *testing.T, got Answer, method, message string) {
	t.Helper()
	require.Equal(t, http.StatusServiceUnavailable, got.Status, "status of %s", method)
	require.Equal(t, "on", got.Header.Get("X-Maintenance-Mode"))
	require.Equal(t, "no-store", got.Header.Get("Cache-Control"))
	if method == http.MethodHead {
		require.Empty(t, got.Body)
		return
	}
	var problem struct {
		Status  int
		Title   string
		Detail  string
		Message string
	}
	require.NoError(t, json.Unmarshal([]byte(got.Body), &problem), "body of %s: %s", method, got.Body)
	require.Equal(t, message, problem.Message)
	require.Equal(t, message, problem.Detail)
	require.Equal(t, http.StatusServiceUnavailable, problem.Status)
	require.Equal(t, "Service Unavailable", problem.Title)
}

// Send goes over HTTP/1.1, where header names arrive as they are spelled.
func (s *Stage) Send(t interface{ Fatalf(string, ...any) }, c Call) Answer {
	request, err := http.NewRequestWithContext(s.T.Context(), c.Method, "https://api.example.com"+c.Path, strings.NewReader(c.Body))
	if err != nil {
		t.Fatalf("%v", err)
	}
	for name, value := range c.Header {
		request.Header[name] = []string{value}
	}
	if _, set := c.Get("User-Agent"); !set {
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
	return Answer{Status: response.StatusCode, Header: response.Header, Body: string(body)}
}

func (s *Stage) http1() *http.Client {
	s.once.Do(func() {
		transport := s.Emulator.HTTPClient().Transport.(*http.Transport).Clone()
		transport.ForceAttemptHTTP2 = false
		transport.TLSClientConfig.NextProtos = []string{"http/1.1"}
		transport.TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{}
		s.client = &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	})
	return s.client
}
