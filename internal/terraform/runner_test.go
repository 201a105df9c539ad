package terraform

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPlanPassesEverythingOn(t *testing.T) {
	r, calls := fake(t, script{Exit: 2}, "TF_WORKSPACE=prod", "TF_CLI_ARGS_plan=-parallelism=3")
	changed, err := r.Plan(t.Context(), PlanOptions{
		Out:         "switch.tfplan",
		Switch:      "maintenance_mode=true",
		VarFiles:    []string{"prod.tfvars"},
		Targets:     []string{`module.domain.aws_api_gateway_base_path_mapping.this["/"]`},
		LockTimeout: 90 * time.Second,
		ExtraArgs:   []string{"-parallelism=30", "-refresh=false"},
	})
	require.NoError(t, err)
	assert.True(t, changed, "exit code 2 means changes")
	require.Len(t, calls(), 1)
	got := calls()[0]
	assert.Equal(t, []string{
		"plan", "-json", "-input=false", "-detailed-exitcode", "-out=switch.tfplan", "-lock-timeout=1m30s", "-var-file=prod.tfvars",
		"-var=maintenance_mode=true", `-target=module.domain.aws_api_gateway_base_path_mapping.this["/"]`,
		"-parallelism=30", "-refresh=false",
	}, got.Args)
	assert.Contains(t, got.Env, "TF_WORKSPACE=prod", "an operator's workspace is kept")
	assert.Contains(t, got.Env, "TF_CLI_ARGS_plan=-parallelism=3")
	assert.Equal(t, resolved(t, r.Dir), resolved(t, got.Dir))
}

func TestPlanWithoutChanges(t *testing.T) {
	r, _ := fake(t, script{Exit: 0})
	changed, err := r.Plan(t.Context(), PlanOptions{})
	require.NoError(t, err)
	assert.False(t, changed)
}

func TestPlanRefusesArgumentsThatWouldChangeWhatItIs(t *testing.T) {
	for _, arg := range []string{"-destroy", "--destroy", "-out=elsewhere", "-refresh-only", "-json"} {
		r, calls := fake(t, script{})
		_, err := r.Plan(t.Context(), PlanOptions{ExtraArgs: []string{arg}})
		require.ErrorContains(t, err, arg)
		assert.Equal(t, KindUsage, KindOf(err))
		assert.Empty(t, calls(), "nothing ran")
	}
}

func TestApplyTakesOnlyWhatAPlanFileAllows(t *testing.T) {
	r, calls := fake(t, script{})
	require.NoError(t, r.Apply(t.Context(), "switch.tfplan", ApplyOptions{
		LockTimeout: time.Second,
		ExtraArgs:   []string{"-parallelism=30", "-refresh=false", "-replace=a.b", "-lock=false"},
	}))
	assert.Equal(t, []string{"apply", "-json", "-input=false", "-lock-timeout=1s", "-parallelism=30", "-lock=false", "switch.tfplan"}, calls()[0].Args)
}

func TestEnsureInit(t *testing.T) {
	cases := map[string]struct {
		dataDir string // made before
		env     []string
		want    bool
	}{
		"a fresh root is initialised":                 {want: true},
		"an initialised root is left alone":           {dataDir: ".terraform"},
		"TF_DATA_DIR says where to look":              {dataDir: ".data", env: []string{"TF_DATA_DIR=.data"}},
		"TF_DATA_DIR that is not there means no init": {dataDir: ".terraform", env: []string{"TF_DATA_DIR=.data"}, want: true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			r, calls := fake(t, script{}, tc.env...)
			if tc.dataDir != "" {
				require.NoError(t, os.Mkdir(filepath.Join(r.Dir, tc.dataDir), 0o755))
			}
			did, err := r.EnsureInit(t.Context())
			require.NoError(t, err)
			assert.Equal(t, tc.want, did)
			if !tc.want {
				assert.Empty(t, calls())
				return
			}
			assert.Equal(t, []string{"init", "-no-color", "-input=false"}, calls()[0].Args, "never -upgrade")
		})
	}
}

func TestWhatIsReadIsNotStreamed(t *testing.T) {
	r, _ := fake(t, script{Stdout: `{"password":{"sensitive":true,"type":"string","value":"hunter2"}}`, Stderr: "hunter2 in a warning\n"})
	var out, diagnostics bytes.Buffer
	r.Stdout, r.Stderr = &out, &diagnostics
	outputs, err := r.Output(t.Context())
	require.NoError(t, err)
	assert.True(t, outputs["password"].Sensitive)
	assert.Equal(t, `"hunter2"`, string(outputs["password"].Value))
	assert.Empty(t, out.String()+diagnostics.String())
}

func TestFailureIsClassifiedAndStreamed(t *testing.T) {
	r, _ := fake(t, script{Exit: 1, Stdout: "Refreshing\n", Stderr: lockedDiagnostics})
	var out, diagnostics bytes.Buffer
	r.Stdout, r.Stderr = &out, &diagnostics
	_, err := r.Plan(t.Context(), PlanOptions{})
	assert.Equal(t, KindLocked, KindOf(err))
	assert.Equal(t, "Refreshing\n", out.String())
	assert.Equal(t, lockedDiagnostics, diagnostics.String())
}

func TestErrorsNeverHoldVariables(t *testing.T) {
	r, _ := fake(t, script{Exit: 1, Stderr: "Error: Bad\n\nSomething.\n"})
	require.NoError(t, os.WriteFile(filepath.Join(r.Dir, "main.tf"), []byte(`variable "token" {}`), 0o600))
	_, err := r.Plan(t.Context(), PlanOptions{Vars: []string{"token=hunter2"}})
	var e *Error
	require.ErrorAs(t, err, &e)
	assert.NotContains(t, e.Error()+e.Detail+e.Err.Error(), "hunter2")
}

