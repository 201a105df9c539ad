package test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/probe"
	"apigateway-maintenance/test/harness"
)

const (
	ordersURL = "https://api.example.com/orders"
	healthURL = "https://api.example.com/health"
)

// TestServerless takes examples/serverless through its life: a function behind
// the API, out of service, new code meanwhile, and back onto that.
func TestServerless(t *testing.T) {
	t.Parallel()
	on, off := map[string]any{"maintenance_mode": true}, map[string]any{"maintenance_mode": false}
	s := harness.NewServerless(t, emulator.Config{}, nil)
	s.Apply(off)
	s.RequireNoChanges(off)

	got := s.Orders(http.MethodPost, "", `{"item":"coffee","quantity":3}`)
	assert.Equal(t, http.StatusCreated, got.Status, got.Body)
	assert.Equal(t, "https://app.example.com", got.Header.Get("Access-Control-Allow-Origin"))
	assert.Equal(t, http.StatusOK, s.Orders(http.MethodGet, "/2", "").Status)

	prober := s.Clients(34, ordersURL, ordersURL+"/1", healthURL)
	harness.RequireAll(t, prober, probe.Live, ordersURL, ordersURL+"/1", healthURL)
	plan, planned := s.Planned(on)
	harness.RequireSwitchOnly(t, plan, 1)
	s.Emulator.ResetCalls()
	harness.ApplyPlan(t, planned)
	harness.RequireCalls(t, s.Emulator.Calls(), map[string]int{"UpdateBasePathMapping": 1, "GetBasePathMapping": 1})
	harness.RequireAll(t, prober, probe.Maintenance, ordersURL, ordersURL+"/1")
	s.RequireNoChanges(on)

	changed := map[string]any{"maintenance_mode": true, "maintenance_message": "Back at noon."}
	s.Apply(changed)
	harness.RequireMaintenance(t, s.Orders(http.MethodPost, "", `{}`), http.MethodPost, "Back at noon.")

	s.BuildOrders("2")
	s.Apply(changed)
	assert.JSONEq(t, `{"status":"ok","version":"2"}`, s.Ask(http.MethodGet, healthURL, nil, "").Body, "new code, seen before customers do")
	harness.RequireMaintenance(t, s.Orders(http.MethodGet, "", ""), http.MethodGet, "Back at noon.")

	plan, planned = s.Planned(map[string]any{"maintenance_mode": false, "maintenance_message": "Back at noon."})
	harness.RequireSwitchOnly(t, plan, 1)
	harness.ApplyPlan(t, planned)
	harness.RequireAll(t, prober, probe.Live, ordersURL, ordersURL+"/1", healthURL)
	prober.Stop()
	for _, url := range prober.Timeline().Summary().URLs {
		assert.Zero(t, url.Counts[probe.Wrong], "%s: %v", url.URL, url.WrongFirst)
		if url.URL == healthURL {
			assert.Zero(t, url.Counts[probe.Maintenance], "the health check stays live")
		} else {
			assert.Equal(t, 2, url.Flips, url.URL)
		}
	}
	s.Destroy(off)
}
