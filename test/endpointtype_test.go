package test

import (
	"fmt"
	"testing"

	tt "github.com/gruntwork-io/terratest/modules/terraform"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/probe"
	"apigateway-maintenance/test/harness"
)

// TestEndpointTypeInMaintenance turns the mock's endpoint type while maintenance
// is on; the domain's is refused, since its DNS would be left without a target.
func TestEndpointTypeInMaintenance(t *testing.T) {
	t.Parallel()
	const url = "https://api.example.com/orders/42"
	on := map[string]any{"maintenance_mode": true}
	s := harness.NewStage(t, "basic", emulator.Config{}, nil)
	s.Apply(on)
	arn, err := s.RequestCertificate(t.Context(), harness.EdgeRegion, "api.example.com")
	require.NoError(t, err)
	prober := s.Clients(20, url)
	harness.RequireAll(t, prober, probe.Maintenance, url)
	s.Override("change_override.tf", `module "maintenance_api" { endpoint_type = "EDGE" }`)
	s.Apply(on)
	s.RequireNoChanges(on)

	s.Override("change_override.tf", fmt.Sprintf(`
		module "maintenance_api" { endpoint_type = "EDGE" }
		module "domain" {
		  endpoint_type   = "EDGE"
		  certificate_arn = %q
		}`, arn))
	s.Emulator.ResetCalls()
	_, err = tt.ApplyContextE(t, t.Context(), s.Options(on))
	require.ErrorContains(t, err, "exists with another endpoint type")
	require.Zero(t, harness.CountWrites(s.Emulator.Calls()), "it is refused before anything is touched")
	harness.RequireAll(t, prober, probe.Maintenance, url)
	prober.Stop()
	harness.RequireOnly(t, prober, probe.Maintenance)
}
