package harness

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	kit "apigateway-maintenance"
	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/need"
	"apigateway-maintenance/internal/toolchain"
)

// What the root calls its variable, and the base path that follows it and the
// one that stays live.
const (
	ShopVariable = "shop_closed"
	CartURL      = "https://shop.example.com/cart"
	HealthURL    = "https://shop.example.com/health"
)

// Secrets that must show up nowhere.
const (
	plantedToken  = "planted-token-7f3a9c"
	plantedHeader = "planted-header-51be02"
)

// Shop is the foreign root, deployed, with the command as its operator has it.
type Shop struct{ *Operator }

// GitModules is the kit in a git repository, as the source that module calls
// name it by.
func GitModules(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, kit.Files))
	for _, args := range [][]string{{"init", "--quiet"}, {"add", "."}, {"-c", "user.name=kit", "-c", "user.email=kit@example.com", "commit", "--quiet", "--message", "kit"}} {
		out, err := exec.CommandContext(t.Context(), "git", append([]string{"-C", dir}, args...)...).CombinedOutput()
		require.NoError(t, err, "%s", out)
	}
	return "git::file://" + filepath.ToSlash(dir) + "//modules/"
}

// OpenShop deploys the foreign root into the workspace "prod", with the modules
// from a source; empty for copied ones.
func OpenShop(t *testing.T, config emulator.Config, tools *toolchain.Toolchain, modules string) *Shop {
	t.Helper()
	s := EmptyStage(t, config)
	s.Root = filepath.Join(s.Dir, "fixtures", "foreign")
	require.NoError(t, os.CopyFS(s.Dir, kit.Files))
	require.NoError(t, os.CopyFS(s.Root, os.DirFS(filepath.Join("testdata", "foreign"))))
	if modules != "" {
		code, err := os.ReadFile(filepath.Join(s.Root, "main.tf"))
		require.NoError(t, err)
		s.Override("main.tf", strings.ReplaceAll(string(code), "../../modules/", modules))
	}
	vars, err := json.Marshal(map[string]any{"certificate_arn": s.CertificateARN, "backend_url": s.Backend.URL})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(s.Root, "terraform.tfvars.json"), vars, 0o600))
	headers := filepath.Join(s.Dir, "headers")
	require.NoError(t, os.WriteFile(headers, []byte("Authorization: Bearer "+plantedHeader+"\n"), 0o600))
	_, port, err := net.SplitHostPort(s.Emulator.HTTPSAddr())
	require.NoError(t, err)

	s.tools = tools
	s.Init()
	o := &Shop{s.Operator(
		"TF_WORKSPACE=prod",
		"TF_VAR_api_token="+plantedToken,
		"MAINTENANCE_VARIABLE="+ShopVariable,
		"MAINTENANCE_RESOLVER=", // its domain is in no zone
		"MAINTENANCE_CONNECT_TO=:443:127.0.0.1:"+port,
		"MAINTENANCE_HEADER_FILE="+headers,
	)}
	require.NoError(t, os.Mkdir(o.Written(""), 0o755))
	t.Cleanup(o.requireNoSecret)
	o.Terraform("apply", "-input=false", "-auto-approve")
	return o
}

// In is the same shop under another test's name.
func (o *Shop) In(t *testing.T) *Shop {
	other := *o.Operator
	other.Stage = o.Stage.In(t)
	return &Shop{&other}
}

// Given brings the cart into or out of service, by a plain deploy where it is
// not so already.
func (o *Shop) Given(direction maintenance.Direction) {
	o.T.Helper()
	out := o.ask(CartURL).Header.Get(maintenance.MarkerHeader) != ""
	if out != direction.Value() {
		o.Terraform("apply", "-input=false", "-auto-approve", fmt.Sprintf("-var=%s=%t", ShopVariable, direction.Value()))
	}
}

// Written is a path for a report or a runbook, which must hold no secrets.
func (o *Shop) Written(name string) string {
	return filepath.Join(o.Dir, "written", name)
}

// requireNoSecret looks for secrets in all that the command said and wrote.
func (o *Shop) requireNoSecret() {
	written := o.Spoken.String()
	files, err := filepath.Glob(o.Written("*"))
	require.NoError(o.T, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(o.T, err)
		written += string(text)
	}
	require.True(o.T, written != "" || o.T.Failed(), "the command said something")
	for _, secret := range []string{plantedToken, plantedHeader, "/opens/nothing/else"} {
		assert.NotContains(o.T, written, secret)
	}
}

// Body asks a URL of the shop.
func (o *Shop) Body(url string) string {
	o.T.Helper()
	return o.ask(url).Body
}

// ask goes to the edge itself, since the shop's domain is in no zone.
func (o *Shop) ask(url string) Answer {
	o.T.Helper()
	client := o.Emulator.HTTPClient()
	transport := client.Transport.(*http.Transport)
	transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, o.Emulator.HTTPSAddr())
	}
	defer transport.CloseIdleConnections()
	request, err := http.NewRequestWithContext(o.T.Context(), http.MethodGet, url, nil)
	require.NoError(o.T, err)
	return answerOf(o.T, client, request)
}

// Writes counts the management calls that change something.
func (o *Shop) Writes() int { return CountWrites(o.Emulator.Calls()) }

// Hold takes the state's lock as another Terraform on this machine does, and
// gives it back when the test ends.
func (o *Shop) Hold(t *testing.T) {
	t.Helper()
	path := filepath.Join(o.Root, "terraform.tfstate.d", "prod", "terraform.tfstate")
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	require.NoError(t, err)
	require.NoError(t, syscall.FcntlFlock(file.Fd(), syscall.F_SETLK, &syscall.Flock_t{Type: syscall.F_WRLCK}))
	t.Cleanup(func() { require.NoError(t, file.Close()) })
}

// MainFile is the root's code.
func (o *Shop) MainFile(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(o.Root, "main.tf"))
	require.NoError(t, err)
	require.Contains(t, string(text), "maintenance_mode = false")
	return string(text)
}

// Shell runs a script as an operator with AWS credentials would; where there is
// no AWS CLI the SDK makes its calls.
func (o *Shop) Shell(t *testing.T, script string) {
	t.Helper()
	if need.AWS.Path() == "" {
		o.RunBySDK(t, script)
		return
	}
	cmd := exec.CommandContext(t.Context(), "sh", "-c", script)
	cmd.Env = o.Env
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
}

// InterruptDuringApply sends Ctrl-C while the mapping is being updated.
func (o *Shop) InterruptDuringApply(t *testing.T) func(*exec.Cmd) {
	o.Emulator.ResetCalls()
	return func(cmd *exec.Cmd) {
		lock := filepath.Join(o.Root, "terraform.tfstate.d", "prod", ".terraform.tfstate.lock.info")
		applying := func() bool {
			text, err := os.ReadFile(lock)
			return err == nil && strings.Contains(string(text), "OperationTypeApply")
		}
		require.Eventually(t, applying, time.Minute, 20*time.Millisecond)
		time.Sleep(1500 * time.Millisecond) // the update is under way, and late
		require.NoError(t, cmd.Process.Signal(syscall.SIGINT))
	}
}
