package test

import (
	"bytes"
	"context"
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

	"github.com/stretchr/testify/require"

	kit "apigateway-maintenance"
	"apigateway-maintenance/internal/emulator"
	tc "apigateway-maintenance/internal/toolchain"
)

const (
	shopVariable = "shop_closed"
	cartURL      = "https://shop.example.com/cart"
	healthURL    = "https://shop.example.com/health"
	// planted are secrets that must show up nowhere.
	plantedToken  = "planted-token-7f3a9c"
	plantedHeader = "planted-header-51be02"
)

// buildCommand builds the operator's command once for all tests.
var buildCommand = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "maintenance-command-*")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "maintenance")
	out, err := exec.Command("go", "build", "-o", path, "../cmd/maintenance").CombinedOutput()
	if err != nil {
		return "", errors.New(string(out))
	}
	return path, nil
})

// shop is the foreign root, deployed, with the command as its operator has it.
type shop struct {
	*stage
	tools   *tc.Toolchain
	command string
	env     []string
	// spoken is all that the command ever wrote, for the search for secrets.
	spoken bytes.Buffer
}

// gitModules is the kit in a git repository, as the source that module calls
// name it by.
func gitModules(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, kit.Files))
	for _, args := range [][]string{{"init", "--quiet"}, {"add", "."}, {"-c", "user.name=kit", "-c", "user.email=kit@example.com", "commit", "--quiet", "--message", "kit"}} {
		out, err := exec.CommandContext(t.Context(), "git", append([]string{"-C", dir}, args...)...).CombinedOutput()
		require.NoError(t, err, "%s", out)
	}
	return "git::file://" + filepath.ToSlash(dir) + "//modules/"
}

// openShop deploys the foreign root into the workspace "prod", with the modules
// from a source; empty for copied ones.
func openShop(t *testing.T, config emulator.Config, tools *tc.Toolchain, modules string) *shop {
	t.Helper()
	command, err := buildCommand()
	require.NoError(t, err)
	s := emptyStage(t, config)
	s.root = filepath.Join(s.dir, "fixtures", "foreign")
	copyFixture(t, s.dir, "foreign")
	if modules != "" {
		code, err := os.ReadFile(filepath.Join(s.root, "main.tf"))
		require.NoError(t, err)
		s.override("main.tf", strings.ReplaceAll(string(code), "../../modules/", modules))
	}
	vars, err := json.Marshal(map[string]any{"certificate_arn": s.CertificateARN, "backend_url": s.Backend.URL})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(s.root, "terraform.tfvars.json"), vars, 0o600))
	headers := filepath.Join(s.dir, "headers")
	require.NoError(t, os.WriteFile(headers, []byte("Authorization: Bearer "+plantedHeader+"\n"), 0o600))
	_, port, err := net.SplitHostPort(s.Emulator.HTTPSAddr())
	require.NoError(t, err)

	o := &shop{stage: s, tools: tools, command: command}
	o.env = append(tools.Runner(s.root, s.Emulator.Env()...).Env,
		"TF_WORKSPACE=prod",
		"TF_VAR_api_token="+plantedToken,
		"MAINTENANCE_CHDIR="+s.root,
		"MAINTENANCE_TERRAFORM_BIN="+tools.Binary.Path,
		"MAINTENANCE_VARIABLE="+shopVariable,
		"MAINTENANCE_CA_FILE="+s.caFile(),
		"MAINTENANCE_CONNECT_TO=:443:127.0.0.1:"+port,
		"MAINTENANCE_HEADER_FILE="+headers,
		"MAINTENANCE_RATE=10",
	)
	o.terraform("init", "-input=false")
	o.terraform("apply", "-input=false", "-auto-approve")
	return o
}

func (o *shop) terraform(args ...string) string {
	o.t.Helper()
	cmd := exec.CommandContext(o.t.Context(), o.tools.Binary.Path, args...)
	cmd.Dir, cmd.Env = o.root, o.env
	out, err := cmd.CombinedOutput()
	require.NoError(o.t, err, "%s", out)
	return string(out)
}

// ran is what a run of the command came to.
type ran struct {
	code        int
	out, errOut string
}

// events parses --json output, each line of which must be an object.
func (r ran) events(t *testing.T) []map[string]any {
	t.Helper()
	var all []map[string]any
	for line := range strings.Lines(r.out) {
		var event map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &event), line)
		all = append(all, event)
	}
	return all
}

func (r ran) last(t *testing.T, name string) map[string]any {
	t.Helper()
	events := r.events(t)
	for i := len(events) - 1; i >= 0; i-- {
		if events[i]["event"] == name {
			return events[i]
		}
	}
	require.Fail(t, "no event "+name, r.out)
	return nil
}

func (o *shop) run(args ...string) ran { return o.runIn(nil, nil, args...) }

// runIn runs the command with more environment; during is called once it runs.
func (o *shop) runIn(env []string, during func(*exec.Cmd), args ...string) ran {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(o.t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, o.command, args...)
	cmd.Env = append(append([]string{}, o.env...), env...)
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	require.NoError(o.t, cmd.Start())
	if during != nil {
		during(cmd)
	}
	err := cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		require.NoError(o.t, err)
	}
	o.spoken.WriteString(out.String() + errOut.String())
	return ran{code: cmd.ProcessState.ExitCode(), out: out.String(), errOut: errOut.String()}
}

// require runs the command and wants an exit code.
func (o *shop) require(code int, args ...string) ran {
	o.t.Helper()
	r := o.run(args...)
	require.Equal(o.t, code, r.code, "maintenance %v\n%s\n%s", args, r.out, r.errOut)
	return r
}

// body asks a URL of the shop, whose domain is in no zone, at the edge itself.
func (o *shop) body(t *testing.T, url string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "curl", "--silent", "--show-error", "--cacert", o.caFile(),
		"--connect-to", "::"+o.Emulator.HTTPSAddr(), url).CombinedOutput()
	require.NoError(t, err, "%s", out)
	return string(out)
}

// writes counts the management calls that change something.
func (o *shop) writes() int { return countWrites(o.Emulator.Calls()) }

// hold takes the state's lock as another Terraform on this machine does, and
// gives it back when the test ends.
func (o *shop) hold(t *testing.T) {
	t.Helper()
	path := filepath.Join(o.root, "terraform.tfstate.d", "prod", "terraform.tfstate")
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	require.NoError(t, err)
	require.NoError(t, syscall.FcntlFlock(file.Fd(), syscall.F_SETLK, &syscall.Flock_t{Type: syscall.F_WRLCK}))
	t.Cleanup(func() { require.NoError(t, file.Close()) })
}
