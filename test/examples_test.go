package test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
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
