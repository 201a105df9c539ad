package test

import (
	"net/http"
	"testing"

	tt "github.com/gruntwork-io/terratest/modules/terraform"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/probe"
)

// TestBasic takes examples/basic through the life of a maintenance, under
// constant probing.
func TestBasic(t *testing.T) {
	t.Parallel()
	const message = "Down for an hour."
	off := map[string]any{"maintenance_mode": false}
	on := map[string]any{"maintenance_mode": true}
	const root, deep = "https://api.example.com/", "https://api.example.com/orders/42/items?since=yesterday"

	s := newStage(t, "basic", emulator.Config{}, map[string]any{"maintenance_message": message})
	s.apply(off)
	requireNoCall(t, s.Emulator.Calls(), "UpdateRestApi", "an API is made and filled by two calls: its document says all that its arguments do")
	s.requireNoChanges(off)

	prober := s.clients(20, root, deep)
	requireAll(t, prober, probe.Live, root, deep)
	for _, method := range methods {
		assert.Equal(t, http.StatusOK, s.ask(method, deep, nil, "").status, "live %s", method)
	}

	var targets map[string]target
	s.output("targets", &targets)
	s.Emulator.ResetCalls()
	plan, planned := s.planned(on)
	requireSwitchOnly(t, plan, 1)
	assert.LessOrEqual(t, callsTo(s.Emulator.Calls(), targets["/"].Maintenance.APIID), 5, "the mock's share of the refresh")
	s.Emulator.ResetCalls()
	tt.ApplyContext(t, t.Context(), planned)
	requireCalls(t, s.Emulator.Calls(), map[string]int{"UpdateBasePathMapping": 1, "GetBasePathMapping": 1})
	requireAll(t, prober, probe.Maintenance, root, deep)
	for _, method := range methods {
		for _, url := range []string{root, deep} {
			answer := s.ask(method, url, nil, "")
			requireMaintenance(t, answer, method, message)
			assert.Equal(t, "120", answer.header.Get("Retry-After"))
		}
	}
	s.requireNoChanges(on)

	t.Run("a changed message is served after the apply", func(t *testing.T) {
		other := map[string]any{"maintenance_mode": true, "maintenance_message": "Down for two hours."}
		s.apply(other)
		requireMaintenance(t, s.ask("GET", deep, nil, ""), "GET", "Down for two hours.")
		foreign := s.ask("POST", deep, http.Header{"Content-Type": {"application/x-unheard-of"}}, "?")
		requireMaintenance(t, foreign, "POST", "Down for two hours.")
	})

	plan, planned = s.planned(map[string]any{"maintenance_mode": false, "maintenance_message": "Down for two hours."})
	requireSwitchOnly(t, plan, 1)
	tt.ApplyContext(t, t.Context(), planned)
	requireAll(t, prober, probe.Live, root, deep)

	prober.Stop()
	summary := prober.Timeline().Summary()
	assert.Zero(t, summary.Counts[probe.Wrong], "wrong answers: %v", summary.URLs)
	for _, url := range summary.URLs {
		assert.Equal(t, 2, url.Flips, "%s must change its answer once on and once off", url.URL)
	}
	s.destroy(off)
	require.Empty(t, s.aliases(), "destroy must take the alias record away")
}
