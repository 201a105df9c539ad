package harness

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/terraform"
	"apigateway-maintenance/internal/toolchain"

	"github.com/stretchr/testify/require"
)

// provider is the AWS provider, kept running in its debug mode: Terraform
// attaches to it, where otherwise each command would start it more than once
// and read its 700 MB to see that they are what the lock file names. Whoever
// tests just that says [Stage.StartProviderAnew].
type provider struct {
	t    *testing.T
	anew bool
	once sync.Once
	env  []string
}

// eager lets the garbage collector run less often, in Terraform and in the
// provider: both live on decoding a large schema, in a machine with memory.
const eager = "GOGC=400"

var (
	reattach      = regexp.MustCompile(`TF_REATTACH_PROVIDERS='(.*)'`)
	providerBlock = regexp.MustCompile(`(?m)^provider "aws"`)
)

// StartProviderAnew lets every command start the provider, as it does for
// users: with that command's environment.
func (s *Stage) StartProviderAnew() {
	s.provider.anew = true
}

// Anew is the environment of a single command that starts the provider, though
// the stage has one running.
const Anew = "TF_REATTACH_PROVIDERS="

// attached is the environment that leads Terraform to the stage's provider,
// which is started for the first command. A root that configures the provider
// twice needs two of them, which one process cannot be.
func (s *Stage) attached() []string {
	s.T.Helper()
	p := s.provider
	if p.anew || s.providerBlocks() != 1 {
		return nil
	}
	p.once.Do(func() { p.env = keepProvider(p.t, s.unattached()) })
	return p.env
}

// KeepSchema keeps a provider for tests that mock it, and so ask it for its
// schema and nothing else. It returns the environment with which the toolchain's
// commands attach to it, init included.
func KeepSchema(t *testing.T, tools *toolchain.Toolchain) []string {
	t.Helper()
	root := t.TempDir()
	code := `terraform {
		required_providers {
			aws = { source = "hashicorp/aws", version = "` + maintenance.ProviderVersions + `" }
		}
	}`
	require.NoError(t, os.WriteFile(filepath.Join(root, "main.tf"), []byte(code), 0o600))
	runner := tools.Runner(root)
	require.NoError(t, runner.Init(t.Context()))
	return keepProvider(t, runner)
}

// keepProvider starts the provider that init installed in the runner's folder,
// with the runner's environment, and keeps it until the test ends. It returns
// the environment with which Terraform attaches to it.
func keepProvider(t *testing.T, runner *terraform.Runner) []string {
	t.Helper()
	installed := filepath.Join(runner.Dir, ".terraform", "providers")
	found, err := filepath.Glob(filepath.Join(installed, "*", "hashicorp", "aws", "*", "*", "terraform-provider-aws*"))
	require.NoError(t, err)
	require.Len(t, found, 1, "the AWS provider that init installed")
	var byAddress map[string]json.RawMessage
	require.NoError(t, json.Unmarshal([]byte(startProvider(t, found[0], runner)), &byAddress))
	require.Len(t, byAddress, 1)
	registry, _, _ := strings.Cut(strings.TrimPrefix(found[0], installed+"/"), "/")
	for _, where := range byAddress {
		return []string{eager, Anew + `{"` + registry + `/hashicorp/aws":` + string(where) + `}`}
	}
	return nil
}

func (s *Stage) providerBlocks() int {
	s.T.Helper()
	files, err := filepath.Glob(filepath.Join(s.Root, "*.tf"))
	require.NoError(s.T, err)
	blocks := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_override.tf") {
			continue
		}
		code, err := os.ReadFile(file)
		require.NoError(s.T, err)
		blocks += len(providerBlock.FindAll(code, -1))
	}
	return blocks
}

// startProvider returns what the provider says that TF_REATTACH_PROVIDERS must be. A
// shell watches over it: when its standard input is at an end the test is over
// or its process is gone, however that came, and so must be the provider.
func startProvider(t *testing.T, binary string, runner *terraform.Runner) string {
	t.Helper()
	// Its socket goes into a folder with a short name; that of a test's own
	// can be longer than a socket's may be.
	sockets, err := os.MkdirTemp("", "provider-*")
	require.NoError(t, err)
	cmd := exec.Command("/bin/sh", "-c", `"$0" -debug & read -r _; kill $!; wait; rm -rf "$1"`, binary, sockets)
	cmd.Dir = runner.Dir // as Terraform starts it: paths of files are from there
	cmd.Env = append(runner.Env, eager, "PLUGIN_UNIX_SOCKET_DIR="+sockets)
	life, err := cmd.StdinPipe()
	require.NoError(t, err)
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		life.Close()
		_ = cmd.Wait() // killed, so not with 0
	})
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if found := reattach.FindStringSubmatch(lines.Text()); found != nil {
			go func() { _, _ = io.Copy(io.Discard, stdout) }()
			return found[1]
		}
	}
	require.Fail(t, "the provider did not start in its debug mode", "%v", lines.Err())
	return ""
}
