package test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	tt "github.com/gruntwork-io/terratest/modules/terraform"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/emulator/awsproto"
	"apigateway-maintenance/internal/probe"
	"apigateway-maintenance/test/harness"
)

// TestManyPaths counts what a switch costs as base paths are added.
func TestManyPaths(t *testing.T) {
	t.Parallel()
	counts := map[int]int{}
	sizes := []int{1, 10, 50, 200}
	for _, paths := range sizes {
		s := harness.NewFixture(t, "many", emulator.Config{}, map[string]any{"paths": paths})
		s.Apply(map[string]any{"maintenance_mode": false})
		s.Emulator.ResetCalls()
		plan, planned := s.Planned(map[string]any{"maintenance_mode": true})
		harness.RequireSwitchOnly(t, plan, paths)
		tt.ApplyContext(t, t.Context(), planned)
		calls := s.Emulator.Calls()
		counts[paths] = len(calls)
		assert.Equal(t, paths, harness.CountWrites(calls), "one write a mapping")
		for _, call := range calls {
			assert.Empty(t, call.ErrorCode, call.Operation)
			assert.NotEqual(t, "DELETE", call.Method, call.Operation)
		}
	}
	fmt.Println("| base paths | management calls of a switch (plan and apply) |")
	fmt.Println("|---|---|")
	for _, paths := range sizes {
		fmt.Printf("| %d | %d |\n", paths, counts[paths])
	}
	for i, paths := range sizes[1:] {
		slope := float64(counts[paths]-counts[sizes[i]]) / float64(paths-sizes[i])
		assert.LessOrEqual(t, slope, 3.0, "calls for each mapping between %d and %d base paths", sizes[i], paths)
		assert.Greater(t, slope, 2.9, "the read, the PATCH and its read are all counted")
	}
}

// TestQuotas switches 50 base paths under the real management quotas, with the
// provider's own retries, at several settings.
func TestQuotas(t *testing.T) {
	const paths = 50
	s := harness.NewFixture(t, "many", emulator.Config{Quotas: emulator.RealQuotas()}, map[string]any{"paths": paths})
	s.StartProviderAnew() // each setting is in a command's environment
	s.Apply(map[string]any{"maintenance_mode": false})
	fmt.Println("| AWS_RETRY_MODE | parallelism | apply | bound by the quota | ratio | throttled calls |")
	fmt.Println("|---|---|---|---|---|---|")
	best, on := 100.0, false
	for _, mode := range []string{"standard", "adaptive"} {
		for _, parallelism := range []int{2, 5, 10} {
			on = !on
			_, planned := s.Planned(map[string]any{"maintenance_mode": on})
			time.Sleep(5 * time.Second) // the bucket fills up again, for equal starts
			planned.EnvVars["AWS_RETRY_MODE"], planned.EnvVars["AWS_MAX_ATTEMPTS"] = mode, "25"
			planned.ExtraArgs.Apply = []string{fmt.Sprintf("-parallelism=%d", parallelism)}
			s.Emulator.ResetCalls()
			tt.ApplyContext(t, t.Context(), planned)
			took, bound, throttled := underQuota(s.Emulator.Calls())
			ratio := took.Seconds() / bound.Seconds()
			best = min(best, ratio)
			fmt.Printf("| %s | %d | %.1f s | %.1f s | %.2f | %d |\n", mode, parallelism, took.Seconds(), bound.Seconds(), ratio, throttled)
		}
	}
	assert.LessOrEqual(t, best, 2.0, "at the best setting a switch takes at most twice what the quota allows")
}

// underQuota gives the time from the first call to the last, the least that ten
// calls a second after a burst of forty allow for those that succeeded, and how
// many were turned away.
func underQuota(calls []awsproto.Call) (took, bound time.Duration, throttled int) {
	calls = slices.DeleteFunc(slices.Clone(calls), func(c awsproto.Call) bool { return c.Service != "apigateway" })
	succeeded := 0
	for _, call := range calls {
		if call.ErrorCode == "TooManyRequestsException" {
			throttled++
		} else {
			succeeded++
		}
	}
	last := calls[len(calls)-1]
	return last.Time.Sub(calls[0].Time), time.Duration(float64(succeeded-40) / 10 * float64(time.Second)), throttled
}

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
	time.Sleep(3 * time.Second) // every node has what was created
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
		time.Sleep(3 * time.Second) // all nodes have it now
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
