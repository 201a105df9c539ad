//go:build unix

package terraform_test

import (
	"bytes"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/need"
	"apigateway-maintenance/internal/terraform"
	"apigateway-maintenance/internal/toolchain"
)

// root needs no provider beyond the one built into the binary, so these tests
// cost about a second and no network.
const root = `
variable "mode" {
  type    = bool
  default = false
}

variable "token" {
  type      = string
  sensitive = true
  default   = "none"
}

resource "terraform_data" "switch" {
  input = var.mode
}

output "mode" {
  value = terraform_data.switch.input
}

output "token" {
  value     = var.token
  sensitive = true
}
`

// realRunner runs whatever product of that name the machine has in a new root.
func realRunner(t *testing.T, name string) (*terraform.Runner, *bytes.Buffer) {
	t.Helper()
	if testing.Short() {
		t.Skip("runs Terraform")
	}
	tool := map[string]need.Tool{terraform.Terraform: need.Terraform, terraform.OpenTofu: need.OpenTofu}[name]
	path := need.For(t, tool)
	tools, err := toolchain.Prepare(t.Context(), toolchain.EnsureOptions{Path: path, CacheDir: t.TempDir()})
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "main.tf"), []byte(root), 0o600))
	r := tools.Runner(dir)
	var out bytes.Buffer
	r.Stdout, r.Stderr = &out, &out
	return r, &out
}

func TestRealRoundTrip(t *testing.T) {
	for _, name := range []string{terraform.Terraform, terraform.OpenTofu} {
		t.Run(name, func(t *testing.T) {
			r, out := realRunner(t, name)
			ctx := t.Context()
			require.NoError(t, r.Init(ctx))

			empty, err := r.State(ctx)
			require.NoError(t, err)
			assert.Nil(t, empty.Values, "no state before the first apply")

			changed, err := r.Plan(ctx, terraform.PlanOptions{Out: "on.tfplan", Vars: []string{"mode=true", "token=hunter2"}})
			require.NoError(t, err, out)
			assert.True(t, changed)
			plan, err := r.ShowPlan(ctx, "on.tfplan")
			require.NoError(t, err)
			require.Len(t, terraform.Changes(plan), 1)
			assert.Equal(t, "terraform_data.switch", terraform.Changes(plan)[0].Address)
			assert.Equal(t, true, terraform.PlannedOutputs(plan)["mode"].Value)
			assert.True(t, terraform.PlannedOutputs(plan)["token"].Sensitive)

			require.NoError(t, r.Apply(ctx, "on.tfplan", terraform.ApplyOptions{ExtraArgs: []string{"-parallelism=1"}}))
			assert.Contains(t, out.String(), "Apply complete!")
			outputs, err := r.Output(ctx)
			require.NoError(t, err)
			assert.Equal(t, "true", string(outputs["mode"].Value))
			assert.Equal(t, terraform.KindStalePlan, terraform.KindOf(r.Apply(ctx, "on.tfplan", terraform.ApplyOptions{})))

			workspace, err := r.Workspace(ctx)
			require.NoError(t, err)
			assert.Equal(t, "default", workspace)

			_, err = r.Plan(ctx, terraform.PlanOptions{Vars: []string{"mode=perhaps"}})
			require.Error(t, err)
			assert.Equal(t, terraform.KindOther, terraform.KindOf(err))
			assert.Contains(t, err.Error(), "Invalid value for input variable")

			require.NoError(t, r.Destroy(ctx, terraform.PlanOptions{}))
			assert.NotContains(t, out.String(), "hunter2")
		})
	}
}

func TestRealWorkspaceOfTheEnvironmentIsKept(t *testing.T) {
	r, _ := realRunner(t, terraform.Terraform)
	ctx := t.Context()
	require.NoError(t, r.Init(ctx))
	_, err := r.Plan(ctx, terraform.PlanOptions{Out: "p.tfplan"})
	require.NoError(t, err)
	require.NoError(t, r.Apply(ctx, "p.tfplan", terraform.ApplyOptions{}))

	blue := *r
	blue.Env = terraform.Merge(r.Env, []string{"TF_WORKSPACE=blue"})
	name, err := blue.Workspace(ctx)
	require.NoError(t, err)
	assert.Equal(t, "blue", name)
	changed, err := blue.Plan(ctx, terraform.PlanOptions{})
	require.NoError(t, err)
	assert.True(t, changed, "the other workspace has nothing yet")
}

func TestRealLockNamesItsHolder(t *testing.T) {
	r, _ := realRunner(t, terraform.Terraform)
	ctx := t.Context()
	require.NoError(t, r.Init(ctx))

	// What the local backend does to lock: fcntl on the state file, and a file
	// beside it that tells about the holder.
	state, err := os.Create(filepath.Join(r.Dir, "terraform.tfstate"))
	require.NoError(t, err)
	defer state.Close()
	require.NoError(t, syscall.FcntlFlock(state.Fd(), syscall.F_SETLK, &syscall.Flock_t{Type: syscall.F_WRLCK}))
	info := `{"ID":"42","Operation":"OperationTypeApply","Info":"","Who":"ada@build-7","Version":"1.11.4","Created":"2026-11-24T01:02:03Z","Path":"terraform.tfstate"}`
	require.NoError(t, os.WriteFile(filepath.Join(r.Dir, ".terraform.tfstate.lock.info"), []byte(info), 0o600))

	_, err = r.Plan(ctx, terraform.PlanOptions{})
	var e *terraform.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, terraform.KindLocked, e.Kind, e.Detail)
	require.NotNil(t, e.Lock, e.Detail)
	assert.Equal(t, "ada@build-7", e.Lock.Who)
	assert.Equal(t, "42", e.Lock.ID)
}

func TestRealDiagnosticsAreClassified(t *testing.T) {
	r, _ := realRunner(t, terraform.Terraform)
	ctx := t.Context()
	backend := filepath.Join(r.Dir, "backend.tf")
	require.NoError(t, os.WriteFile(backend, []byte("terraform {\n  backend \"local\" {\n    path = \"a.tfstate\"\n  }\n}\n"), 0o600))
	_, err := r.Plan(ctx, terraform.PlanOptions{})
	assert.Equal(t, terraform.KindInit, terraform.KindOf(err), "%v", err)
	require.NoError(t, r.Init(ctx))
	require.NoError(t, os.WriteFile(backend, []byte("terraform {\n  backend \"local\" {\n    path = \"b.tfstate\"\n  }\n}\n"), 0o600))
	_, err = r.Plan(ctx, terraform.PlanOptions{})
	assert.Equal(t, terraform.KindBackend, terraform.KindOf(err), "%v", err)
}
