package test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/test/harness"
)

const nasty = "Back at 5 o'clock: $input.body ${x} #set($y = 1) ## #* \\ \"quoted\" </script> & <b>\nnächste Zeile 🚧"

// TestMatrix sends what clients send, drawn at random, and requires of each
// answer exactly what the rule says.
func TestMatrix(t *testing.T) {
	t.Parallel()
	harness.Seed(t)
	t.Run("any origin", func(t *testing.T) {
		t.Parallel()
		s := harness.NewStage(t, "basic", emulator.Config{}, map[string]any{"maintenance_message": nasty})
		s.Apply(map[string]any{"maintenance_mode": true})
		requireRule(t, s, harness.Rule{Message: nasty, RetryAfter: "120"})
	})
	t.Run("listed origins with credentials", func(t *testing.T) {
		t.Parallel()
		s := harness.NewStage(t, "basic", emulator.Config{}, map[string]any{"maintenance_message": nasty})
		s.Override("maintenance_override.tf", `
			module "maintenance_api" {
			  cors = { allow_origins = ["https://app.example.com", "https://admin.example.com:8443"], allow_credentials = true }
			}`)
		s.Apply(map[string]any{"maintenance_mode": true})
		requireRule(t, s, harness.Rule{Message: nasty, RetryAfter: "120", Origins: []string{"https://app.example.com", "https://admin.example.com:8443"}})
	})
	t.Run("an EDGE mock, where header names arrive capitalised", func(t *testing.T) {
		t.Parallel()
		s := harness.NewStage(t, "basic", emulator.Config{}, map[string]any{"maintenance_message": nasty})
		s.Override("maintenance_override.tf", `
			module "maintenance_api" {
			  endpoint_type = "EDGE"
			  cors          = { allow_origins = ["https://app.example.com", "https://admin.example.com:8443"] }
			}`)
		s.Apply(map[string]any{"maintenance_mode": true})
		requireRule(t, s, harness.Rule{Message: nasty, RetryAfter: "120", Origins: []string{"https://app.example.com", "https://admin.example.com:8443"}})
	})
}

func requireRule(t *testing.T, s *harness.Stage, r harness.Rule) {
	t.Helper()
	sent := 0
	rapid.Check(t, func(rt *rapid.T) {
		for range harness.Batch {
			c := harness.DrawCall(rt)
			got := s.Send(rt, c)
			sent++
			if reason := r.Mismatch(c, got); reason != "" {
				rt.Fatalf("%s\nrequest: %+v\nanswer: %d %v\n%s", reason, c, got.Status, got.Header, got.Body)
			}
		}
	})
	fmt.Printf("%s: %d requests, each answered as the rule says\n", t.Name(), sent)
	assert.GreaterOrEqual(t, sent, harness.Checks*harness.Batch)
}
