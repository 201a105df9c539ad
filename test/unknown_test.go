package test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/test/harness"
)

// TestUnknownAndSensitive makes zone, certificate, API and domain in one plan
// each, though a name, an id or a secret is all that tells what there will be,
// and switches both.
func TestUnknownAndSensitive(t *testing.T) {
	t.Parallel()
	const truststore = "s3://truststores/clients.pem"
	_, bundle := clientCertificate(t)
	s := harness.NewFixture(t, "unknown", emulator.Config{Truststores: map[string][]byte{truststore: bundle}}, map[string]any{
		"domain_name": nil, "certificate_arn": nil, "zone_id": nil, "backend_url": nil,
	})
	s.SetVars(map[string]any{
		"domain_name": nil, "certificate_arn": nil, "zone_id": nil, "backend_url": nil,
		"settings": map[string]any{
			"domain_name": "secret.example.com", "certificate_arn": s.CertificateARN, "zone_id": s.ZoneID,
			"truststore_uri": truststore, "message": "Back soon.", "throttle": map[string]any{"rate": 100, "burst": 50},
		},
	})
	off := map[string]any{"maintenance_mode": false}
	s.Apply(off)
	assert.Contains(t, s.Aliases(), "secret.example.com.")
	s.RequireNoChanges(off)
	for _, on := range []bool{true, false} {
		plan, planned := s.Planned(map[string]any{"maintenance_mode": on})
		harness.RequireSwitchOnly(t, plan, 2)
		harness.ApplyPlan(t, planned)
	}
	s.RequireNoChanges(off)
	s.Destroy(off)
}
