package test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/probe"
)

// life is what an example must go through.
type life struct {
	example string
	// vars over those of the basic example; nil takes a variable away.
	vars func(*stage) map[string]any
	// switched URLs go out and come back, live ones never do.
	switched, live []string
	// mappings that a switch changes.
	mappings int
}

const edgeRegion = "us-east-1"

var lives = []life{
	{
		example:  "partial",
		switched: []string{"https://api.example.com/orders/42", "https://api.example.com/users"},
		live:     []string{"https://api.example.com/health"},
		mappings: 2,
	},
	{
		example:  "certificate",
		vars:     func(*stage) map[string]any { return map[string]any{"certificate_arn": nil} },
		switched: []string{"https://api.example.com/", "https://api.example.com/orders/42"},
		mappings: 1,
	},
	{
		example: "operators",
		vars: func(s *stage) map[string]any {
			return map[string]any{"operators_domain_name": "operators.example.com", "operators_certificate_arn": s.CertificateARN}
		},
		switched: []string{"https://api.example.com/orders/42"},
		live:     []string{"https://operators.example.com/orders/42"},
		mappings: 1,
	},
	{
		example: "two-domains",
		vars: func(s *stage) map[string]any {
			return map[string]any{"other_domain_name": "shop.example.com", "other_certificate_arn": s.CertificateARN, "other_zone_id": s.ZoneID}
		},
		switched: []string{"https://api.example.com/orders/42", "https://shop.example.com/"},
		mappings: 2,
	},
	{
		example: "edge",
		vars: func(s *stage) map[string]any {
			arn, err := s.RequestCertificate(s.t.Context(), edgeRegion, "api.example.com")
			require.NoError(s.t, err)
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
			s := newStage(t, l.example, emulator.Config{}, nil)
			if l.vars != nil {
				s.setVars(l.vars(s))
			}
			s.live(l)
		})
	}
}

func (s *stage) live(l life) {
	t := s.t
	t.Helper()
	off := map[string]any{"maintenance_mode": false}
	s.apply(off)
	s.requireNoChanges(off)
	urls := append(append([]string{}, l.switched...), l.live...)
	prober := s.clients(10, urls...)
	requireAll(t, prober, probe.Live, urls...)
	for _, on := range []bool{true, false} {
		want := probe.Live
		if on {
			want = probe.Maintenance
		}
		plan, planned := s.planned(map[string]any{"maintenance_mode": on})
		requireSwitchOnly(t, plan, l.mappings)
		applyPlan(t, planned)
		requireAll(t, prober, want, l.switched...)
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
	s.destroy(off)
}

// TestExampleExistingDomain adopts the mapping of a domain that another root
// made, which forgets it; then switches it, and leaves the domain standing.
func TestExampleExistingDomain(t *testing.T) {
	t.Parallel()
	off, on := map[string]any{"maintenance_mode": false}, map[string]any{"maintenance_mode": true}
	elsewhere := newStage(t, "basic", emulator.Config{}, nil)
	elsewhere.apply(off)
	var targets map[string]target
	elsewhere.output("targets", &targets)
	const url = "https://api.example.com/orders"
	prober := elsewhere.clients(10, url)
	requireAll(t, prober, probe.Live, url)

	s := elsewhere.another("existing-domain", map[string]any{
		"domain_name": "api.example.com",
		"mappings":    map[string]any{"/": targets["/"].Live},
	})
	plan, planned := s.planned(off)
	imported := 0
	for _, change := range plan.ResourceChanges {
		if change.Change.Importing != nil {
			imported++
			require.True(t, change.Change.Actions.NoOp(), "an adopted mapping must stay as it is: %v", change.Change.Actions)
		}
	}
	require.Equal(t, 1, imported)
	applyPlan(t, planned)
	for _, mode := range []map[string]any{on, off} {
		plan, planned := s.planned(mode)
		requireSwitchOnly(t, plan, 1)
		applyPlan(t, planned)
		want := probe.Live
		if mode["maintenance_mode"] == true {
			want = probe.Maintenance
		}
		requireAll(t, prober, want, url)
	}
	prober.Stop()
	require.Zero(t, prober.Timeline().Summary().Counts[probe.Wrong])
	s.removed()
	require.Equal(t, 1, s.Emulator.Inventory()["domain_names"], "the domain is not this root's to destroy")
}

// TestExampleScheduled lets a window open and close by deploys with unchanged
// variables, as a schedule makes them.
func TestExampleScheduled(t *testing.T) {
	t.Parallel()
	s := newStage(t, "scheduled", emulator.Config{}, map[string]any{
		"maintenance_window_start": "2020-01-01T00:00:00Z", "maintenance_window_end": "2999-01-01T00:00:00+01:00",
	})
	const url = "https://api.example.com/orders"
	s.apply(nil)
	s.requireNoChanges(nil)
	inside := s.ask("GET", url, nil, "")
	requireMaintenance(t, inside, "GET", "We are down for maintenance and will be back soon.")
	require.Equal(t, "Mon, 31 Dec 2998 23:00:00 GMT", inside.header.Get("Retry-After"))

	s.setVars(map[string]any{"maintenance_window_start": "2020-01-01T00:00:00Z", "maintenance_window_end": "2020-01-02T00:00:00Z"})
	s.apply(nil)
	require.Equal(t, 200, s.ask("GET", url, nil, "").status, "after the window")

	require.Contains(t, s.applyOutput(map[string]any{"maintenance_mode": true}), "The window ended at 2020-01-02T00:00:00Z", "a check warns")
	requireMaintenance(t, s.ask("GET", url, nil, ""), "GET", "We are down for maintenance and will be back soon.")
	s.apply(map[string]any{"maintenance_mode": false})
	require.Equal(t, 200, s.ask("GET", url, nil, "").status)
	s.destroy(nil)
}

// TestUpgrade takes a root in the manner of 2020 over, as docs/upgrade.md says,
// with maintenance off and with maintenance on, without a gap.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	for name, on := range map[string]bool{"with maintenance off": false, "with maintenance on": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mode := map[string]any{"maintenance_mode": on}
			s := newFixture(t, "original", emulator.Config{}, nil)
			s.apply(mode)
			const url = "https://api.example.com/orders"
			before := s.ask("GET", url, nil, "").status
			s.become("upgrade")
			plan, planned := s.planned(mode)
			for _, change := range plan.ResourceChanges {
				require.False(t, change.Change.Actions.Delete() || change.Change.Actions.Replace(), "%s: %v", change.Address, change.Change.Actions)
			}
			prober := s.clients(20, url)
			applyPlan(t, planned)
			prober.Stop()
			requireNoGap(t, prober, on)
			require.Equal(t, before, s.ask("GET", url, nil, "").status)
			s.requireNoChanges(mode)
			plan, planned = s.planned(map[string]any{"maintenance_mode": !on})
			requireSwitchOnly(t, plan, 1)
			applyPlan(t, planned)
			if !on {
				requireMaintenance(t, s.ask("POST", "https://api.example.com/", map[string][]string{"Content-Type": {"text/xml"}}, "<x/>"), "POST", "We are down for maintenance and will be back soon.")
			}
			s.destroy(mode)
		})
	}
}

// requireNoGap requires live answers alone with maintenance off, and 503s alone
// with it on: the old mock's, which bear no marker and so count as wrong, and
// then the new one's.
func requireNoGap(t *testing.T, prober *probe.Prober, on bool) {
	t.Helper()
	if !on {
		requireOnly(t, prober, probe.Live)
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
