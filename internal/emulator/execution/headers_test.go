package execution_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"apigateway-maintenance/internal/emulator/definition"
)

// TestHeadersOnTheirWayToABackend is fact C1.
func TestHeadersOnTheirWayToABackend(t *testing.T) {
	b := newBackend(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(200) })
	proxy := proxyMethod(b.URL)
	proxy.Integration.RequestParameters = nil
	custom := proxyMethod(b.URL)
	custom.Integration.Type, custom.Integration.HTTPMethod = "HTTP", "POST"
	custom.Integration.RequestParameters = map[string]string{
		"integration.request.header.Te": "'gzip'", "integration.request.header.Via": "'other'", "integration.request.header.Server": "'mapped'",
		"integration.request.header.X-Seen": "method.request.header.Server", "integration.request.header.X-Agent": "method.request.header.User-Agent",
	}
	custom.Responses = map[string]*definition.MethodResponse{"200": {StatusCode: "200"}}
	custom.Integration.Responses = map[string]*definition.IntegrationResponse{"200": {StatusCode: "200"}}
	f := newFixture(map[string]*definition.Method{"ANY /proxy": proxy, "ANY /custom": custom})
	sent := []string{"User-Agent", "agent", "Accept", "text/html", "Age", "1", "Content-Encoding", "deflate", "Content-Type", "application/json",
		"Expect", "100-continue", "Server", "sent", "Via", "p.example.net", "Max-Forwards", "2", "Www-Authenticate", "Basic"}
	gone := []string{"Content-Encoding", "Expect", "Via", "Max-Forwards", "Www-Authenticate", "Te"}

	response := f.get("https://api.example.com/proxy", sent...)
	assert.Equal(t, 200, response.StatusCode)
	assert.Empty(t, response.Header.Get("X-Amzn-Trace-Id"))
	assert.Equal(t, "agent", b.last.Header.Get("User-Agent"))
	assert.Equal(t, "1", b.last.Header.Get("Age"))
	for _, name := range append(gone, "Server") {
		assert.Empty(t, b.last.Header.Get(name), name)
	}

	response = f.get("https://api.example.com/custom", sent...)
	assert.Equal(t, 200, response.StatusCode)
	assert.NotEmpty(t, response.Header.Get("X-Amzn-Trace-Id"))
	assert.Equal(t, "mapped", b.last.Header.Get("Server"))
	assert.Equal(t, "text/html", b.last.Header.Get("Accept"))
	assert.Equal(t, "agent", b.last.Header.Get("X-Agent"))
	assert.Contains(t, b.last.Header.Get("User-Agent"), "AmazonAPIGateway_api1")
	for _, name := range append(gone, "X-Seen", "Age", "Content-Type") {
		assert.Empty(t, b.last.Header.Get(name), name)
	}
}

func TestAMappingToTheLengthOfABodyFails(t *testing.T) { // fact C1
	b := newBackend(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(200) })
	for _, name := range []string{"Content-Length", "Transfer-Encoding"} {
		m := proxyMethod(b.URL)
		m.Integration.RequestParameters = map[string]string{"integration.request.header." + name: "'0'"}
		response := newFixture(map[string]*definition.Method{"ANY /": m}).get("https://api.example.com/")
		assert.Equal(t, 500, response.StatusCode, name)
		assert.Equal(t, internalError, read(t, response))
		assert.Nil(t, b.last)
	}
}
