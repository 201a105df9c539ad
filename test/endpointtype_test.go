package test

import (
	"fmt"
	"testing"

	tt "github.com/gruntwork-io/terratest/modules/terraform"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/probe"
)

// TestEndpointTypeInMaintenance turns the mock's endpoint type while maintenance
// is on; the domain's is refused, since its DNS would be left without a target.
func TestEndpointTypeInMaintenance(t *testing.T) {
	t.Parallel()
	const url = "https://api.example.com/orders/42"
	on := map[string]any{"maintenance_mode": true}
	s := newStage(t, "basic", emulator.Config{}, nil)
	s.apply(on)
	arn, err := s.RequestCertificate(t.Context(), edgeRegion, "api.example.com")
	require.NoError(t, err)
	prober := s.clients(20, url)
	requireAll(t, prober, probe.Maintenance, url)
	s.override("change_override.tf", `module "maintenance_api" { endpoint_type = "EDGE" }`)
	s.apply(on)
	s.requireNoChanges(on)

	s.override("change_override.tf", fmt.Sprintf(`
		module "maintenance_api" { endpoint_type = "EDGE" }
		module "domain" {
		  endpoint_type   = "EDGE"
		  certificate_arn = %q
		}`, arn))
	s.Emulator.ResetCalls()
	_, err = tt.ApplyContextE(t, t.Context(), s.options(on))
	require.ErrorContains(t, err, "exists with another endpoint type")
	require.Zero(t, countWrites(s.Emulator.Calls()), "it is refused before anything is touched")
	requireAll(t, prober, probe.Maintenance, url)
	prober.Stop()
	requireOnly(t, prober, probe.Maintenance)
}
