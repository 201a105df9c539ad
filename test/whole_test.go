package test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/test/harness"
)

// TestAWholeRoot applies a root with what roots of other people have: each
// setting is stored, read back without a difference, changed in place and gone
// in the end. What is not enforced is said.
func TestAWholeRoot(t *testing.T) {
	t.Parallel()
	s := harness.NewFixture(t, "whole", emulator.Config{}, nil)
	for _, later := range []bool{false, true} {
		vars := map[string]any{"later": later}
		s.Apply(vars)
		s.RequireNoChanges(vars)
	}
	var url, key string
	s.Output("document_url", &url)
	s.Output("api_key", &key)
	post := func(url, body string, headers ...string) (int, string) {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
		require.NoError(t, err)
		request.Header.Set("Content-Type", "application/json")
		for i := 0; i < len(headers); i += 2 {
			request.Header.Set(headers[i], headers[i+1])
		}
		response, err := s.Emulator.HTTPClient().Do(request)
		require.NoError(t, err)
		defer response.Body.Close()
		answer, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		return response.StatusCode, string(answer)
	}
	status, _ := post(url, `{"name":"Rex"}`)
	assert.Equal(t, 200, status)
	status, answer := post(url, `{}`)
	assert.Equal(t, 400, status)
	assert.JSONEq(t, `{"message":"Invalid request body"}`, answer)

	s.Output("invoke_url", &url)
	status, _ = post(url+"/pets", `{}`)
	assert.Equal(t, 403, status, "without the API key")
	status, _ = post(url+"/pets", `{}`, "X-Api-Key", key, "X-Trace", "1")
	assert.NotEqual(t, 403, status, "with the key")

	notices := strings.Join(s.Emulator.Notices(), "\n")
	for _, word := range []string{"Resource policies", "minimum_compression_size", "Cache clusters", "X-Ray", "usage plans", "Routing policies"} {
		assert.Contains(t, notices, word)
	}
	s.Destroy(map[string]any{"later": true})
	s.RequireEmpty()
}
