package switchover

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/guard"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/probe"
)

func TestTheTallyCountsFromTheApplyOn(t *testing.T) {
	t.Parallel()
	begun := time.Now()
	tl := &tally{Answers: Answers{URL: "u", Expected: probe.Maintenance}}
	see := func(second int, verdict probe.Verdict) {
		tl.see(probe.Sample{URL: "u", Due: begun.Add(time.Duration(second) * time.Second), Verdict: verdict})
	}
	see(-2, probe.Wrong)
	see(-1, probe.Live)
	tl.applied = begun
	see(1, probe.Live)
	see(2, probe.Wrong)
	see(3, probe.Maintenance)
	see(4, probe.Live)
	see(5, probe.Maintenance)
	assert.Equal(t, 2, tl.Old)
	assert.Equal(t, 2, tl.New)
	assert.Equal(t, 1, tl.Wrong)
	assert.Equal(t, 4*time.Second, tl.OldFor, "the last old answer")
	assert.Equal(t, 3*time.Second, tl.NewAfter, "the first new one")
	assert.Equal(t, 4, tl.Flips)
	assert.Equal(t, "u: the old answer for 4s, maintenance after 3s, 1 wrong of 5", tl.String())
}

func TestAURLThatDoesNotSwitchIsToldAsSuch(t *testing.T) {
	t.Parallel()
	tl := &tally{Answers: Answers{URL: "u", Expected: probe.Live}, applied: time.Now()}
	tl.see(probe.Sample{URL: "u", Due: tl.applied.Add(-time.Second), Verdict: probe.Live})
	tl.see(probe.Sample{URL: "u", Due: tl.applied.Add(time.Second), Verdict: probe.Live})
	assert.Zero(t, tl.NewAfter+tl.OldFor)
	assert.Equal(t, "u: live throughout (1 answers), 0 wrong", tl.String())
}

func TestWithoutURLsThereIsNothingToExpect(t *testing.T) {
	t.Parallel()
	_, err := expectations(nil, guard.Stored(nil), maintenance.On)
	assert.ErrorContains(t, err, "--url")
	expected, err := expectations([]string{"https://elsewhere.example/"}, guard.Stored(nil), maintenance.On)
	require.NoError(t, err)
	assert.Equal(t, probe.Expected{"https://elsewhere.example/": probe.Maintenance}, expected)
}

func TestAWindowIsFoundWhereItIsSet(t *testing.T) {
	t.Parallel()
	now := time.Date(2027, 1, 31, 4, 30, 0, 0, time.UTC)
	window := func(start, end string) map[string]any { return map[string]any{"start": start, "end": end} }
	open := window("2027-01-31T05:00:00+01:00", "2027-01-31T06:00:00+01:00")
	call := func(data *tfjson.ExpressionData) *tfjson.Config {
		return &tfjson.Config{RootModule: &tfjson.ConfigModule{ModuleCalls: map[string]*tfjson.ModuleCall{
			"domain": {Expressions: map[string]*tfjson.Expression{windowName: {ExpressionData: data}}},
		}}}
	}
	byVariable := &tfjson.ExpressionData{References: []string{"var.announced"}}
	variable := func(value any) map[string]*tfjson.PlanVariable {
		return map[string]*tfjson.PlanVariable{"announced": {Value: value}}
	}
	cases := map[string]struct {
		plan *tfjson.Plan
		says string
	}{
		"open, in a variable":   {&tfjson.Plan{Config: call(byVariable), Variables: variable(open)}, "the variable announced is open until 2027-01-31T05:00:00Z"},
		"open, in the call":     {&tfjson.Plan{Config: call(&tfjson.ExpressionData{ConstantValue: open})}, "module.domain's maintenance_window is open until"},
		"set to null":           {&tfjson.Plan{Config: call(byVariable), Variables: variable(nil)}, ""},
		"over":                  {&tfjson.Plan{Config: call(byVariable), Variables: variable(window("2027-01-30T00:00:00Z", "2027-01-31T04:30:00Z"))}, ""},
		"to come":               {&tfjson.Plan{Config: call(byVariable), Variables: variable(window("2027-01-31T04:30:01Z", "2027-02-01T00:00:00Z"))}, ""},
		"none":                  {&tfjson.Plan{Config: call(nil)}, ""},
		"no configuration":      {&tfjson.Plan{}, ""},
		"a time that is no one": {&tfjson.Plan{Config: call(byVariable), Variables: variable(window("soon", "later"))}, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := openWindow(c.plan, now)
			if c.says == "" {
				assert.Empty(t, got)
			} else {
				assert.Contains(t, got, c.says)
			}
		})
	}
}

func TestVerifyGoesOnUntilTheAnswersAreRight(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1) > 10 {
			w.Header().Set(maintenance.MarkerHeader, "on")
			w.Header().Set("Cache-Control", "no-store")
		}
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	t.Cleanup(server.Close)
	config := probe.Config{URLs: []string{server.URL}, Rate: 50}
	var mu sync.Mutex
	var events []Event
	emit := func(e Event) {
		mu.Lock()
		defer mu.Unlock()
		events = append(events, e)
	}
	require.NoError(t, Verify(t.Context(), config, probe.Maintenance, 3, time.Minute, emit))
	mu.Lock()
	assert.True(t, slices.ContainsFunc(events, func(e Event) bool { return e.Event == EventConfirmed }))
	assert.Equal(t, EventAnswer, events[0].Event)
	assert.Contains(t, events[0].Message, "backend's or the gateway's own answer")
	mu.Unlock()

	err := Verify(t.Context(), config, probe.Live, 1, 100*time.Millisecond, func(Event) {})
	var unconfirmed *probe.UnconfirmedError
	require.ErrorAs(t, err, &unconfirmed)
	assert.ErrorIs(t, err, context.DeadlineExceeded)
}
