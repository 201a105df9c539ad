package harness

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	kit "apigateway-maintenance"
	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/sandbox"
	"apigateway-maintenance/internal/toolchain"
)

// EdgeRegion is where an edge-optimized domain wants its certificate.
const EdgeRegion = "us-east-1"

// Stage is a sandbox with a copy of an example in it.
type Stage struct {
	*sandbox.Sandbox
	// T is the test that it serves.
	T *testing.T
	// Dir is what the modules, examples and plans are copied to.
	Dir string
	// Root is the example's folder in it.
	Root string

	tools    *toolchain.Toolchain
	provider *provider
	plan     int

	once   sync.Once
	client *http.Client
}

// NewStage starts a sandbox and initialises a copy of the example. Its
// variables are those of the basic example and what is given here.
func NewStage(t *testing.T, example string, config emulator.Config, vars map[string]any) *Stage {
	t.Helper()
	return NewStageWith(t, Toolchain, example, config, vars)
}

// NewStageWith does the same under another Terraform, OpenTofu or provider.
func NewStageWith(t *testing.T, tools *toolchain.Toolchain, example string, config emulator.Config, vars map[string]any) *Stage {
	t.Helper()
	s := EmptyStage(t, config)
	s.tools = tools
	var err error
	s.Root, err = sandbox.CopyExample(s.Dir, example, s.vars(vars))
	require.NoError(t, err)
	s.Init()
	return s
}

// NewFixture does the same with a root below testdata, laid out as in the
// repository.
func NewFixture(t *testing.T, name string, config emulator.Config, vars map[string]any) *Stage {
	t.Helper()
	return NewFixtureWith(t, Toolchain, name, config, vars)
}

// NewFixtureWith does the same under another Terraform or OpenTofu.
func NewFixtureWith(t *testing.T, tools *toolchain.Toolchain, name string, config emulator.Config, vars map[string]any) *Stage {
	t.Helper()
	s := EmptyStage(t, config)
	s.tools = tools
	require.NoError(t, os.CopyFS(s.Dir, kit.Files))
	s.Root = filepath.Join(s.Dir, "test", "testdata", name)
	require.NoError(t, os.CopyFS(s.Root, os.DirFS(filepath.Join("testdata", name))))
	require.NoError(t, sandbox.WriteVars(s.Root, s.vars(vars)))
	s.Init()
	return s
}

// EmptyStage starts a sandbox without a root in it.
func EmptyStage(t *testing.T, config emulator.Config) *Stage {
	t.Helper()
	aws, err := sandbox.Start(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, aws.Close()) })
	return &Stage{Sandbox: aws, T: t, Dir: t.TempDir(), tools: Toolchain, provider: &provider{t: t}}
}

// vars are the stage's, overlaid.
func (s *Stage) vars(over map[string]any) map[string]any {
	all := s.Vars()
	for name, value := range over {
		if value == nil {
			delete(all, name)
			continue
		}
		all[name] = value
	}
	return all
}

// SetVars changes the root's variables; nil takes one away.
func (s *Stage) SetVars(over map[string]any) {
	s.T.Helper()
	require.NoError(s.T, sandbox.WriteVars(s.Root, s.vars(over)))
}

// SetOnly gives a root just these variables.
func (s *Stage) SetOnly(vars map[string]any) {
	s.T.Helper()
	content, err := json.Marshal(vars)
	require.NoError(s.T, err)
	s.Override("terraform.tfvars.json", string(content))
}

// Become replaces the root's code by a fixture's, over the same state.
func (s *Stage) Become(name string) {
	s.T.Helper()
	old, err := filepath.Glob(filepath.Join(s.Root, "*.tf"))
	require.NoError(s.T, err)
	for _, file := range old {
		require.NoError(s.T, os.Remove(file))
	}
	require.NoError(s.T, os.CopyFS(s.Root, os.DirFS(filepath.Join("testdata", name))))
	s.Init()
}

// Another is a second root on the same AWS, with just these variables.
func (s *Stage) Another(example string, vars map[string]any) *Stage {
	s.T.Helper()
	second := &Stage{Sandbox: s.Sandbox, T: s.T, Dir: s.T.TempDir(), tools: s.tools, provider: s.provider}
	var err error
	second.Root, err = sandbox.CopyExample(second.Dir, example, vars)
	require.NoError(s.T, err)
	second.Init()
	return second
}

// Override adds a file that Terraform merges over the root's own blocks.
func (s *Stage) Override(name, hcl string) {
	s.T.Helper()
	require.NoError(s.T, os.WriteFile(filepath.Join(s.Root, name), []byte(hcl), 0o600))
}

// In is the same stage under another test's name.
func (s *Stage) In(t *testing.T) *Stage {
	return &Stage{Sandbox: s.Sandbox, T: t, Dir: s.Dir, Root: s.Root, tools: s.tools, provider: s.provider}
}
