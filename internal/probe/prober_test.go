package probe

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/maintenance"
)

// gateway is a server whose answer is switched by hand.
type gateway struct {
	*httptest.Server
	answer atomic.Pointer[http.HandlerFunc]
}

func live(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }

func answerMaintenance(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set(maintenance.MarkerHeader, "on")
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
	require.NoError(t, p.WaitFor(within(t, 30*time.Second), All(Live, []string{g.URL}), 5))
	p.Mark("apply")
	g.become(answerMaintenance)
	require.NoError(t, p.WaitFor(within(t, 30*time.Second), All(Maintenance, []string{g.URL}), 5))
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
	assert.Equal(t, maintenance.Mark("apply"), s.Phases[1].Name)
	assert.GreaterOrEqual(t, s.Phases[0].Counts[Live], 5)
	assert.GreaterOrEqual(t, s.Phases[1].Counts[Maintenance], 5)
	assert.Positive(t, s.Phases[0].P50)
	assert.LessOrEqual(t, s.Phases[0].P50, s.Phases[0].Max)
}

func TestFlappingAnswersDoNotConfirm(t *testing.T) {
	t.Parallel()
	// A request says by its connection whether it is an even or an odd one, so
	// the answers alternate in due order however they arrive.
	g := newGateway(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Close {
			live(w, r)
			return
		}
		answerMaintenance(w, r)
	})
	urls := []string{g.URL}
	p := start(t, Config{URLs: urls, Rate: 100})
	begun := time.Now()
	require.NoError(t, p.WaitFor(within(t, 30*time.Second), All(Any, urls), 20))
	err := p.WaitSince(within(t, 300*time.Millisecond), begun, All(Maintenance, urls), 2)
	var unconfirmed *UnconfirmedError
	require.ErrorAs(t, err, &unconfirmed)
	require.Len(t, unconfirmed.Last, 1)
	assert.ErrorIs(t, err, context.DeadlineExceeded)

	g.become(answerMaintenance)
	assert.NoError(t, p.WaitFor(within(t, 30*time.Second), All(Maintenance, urls), 5))
}

func TestAnUnconfirmedWaitNamesTheLastUnexpectedAnswer(t *testing.T) {
	t.Parallel()
	g := newGateway(t, live)
	urls := []string{g.URL}
	p := start(t, Config{URLs: urls, Rate: 100})
	require.NoError(t, p.WaitFor(within(t, 30*time.Second), All(Live, urls), 1))
	err := p.WaitFor(within(t, 100*time.Millisecond), All(Maintenance, urls), 1)
	var unconfirmed *UnconfirmedError
	require.ErrorAs(t, err, &unconfirmed)
	require.Len(t, unconfirmed.Last, 1)
	assert.Equal(t, Live, unconfirmed.Last[0].Verdict)
	assert.Contains(t, err.Error(), "is live (status 200)")
}

func TestEveryURLMustConfirmAsExpectedOfIt(t *testing.T) {
	t.Parallel()
	exempt, switched := newGateway(t, live), newGateway(t, live)
	p := start(t, Config{URLs: []string{exempt.URL, switched.URL}, Rate: 100})
	expected := Expected{exempt.URL: Live, switched.URL: Maintenance}
	require.Error(t, p.WaitFor(within(t, 200*time.Millisecond), expected, 2))
	switched.become(answerMaintenance)
	require.NoError(t, p.WaitFor(within(t, 30*time.Second), expected, 2))
	assert.ErrorContains(t, p.WaitFor(t.Context(), Expected{"https://other.example": Live}, 1), "not probed")
}

func TestAnswersSinceAnEarlierMomentCountWhileTheyStayRight(t *testing.T) {
	t.Parallel()
	g := newGateway(t, live)
	begun := time.Now()
	p := start(t, Config{URLs: []string{g.URL}, Rate: 100})
	urls := []string{g.URL}
	require.NoError(t, p.WaitFor(within(t, 30*time.Second), All(Any, urls), 1))
	g.become(answerMaintenance)
	require.NoError(t, p.WaitFor(within(t, 30*time.Second), All(Maintenance, urls), 10))
	p.Stop() // no more answers: what follows can only count earlier ones
	soon := within(t, 30*time.Millisecond)
	assert.NoError(t, p.WaitSince(soon, begun, All(Maintenance, urls), 10))
	assert.Error(t, p.WaitSince(soon, time.Now(), All(Maintenance, urls), 1), "from now on there are none")
	assert.Error(t, p.WaitSince(soon, begun, All(Live, urls), 1), "they are not live")
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
	assert.GreaterOrEqual(t, s.Counts[Live], 20, "requests due during the stall were sent")
	assert.Greater(t, s.Phases[0].Max, 300*time.Millisecond, "the stall shows in the latency")
}

func TestTwoHundredRequestsASecondAreSustained(t *testing.T) {
	t.Parallel()
	g := newGateway(t, live)
	begun := time.Now()
	p := start(t, Config{URLs: []string{g.URL}, Rate: 200})
	require.NoError(t, p.WaitSince(within(t, 30*time.Second), begun, All(Live, []string{g.URL}), 400))
	took := time.Since(begun)
	assert.GreaterOrEqual(t, took, 1990*time.Millisecond, "the 400th is due 1.995 s after the first")
	assert.Less(t, took, 4*time.Second)
}

func TestABurstDoesNotWaitForTheSchedule(t *testing.T) {
	t.Parallel()
	g := newGateway(t, live)
	urls := []string{g.URL}
	p := start(t, Config{URLs: urls, Rate: 0.02})
	require.NoError(t, p.WaitSince(within(t, 30*time.Second), time.Time{}, All(Live, urls), 1), "the second is due in 50 s")
	p.Burst(4)
	require.NoError(t, p.WaitSince(within(t, 30*time.Second), time.Time{}, All(Live, urls), 5))
	assert.Error(t, p.WaitSince(within(t, 300*time.Millisecond), time.Time{}, All(Live, urls), 6), "then the rate holds again")
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
	require.NoError(t, p.WaitFor(within(t, 30*time.Second), All(Live, []string{g.URL}), 8))
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
