package test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/probe"
	"apigateway-maintenance/test/harness"
)

// TestExampleExistingDomain adopts the mapping of a domain that another root
// made, which forgets it; then switches it, and leaves the domain standing.
func TestExampleExistingDomain(t *testing.T) {
	t.Parallel()
	off, on := map[string]any{"maintenance_mode": false}, map[string]any{"maintenance_mode": true}
	elsewhere := harness.NewStage(t, "basic", emulator.Config{}, nil)
	elsewhere.Apply(off)
	var targets map[string]maintenance.Targets
	elsewhere.Output("targets", &targets)
	const url = "https://api.example.com/orders"
	prober := elsewhere.Clients(10, url)
	harness.RequireAll(t, prober, probe.Live, url)

	s := elsewhere.Another("existing-domain", map[string]any{
		"domain_name": "api.example.com",
		"mappings":    map[string]any{"/": targets["/"].Live},
	})
	plan, planned := s.Planned(off)
	imported := 0
	for _, change := range plan.ResourceChanges {
		if change.Change.Importing != nil {
			imported++
			require.True(t, change.Change.Actions.NoOp(), "an adopted mapping must stay as it is: %v", change.Change.Actions)
		}
	}
	require.Equal(t, 1, imported)
	harness.ApplyPlan(t, planned)
	for _, mode := range []map[string]any{on, off} {
		plan, planned := s.Planned(mode)
		harness.RequireSwitchOnly(t, plan, 1)
		harness.ApplyPlan(t, planned)
		want := probe.Live
		if mode["maintenance_mode"] == true {
			want = probe.Maintenance
		}
		harness.RequireAll(t, prober, want, url)
	}
	prober.Stop()
	require.Zero(t, prober.Timeline().Summary().Counts[probe.Wrong])
	s.Removed()
	require.Equal(t, 1, s.Emulator.Inventory()["domain_names"], "the domain is not this root's to destroy")
}

// TestExampleScheduled lets a window open and close by deploys with unchanged
// variables, as a schedule makes them.
func TestExampleScheduled(t *testing.T) {
	t.Parallel()
	s := harness.NewStage(t, "scheduled", emulator.Config{}, map[string]any{
		"maintenance_window_start": "2020-01-01T00:00:00Z", "maintenance_window_end": "2999-01-01T00:00:00+01:00",
	})
	const url = "https://api.example.com/orders"
	s.Apply(nil)
	s.RequireNoChanges(nil)
	inside := s.Ask("GET", url, nil, "")
	harness.RequireMaintenance(t, inside, "GET", "We are down for maintenance and will be back soon.")
	require.Equal(t, "Mon, 31 Dec 2998 23:00:00 GMT", inside.Header.Get("Retry-After"))

	s.SetVars(map[string]any{"maintenance_window_start": "2020-01-01T00:00:00Z", "maintenance_window_end": "2020-01-02T00:00:00Z"})
	s.Apply(nil)
	require.Equal(t, 200, s.Ask("GET", url, nil, "").Status, "after the window")

	require.Contains(t, s.ApplyOutput(map[string]any{"maintenance_mode": true}), "The window ended at 2020-01-02T00:00:00Z", "a check warns")
	harness.RequireMaintenance(t, s.Ask("GET", url, nil, ""), "GET", "We are down for maintenance and will be back soon.")
	s.Apply(map[string]any{"maintenance_mode": false})
	require.Equal(t, 200, s.Ask("GET", url, nil, "").Status)
	s.Destroy(nil)
}
