package probe

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// gateway is a server whose answer is switched by hand.
type gateway struct {
	*httptest.Server
	answer atomic.Pointer[http.HandlerFunc]
}

func live(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }

func maintenance(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set(Marker, "on")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusServiceUnavailable)
}

func newGateway(t *testing.T, answer http.HandlerFunc) *gateway {
	t.Helper()
	g := &gateway{}
	g.answer.Store(&answer)
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { (*g.answer.Load())(w, r) }))
	t.Cleanup(g.Close)
	return g
}

func (g *gateway) become(answer http.HandlerFunc) { g.answer.Store(&answer) }

func start(t *testing.T, config Config) *Prober {
	t.Helper()
	p, err := New(config)
	require.NoError(t, err)
	require.NoError(t, p.Start(t.Context()))
	t.Cleanup(p.Stop)
	return p
}

func within(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

func TestASwitchIsSeenOnceAndInOrder(t *testing.T) {
	t.Parallel()
	g := newGateway(t, live)
	p := start(t, Config{URLs: []string{g.URL}, Rate: 100})
	require.NoError(t, p.WaitFor(within(t, 5*time.Second), All(Live, []string{g.URL}), 5))
	p.Mark("apply")
	g.become(maintenance)
	require.NoError(t, p.WaitFor(within(t, 5*time.Second), All(Maintenance, []string{g.URL}), 5))
	p.Stop()

	s := p.Timeline().Summary()
	require.Len(t, s.URLs, 1)
	u := s.URLs[0]
	assert.Equal(t, 1, u.Flips)
	require.Len(t, u.Changes, 1)
	assert.Equal(t, Live, u.Changes[0].Before.Verdict)
	assert.Equal(t, Maintenance, u.Changes[0].After.Verdict)
	assert.Zero(t, s.Counts[Wrong])
	assert.GreaterOrEqual(t, s.Counts[Live], 5)
	assert.GreaterOrEqual(t, s.Counts[Maintenance], 5)
	require.Len(t, s.Phases, 2)
	assert.Equal(t, "apply", s.Phases[1].Name)
	assert.Zero(t, s.Phases[0].Counts[Maintenance])
	assert.Positive(t, s.Phases[0].P50)
	assert.LessOrEqual(t, s.Phases[0].P50, s.Phases[0].Max)
}

func TestFlappingAnswersDoNotConfirm(t *testing.T) {
	t.Parallel()
	var n atomic.Int64
	g := newGateway(t, func(w http.ResponseWriter, r *http.Request) {
		if n.Add(1)%4 == 0 {
			live(w, r)
			return
		}
		maintenance(w, r)
	})
	p := start(t, Config{URLs: []string{g.URL}, Rate: 100})
	err := p.WaitFor(within(t, 600*time.Millisecond), All(Maintenance, []string{g.URL}), 5)
	var unconfirmed *UnconfirmedError
	require.ErrorAs(t, err, &unconfirmed)
	require.Len(t, unconfirmed.Last, 1)
	assert.Equal(t, Live, unconfirmed.Last[0].Verdict, "the answer that was not as expected")
	assert.ErrorIs(t, err, context.DeadlineExceeded)
	assert.Contains(t, err.Error(), "is live (status 200)")

	g.become(maintenance)
	assert.NoError(t, p.WaitFor(within(t, 5*time.Second), All(Maintenance, []string{g.URL}), 5))
}

func TestEveryURLMustConfirmAsExpectedOfIt(t *testing.T) {
	t.Parallel()
	exempt, switched := newGateway(t, live), newGateway(t, live)
	p := start(t, Config{URLs: []string{exempt.URL, switched.URL}, Rate: 100})
	expected := Expected{exempt.URL: Live, switched.URL: Maintenance}
	require.Error(t, p.WaitFor(within(t, 200*time.Millisecond), expected, 2))
	switched.become(maintenance)
	require.NoError(t, p.WaitFor(within(t, 5*time.Second), expected, 2))
	assert.ErrorContains(t, p.WaitFor(t.Context(), Expected{"https://other.example": Live}, 1), "not probed")
}

func TestAnswersSinceAnEarlierMomentCountWhileTheyStayRight(t *testing.T) {
	t.Parallel()
	g := newGateway(t, live)
	p := start(t, Config{URLs: []string{g.URL}, Rate: 100})
	urls := []string{g.URL}
	require.NoError(t, p.WaitFor(within(t, 5*time.Second), All(Any, urls), 1))
	begun := time.Now()
	g.become(maintenance)
	require.NoError(t, p.WaitFor(within(t, 5*time.Second), All(Maintenance, urls), 10))
	soon := within(t, 30*time.Millisecond) // less than ten answers take
	assert.NoError(t, p.WaitSince(soon, begun, All(Maintenance, urls), 10))
	assert.Error(t, p.WaitSince(within(t, 30*time.Millisecond), time.Now(), All(Maintenance, urls), 10), "from now on there are not enough")
	assert.Error(t, p.WaitSince(within(t, 30*time.Millisecond), begun, All(Live, urls), 1), "they are not live")
}

func TestAStalledGatewayDoesNotSlowTheProberDown(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	g := newGateway(t, func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
		live(w, r)
	})
	p := start(t, Config{URLs: []string{g.URL}, Rate: 100})
	time.Sleep(500 * time.Millisecond)
	close(release)
	p.Stop()
	s := p.Timeline().Summary()
	assert.GreaterOrEqual(t, s.Counts[Live], 40, "requests due during the stall were sent")
	assert.Greater(t, s.Phases[0].Max, 300*time.Millisecond, "the stall shows in the latency")
}

