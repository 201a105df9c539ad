package probe

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/maintenance"
)

func live(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }

func answerMaintenance(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set(maintenance.MarkerHeader, "on")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusServiceUnavailable)
}

func newGateway(t *testing.T, answer http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	return server
}

func TestErrorsAreWrongAnswersWithTheirCause(t *testing.T) {
	t.Parallel()
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	secure := httptest.NewTLSServer(http.HandlerFunc(live))
	t.Cleanup(secure.Close)
	slow := newGateway(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	aborted := newGateway(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })

	const patient = 30 * time.Second
	cases := map[string]struct {
		url, reason string
		timeout     time.Duration
	}{
		"nobody listens":             {closed.URL, "connection refused", patient},
		"an untrusted certificate":   {secure.URL, "the certificate is not trusted", patient},
		"no answer in time":          {slow.URL, "no answer within 200ms", 200 * time.Millisecond},
		"a connection that is ended": {aborted.URL, "connection closed without a whole answer", patient},
		"a name that is not there":   {"http://nowhere.invalid", "nowhere.invalid", patient},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := New(Config{URLs: []string{c.url}, Timeout: c.timeout})
			require.NoError(t, err)
			s := p.Ask(t.Context(), c.url)
			assert.Equal(t, Wrong, s.Verdict)
			assert.Contains(t, s.Reason, c.reason)
		})
	}
}
