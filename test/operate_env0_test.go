package test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/test/harness"
)

// TestEnv0 deploys examples/env0 through its env0.yml.
func TestEnv0(t *testing.T) {
	t.Parallel()
	const switchOnly = "MAINTENANCE_SWITCH_ONLY=true"
	const checkStep, verifyStep = "Check that the plan only switches", "Verify what clients get"
	e := harness.NewEnvironment(t)
	off, on := map[string]any{"maintenance_mode": false}, map[string]any{"maintenance_mode": true}

	d := e.Deploy(off)
	require.Empty(t, d.Failed, d.Log)
	assert.Contains(t, d.Log, "live  https://api.example.com/", "a first deploy goes through and is verified")

	t.Run("on passes as a pure switch and is verified", func(t *testing.T) {
		d := e.Deploy(on, switchOnly)
		require.Empty(t, d.Failed, d.Log)
		assert.Contains(t, d.Log, "The plan does nothing but switch.")
		assert.Contains(t, d.Log, "maintenance  https://api.example.com/")
	})
	t.Run("a plan that does more fails before anything is applied", func(t *testing.T) {
		e.Emulator.ResetCalls()
		d := e.Deploy(map[string]any{"maintenance_mode": false, "backend_url": e.Backend.URL + "/v2"}, switchOnly)
		assert.Equal(t, checkStep, d.Failed, d.Log)
		assert.False(t, d.Applied)
		assert.Contains(t, d.Log, "NOT DEPLOYED")
		assert.Contains(t, d.Log, "aws_api_gateway_rest_api.live (update)")
		assert.Zero(t, harness.CountWrites(e.Emulator.Calls()))
	})
	t.Run("the same plan passes where ordinary changes are let through", func(t *testing.T) {
		d := e.Deploy(map[string]any{"maintenance_mode": true, "backend_url": e.Backend.URL + "/v2"})
		require.Empty(t, d.Failed, d.Log)
		assert.Contains(t, d.Log, "Note: the plan does more than switch")
	})
	t.Run("an answer that is not as the variable says fails the deployment", func(t *testing.T) {
		d := e.Deploy(off, "MAINTENANCE_VERIFY_LIVE=418", "MAINTENANCE_VERIFY_SECONDS=1")
		assert.Equal(t, verifyStep, d.Failed, d.Log)
		assert.True(t, d.Applied)
		assert.Contains(t, d.Log, "SWITCHED, NOT CONFIRMED")
	})
	t.Run("a domain that the runner cannot reach is left out", func(t *testing.T) {
		d := e.Deploy(on, "MAINTENANCE_VERIFY=skip", "CURL_HOME=/nowhere", switchOnly)
		require.Empty(t, d.Failed, d.Log)
		assert.Contains(t, d.Log, "Not verified")
	})
	t.Run("off passes and is verified", func(t *testing.T) {
		d := e.Deploy(off, switchOnly)
		require.Empty(t, d.Failed, d.Log)
		assert.Contains(t, d.Log, "live  https://api.example.com/")
	})
}
