package test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/probe"
	"apigateway-maintenance/test/harness"
)

// TestBreakglass runs the script that a runbook prints, with Terraform's state
// out of reach, and asks what clients get.
func TestBreakglass(t *testing.T) {
	t.Parallel()
	const url = "https://api.example.com/orders/42"
	s := harness.NewStage(t, "basic", emulator.Config{}, nil)
	s.Apply(map[string]any{"maintenance_mode": false})
	book := s.Runbook()
	state := filepath.Join(s.Root, "terraform.tfstate")
	require.NoError(t, os.Rename(state, state+".away"))

	prober := s.Clients(20, url)
	harness.RequireAll(t, prober, probe.Live, url)
	for _, by := range []struct {
		name string
		run  func(*testing.T, string)
	}{{"the AWS CLI", s.RunByCLI}, {"the SDK", s.RunBySDK}} {
		t.Run("by "+by.name, func(t *testing.T) {
			by.run(t, book.Script(maintenance.On))
			harness.RequireAll(t, prober, probe.Maintenance, url)
			assert.Equal(t, http.StatusServiceUnavailable, s.Ask("POST", url, nil, "").Status)
			by.run(t, book.Script(maintenance.On)) // a second time it changes nothing
			by.run(t, book.Script(maintenance.Off))
			harness.RequireAll(t, prober, probe.Live, url)
		})
	}
	prober.Stop()
	assert.Zero(t, prober.Timeline().Summary().Counts[probe.Wrong], "each switch is one update, without a gap")

	t.Run("afterwards the variable makes Terraform agree", func(t *testing.T) {
		require.NoError(t, os.Rename(state+".away", state))
		s.RunBySDK(t, book.Script(maintenance.On))
		plan, _ := s.Planned(map[string]any{"maintenance_mode": false})
		harness.RequireSwitchOnly(t, plan, 1)
		s.Apply(map[string]any{"maintenance_mode": true})
		s.RequireNoChanges(map[string]any{"maintenance_mode": true})
		assert.Equal(t, http.StatusServiceUnavailable, s.Ask("GET", url, nil, "").Status)
	})
}
