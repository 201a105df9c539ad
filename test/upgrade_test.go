package test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/probe"
	"apigateway-maintenance/test/harness"
)

// TestUpgrade takes a root in the manner of 2020 over, as docs/upgrade.md says,
// with maintenance off and with maintenance on, without a gap.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	for name, on := range map[string]bool{"with maintenance off": false, "with maintenance on": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mode := map[string]any{"maintenance_mode": on}
			s := harness.NewFixture(t, "original", emulator.Config{}, nil)
			s.Apply(mode)
			const url = "https://api.example.com/orders"
			before := s.Ask("GET", url, nil, "").Status
			s.Become("upgrade")
			plan, planned := s.Planned(mode)
			for _, change := range plan.ResourceChanges {
				require.False(t, change.Change.Actions.Delete() || change.Change.Actions.Replace(), "%s: %v", change.Address, change.Change.Actions)
			}
			prober := s.Clients(20, url)
			harness.ApplyPlan(t, planned)
			prober.Stop()
			requireNoGap(t, prober, on)
			require.Equal(t, before, s.Ask("GET", url, nil, "").Status)
			s.RequireNoChanges(mode)
			plan, planned = s.Planned(map[string]any{"maintenance_mode": !on})
			harness.RequireSwitchOnly(t, plan, 1)
			harness.ApplyPlan(t, planned)
			if !on {
				harness.RequireMaintenance(t, s.Ask("POST", "https://api.example.com/", map[string][]string{"Content-Type": {"text/xml"}}, "<x/>"), "POST", "We are down for maintenance and will be back soon.")
			}
			s.Destroy(mode)
		})
	}
}

// requireNoGap requires live answers alone with maintenance off, and 503s alone
// with it on: the old mock's, which bear no marker and so count as wrong, and
// then the new one's.
func requireNoGap(t *testing.T, prober *probe.Prober, on bool) {
	t.Helper()
	if !on {
		harness.RequireOnly(t, prober, probe.Live)
		return
	}
	for _, url := range prober.Timeline().Summary().URLs {
		require.Zero(t, url.Counts[probe.Live], "live answers in maintenance")
		require.NotZero(t, url.Counts[probe.Maintenance], "the new mock's answers")
		for _, sample := range append(url.WrongFirst, url.WrongLast...) {
			require.Equal(t, 503, sample.Status, sample.Reason)
		}
	}
}
