package test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/emulator/awsproto"
	"apigateway-maintenance/test/harness"
)

// TestQuotas switches 50 base paths under the real management quotas, with the
// provider's own retries, at several settings. What they cost is judged by `make
// figures`, on a quiet machine.
func TestQuotas(t *testing.T) {
	t.Parallel()
	const paths = 50
	s := harness.NewFixture(t, "many", emulator.Config{}, map[string]any{"paths": paths})
	s.StartProviderAnew() // each setting is in a command's environment
	s.Apply(map[string]any{"maintenance_mode": false})
	fmt.Println("| AWS_RETRY_MODE | parallelism | apply | bound by the quota | ratio | throttled calls |")
	fmt.Println("|---|---|---|---|---|---|")
	best, on := 100.0, false
	for _, mode := range []string{"standard", "adaptive"} {
		for _, parallelism := range []int{2, 5, 10} {
			on = !on
			s.Emulator.SetQuotas(nil) // the plan's reads are not what is measured
			_, planned := s.Planned(map[string]any{"maintenance_mode": on})
			planned.EnvVars["AWS_RETRY_MODE"], planned.EnvVars["AWS_MAX_ATTEMPTS"] = mode, "25"
			planned.ExtraArgs.Apply = []string{fmt.Sprintf("-parallelism=%d", parallelism)}
			s.Emulator.SetQuotas(emulator.RealQuotas())
			s.Emulator.ResetCalls()
			harness.ApplyPlan(t, planned)
			took, bound, throttled := underQuota(s.Emulator.Calls())
			ratio := took.Seconds() / bound.Seconds()
			best = min(best, ratio)
			fmt.Printf("| %s | %d | %.1f s | %.1f s | %.2f | %d |\n", mode, parallelism, took.Seconds(), bound.Seconds(), ratio, throttled)
			assert.Equal(t, paths, harness.CountWrites(s.Emulator.Calls())-throttledWrites(s.Emulator.Calls()), "%s, %d: each mapping is updated once", mode, parallelism)
		}
	}
	if harness.Figures() {
		assert.LessOrEqual(t, best, 2.0, "at the best setting a switch takes at most twice what the quota allows")
	}
}

func throttledWrites(calls []awsproto.Call) int {
	return harness.CountWrites(slices.DeleteFunc(slices.Clone(calls), func(c awsproto.Call) bool { return c.ErrorCode != "TooManyRequestsException" }))
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
