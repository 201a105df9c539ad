package probe

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestPort80 asks a URL without TLS: on AWS no answer of an API comes from there.
func TestPort80(t *testing.T) {
	ask := func(handler http.HandlerFunc) Sample {
		server := httptest.NewServer(handler)
		defer server.Close()
		p, err := New(Config{URLs: []string{"http://api.example.com/orders"}, ConnectTo: []string{"::" + server.Listener.Addr().String()}})
		require.NoError(t, err)
		defer p.Stop()
		return p.Ask(t.Context(), "http://api.example.com/orders")
	}
	regional := ask(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	assert.Equal(t, Wrong, regional.Verdict)
	assert.Contains(t, regional.Reason, "do not listen on port 80 unless they are EDGE: ask https://api.example.com/orders")

	edge := ask(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://api.example.com"+r.URL.Path, http.StatusMovedPermanently)
	})
	assert.Equal(t, Wrong, edge.Verdict, "a redirect is no answer of the API")
	assert.Contains(t, edge.Reason, "ask https://api.example.com/orders")

	own := ask(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	assert.Equal(t, Live, own.Verdict, "a server of one's own may well listen there")
}
