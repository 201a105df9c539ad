package readonly

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/test/harness"
)

// period is a stretch of time between two switches.
type period struct {
	mode       maintenance.Mode
	from, till time.Time
}

// TestReadsGoOnWhileWritesAreOut takes examples/read-only from live to read-only
// to full maintenance and back, one step at a time, under the requests of
// clients that never pause: each switch is one update in place, reads fail in
// full maintenance alone, and while writes are out none reaches the service.
func TestReadsGoOnWhileWritesAreOut(t *testing.T) {
	t.Parallel()
	// A change takes so long to reach all nodes, and on a busy machine longer.
	const spread, settled = 300 * time.Millisecond, time.Second
	backend := startService(t)
	s := harness.NewStage(t, "read-only", emulator.Config{Propagation: &emulator.Propagation{Nodes: 3, MaxDelay: spread, Seed: 1}},
		map[string]any{"backend_url": backend.url})
	live := map[string]any{"maintenance_mode": false}
	s.Apply(live)
	s.RequireNoChanges(live)
	time.Sleep(settled)

	clients := gather(s, "https://api.example.com")
	clients.pass(3)
	periods := []period{{mode: maintenance.ModeLive, from: time.Now()}}
	for _, step := range []struct {
		mode maintenance.Mode
		vars map[string]any
	}{
		{maintenance.ModeReadOnly, map[string]any{"maintenance_mode": true, "maintenance_scope": "writes"}},
		{maintenance.ModeMaintenance, map[string]any{"maintenance_mode": true, "maintenance_scope": "all"}},
		{maintenance.ModeReadOnly, map[string]any{"maintenance_mode": true, "maintenance_scope": "writes"}},
		{maintenance.ModeLive, live},
	} {
		plan, planned := s.Planned(step.vars)
		harness.RequireSwitchOnly(t, plan, 1)
		periods[len(periods)-1].till = time.Now()
		harness.ApplyPlan(t, planned)
		time.Sleep(settled)
		clients.pass(1)
		from, before := time.Now(), backend.writes(t)
		clients.pass(5)
		if after := backend.writes(t); step.mode == maintenance.ModeLive {
			assert.Greater(t, after, before, "writes must arrive again")
		} else {
			assert.Equal(t, before, after, "a write reached the service in mode %s", step.mode)
		}
		var modes map[string]maintenance.Mode
		s.Output("modes", &modes)
		assert.Equal(t, map[string]maintenance.Mode{"/": step.mode}, modes)
		periods = append(periods, period{mode: step.mode, from: from})
	}
	clients.disperse()
	periods[len(periods)-1].till = time.Now()
	judge(t, clients, periods)

	s.Destroy(live)
}

// judge requires of each answer that it is its period's, or during a switch that
// of the period before or after.
func judge(t *testing.T, clients *crowd, periods []period) {
	t.Helper()
	asked := 0
	for i, samples := range clients.samples {
		require.NotEmpty(t, samples, "client %d", i)
		asked += len(samples)
		for _, taken := range samples {
			right := taken.modes(periods)
			fits := slices.ContainsFunc(right, taken.fits)
			assert.True(t, fits, "%s; right would be that of %v", taken, right)
		}
	}
	t.Logf("%d requests by %d clients", asked, len(clients.samples))
}

// modes are those that were in effect between a request and its answer; while a
// switch is under way that is two of them.
func (s sample) modes(periods []period) []maintenance.Mode {
	meets := func(from, till time.Time) bool { return s.start.Before(till) && s.end.After(from) }
	var modes []maintenance.Mode
	for k, p := range periods {
		if meets(p.from, p.till) {
			modes = append(modes, p.mode)
		}
		if k > 0 && meets(periods[k-1].till, p.from) {
			modes = append(modes, periods[k-1].mode, p.mode)
		}
	}
	if len(periods) > 0 && s.start.Before(periods[0].from) {
		modes = append(modes, periods[0].mode)
	}
	return modes
}
