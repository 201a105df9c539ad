package test

import (
	"fmt"
	"testing"
	"time"

	tt "github.com/gruntwork-io/terratest/modules/terraform"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/probe"
	"apigateway-maintenance/test/harness"
)

// TestPartial keeps one base path live and takes another out, while clients ask
// on all of them and changes reach the gateway's nodes one after another.
func TestPartial(t *testing.T) {
	t.Parallel()
	s := harness.NewFixture(t, "many", emulator.Config{Propagation: &emulator.Propagation{Nodes: 4, MaxDelay: 3 * time.Second, Seed: 1}},
		map[string]any{"paths": 5, "exempt": []string{"/path0"}, "out_of_service": []string{"/path1"}})
	s.Apply(map[string]any{"maintenance_mode": false})
	url := func(i int) string { return fmt.Sprintf("https://api.example.com/path%d/items", i) }
	urls := []string{url(0), url(1), url(2), url(3), url(4)}
	switching := urls[2:]
	first := s.Clients(10, urls...)
	harness.RequireAll(t, first, probe.Live, append([]string{urls[0]}, switching...)...)
	harness.RequireAll(t, first, probe.Maintenance, urls[1])
	first.Stop()
	time.Sleep(4 * time.Second) // every node has what was created
	prober := s.Clients(10, urls...)

	for _, on := range []bool{true, false} {
		plan, planned := s.Planned(map[string]any{"maintenance_mode": on})
		harness.RequireSwitchOnly(t, plan, 3)
		tt.ApplyContext(t, t.Context(), planned)
		want := probe.Live
		if on {
			want = probe.Maintenance
		}
		harness.RequireAll(t, prober, want, switching...)
		time.Sleep(4 * time.Second) // all nodes have it now
		harness.RequireAll(t, prober, want, switching...)
	}

	prober.Stop()
	flapped := false
	for i, summary := range prober.Timeline().Summary().URLs {
		counts := summary.Counts
		assert.Zero(t, counts[probe.Wrong], summary.URL)
		switch i {
		case 0:
			assert.Zero(t, counts[probe.Maintenance], "an exempt base path never answers anything but live")
		case 1:
			assert.Zero(t, counts[probe.Live], "a base path that is out never answers anything but maintenance")
		default:
			assert.GreaterOrEqual(t, summary.Flips, 2, summary.URL)
			flapped = flapped || summary.Flips > 2
		}
	}
	assert.True(t, flapped, "with nodes that lag some answers must have flapped, or this shows nothing")
	s.Destroy(map[string]any{"maintenance_mode": false})
	require.Empty(t, s.Aliases())
}
