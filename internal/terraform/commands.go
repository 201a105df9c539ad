package terraform

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-exec/tfexec"
	tfjson "github.com/hashicorp/terraform-json"

	"apigateway-maintenance/internal/file"
)

// Init runs `init`, never with -upgrade: versions move only where their owner
// moves them.
func (r *Runner) Init(ctx context.Context, args ...string) error {
	if r.BeforeInit != nil {
		release, err := r.BeforeInit(ctx)
		if err != nil {
			return err
		}
		defer release()
	}
	_, err := r.stream(ctx, invocation{args: slices.Concat([]string{"init", "-input=false"}, args)})
	return err
}

// EnsureInit runs `init` only where the root has not been initialised: it has
// no data folder (TF_DATA_DIR, else .terraform). It says whether it did. What
// else can be missing (a provider added since) only a command can tell: it
// fails with [KindInit].
func (r *Runner) EnsureInit(ctx context.Context) (bool, error) {
	if err := r.CheckRoot(); err != nil {
		return false, err
	}
	data := Lookup(r.env(), "TF_DATA_DIR")
	if data == "" {
		data = ".terraform"
	}
	if !filepath.IsAbs(data) {
		data = filepath.Join(r.Dir, data)
	}
	if _, err := os.Stat(data); err == nil {
		return false, nil
	}
	return true, r.Init(ctx)
}

// PlanOptions are what a plan may be given; the zero value plans everything
// with what the root itself sets.
type PlanOptions struct {
	// Out is the plan file, absolute or relative to the root's folder.
	Out string
	// Vars are "name=value", in Terraform's order of precedence. They may be
	// secret, so they go through a file that only its owner can read.
	Vars []string
	// Switch is one more "name=value", the strongest and no secret.
	Switch string
	// VarFiles are paths, relative to the root's folder.
	VarFiles []string
	// Targets are resource addresses.
	Targets []string
	// LockTimeout is how long to wait for a lock; zero says nothing about it.
	LockTimeout time.Duration
	// NoRefresh plans from the state as it is, without asking AWS.
	NoRefresh bool
	// Destroy plans to destroy everything.
	Destroy bool
	// ExtraArgs go to the command as they are.
	ExtraArgs []string
}

// planOwned are flags that decide what a plan is or where it goes; as extra
// arguments they would make the plan something else than its caller checks.
var planOwned = []string{"out", "destroy", "refresh-only", "json", "detailed-exitcode", "input", "generate-config-out"}

// Plan writes a plan file and says whether it holds changes (outputs count).
func (r *Runner) Plan(ctx context.Context, opts PlanOptions) (changed bool, err error) {
	for _, arg := range opts.ExtraArgs {
		if slices.Contains(planOwned, flagName(arg)) {
			return false, &Error{Kind: KindUsage, Op: "plan", Summary: fmt.Sprintf("%s cannot be passed on to plan: this command decides it itself", arg)}
		}
	}
	args := []string{"plan", "-input=false", "-detailed-exitcode"}
	if opts.Out != "" {
		args = append(args, "-out="+opts.Out)
	}
	if opts.NoRefresh {
		args = append(args, "-refresh=false")
	}
	if opts.Destroy {
		args = append(args, "-destroy")
	}
	code, err := r.streamPlanned(ctx, args, opts)
	if code == 2 { // -detailed-exitcode: succeeded, there are changes
		return true, nil
	}
	return false, err
}

// streamPlanned runs a command that plans with the options' variables.
func (r *Runner) streamPlanned(ctx context.Context, args []string, opts PlanOptions) (int, error) {
	varFiles := slices.Clone(opts.VarFiles)
	if len(opts.Vars) > 0 {
		text, err := r.varsText(opts.Vars)
		if err != nil {
			return -1, err
		}
		scratch, err := file.NewScratch()
		if err != nil {
			return -1, err
		}
		defer scratch.Remove()
		varFiles = append(varFiles, scratch.Path("values.tfvars"))
		if err := file.Write(scratch.Path("values.tfvars"), text); err != nil {
			return -1, err
		}
	}
	args = append(args, lockTimeout(opts.LockTimeout)...)
	args = append(args, each("-var-file=", varFiles)...)
	if opts.Switch != "" {
		args = append(args, "-var="+opts.Switch)
	}
	args = append(args, each("-target=", opts.Targets)...)
	for _, arg := range opts.ExtraArgs { // the values of -var-file are among them
		if _, value, found := strings.Cut(arg, "="); found {
			arg = value
		}
		varFiles = append(varFiles, arg)
	}
	return r.stream(ctx, invocation{args: append(args, opts.ExtraArgs...), json: true, varFiles: varFiles})
}

// ApplyOptions are what applying a plan file may be given.
type ApplyOptions struct {
	LockTimeout time.Duration
	// Timeout is how long the apply may take beside the wait for the lock, before
	// Terraform is asked to stop; zero bounds nothing.
	Timeout time.Duration
	// Progress is told what becomes of each resource; nil is told nothing.
	Progress *Progress
	// Log is a file for the provider's log while the apply runs, by which Progress
	// knows of each attempt; empty keeps none. The log may hold secrets.
	Log string
	// ExtraArgs are the plan's; those that only a plan takes are left out.
	ExtraArgs []string
}

