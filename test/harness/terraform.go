package harness

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/gruntwork-io/terratest/modules/logger"
	tt "github.com/gruntwork-io/terratest/modules/terraform"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/terraform"
)

// Init goes through the product's own runner, which takes turns on the plugin
// cache where the provider is downloaded. It installs the provider and locks
// its version whether a command starts it later or attaches to it.
func (s *Stage) Init() {
	s.T.Helper()
	require.NoError(s.T, s.unattached().Init(s.T.Context()))
}

func (s *Stage) unattached() *terraform.Runner {
	return s.tools.Runner(s.Root, s.Emulator.Env()...)
}

// Runner runs Terraform in the root, which is initialised, on the stage's AWS.
func (s *Stage) Runner() *terraform.Runner {
	s.T.Helper()
	return s.tools.Runner(s.Root, append(s.Emulator.Env(), s.attached()...)...)
}

// Options are those of a Terratest call in the root.
func (s *Stage) Options(vars map[string]any) *tt.Options {
	env := map[string]string{}
	for _, entry := range s.Runner().Env {
		name, value, _ := strings.Cut(entry, "=")
		env[name] = value
	}
	options := &tt.Options{
		TerraformBinary: s.tools.Binary.Path,
		TerraformDir:    s.Root,
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

// Planned plans with the variables and returns what the plan would do, and the
// options that apply just that.
func (s *Stage) Planned(vars map[string]any) (*tfjson.Plan, *tt.Options) {
	s.T.Helper()
	s.plan++
	options := s.Options(vars)
	options.PlanFilePath = filepath.Join(s.Dir, "plan-"+string(rune('a'+s.plan-1)))
	tt.PlanContext(s.T, s.T.Context(), options)
	plan := tt.ShowWithStructContext(s.T, s.T.Context(), options).RawPlan
	return &plan, options
}

// Apply applies with the variables, as one deploy does.
func (s *Stage) Apply(vars map[string]any) {
	s.T.Helper()
	s.ApplyOutput(vars)
}

// ApplyOutput applies and returns what Terraform printed.
func (s *Stage) ApplyOutput(vars map[string]any) string {
	s.T.Helper()
	return tt.ApplyContext(s.T, s.T.Context(), s.Options(vars))
}

// ApplyPlan applies what [Stage.Planned] planned.
func ApplyPlan(t *testing.T, planned *tt.Options) {
	t.Helper()
	tt.ApplyContext(t, t.Context(), planned)
}

// Removed destroys without a look at what else there is.
func (s *Stage) Removed() {
	s.T.Helper()
	tt.DestroyContext(s.T, s.T.Context(), s.Options(nil))
}

// RequireNoChanges plans again: what was applied must be all there is.
func (s *Stage) RequireNoChanges(vars map[string]any) {
	s.T.Helper()
	require.Equal(s.T, 0, tt.PlanExitCodeContext(s.T, s.T.Context(), s.Options(vars)), "a second plan must be empty")
}

// Destroy destroys, and requires that AWS is empty but for what the stage made.
func (s *Stage) Destroy(vars map[string]any) {
	s.T.Helper()
	tt.DestroyContext(s.T, s.T.Context(), s.Options(vars))
	s.RequireEmpty()
}

// RequireEmpty requires that AWS holds nothing but what the stage made.
func (s *Stage) RequireEmpty() {
	s.T.Helper()
	left := map[string]int{}
	for kind, count := range s.Emulator.Inventory() {
		if count > 0 && kind != "hosted_zones" && kind != "certificates" && kind != "resource_record_sets" {
			left[kind] = count
		}
	}
	require.Empty(s.T, left, "destroy must leave nothing")
}

// Output reads an output into v.
func (s *Stage) Output(name string, v any) {
	s.T.Helper()
	tt.OutputStructContext(s.T, s.T.Context(), s.Options(nil), name, v)
}
