package test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/probe"
	"apigateway-maintenance/test/harness"
)

// TestChangesInMaintenance changes what stands around a switch while
// maintenance is on and clients ask: none may ever get anything but the
// maintenance answer.
func TestChangesInMaintenance(t *testing.T) {
	t.Parallel()
	const root, deep = "https://api.example.com/", "https://api.example.com/orders/42"
	on := map[string]any{"maintenance_mode": true}
	s := harness.NewStage(t, "basic", emulator.Config{}, nil)
	s.Apply(on)
	for _, change := range []struct {
		name, override, replace string
	}{
		{name: "the mock's stage is renamed", override: `module "maintenance_api" { stage_name = "down" }`},
		{name: "the mock is renamed", override: `module "maintenance_api" { name = "another" }`},
		{name: "the mock is replaced", replace: "module.maintenance_api.aws_api_gateway_rest_api.this"},
		{name: "the mock's deployment is replaced", replace: "module.maintenance_api.aws_api_gateway_deployment.this"},
		{name: "the mock gets a throttle", override: `module "maintenance_api" {
			throttle = { rate = 1000, burst = 1000 }
		}`},
		{name: "the live API's deployment is replaced", replace: "aws_api_gateway_deployment.live"},
		{name: "the live API is replaced", replace: "aws_api_gateway_rest_api.live"},
		{name: "the live API's stage is renamed", override: `resource "aws_api_gateway_stage" "live" { stage_name = "v2" }`},
	} {
		t.Run(change.name, func(t *testing.T) {
			s := s.In(t)
			prober := s.Clients(40, root, deep)
			harness.RequireAll(t, prober, probe.Maintenance, root, deep)
			if change.override != "" {
				s.Override("change_override.tf", change.override)
			}
			options := s.Options(on)
			if change.replace != "" {
				options.ExtraArgs.Apply = []string{"-replace=" + change.replace}
			}
			harness.ApplyPlan(t, options)
			harness.RequireAll(t, prober, probe.Maintenance, root, deep)
			prober.Stop()
			harness.RequireOnly(t, prober, probe.Maintenance)
			s.RequireNoChanges(on)
		})
	}
	s.Apply(map[string]any{"maintenance_mode": false})
	require.Equal(t, 200, s.Ask("GET", deep, nil, "").Status, "the way back still works")
	s.Destroy(nil)
}

// TestServicesInMaintenance adds, re-points and removes APIs behind one domain
// while maintenance is on; the health check stays live all the time.
func TestServicesInMaintenance(t *testing.T) {
	t.Parallel()
	const orders, users, health, carts = "https://api.example.com/orders/1", "https://api.example.com/users/1", "https://api.example.com/health", "https://api.example.com/carts/1"
	on := map[string]any{"maintenance_mode": true}
	s := harness.NewStage(t, "partial", emulator.Config{}, nil)
	s.Apply(on)
	for _, change := range []struct {
		name, services string
		kept           []string // out of service before, after, and all the time between
		added          string
	}{
		{name: "one is added", services: `["orders", "users", "health", "carts"]`, kept: []string{orders, users}, added: carts},
		{name: "one is removed", services: `["orders", "health", "carts"]`, kept: []string{orders, carts}},
	} {
		t.Run(change.name, func(t *testing.T) {
			s := s.In(t)
			prober := s.Clients(20, append([]string{health}, change.kept...)...)
			harness.RequireAll(t, prober, probe.Maintenance, change.kept...)
			s.Override("change_override.tf", "locals {\n services = toset("+change.services+")\n}")
			s.Apply(on)
			s.RequireNoChanges(on)
			prober.Stop()
			for _, url := range prober.Timeline().Summary().URLs {
				require.Zero(t, url.Counts[probe.Wrong], "%s: %v", url.URL, url.WrongFirst)
				require.Zero(t, url.Flips, "%s must not change its answer", url.URL)
			}
			if change.added != "" {
				harness.RequireMaintenance(t, s.Ask("GET", change.added, nil, ""), "GET", "We are down for maintenance and will be back soon.")
			}
		})
	}
	require.Equal(t, 403, s.Ask("GET", users, nil, "").Status, "what is not mapped is API Gateway's own 403")
	s.Destroy(on)
}
