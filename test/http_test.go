package test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// methods are the seven that ANY stands for.
var methods = []string{"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}

type answer struct {
	status int
	header http.Header
	body   string
}

// ask sends a request as a client would: names through DNS, HTTPS, the CA.
func (s *stage) ask(method, url string, header http.Header, body string) answer {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), method, url, strings.NewReader(body))
	require.NoError(s.t, err)
	for name, values := range header {
		request.Header[name] = values
	}
	response, err := s.Emulator.HTTPClient().Do(request)
	require.NoError(s.t, err)
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	require.NoError(s.t, err)
	return answer{status: response.StatusCode, header: response.Header, body: string(content)}
}

// problemMessage reads the message of a JSON answer; empty if it is none.
func problemMessage(body string) string {
	var problem struct{ Message string }
	if json.Unmarshal([]byte(body), &problem) != nil {
		return ""
	}
	return problem.Message
}

// requireMaintenance requires the maintenance answer, with its message where it
// has a body.
func requireMaintenance(t *testing.T, got answer, method, message string) {
	t.Helper()
	require.Equal(t, http.StatusServiceUnavailable, got.status, "status of %s", method)
	require.Equal(t, "on", got.header.Get("X-Maintenance-Mode"))
	require.Equal(t, "no-store", got.header.Get("Cache-Control"))
	if method == http.MethodHead {
		require.Empty(t, got.body)
		return
	}
	var problem struct {
		Status  int
		Title   string
		Detail  string
		Message string
	}
	require.NoError(t, json.Unmarshal([]byte(got.body), &problem), "body of %s: %s", method, got.body)
	require.Equal(t, message, problem.Message)
	require.Equal(t, message, problem.Detail)
	require.Equal(t, http.StatusServiceUnavailable, problem.Status)
	require.Equal(t, "Service Unavailable", problem.Title)
}
