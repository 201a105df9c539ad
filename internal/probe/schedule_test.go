package probe

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/maintenance"
)

func TestASwitchIsSeenOnceAndInOrder(t *testing.T) {
	onAClock(t, func(t *testing.T) {
		g := newPiped(t, "api", live)
		p := start(t, Config{Rate: 100}, g)
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
	})
}

func TestFlappingAnswersDoNotConfirm(t *testing.T) {
	onAClock(t, func(t *testing.T) {
		// A request says by its connection whether it is an even or an odd one.
		g := newPiped(t, "api", func(w http.ResponseWriter, r *http.Request) {
			if r.Close {
				live(w, r)
				return
			}
			answerMaintenance(w, r)
		})
		urls := []string{g.URL}
		p := start(t, Config{Rate: 100}, g)
		begun := time.Now()
		require.NoError(t, p.WaitFor(within(t, 30*time.Second), All(Any, urls), 20))
		err := p.WaitSince(within(t, 300*time.Millisecond), begun, All(Maintenance, urls), 2)
		var unconfirmed *UnconfirmedError
		require.ErrorAs(t, err, &unconfirmed)
		require.Len(t, unconfirmed.Last, 1)
		assert.ErrorIs(t, err, context.DeadlineExceeded)

		g.become(answerMaintenance)
		assert.NoError(t, p.WaitFor(within(t, 30*time.Second), All(Maintenance, urls), 5))
	})
}

func TestAnUnconfirmedWaitNamesTheLastUnexpectedAnswer(t *testing.T) {
	onAClock(t, func(t *testing.T) {
		g := newPiped(t, "api", live)
		urls := []string{g.URL}
		p := start(t, Config{Rate: 100}, g)
		require.NoError(t, p.WaitFor(within(t, 30*time.Second), All(Live, urls), 1))
		err := p.WaitFor(within(t, 100*time.Millisecond), All(Maintenance, urls), 1)
		var unconfirmed *UnconfirmedError
		require.ErrorAs(t, err, &unconfirmed)
		require.Len(t, unconfirmed.Last, 1)
		assert.Equal(t, Live, unconfirmed.Last[0].Verdict)
		assert.Contains(t, err.Error(), "is live (status 200)")
	})
}

func TestEveryURLMustConfirmAsExpectedOfIt(t *testing.T) {
	onAClock(t, func(t *testing.T) {
		exempt, switched := newPiped(t, "exempt", live), newPiped(t, "switched", live)
		p := start(t, Config{Rate: 100}, exempt, switched)
		expected := Expected{exempt.URL: Live, switched.URL: Maintenance}
		require.Error(t, p.WaitFor(within(t, 200*time.Millisecond), expected, 2))
		switched.become(answerMaintenance)
		require.NoError(t, p.WaitFor(within(t, 30*time.Second), expected, 2))
		assert.ErrorContains(t, p.WaitFor(t.Context(), Expected{"https://other.example": Live}, 1), "not probed")
	})
}

func TestAnswersSinceAnEarlierMomentCountWhileTheyStayRight(t *testing.T) {
	onAClock(t, func(t *testing.T) {
		g := newPiped(t, "api", live)
		begun := time.Now()
		p := start(t, Config{Rate: 100}, g)
		urls := []string{g.URL}
		require.NoError(t, p.WaitFor(within(t, 30*time.Second), All(Any, urls), 1))
		g.become(answerMaintenance)
		require.NoError(t, p.WaitFor(within(t, 30*time.Second), All(Maintenance, urls), 10))
		p.Stop() // no more answers: what follows can only count earlier ones
		soon := within(t, 30*time.Millisecond)
		assert.NoError(t, p.WaitSince(soon, begun, All(Maintenance, urls), 10))
		assert.Error(t, p.WaitSince(soon, time.Now(), All(Maintenance, urls), 1), "from now on there are none")
		assert.Error(t, p.WaitSince(soon, begun, All(Live, urls), 1), "they are not live")
	})
}

func TestAStalledGatewayDoesNotSlowTheProberDown(t *testing.T) {
	onAClock(t, func(t *testing.T) {
		release := make(chan struct{})
		g := newPiped(t, "api", func(w http.ResponseWriter, r *http.Request) {
			select {
			case <-release:
			case <-r.Context().Done():
			}
			live(w, r)
		})
		p := start(t, Config{Rate: 100}, g)
		time.Sleep(500 * time.Millisecond)
		close(release)
		p.Stop()
		s := p.Timeline().Summary()
		assert.GreaterOrEqual(t, s.Counts[Live], 50, "requests due during the stall were sent")
		assert.Equal(t, 500, int(s.Phases[0].Max.Round(10*time.Millisecond).Milliseconds()), "the stall shows in the latency")
	})
}

func TestTwoHundredRequestsASecondAreSustained(t *testing.T) {
	onAClock(t, func(t *testing.T) {
		g := newPiped(t, "api", live)
		begun := time.Now()
		p := start(t, Config{Rate: 200}, g)
		require.NoError(t, p.WaitSince(within(t, 30*time.Second), begun, All(Live, []string{g.URL}), 400))
		took := time.Since(begun)
		assert.Equal(t, 1995*time.Millisecond+answerTime, took, "the 400th is due 1.995 s after the first")
	})
}

func TestABurstDoesNotWaitForTheSchedule(t *testing.T) {
	onAClock(t, func(t *testing.T) {
		g := newPiped(t, "api", live)
		urls := []string{g.URL}
		p := start(t, Config{Rate: 0.02}, g)
		require.NoError(t, p.WaitSince(within(t, 30*time.Second), time.Time{}, All(Live, urls), 1), "the second is due in 50 s")
		p.Burst(4)
		require.NoError(t, p.WaitSince(within(t, 30*time.Second), time.Time{}, All(Live, urls), 5))
		assert.Error(t, p.WaitSince(within(t, 300*time.Millisecond), time.Time{}, All(Live, urls), 6), "then the rate holds again")
	})
}

func TestRequestsAlternateBetweenFreshAndKeptConnections(t *testing.T) {
	onAClock(t, func(t *testing.T) {
		var mu sync.Mutex
		var reused []bool
		g := newPiped(t, "api", live)
		p := start(t, Config{Rate: 50, OnSample: func(s Sample) {
			mu.Lock()
			defer mu.Unlock()
			reused = append(reused, s.Reused)
		}}, g)
		require.NoError(t, p.WaitFor(within(t, 30*time.Second), All(Live, []string{g.URL}), 8))
		p.Stop()
		for n := 2; n < 8; n++ { // the first on the kept connection has to make it
			assert.Equal(t, n%2 == 1, reused[n], "request %d", n)
		}
	})
}

func TestAnInterruptedProberDoesNotCountWhatItAbandoned(t *testing.T) {
	onAClock(t, func(t *testing.T) {
		g := newPiped(t, "api", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		p := prepare(t, Config{Rate: 100}, g)
		ctx, cancel := context.WithCancel(t.Context())
		require.NoError(t, p.Start(ctx))
		time.Sleep(100 * time.Millisecond)
		cancel()
		p.Stop()
		assert.Empty(t, p.Timeline().Summary().Counts)
		assert.Error(t, p.Start(t.Context()), "a prober starts once")
	})
}
