package test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
)

// TestSingleResources switches an API that is written as single resources, and
// sees that its changes are served when it is deployed again and not before
// (facts B: a deployment is a frozen snapshot, gateway responses included).
func TestSingleResources(t *testing.T) {
	t.Parallel()
	const known, unknown, order = "https://api.example.com/greeting", "https://api.example.com/nowhere", "https://api.example.com/orders/42"
	s := newFixture(t, "single", emulator.Config{}, nil)
	first := map[string]any{}
	s.apply(first)
	s.requireNoChanges(first)

	greets := func(greeting string) {
		t.Helper()
		got := s.ask(http.MethodGet, known, nil, "")
		assert.Equal(t, http.StatusOK, got.status)
		assert.Equal(t, greeting, got.header.Get("X-Greeting"))
		assert.JSONEq(t, `{"message":"`+greeting+`"}`, got.body)
		got = s.ask(http.MethodGet, unknown, nil, "")
		assert.Equal(t, http.StatusNotFound, got.status)
		assert.JSONEq(t, `{"message":"no such path: `+greeting+`"}`, got.body)
	}
	greets("hello")
	got := s.ask(http.MethodPost, order, nil, "")
	assert.Equal(t, http.StatusOK, got.status)
	assert.JSONEq(t, `{"service":"orders","method":"POST","path":"/orders/42"}`, got.body)

	s.apply(map[string]any{"greeting": "welcome"})
	greets("hello")
	deployed := map[string]any{"greeting": "welcome", "revision": "2"}
	s.apply(deployed)
	greets("welcome")

	deployed["maintenance_mode"] = true
	plan, planned := s.planned(deployed)
	requireSwitchOnly(t, plan, 1)
	applyPlan(t, planned)
	for _, url := range []string{known, unknown, order} {
		requireMaintenance(t, s.ask(http.MethodGet, url, nil, ""), http.MethodGet, "We are down for maintenance and will be back soon.")
	}
	deployed["maintenance_mode"] = false
	plan, planned = s.planned(deployed)
	requireSwitchOnly(t, plan, 1)
	applyPlan(t, planned)
	greets("welcome")
	require.False(t, t.Failed())
	s.destroy(deployed)
}
