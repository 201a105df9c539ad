package test

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
)

// terminal is the command as a person sees and steers it.
type terminal struct {
	cmd  *exec.Cmd
	file *os.File
	mu   sync.Mutex
	seen strings.Builder
	done chan struct{}
}

func (o *shop) terminal(t *testing.T, args ...string) *terminal {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), o.command, args...)
	cmd.Env = append(append([]string{}, o.env...), "TERM=xterm", "NO_COLOR=")
	file, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 40, Cols: 120})
	require.NoError(t, err)
	s := &terminal{cmd: cmd, file: file, done: make(chan struct{})}
	go s.read()
	t.Cleanup(func() { file.Close() })
	return s
}

// read ends with EIO when the command has closed its end.
func (s *terminal) read() {
	defer close(s.done)
	buffer := make([]byte, 4096)
	for {
		n, err := s.file.Read(buffer)
		s.mu.Lock()
		s.seen.Write(buffer[:n])
		s.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (s *terminal) screen() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen.String()
}

func (s *terminal) await(t *testing.T, text string) {
	t.Helper()
	require.Eventually(t, func() bool { return strings.Contains(s.screen(), text) }, time.Minute, 20*time.Millisecond, "waiting for %q on:\n%s", text, s.screen)
}

func (s *terminal) enter(t *testing.T, text string) {
	t.Helper()
	_, err := s.file.WriteString(text)
	require.NoError(t, err)
}

// end waits for the command and gives its exit code.
func (s *terminal) end(t *testing.T) int {
	t.Helper()
	err := s.cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		require.NoError(t, err)
	}
	<-s.done
	return s.cmd.ProcessState.ExitCode()
}

// TestOperateAtATerminal asks a person, on an AWS whose changes take seconds
// to reach all gateway nodes, so that answers flap.
func TestOperateAtATerminal(t *testing.T) {
	o := openShop(t, emulator.Config{Propagation: &emulator.Propagation{Nodes: 4, MaxDelay: 3 * time.Second, Seed: 7}}, toolchain, "")
	const question = `Only "yes" is taken for yes`

	o.override("closed.tfvars", shopVariable+" = true\n")
	t.Run("any answer but yes applies nothing", func(t *testing.T) {
		o.Emulator.ResetCalls()
		s := o.terminal(t, "on")
		s.await(t, question)
		s.enter(t, "y\n")
		assert.Equal(t, 1, s.end(t))
		assert.Contains(t, s.screen(), "not approved")
		assert.Zero(t, o.writes())
	})
	t.Run("Ctrl-C at the question applies nothing", func(t *testing.T) {
		o.Emulator.ResetCalls()
		s := o.terminal(t, "on")
		s.await(t, question)
		require.NoError(t, s.cmd.Process.Signal(syscall.SIGINT))
		assert.Equal(t, 130, s.end(t))
		assert.Contains(t, s.screen(), "interrupted; nothing was applied")
		assert.Zero(t, o.writes())
	})
	t.Run("a plan that somebody else's apply made stale is not applied", func(t *testing.T) {
		s := o.terminal(t, "on")
		s.await(t, question)
		o.terraform("apply", "-input=false", "-auto-approve", "-var=notice=Meanwhile.")
		o.Emulator.ResetCalls()
		s.enter(t, "yes\n")
		assert.Equal(t, 5, s.end(t), s.screen())
		assert.Contains(t, s.screen(), "the state has changed since the plan was made; plan again")
		assert.Zero(t, o.writes())
		o.terraform("apply", "-input=false", "-auto-approve")
	})
	t.Run("yes switches, and flapping answers do not confirm too early", func(t *testing.T) {
		s := o.terminal(t, "on", "--confirm", "8", "--rate", "20")
		s.await(t, question)
		assert.Contains(t, s.screen(), cartURL)
		assert.Contains(t, s.screen(), healthURL+" is live")
		s.enter(t, "yes\n")
		assert.Equal(t, 0, s.end(t), s.screen())
		screen := s.screen()
		assert.Contains(t, screen, "Maintenance is on.")
		assert.Contains(t, screen, "\x1b[32m", "green on a terminal")
		assert.NotContains(t, screen, "wrongly")
		assert.Contains(t, screen, "0 wrong of")
		o.require(0, "verify", "--expect", "on", "--confirm", "20", "--timeout", "3s", "--rate", "20", cartURL)
	})
	t.Run("Ctrl-C while draining says that it is switched, and what switches back", func(t *testing.T) {
		s := o.terminal(t, "off", "--auto-approve", "--drain", "5m", "--var-file", "closed.tfvars")
		s.await(t, "can run until")
		require.NoError(t, s.cmd.Process.Signal(syscall.SIGINT))
		assert.Equal(t, 130, s.end(t))
		assert.Contains(t, s.screen(), "interrupted while draining; it is switched off and confirmed")
		assert.Contains(t, s.screen(), "the next plain deploy switches back: closed.tfvars says true")
	})
}