func TestCheckRoot(t *testing.T) {
	t.Run("a folder without configuration is no root", func(t *testing.T) {
		r := New(t.TempDir(), Binary{Path: "/nowhere"})
		_, err := r.Plan(t.Context(), PlanOptions{})
		require.ErrorContains(t, err, "is not a Terraform root: it has no .tf file")
		assert.Equal(t, KindNotRoot, KindOf(err))
	})
	t.Run("a folder that is not there is told", func(t *testing.T) {
		assert.ErrorContains(t, New("/nowhere/at/all", Binary{}).CheckRoot(), "/nowhere/at/all is not a folder")
	})
	t.Run("JSON and OpenTofu files count, in a folder with an odd name too", func(t *testing.T) {
		for _, file := range []string{"main.tf.json", "main.tofu"} {
			dir := filepath.Join(t.TempDir(), "a[b]*")
			require.NoError(t, os.MkdirAll(dir, 0o755))
			require.NoError(t, os.WriteFile(filepath.Join(dir, file), nil, 0o600))
			assert.NoError(t, New(dir, Binary{}).CheckRoot())
		}
	})
	t.Run("a binary that is gone is told as such", func(t *testing.T) {
		r, _ := fake(t, script{})
		r.Binary.Path = "/nowhere/terraform"
		assert.Equal(t, KindBinary, KindOf(r.Init(t.Context())))
	})
}

func TestCancelAsksToStopAndWaits(t *testing.T) {
	r, calls := fake(t, script{AwaitInterrupt: true, Exit: 1})
	ctx, cancel := context.WithCancel(t.Context())
	out := &syncBuffer{onWrite: func(s string) {
		if strings.Contains(s, "waiting") {
			cancel()
		}
	}}
	r.Stdout = out
	err := r.Apply(ctx, "plan", ApplyOptions{})
	assert.Equal(t, KindInterrupted, KindOf(err))
	require.ErrorIs(t, err, context.Canceled)
	assert.Contains(t, out.String(), "stopping gracefully", "it got SIGINT, not SIGKILL")
	assert.Len(t, calls(), 1, "it ran to its own end")
}

func TestWhatWasToldToStopIsNotToldAgain(t *testing.T) {
	r, _ := fake(t, script{AwaitInterrupt: true, WasTold: true, Exit: 1})
	ctx, cancel := context.WithCancel(t.Context())
	out := &syncBuffer{onWrite: func(s string) {
		if strings.Contains(s, "waiting") {
			cancel()
		}
	}}
	r.Stdout = out
	assert.Equal(t, KindInterrupted, KindOf(r.Apply(ctx, "plan", ApplyOptions{})))
	assert.Contains(t, out.String(), "Interrupt received")
	assert.NotContains(t, out.String(), "told twice")
}

func TestACommandIsAskedToStopWhenItHeedsThat(t *testing.T) {
	r, _ := fake(t, script{AwaitInterrupt: true, Late: 2 * time.Second, Exit: 1})
	ctx, cancel := context.WithCancel(t.Context())
	out := &syncBuffer{onWrite: func(s string) {
		if strings.Contains(s, "waiting") {
			cancel()
		}
	}}
	r.Stdout = out
	assert.Equal(t, KindInterrupted, KindOf(r.Apply(ctx, "plan", ApplyOptions{})))
	assert.Regexp(t, `(?s)working.*stopping gracefully`, out.String())
}

func TestAnApplyMayTakeSoLongAndNoLonger(t *testing.T) {
	r, _ := fake(t, script{AwaitInterrupt: true, Exit: 1})
	err := r.Apply(t.Context(), "plan", ApplyOptions{Timeout: 300 * time.Millisecond})
	assert.Equal(t, KindTimeout, KindOf(err))
	require.ErrorContains(t, err, "it took longer than it may (--apply-timeout), so Terraform was asked to stop")
	assert.NotErrorIs(t, err, context.Canceled)
}

func TestWhatChangesSomethingWritesToFilesOfOurs(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	r, calls := fake(t, script{Stdout: "one\ntwo\nlast", Stderr: "warned\n"})
	var out, errOut bytes.Buffer
	r.Stdout, r.Stderr = &out, &errOut
	require.NoError(t, r.Init(t.Context()))
	_, err := r.Plan(t.Context(), PlanOptions{})
	require.NoError(t, err)
	require.NoError(t, r.Apply(t.Context(), "plan", ApplyOptions{}))
	assert.Equal(t, strings.Repeat("one\ntwo\nlast\n", 3), out.String())
	assert.Equal(t, strings.Repeat("warned\n", 3), errOut.String())
	for _, c := range calls() {
		assert.False(t, c.Piped, c.Args)
	}
	left, err := os.ReadDir(os.TempDir())
	require.NoError(t, err)
	assert.Empty(t, left)
}

func TestCancelledBeforeItStartsRunsNothing(t *testing.T) {
	r, calls := fake(t, script{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	assert.Equal(t, KindInterrupted, KindOf(r.Init(ctx)))
	assert.Empty(t, calls())
}

// syncBuffer is written by the goroutine that copies the child's output.
type syncBuffer struct {
	mu      sync.Mutex
	buf     bytes.Buffer
	onWrite func(string)
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.onWrite(string(p))
	return b.buf.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

func resolved(t *testing.T, path string) string {
	t.Helper()
	real, err := filepath.EvalSymlinks(path)
	require.NoError(t, err)
	return real
}
