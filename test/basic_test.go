package test

import (
	"net/http"
	"testing"

	tt "github.com/gruntwork-io/terratest/modules/terraform"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/probe"
	"apigateway-maintenance/internal/toolchain"
	"apigateway-maintenance/test/harness"
)

// TestBasic takes examples/basic through the life of a maintenance, under
// constant probing.
func TestBasic(t *testing.T) {
	t.Parallel()
	basicStory(t, harness.Toolchain)
}

func basicStory(t *testing.T, tools *toolchain.Toolchain) {
	const message = "Down for an hour."
	off := map[string]any{"maintenance_mode": false}
	on := map[string]any{"maintenance_mode": true}
	const root, deep = "https://api.example.com/", "https://api.example.com/orders/42/items?since=yesterday"

	s := harness.NewStageWith(t, tools, "basic", emulator.Config{}, map[string]any{"maintenance_message": message})
	s.Apply(off)
	harness.RequireNoCall(t, s.Emulator.Calls(), "UpdateRestApi", "an API is made and filled by two calls: its document says all that its arguments do")
	s.RequireNoChanges(off)

	prober := s.Clients(20, root, deep)
	harness.RequireAll(t, prober, probe.Live, root, deep)
	for _, method := range harness.Methods {
		assert.Equal(t, http.StatusOK, s.Ask(method, deep, nil, "").Status, "live %s", method)
	}

	var targets map[string]maintenance.Targets
	s.Output("targets", &targets)
	s.Emulator.ResetCalls()
	plan, planned := s.Planned(on)
	harness.RequireSwitchOnly(t, plan, 1)
	assert.LessOrEqual(t, harness.CallsTo(s.Emulator.Calls(), targets["/"].Maintenance.APIID), 5, "the mock's share of the refresh")
	s.Emulator.ResetCalls()
	tt.ApplyContext(t, t.Context(), planned)
	harness.RequireCalls(t, s.Emulator.Calls(), map[string]int{"UpdateBasePathMapping": 1, "GetBasePathMapping": 1})
	harness.RequireAll(t, prober, probe.Maintenance, root, deep)
	for _, method := range harness.Methods {
		for _, url := range []string{root, deep} {
			answer := s.Ask(method, url, nil, "")
			harness.RequireMaintenance(t, answer, method, message)
			assert.Equal(t, "120", answer.Header.Get("Retry-After"))
		}
	}
	s.RequireNoChanges(on)

	t.Run("a changed message is served after the apply", func(t *testing.T) {
		other := map[string]any{"maintenance_mode": true, "maintenance_message": "Down for two hours."}
		s.Apply(other)
		harness.RequireMaintenance(t, s.Ask("GET", deep, nil, ""), "GET", "Down for two hours.")
		foreign := s.Ask("POST", deep, http.Header{"Content-Type": {"application/x-unheard-of"}}, "?")
		harness.RequireMaintenance(t, foreign, "POST", "Down for two hours.")
	})

	plan, planned = s.Planned(map[string]any{"maintenance_mode": false, "maintenance_message": "Down for two hours."})
	harness.RequireSwitchOnly(t, plan, 1)
	tt.ApplyContext(t, t.Context(), planned)
	harness.RequireAll(t, prober, probe.Live, root, deep)

	prober.Stop()
	summary := prober.Timeline().Summary()
	assert.Zero(t, summary.Counts[probe.Wrong], "wrong answers: %v", summary.URLs)
	for _, url := range summary.URLs {
		assert.Equal(t, 2, url.Flips, "%s must change its answer once on and once off", url.URL)
	}
	s.Destroy(off)
	require.Empty(t, s.Aliases(), "destroy must take the alias record away")
}
