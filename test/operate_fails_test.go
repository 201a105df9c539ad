package test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/test/harness"
)

// TestOperateFails lets a switch go wrong under way: the command tells what is
// true afterwards, and the way back works.
func TestOperateFails(t *testing.T) {
	t.Parallel()
	o := harness.OpenShop(t, emulator.Config{}, harness.Toolchain, "")
	t.Run("answers that never become right exit 4 with the way back", func(t *testing.T) {
		o := o.In(t)
		o.Given(maintenance.Off)
		r := o.Require(4, "on", "--auto-approve", "--maintenance-status", "418", "--timeout", "2s")
		assert.Contains(t, r.Out, "SWITCHED, NOT CONFIRMED")
		assert.Contains(t, r.Out, "maintenance off")
		assert.Contains(t, r.ErrOut, "status 503 instead of 418")
		o.Require(0, "off", "--auto-approve")
	})
	t.Run("an update that AWS refuses is not told as a switch", func(t *testing.T) {
		o := o.In(t)
		o.Given(maintenance.Off)
		o.Emulator.SetFaults(&emulator.Faults{Rules: []emulator.Fault{{Operation: "UpdateBasePathMapping", Status: 403}}})
		t.Cleanup(func() { o.Emulator.SetFaults(nil) })
		r := o.Require(1, "on", "--auto-approve")
		assert.Contains(t, r.ErrOut, "of shop.example.com/cart the state says so and clients do not")
		o.Emulator.SetFaults(nil)
		o.Require(0, "off", "--auto-approve")
	})
	t.Run("throttling is told in a sentence and is no switch", func(t *testing.T) {
		o := o.In(t)
		o.Given(maintenance.Off)
		o.Override("provider_override.tf", "provider \"aws\" {\n  max_retries = 2\n}\n")
		o.Emulator.SetFaults(&emulator.Faults{Rules: []emulator.Fault{{Operation: "UpdateBasePathMapping", Status: 429}}})
		t.Cleanup(func() {
			o.Emulator.SetFaults(nil)
			require.NoError(t, os.Remove(filepath.Join(o.Root, "provider_override.tf")))
		})
		r := o.Require(5, "on", "--auto-approve")
		assert.Contains(t, r.ErrOut, "AWS throttled the calls")
		o.Emulator.SetFaults(nil)
		o.Require(0, "verify", "--expect", "off", harness.CartURL)
		o.Require(0, "off", "--auto-approve")
	})
	t.Run("an interrupted apply is told and leaves no lock", func(t *testing.T) {
		o := o.In(t)
		o.Given(maintenance.Off)
		o.Emulator.SetFaults(&emulator.Faults{Rules: []emulator.Fault{{Operation: "UpdateBasePathMapping", Latency: 3 * time.Second}}})
		t.Cleanup(func() { o.Emulator.SetFaults(nil) })
		r := o.RunIn(nil, o.InterruptDuringApply(t), "on", "--auto-approve", "--json")
		assert.Equal(t, 130, r.Code, r.Out+r.ErrOut)
		assert.Equal(t, "interrupted", r.Last(t, "result")["data"].(map[string]any)["outcome"])
		o.Emulator.SetFaults(nil)
		o.Require(0, "off", "--auto-approve")
	})
}
