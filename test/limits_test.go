package test

import (
	"crypto/tls"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/test/harness"
)

// TestLimits states what no maintenance mode on API Gateway can turn into a
// 503, as the README does, and how far the 503 goes.
func TestLimits(t *testing.T) {
	t.Parallel()
	const message = "Down for maintenance."
	s := harness.NewStage(t, "basic", emulator.Config{}, map[string]any{"maintenance_message": message})
	s.Apply(map[string]any{"maintenance_mode": true})
	const url = "https://api.example.com/orders"
	jsonType := http.Header{"Content-Type": {"application/json"}}

	t.Run("a body of 10 MB gets the 503", func(t *testing.T) {
		harness.RequireMaintenance(t, s.Ask("POST", url, jsonType, strings.Repeat("x", 10<<20)), "POST", message)
	})
	t.Run("a larger body gets the frontend's 413", func(t *testing.T) {
		got := s.Ask("POST", url, jsonType, strings.Repeat("x", 10<<20+1))
		assert.Equal(t, http.StatusRequestEntityTooLarge, got.Status)
		assert.Equal(t, "HTTP content length exceeded 10485760 bytes.", got.Body)
	})
	t.Run("ping and sping are API Gateway's own", func(t *testing.T) {
		for _, path := range []string{"/ping", "/sping"} {
			got := s.Ask("GET", "https://api.example.com"+path, nil, "")
			assert.Empty(t, got.Header.Get("X-Maintenance-Mode"), path)
			assert.Equal(t, http.StatusOK, got.Status, path)
		}
	})
	t.Run("paths below ping are not", func(t *testing.T) {
		harness.RequireMaintenance(t, s.Ask("GET", "https://api.example.com/ping/me", nil, ""), "GET", message)
	})
	t.Run("a long path gets the 503", func(t *testing.T) {
		harness.RequireMaintenance(t, s.Ask("GET", "https://api.example.com/"+strings.Repeat("long/", 1500), nil, ""), "GET", message)
	})
	t.Run("a verb outside ANY gets the 503 from a gateway response", func(t *testing.T) {
		for _, verb := range []string{"PROPFIND", "TRACE"} {
			harness.RequireMaintenance(t, s.Ask(verb, url, nil, ""), verb, message)
		}
	})
	t.Run("a plain OPTIONS gets the 503, a preflight 204", func(t *testing.T) {
		harness.RequireMaintenance(t, s.Ask("OPTIONS", url, nil, ""), "OPTIONS", message)
		preflight := s.Ask("OPTIONS", url, http.Header{"Access-Control-Request-Method": {"POST"}, "Origin": {"https://app.example.com"}}, "")
		assert.Equal(t, http.StatusNoContent, preflight.Status)
		assert.Contains(t, preflight.Header.Get("Access-Control-Allow-Methods"), "POST")
	})
	t.Run("the live API's execute-api address is closed", func(t *testing.T) {
		var targets map[string]maintenance.Targets
		s.Output("targets", &targets)
		got := s.Ask("GET", "https://"+targets["/"].Live.APIID+".execute-api.eu-west-1.amazonaws.com/live/orders", nil, "")
		assert.Equal(t, http.StatusForbidden, got.Status)
	})
	t.Run("a name without certificate gets no answer at all", func(t *testing.T) {
		connection, err := tls.Dial("tcp", s.Emulator.HTTPSAddr(), &tls.Config{ServerName: "unknown.example.org", InsecureSkipVerify: true})
		if err == nil {
			connection.Close()
		}
		require.Error(t, err)
	})
}

// TestThrottle limits the mock: what exceeds the limit gets the same status,
// headers and message, as a gateway response.
func TestThrottle(t *testing.T) {
	t.Parallel()
	const message = "Down for maintenance."
	s := harness.NewStage(t, "basic", emulator.Config{}, map[string]any{"maintenance_message": message})
	s.Override("maintenance_override.tf", `
		module "maintenance_api" {
		  throttle = { rate = 1, burst = 5 }
		}`)
	s.Apply(map[string]any{"maintenance_mode": true})
	gateway := 0
	for range 40 {
		got := s.Ask("GET", "https://api.example.com/orders", http.Header{"Accept": {"text/plain"}}, "")
		assert.Equal(t, http.StatusServiceUnavailable, got.Status)
		assert.Equal(t, "on", got.Header.Get("X-Maintenance-Mode"))
		assert.Equal(t, "120", got.Header.Get("Retry-After"))
		if got.Header.Get("Content-Type") == "application/json" {
			assert.Equal(t, message, harness.ProblemMessage(got.Body))
			gateway++
		}
	}
	assert.Greater(t, gateway, 20, "what exceeds the throttle comes from a gateway response")
}
