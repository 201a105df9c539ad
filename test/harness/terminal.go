package harness

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/stretchr/testify/require"
)

// Terminal is the command as a person sees and steers it.
type Terminal struct {
	Cmd      *exec.Cmd
	operator *Operator
	file     *os.File
	mu       sync.Mutex
	seen     strings.Builder
	done     chan struct{}
}

// Terminal runs the command at a terminal of its own.
func (o *Operator) Terminal(t *testing.T, args ...string) *Terminal {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), o.command, args...)
	cmd.Env = append(append([]string{}, o.Env...), "TERM=xterm", "NO_COLOR=")
	file, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 40, Cols: 120})
	require.NoError(t, err)
	s := &Terminal{Cmd: cmd, operator: o, file: file, done: make(chan struct{})}
	go s.read()
	t.Cleanup(func() { file.Close() })
	return s
}

// read ends with EIO when the command has closed its end.
func (s *Terminal) read() {
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

// Screen is all that was written to it.
func (s *Terminal) Screen() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen.String()
}

// Await waits for a text on the screen.
func (s *Terminal) Await(t *testing.T, text string) {
	t.Helper()
	require.Eventually(t, func() bool { return strings.Contains(s.Screen(), text) }, time.Minute, 20*time.Millisecond, "waiting for %q on:\n%s", text, s.Screen)
}

// Enter types.
func (s *Terminal) Enter(t *testing.T, text string) {
	t.Helper()
	_, err := s.file.WriteString(text)
	require.NoError(t, err)
}

// End waits for the command and gives its exit code.
func (s *Terminal) End(t *testing.T) int {
	t.Helper()
	err := s.Cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		require.NoError(t, err)
	}
	<-s.done
	s.operator.Spoken.WriteString(s.Screen())
	return s.Cmd.ProcessState.ExitCode()
}
