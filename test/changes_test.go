package test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/probe"
)

// TestChangesInMaintenance changes what stands around a switch while
// maintenance is on and clients ask: none may ever get anything but the
// maintenance answer.
func TestChangesInMaintenance(t *testing.T) {
	t.Parallel()
	const root, deep = "https://api.example.com/", "https://api.example.com/orders/42"
	on := map[string]any{"maintenance_mode": true}
	s := newStage(t, "basic", emulator.Config{}, nil)
	s.apply(on)
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
			s := s.in(t)
			prober := s.clients(40, root, deep)
			requireAll(t, prober, probe.Maintenance, root, deep)
			if change.override != "" {
				s.override("change_override.tf", change.override)
			}
			options := s.options(on)
			if change.replace != "" {
				options.ExtraArgs.Apply = []string{"-replace=" + change.replace}
			}
			applyPlan(t, options)
			requireAll(t, prober, probe.Maintenance, root, deep)
			prober.Stop()
			requireOnly(t, prober, probe.Maintenance)
			s.requireNoChanges(on)
		})
	}
	s.apply(map[string]any{"maintenance_mode": false})
	require.Equal(t, 200, s.ask("GET", deep, nil, "").status, "the way back still works")
	s.destroy(nil)
}

// TestServicesInMaintenance adds, re-points and removes APIs behind one domain
// while maintenance is on; the health check stays live all the time.
func TestServicesInMaintenance(t *testing.T) {
	t.Parallel()
	const orders, users, health, carts = "https://api.example.com/orders/1", "https://api.example.com/users/1", "https://api.example.com/health", "https://api.example.com/carts/1"
	on := map[string]any{"maintenance_mode": true}
	s := newStage(t, "partial", emulator.Config{}, nil)
	s.apply(on)
	for _, change := range []struct {
		name, services string
		kept           []string // out of service before, after, and all the time between
		added          string
	}{
		{name: "one is added", services: `["orders", "users", "health", "carts"]`, kept: []string{orders, users}, added: carts},
		{name: "one is removed", services: `["orders", "health", "carts"]`, kept: []string{orders, carts}},
	} {
		t.Run(change.name, func(t *testing.T) {
			s := s.in(t)
			prober := s.clients(20, append([]string{health}, change.kept...)...)
			requireAll(t, prober, probe.Maintenance, change.kept...)
			s.override("change_override.tf", "locals {\n services = toset("+change.services+")\n}")
			s.apply(on)
			s.requireNoChanges(on)
			prober.Stop()
			for _, url := range prober.Timeline().Summary().URLs {
				require.Zero(t, url.Counts[probe.Wrong], "%s: %v", url.URL, url.WrongFirst)
				require.Zero(t, url.Flips, "%s must not change its answer", url.URL)
			}
			if change.added != "" {
				requireMaintenance(t, s.ask("GET", change.added, nil, ""), "GET", "We are down for maintenance and will be back soon.")
			}
		})
	}
	require.Equal(t, 403, s.ask("GET", users, nil, "").status, "what is not mapped is API Gateway's own 403")
	s.destroy(on)
}

// in is the same stage under another test's name.
func (s *stage) in(t *testing.T) *stage {
	return &stage{Sandbox: s.Sandbox, t: t, dir: s.dir, root: s.root}
}

func requireOnly(t *testing.T, prober *probe.Prober, verdict probe.Verdict) {
	t.Helper()
	for _, url := range prober.Timeline().Summary().URLs {
		for other, count := range url.Counts {
			if other != verdict {
				require.Zero(t, count, "%s gave %s: %v", url.URL, other, url.WrongFirst)
			}
		}
		require.NotZero(t, url.Counts[verdict])
	}
}
