package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"apigateway-maintenance/internal/toolchain"

	"github.com/stretchr/testify/require"
)

// asCommand makes this test's own binary the command.
const asCommand = "SANDBOX_TEST_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// process is a running sandbox command, with a folder for temporary files of
// its own.
type process struct {
	*exec.Cmd
	t              *testing.T
	temp           string
	stdout, stderr output
}

// output may be read while it is written.
type output struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buffer.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buffer.String()
}

// sandboxCommand starts the command; env overlays the test's.
func sandboxCommand(t *testing.T, env []string, args ...string) *process {
	t.Helper()
	p := &process{Cmd: exec.Command(os.Args[0], args...), t: t, temp: t.TempDir()}
	p.Env = append(append(os.Environ(), asCommand+"=1", "TMPDIR="+p.temp), env...)
	p.Stdout, p.Stderr = &p.stdout, &p.stderr
	require.NoError(t, p.Start())
	t.Cleanup(func() { _ = p.Process.Kill() })
	return p
}

// ended waits for the exit code.
func (p *process) ended(within time.Duration) int {
	p.t.Helper()
	timer := time.AfterFunc(within, func() { _ = p.Process.Kill() })
	defer timer.Stop()
	var exit *exec.ExitError
	if err := p.Wait(); err != nil && !errors.As(err, &exit) {
		require.NoError(p.t, err)
	}
	return p.ProcessState.ExitCode()
}

func (p *process) interrupt() {
	p.t.Helper()
	require.NoError(p.t, p.Process.Signal(syscall.SIGINT))
}

// requireNothingWritten looks for what the command must take away.
func (p *process) requireNothingWritten() {
	p.t.Helper()
	left, err := filepath.Glob(filepath.Join(p.temp, "maintenance-*"))
	require.NoError(p.t, err)
	require.Empty(p.t, left)
}

func (p *process) says(what string) func() bool {
	return func() bool { return strings.Contains(p.stdout.String()+p.stderr.String(), what) }
}

// prepared is a Terraform and a provider; a run of it is too long for -short.
func prepared(t *testing.T) *toolchain.Toolchain {
	t.Helper()
	if testing.Short() {
		t.Skip("runs Terraform")
	}
	tools, err := toolchain.Prepare(t.Context(), toolchain.EnsureOptions{})
	require.NoError(t, err)
	return tools
}
