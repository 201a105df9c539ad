package test

import (
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/test/harness"
)

// TestOperateAtATerminal asks a person, on an AWS whose changes take seconds
// to reach all gateway nodes, so that answers flap.
func TestOperateAtATerminal(t *testing.T) {
	t.Parallel()
	o := harness.OpenShop(t, emulator.Config{Propagation: &emulator.Propagation{Nodes: 4, MaxDelay: 3 * time.Second, Seed: 7}}, harness.Toolchain, "")
	const question = `Only "yes" is taken for yes`

	o.Override("closed.tfvars", harness.ShopVariable+" = true\n")
	t.Run("any answer but yes applies nothing", func(t *testing.T) {
		o.Emulator.ResetCalls()
		s := o.Terminal(t, "on")
		s.Await(t, question)
		s.Enter(t, "y\n")
		assert.Equal(t, 1, s.End(t))
		assert.Contains(t, s.Screen(), "not approved")
		assert.Zero(t, o.Writes())
	})
	t.Run("Ctrl-C at the question applies nothing", func(t *testing.T) {
		o.Emulator.ResetCalls()
		s := o.Terminal(t, "on")
		s.Await(t, question)
		require.NoError(t, s.Cmd.Process.Signal(syscall.SIGINT))
		assert.Equal(t, 130, s.End(t))
		assert.Contains(t, s.Screen(), "interrupted; nothing was applied")
		assert.Zero(t, o.Writes())
	})
	t.Run("a plan that somebody else's apply made stale is not applied", func(t *testing.T) {
		s := o.Terminal(t, "on")
		s.Await(t, question)
		o.Terraform("apply", "-input=false", "-auto-approve", "-var=notice=Meanwhile.")
		o.Emulator.ResetCalls()
		s.Enter(t, "yes\n")
		assert.Equal(t, 5, s.End(t), s.Screen())
		assert.Contains(t, s.Screen(), "the state has changed since the plan was made; plan again")
		assert.Zero(t, o.Writes())
		o.Terraform("apply", "-input=false", "-auto-approve")
	})
	t.Run("yes switches, and flapping answers do not confirm too early", func(t *testing.T) {
		s := o.Terminal(t, "on", "--confirm", "8", "--rate", "20")
		s.Await(t, question)
		assert.Contains(t, s.Screen(), harness.CartURL)
		assert.Contains(t, s.Screen(), harness.HealthURL+" is live")
		s.Enter(t, "yes\n")
		assert.Equal(t, 0, s.End(t), s.Screen())
		screen := s.Screen()
		assert.Contains(t, screen, "Maintenance is on.")
		assert.Contains(t, screen, "\x1b[32m", "green on a terminal")
		assert.NotContains(t, screen, "wrongly")
		assert.Contains(t, screen, "0 wrong of")
		o.Require(0, "verify", "--expect", "on", "--confirm", "20", "--timeout", "3s", "--rate", "20", harness.CartURL)
	})
	t.Run("Ctrl-C while draining says that it is switched, and what switches back", func(t *testing.T) {
		s := o.Terminal(t, "off", "--auto-approve", "--drain", "5m", "--var-file", "closed.tfvars")
		s.Await(t, "can run until")
		require.NoError(t, s.Cmd.Process.Signal(syscall.SIGINT))
		assert.Equal(t, 130, s.End(t))
		assert.Contains(t, s.Screen(), "interrupted while draining; it is switched off and confirmed")
		assert.Contains(t, s.Screen(), "the next plain deploy switches back: closed.tfvars says true")
	})
}
