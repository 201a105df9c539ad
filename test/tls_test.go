package test

import (
	"crypto/tls"
	"crypto/x509"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/probe"
	"apigateway-maintenance/test/harness"
)

// TestSecurityPolicy gives the mock a TLS policy while maintenance is on. It is
// a new mock, and no client sees the change but in its handshake.
func TestSecurityPolicy(t *testing.T) {
	t.Parallel()
	s := harness.NewStage(t, "basic", emulator.Config{}, nil)
	on := map[string]any{"maintenance_mode": true}
	s.Apply(on)
	var before, after map[string]maintenance.Targets
	s.Output("targets", &before)
	accepts := func(api string, version uint16) bool {
		roots := x509.NewCertPool()
		require.True(t, roots.AppendCertsFromPEM(s.Emulator.CACertPEM()))
		host := api + ".execute-api." + s.Emulator.Region() + ".amazonaws.com"
		conn, err := tls.Dial("tcp", s.Emulator.HTTPSAddr(), &tls.Config{ServerName: host, RootCAs: roots, MaxVersion: version, MinVersion: version})
		if err != nil {
			return false
		}
		return conn.Close() == nil
	}
	assert.True(t, accepts(before["/"].Maintenance.APIID, tls.VersionTLS10), "AWS's default")

	prober := s.Clients(20, "https://api.example.com/orders")
	harness.RequireAll(t, prober, probe.Maintenance, "https://api.example.com/orders")
	s.Override("maintenance_override.tf", `
		module "maintenance_api" {
		  security_policy      = "SecurityPolicy_TLS13_1_3_2025_09"
		  endpoint_access_mode = "BASIC"
		}`)
	s.Emulator.ResetCalls()
	s.Apply(on)
	harness.RequireNoCall(t, s.Emulator.Calls(), "UpdateRestApi", "a new API is made and filled by two calls")
	s.RequireNoChanges(on)
	prober.Stop()
	harness.RequireOnly(t, prober, probe.Maintenance)
	s.Output("targets", &after)
	mock := after["/"].Maintenance.APIID
	assert.NotEqual(t, before["/"].Maintenance.APIID, mock)
	assert.False(t, accepts(mock, tls.VersionTLS12))
	assert.True(t, accepts(mock, tls.VersionTLS13))
	assert.Equal(t, 2, s.Emulator.Inventory()["rest_apis"], "the old mock is gone")
	s.Destroy(on)
}
