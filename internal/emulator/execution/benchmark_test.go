package execution_test

import (
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator/execution"
)

// BenchmarkMockOverTLS measures the mock over kept connections, client
// included. The target is 5,000 requests a second on two cores: 200 us each.
func BenchmarkMockOverTLS(b *testing.B) {
	methods := whole()
	methods["ANY /{proxy+}"].Integration.Responses["503"].ResponseTemplates["application/json"] =
		`#set($accept = "")#foreach($n in $input.params().header.keySet())#if($n.toLowerCase() == "accept")#set($accept = $input.params().header.get($n))#end#end` +
			`#set($context.responseOverride.header.Content-Type = "application/json; charset=utf-8"){"message":"down","accept":"$accept","requestId":"$context.requestId"}`
	f := newFixture(methods)
	server := httptest.NewTLSServer(execution.New(f.config))
	defer server.Close()
	transport := server.Client().Transport.(*http.Transport)
	transport.MaxIdleConnsPerHost = 16
	transport.TLSClientConfig = &tls.Config{RootCAs: transport.TLSClientConfig.RootCAs, ServerName: "example.com"}
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			r, err := http.NewRequest("GET", server.URL+"/a/b", nil)
			require.NoError(b, err)
			r.Host = "api.example.com"
			response, err := transport.RoundTrip(r)
			require.NoError(b, err)
			_, _ = io.Copy(io.Discard, response.Body)
			_ = response.Body.Close()
			if response.StatusCode != 503 {
				b.Fatal(response.Status)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
}