// applyTakes are the flags that `apply PLANFILE` takes: what is planned, it
// refuses to be told again.
var applyTakes = []string{"parallelism", "lock", "lock-timeout", "state", "state-out", "backup", "compact-warnings"}

// Apply applies a plan file, without asking.
func (r *Runner) Apply(ctx context.Context, planFile string, opts ApplyOptions) error {
	args := append([]string{"apply", "-input=false"}, lockTimeout(opts.LockTimeout)...)
	for _, arg := range opts.ExtraArgs {
		if slices.Contains(applyTakes, flagName(arg)) {
			args = append(args, arg)
		}
	}
	if opts.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, opts.Timeout+opts.LockTimeout, errApplyTimeout)
		defer cancel()
	}
	c := invocation{args: append(args, planFile), json: true, listen: opts.Progress.hear}
	if opts.Log != "" && !r.logs() {
		stop, env, err := opts.Progress.follow(opts.Log)
		if err != nil {
			return err
		}
		defer stop()
		c.env = env
	}
	_, err := r.stream(ctx, c)
	return err
}

// logs says that the operator wants a log of Terraform's own, which then goes
// where he said.
func (r *Runner) logs() bool {
	return slices.ContainsFunc(r.env(), func(entry string) bool {
		name, value, _ := strings.Cut(entry, "=")
		return strings.HasPrefix(name, "TF_LOG") && value != ""
	})
}

// Destroy destroys everything in the root's state, without asking. Of opts,
// Out and Destroy have no meaning here.
func (r *Runner) Destroy(ctx context.Context, opts PlanOptions) error {
	_, err := r.streamPlanned(ctx, []string{"destroy", "-input=false", "-auto-approve"}, opts)
	return err
}

// ShowPlan reads a plan file that this root made. It holds sensitive values in
// the clear: print none of it unfiltered.
func (r *Runner) ShowPlan(ctx context.Context, planFile string) (*tfjson.Plan, error) {
	text, err := r.ShowPlanJSON(ctx, planFile)
	if err != nil {
		return nil, err
	}
	var plan tfjson.Plan
	if err := json.Unmarshal(text, &plan); err != nil {
		return nil, fmt.Errorf("read the answer of %s show: %w", r.Binary.Name, err)
	}
	return &plan, nil
}

// ShowPlanJSON is the plan's JSON itself, with what [tfjson.Plan] has no field
// for.
func (r *Runner) ShowPlanJSON(ctx context.Context, planFile string) ([]byte, error) {
	return r.read(ctx, "show", "-json", "-no-color", planFile)
}

// Validate checks the root without its state or variables.
func (r *Runner) Validate(ctx context.Context) (*tfjson.ValidateOutput, error) {
	tf, err := r.exec()
	if err != nil {
		return nil, err
	}
	out, err := tf.Validate(ctx)
	if err != nil {
		return nil, execError(ctx, "validate", err)
	}
	return out, nil
}

// State reads the state of the selected workspace, sensitive values in the
// clear. It is empty, not nil, before the first apply.
func (r *Runner) State(ctx context.Context) (*tfjson.State, error) {
	var state tfjson.State
	if err := r.readJSON(ctx, &state, "show", "-json", "-no-color"); err != nil {
		return nil, err
	}
	return &state, nil
}

// Output reads the root's outputs from its state, sensitive ones in the clear
// (each says whether it is).
func (r *Runner) Output(ctx context.Context) (map[string]tfexec.OutputMeta, error) {
	outputs := map[string]tfexec.OutputMeta{}
	if err := r.readJSON(ctx, &outputs, "output", "-json", "-no-color"); err != nil {
		return nil, err
	}
	return outputs, nil
}

// Workspace is the name of the selected workspace, TF_WORKSPACE included.
func (r *Runner) Workspace(ctx context.Context) (string, error) {
	out, err := r.read(ctx, "workspace", "show", "-no-color")
	return strings.TrimSpace(string(out)), err
}

// exec makes terraform-exec's runner for what depends on neither workspace nor
// variables, which are what its CleanEnv takes out.
func (r *Runner) exec() (*tfexec.Terraform, error) {
	if err := r.CheckRoot(); err != nil {
		return nil, err
	}
	tf, err := tfexec.NewTerraform(r.Dir, r.Binary.Path)
	if err != nil {
		return nil, binaryError(err, "%s cannot run in %s", r.Binary.Path, r.Dir)
	}
	env := map[string]string{}
	for _, entry := range r.env() {
		name, value, _ := strings.Cut(entry, "=")
		env[name] = value
	}
	if err := tf.SetEnv(tfexec.CleanEnv(env)); err != nil {
		return nil, fmt.Errorf("set the environment of %s: %w", r.Binary.Name, err)
	}
	return tf, nil
}

func lockTimeout(d time.Duration) []string {
	if d <= 0 {
		return nil
	}
	return []string{"-lock-timeout=" + d.String()}
}

func each(prefix string, values []string) []string {
	args := make([]string, len(values))
	for i, v := range values {
		args[i] = prefix + v
	}
	return args
}

// flagName is the name in "-name=value" or "--name", empty for anything else.
func flagName(arg string) string {
	name, _, _ := strings.Cut(arg, "=")
	trimmed := strings.TrimLeft(name, "-")
	if trimmed == name {
		return ""
	}
	return trimmed
}
