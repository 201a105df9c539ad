package test

import (
	"bytes"
	"encoding/json"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/sandbox"
	"apigateway-maintenance/test/harness"
)

// buildSandbox builds the sandbox command once for all tests.
var buildSandbox = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "sandbox-command-*")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "sandbox")
	if out, err := exec.Command("go", "build", "-o", path, "../cmd/sandbox").CombinedOutput(); err != nil {
		return "", errors.New(string(out))
	}
	return path, nil
})

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
	binary, err := buildSandbox()
	require.NoError(t, err)
	p := &process{Cmd: exec.Command(binary, args...), t: t, temp: t.TempDir()}
	p.Env = append(append(os.Environ(), "TMPDIR="+p.temp), env...)
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

// TestSandboxServe uses what serve exports and nothing else.
func TestSandboxServe(t *testing.T) {
	t.Parallel()
	curl, err := exec.LookPath("curl")
	require.NoError(t, err, "this test needs curl on PATH")
	file := filepath.Join(t.TempDir(), "sandbox.env")
	p := sandboxCommand(t, nil, "serve", "--env-file", file)
	require.Eventually(t, p.says("is ready"), 20*time.Second, 20*time.Millisecond)
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(content), p.stdout.String(), "the file holds what is printed")

	root, err := sandbox.CopyExample(t.TempDir(), "basic", map[string]any{})
	require.NoError(t, err)
	script := `set -e; . "$1"
		"$2" init -input=false -no-color
		"$2" apply -input=false -no-color -auto-approve -var maintenance_mode=true
		"$3" --silent --show-error --noproxy '*' --cacert "$EMULATOR_CA_FILE" --connect-to "::$EMULATOR_HTTPS" \
			--write-out '\nstatus %{http_code}\n' https://api.example.com/orders/42`
	cmd := exec.CommandContext(t.Context(), "sh", "-c", script, "sh", file, harness.Toolchain.Binary.Path, curl)
	cmd.Dir, cmd.Env = root, harness.Toolchain.Runner(root).Env
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	assert.Contains(t, string(out), "status 503")
	assert.Contains(t, string(out), "We are down for maintenance")

	p.interrupt()
	require.Zero(t, p.ended(10*time.Second), p.stderr.String())
	require.NoFileExists(t, file)
	p.requireNothingWritten()
}

// TestSandboxRefuses calls the command wrongly, or where it cannot work.
func TestSandboxRefuses(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { taken.Close() })
	for name, c := range map[string]struct {
		env  []string
		args []string
		code int
		says string
	}{
		"a port in use":               {nil, []string{"serve", "--api", taken.Addr().String()}, 1, taken.Addr().String()},
		"an env file without folder":  {nil, []string{"serve", "--env-file", "/nonexistent/sandbox.env"}, 1, "/nonexistent/sandbox.env"},
		"a wrong flag":                {nil, []string{"serve", "--prot", "1"}, 2, "--prot"},
		"an unknown argument":         {nil, []string{"demo", "now"}, 2, `"now"`},
		"an unknown command":          {nil, []string{"destroy"}, 2, `"destroy"`},
		"a rate of 0":                 {nil, []string{"demo", "--rate", "0"}, 2, "--rate must be from 1"},
		"a Terraform that is missing": {nil, []string{"demo", "--terraform-bin", "/nonexistent/terraform"}, 1, "/nonexistent/terraform"},
		"a provider mirror that is missing": {
			[]string{"MAINTENANCE_PROVIDER_MIRROR=/nonexistent/mirror"}, []string{"demo", "--terraform-bin", harness.Toolchain.Binary.Path}, 1, "/nonexistent/mirror",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := sandboxCommand(t, c.env, c.args...)
			require.Equal(t, c.code, p.ended(30*time.Second), p.stderr.String())
			said := strings.TrimSpace(p.stderr.String())
			assert.True(t, strings.HasPrefix(said, "sandbox: "), said)
			assert.NotContains(t, said, "\n", "one sentence")
			assert.Contains(t, said, c.says)
			p.requireNothingWritten()
		})
	}
}

// TestSandboxDemoInterrupted ends the demo in the middle of an apply.
func TestSandboxDemoInterrupted(t *testing.T) {
	t.Parallel()
	for name, after := range map[string]string{
		"while it creates":  "terraform plan: ",
		"while it switches": "  applying",
	} {
		t.Run(name, func(t *testing.T) {
			p := sandboxCommand(t, nil, "demo", "--terraform-bin", harness.Toolchain.Binary.Path)
			require.Eventually(t, p.says(after), 3*time.Minute, 10*time.Millisecond)
			time.Sleep(500 * time.Millisecond) // the apply is under way
			p.interrupt()
			require.Equal(t, 130, p.ended(40*time.Second), p.stderr.String())
			assert.Contains(t, p.stderr.String(), "nothing is left")
			p.requireNothingWritten()
			requireNoProcessIn(t, p.temp)
		})
	}
}

// requireNoProcessIn looks for processes that work below the folder, as a
// Terraform left behind would.
func requireNoProcessIn(t *testing.T, dir string) {
	t.Helper()
	links, err := filepath.Glob("/proc/[0-9]*/cwd")
	require.NoError(t, err)
	for _, link := range links {
		if where, err := os.Readlink(link); err == nil {
			require.False(t, strings.HasPrefix(where, dir), "%s still works in %s", link, where)
		}
	}
}

// TestSandboxDemo runs the whole story as a program would.
func TestSandboxDemo(t *testing.T) {
	reports := t.TempDir()
	p := sandboxCommand(t, nil, "demo", "--json", "--reports", reports, "--terraform-bin", harness.Toolchain.Binary.Path)
	require.Zero(t, p.ended(5*time.Minute), p.stderr.String())
	var summary struct {
		Answers map[string]int
		On, Off struct{ Outcome string }
	}
	require.NoError(t, json.Unmarshal([]byte(p.stdout.String()), &summary), p.stdout.String())
	assert.Zero(t, summary.Answers["wrong"])
	assert.Positive(t, summary.Answers["maintenance"])
	assert.Equal(t, "done", summary.On.Outcome)
	assert.Equal(t, "done", summary.Off.Outcome)
	for _, name := range []string{"demo-on.html", "demo-off.html"} {
		page, err := os.ReadFile(filepath.Join(reports, name))
		require.NoError(t, err)
		assert.Contains(t, string(page), "Confirmed")
	}
	assert.NotContains(t, p.stdout.String()+p.stderr.String(), "\x1b", "no colours where there is no terminal")
	p.requireNothingWritten()
}