func TestTwoHundredRequestsASecondAreSustained(t *testing.T) {
	t.Parallel()
	g := newGateway(t, live)
	p := start(t, Config{URLs: []string{g.URL}, Rate: 200})
	time.Sleep(time.Second)
	p.Stop()
	total := p.Timeline().Summary().Counts[Live]
	assert.InDelta(t, 200, total, 20)
}

func TestRequestsAlternateBetweenFreshAndKeptConnections(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var reused []bool
	g := newGateway(t, live)
	p := start(t, Config{URLs: []string{g.URL}, Rate: 50, OnSample: func(s Sample) {
		mu.Lock()
		defer mu.Unlock()
		reused = append(reused, s.Reused)
	}})
	require.NoError(t, p.WaitFor(within(t, 5*time.Second), All(Live, []string{g.URL}), 8))
	p.Stop()
	for n := 2; n < 8; n++ { // the first on the kept connection has to make it
		assert.Equal(t, n%2 == 1, reused[n], "request %d", n)
	}
}

func TestErrorsAreWrongAnswersWithTheirCause(t *testing.T) {
	t.Parallel()
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	secure := httptest.NewTLSServer(http.HandlerFunc(live))
	t.Cleanup(secure.Close)
	slow := newGateway(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	aborted := newGateway(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })

	cases := map[string]struct{ url, reason string }{
		"nobody listens":             {closed.URL, "connection refused"},
		"an untrusted certificate":   {secure.URL, "the certificate is not trusted"},
		"no answer in time":          {slow.URL, "no answer within 200ms"},
		"a connection that is ended": {aborted.URL, "connection closed without a whole answer"},
		"a name that is not there":   {"http://nowhere.invalid", "nowhere.invalid"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := New(Config{URLs: []string{c.url}, Timeout: 200 * time.Millisecond})
			require.NoError(t, err)
			s := p.Ask(t.Context(), c.url)
			assert.Equal(t, Wrong, s.Verdict)
			assert.Contains(t, s.Reason, c.reason)
		})
	}
}

func TestAnInterruptedProberDoesNotCountWhatItAbandoned(t *testing.T) {
	t.Parallel()
	g := newGateway(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	p, err := New(Config{URLs: []string{g.URL}, Rate: 100})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	require.NoError(t, p.Start(ctx))
	time.Sleep(100 * time.Millisecond)
	cancel()
	p.Stop()
	assert.Empty(t, p.Timeline().Summary().Counts)
	assert.Error(t, p.Start(t.Context()), "a prober starts once")
}

func TestHeadersMethodAndConnectToReachTheServer(t *testing.T) {
	t.Parallel()
	var got *http.Request
	g := newGateway(t, func(w http.ResponseWriter, r *http.Request) {
		got = r.Clone(context.Background())
		live(w, r)
	})
	host, port, err := net.SplitHostPort(strings.TrimPrefix(g.URL, "http://"))
	require.NoError(t, err)
	header, err := ReadHeader(strings.NewReader("# who\nAuthorization: Bearer a:b\n\nX-Tenant: 7\n"))
	require.NoError(t, err)
	p, err := New(Config{
		URLs: []string{"http://api.example.com/orders"}, Method: http.MethodHead, Header: header,
		ConnectTo: []string{"other.example.com:80:127.0.0.1:1", "api.example.com:80:" + host + ":" + port},
	})
	require.NoError(t, err)
	s := p.Ask(t.Context(), "http://api.example.com/orders")
	require.Equal(t, Live, s.Verdict, s.Reason)
	assert.Equal(t, "api.example.com", got.Host)
	assert.Equal(t, http.MethodHead, got.Method)
	assert.Equal(t, "Bearer a:b", got.Header.Get("Authorization"))
	assert.Equal(t, "7", got.Header.Get("X-Tenant"))
}
