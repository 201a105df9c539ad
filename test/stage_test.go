package test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gruntwork-io/terratest/modules/logger"
	tt "github.com/gruntwork-io/terratest/modules/terraform"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/stretchr/testify/require"

	kit "apigateway-maintenance"
	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/probe"
	"apigateway-maintenance/internal/sandbox"
	"apigateway-maintenance/internal/terraform"
)

// stage is a sandbox with a copy of an example in it.
type stage struct {
	*sandbox.Sandbox
	t    *testing.T
	dir  string // what the modules, examples and plans are copied to
	root string // the example's folder
	plan int

	once   sync.Once
	client *http.Client
}

// newStage starts a sandbox and initialises a copy of the example. Its
// variables are those of the basic example and what is given here.
func newStage(t *testing.T, example string, config emulator.Config, vars map[string]any) *stage {
	t.Helper()
	s := emptyStage(t, config)
	var err error
	s.root, err = sandbox.CopyExample(s.dir, example, s.vars(vars))
	require.NoError(t, err)
	s.init()
	return s
}

// newFixture does the same with a root below testdata, laid out as in the
// repository.
func newFixture(t *testing.T, name string, config emulator.Config, vars map[string]any) *stage {
	t.Helper()
	s := emptyStage(t, config)
	require.NoError(t, os.CopyFS(s.dir, kit.Files))
	s.root = filepath.Join(s.dir, "test", "testdata", name)
	require.NoError(t, os.CopyFS(s.root, os.DirFS(filepath.Join("testdata", name))))
	require.NoError(t, sandbox.WriteVars(s.root, s.vars(vars)))
	s.init()
	return s
}

func emptyStage(t *testing.T, config emulator.Config) *stage {
	t.Helper()
	aws, err := sandbox.Start(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, aws.Close()) })
	return &stage{Sandbox: aws, t: t, dir: t.TempDir()}
}

// vars are the stage's, overlaid.
func (s *stage) vars(over map[string]any) map[string]any {
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

// setVars changes the root's variables; nil takes one away.
func (s *stage) setVars(over map[string]any) {
	s.t.Helper()
	require.NoError(s.t, sandbox.WriteVars(s.root, s.vars(over)))
}

// become replaces the root's code by a fixture's, over the same state.
func (s *stage) become(name string) {
	s.t.Helper()
	old, err := filepath.Glob(filepath.Join(s.root, "*.tf"))
	require.NoError(s.t, err)
	for _, file := range old {
		require.NoError(s.t, os.Remove(file))
	}
	require.NoError(s.t, os.CopyFS(s.root, os.DirFS(filepath.Join("testdata", name))))
	s.init()
}

// another is a second root on the same AWS, with just these variables.
func (s *stage) another(example string, vars map[string]any) *stage {
	s.t.Helper()
	second := &stage{Sandbox: s.Sandbox, t: s.t, dir: s.t.TempDir()}
	var err error
	second.root, err = sandbox.CopyExample(second.dir, example, vars)
	require.NoError(s.t, err)
	second.init()
	return second
}

// override adds a file that Terraform merges over the root's own blocks.
func (s *stage) override(name, hcl string) {
	s.t.Helper()
	require.NoError(s.t, os.WriteFile(filepath.Join(s.root, name), []byte(hcl), 0o600))
}

// init goes through the product's own runner, which takes turns on the plugin
// cache where the provider is downloaded.
func (s *stage) init() {
	s.t.Helper()
	require.NoError(s.t, s.runner().Init(s.t.Context()))
}

func (s *stage) runner() *terraform.Runner {
	return toolchain.Runner(s.root, s.Emulator.Env()...)
}

func (s *stage) options(vars map[string]any) *tt.Options {
	env := map[string]string{}
	for _, entry := range s.runner().Env {
		name, value, _ := strings.Cut(entry, "=")
		env[name] = value
	}
	options := &tt.Options{
		TerraformBinary: toolchain.Binary.Path,
		TerraformDir:    s.root,
		EnvVars:         env,
		Vars:            vars,
		NoColor:         true,
		Logger:          logger.Discard,
	}
	if testing.Verbose() {
		options.Logger = logger.TestingT
	}
	return options
}

// planned plans with the variables and returns what the plan would do, and the
// options that apply just that.
func (s *stage) planned(vars map[string]any) (*tfjson.Plan, *tt.Options) {
	s.t.Helper()
	s.plan++
	options := s.options(vars)
	options.PlanFilePath = filepath.Join(s.dir, "plan-"+string(rune('a'+s.plan-1)))
	tt.PlanContext(s.t, s.t.Context(), options)
	plan := tt.ShowWithStructContext(s.t, s.t.Context(), options).RawPlan
	return &plan, options
}

// apply applies with the variables, as one deploy does.
func (s *stage) apply(vars map[string]any) {
	s.t.Helper()
	s.applyOutput(vars)
}

// applyOutput applies and returns what Terraform printed.
func (s *stage) applyOutput(vars map[string]any) string {
	s.t.Helper()
	return tt.ApplyContext(s.t, s.t.Context(), s.options(vars))
}

func applyPlan(t *testing.T, planned *tt.Options) {
	t.Helper()
	tt.ApplyContext(t, t.Context(), planned)
}

// removed destroys without a look at what else there is.
func (s *stage) removed() {
	s.t.Helper()
	tt.DestroyContext(s.t, s.t.Context(), s.options(nil))
}

// requireNoChanges plans again: what was applied must be all there is.
func (s *stage) requireNoChanges(vars map[string]any) {
	s.t.Helper()
	require.Equal(s.t, 0, tt.PlanExitCodeContext(s.t, s.t.Context(), s.options(vars)), "a second plan must be empty")
}

// destroy destroys, and requires that AWS is empty but for what the stage made.
func (s *stage) destroy(vars map[string]any) {
	s.t.Helper()
	tt.DestroyContext(s.t, s.t.Context(), s.options(vars))
	s.requireEmpty()
}

func (s *stage) requireEmpty() {
	s.t.Helper()
	left := map[string]int{}
	for kind, count := range s.Emulator.Inventory() {
		if count > 0 && kind != "hosted_zones" && kind != "certificates" && kind != "resource_record_sets" {
			left[kind] = count
		}
	}
	require.Empty(s.t, left, "destroy must leave nothing")
}

// output reads an output into v.
func (s *stage) output(name string, v any) {
	s.t.Helper()
	tt.OutputStructContext(s.t, s.t.Context(), s.options(nil), name, v)
}

// caFile is where the CA's certificate lies, for clients that take a file.
func (s *stage) caFile() string {
	s.t.Helper()
	file := filepath.Join(s.dir, "ca.pem")
	require.NoError(s.t, os.WriteFile(file, s.Emulator.CACertPEM(), 0o600))
	return file
}

// clients asks the URLs from now until the test ends.
func (s *stage) clients(rate float64, urls ...string) *probe.Prober {
	s.t.Helper()
	config := s.ProbeConfig(s.caFile())
	config.URLs, config.Rate = urls, rate
	prober, err := probe.New(config)
	require.NoError(s.t, err)
	ctx, cancel := context.WithCancel(context.WithoutCancel(s.t.Context()))
	require.NoError(s.t, prober.Start(ctx))
	s.t.Cleanup(func() { prober.Stop(); cancel() })
	return prober
}

// requireAll waits until every URL gives the verdict, several times in a row.
func requireAll(t *testing.T, prober *probe.Prober, verdict probe.Verdict, urls ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	require.NoError(t, prober.WaitFor(ctx, probe.All(verdict, urls), 5))
}
