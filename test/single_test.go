package test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/test/harness"
)

// TestSingleResources switches an API that is written as single resources, and
// sees that its changes are served when it is deployed again and not before
// (facts B: a deployment is a frozen snapshot, gateway responses included).
func TestSingleResources(t *testing.T) {
	t.Parallel()
	const known, unknown, order = "https://api.example.com/greeting", "https://api.example.com/nowhere", "https://api.example.com/orders/42"
	s := harness.NewFixture(t, "single", emulator.Config{}, nil)
	first := map[string]any{}
	s.Apply(first)
	s.RequireNoChanges(first)

	greets := func(greeting string) {
		t.Helper()
		got := s.Ask(http.MethodGet, known, nil, "")
		assert.Equal(t, http.StatusOK, got.Status)
		assert.Equal(t, greeting, got.Header.Get("X-Greeting"))
		assert.JSONEq(t, `{"message":"`+greeting+`"}`, got.Body)
		got = s.Ask(http.MethodGet, unknown, nil, "")
		assert.Equal(t, http.StatusNotFound, got.Status)
		assert.JSONEq(t, `{"message":"no such path: `+greeting+`"}`, got.Body)
	}
	greets("hello")
	got := s.Ask(http.MethodPost, order, nil, "")
	assert.Equal(t, http.StatusOK, got.Status)
	assert.JSONEq(t, `{"service":"orders","method":"POST","path":"/orders/42"}`, got.Body)

	s.Apply(map[string]any{"greeting": "welcome"})
	greets("hello")
	deployed := map[string]any{"greeting": "welcome", "revision": "2"}
	s.Apply(deployed)
	greets("welcome")

	deployed["maintenance_mode"] = true
	plan, planned := s.Planned(deployed)
	harness.RequireSwitchOnly(t, plan, 1)
	harness.ApplyPlan(t, planned)
	for _, url := range []string{known, unknown, order} {
		harness.RequireMaintenance(t, s.Ask(http.MethodGet, url, nil, ""), http.MethodGet, "We are down for maintenance and will be back soon.")
	}
	deployed["maintenance_mode"] = false
	plan, planned = s.Planned(deployed)
	harness.RequireSwitchOnly(t, plan, 1)
	harness.ApplyPlan(t, planned)
	greets("welcome")
	require.False(t, t.Failed())
	s.Destroy(deployed)
}
