package test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/probe"
	"apigateway-maintenance/test/harness"
)

// life is what an example must go through.
type life struct {
	example string
	// vars over those of the basic example; nil takes a variable away.
	vars func(*harness.Stage) map[string]any
	// switched URLs go out and come back, live ones never do.
	switched, live []string
	// mappings that a switch changes.
	mappings int
}

var lives = []life{
	{
		example:  "partial",
		switched: []string{"https://api.example.com/orders/42", "https://api.example.com/users"},
		live:     []string{"https://api.example.com/health"},
		mappings: 2,
	},
	{
		example:  "certificate",
		vars:     func(*harness.Stage) map[string]any { return map[string]any{"certificate_arn": nil} },
		switched: []string{"https://api.example.com/", "https://api.example.com/orders/42"},
		mappings: 1,
	},
	{
		example: "operators",
		vars: func(s *harness.Stage) map[string]any {
			return map[string]any{"operators_domain_name": "operators.example.com", "operators_certificate_arn": s.CertificateARN}
		},
		switched: []string{"https://api.example.com/orders/42"},
		live:     []string{"https://operators.example.com/orders/42"},
		mappings: 1,
	},
	{
		example: "two-domains",
		vars: func(s *harness.Stage) map[string]any {
			return map[string]any{"other_domain_name": "shop.example.com", "other_certificate_arn": s.CertificateARN, "other_zone_id": s.ZoneID}
		},
		switched: []string{"https://api.example.com/orders/42", "https://shop.example.com/"},
		mappings: 2,
	},
	{
		example: "edge",
		vars: func(s *harness.Stage) map[string]any {
			arn, err := s.RequestCertificate(s.T.Context(), harness.EdgeRegion, "api.example.com")
			require.NoError(s.T, err)
			return map[string]any{"certificate_arn": arn}
		},
		switched: []string{"https://api.example.com/", "https://api.example.com/orders/42"},
		mappings: 1,
	},
	{
		example:  "env0",
		switched: []string{"https://api.example.com/orders/42"},
		mappings: 1,
	},
}

// TestExamples takes each example through its life under constant probing:
// apply, an empty second plan, on, off, destroy. The basic one has a test of
// its own, and so have those whose switch is not the variable alone.
func TestExamples(t *testing.T) {
	t.Parallel()
	for _, l := range lives {
		t.Run(l.example, func(t *testing.T) {
			t.Parallel()
			s := harness.NewStage(t, l.example, emulator.Config{}, nil)
			if l.vars != nil {
				s.SetVars(l.vars(s))
			}
			live(s, l)
		})
	}
}

func live(s *harness.Stage, l life) {
	t := s.T
	t.Helper()
	off := map[string]any{"maintenance_mode": false}
	s.Apply(off)
	s.RequireNoChanges(off)
	urls := append(append([]string{}, l.switched...), l.live...)
	prober := s.Clients(10, urls...)
	harness.RequireAll(t, prober, probe.Live, urls...)
	for _, on := range []bool{true, false} {
		want := probe.Live
		if on {
			want = probe.Maintenance
		}
		plan, planned := s.Planned(map[string]any{"maintenance_mode": on})
		harness.RequireSwitchOnly(t, plan, l.mappings)
		harness.ApplyPlan(t, planned)
		harness.RequireAll(t, prober, want, l.switched...)
	}
	prober.Stop()
	for i, url := range prober.Timeline().Summary().URLs {
		require.Zero(t, url.Counts[probe.Wrong], "%s: %v", url.URL, url.WrongFirst)
		if i < len(l.switched) {
			require.Equal(t, 2, url.Flips, url.URL)
		} else {
			require.Zero(t, url.Counts[probe.Maintenance], "%s must stay live", url.URL)
		}
	}
	s.Destroy(off)
}

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
