package test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"apigateway-maintenance/internal/emulator"
)

// flow is what env0.yml says of deployments (docs.envzero.com, "Custom flows").
type flow struct {
	Version int
	Deploy  struct {
		Steps map[string]struct {
			Before, After []struct{ Name, Run string }
		}
	}
}

// environment is an env0 environment: the template folder and its variables.
type environment struct {
	*stage
	flow flow
	// path holds what is installed on the runner, beside the system's tools.
	path string
}

func newEnvironment(t *testing.T) *environment {
	t.Helper()
	e := &environment{stage: newStage(t, "env0", emulator.Config{}, nil)}
	text, err := os.ReadFile(filepath.Join(e.root, "env0.yml"))
	require.NoError(t, err)
	require.NoError(t, yaml.Unmarshal(text, &e.flow))
	require.Equal(t, 2, e.flow.Version)

	command, err := buildCommand()
	require.NoError(t, err)
	e.path = filepath.Join(e.dir, "runner")
	require.NoError(t, os.Mkdir(e.path, 0o755))
	require.NoError(t, os.Symlink(toolchain.Binary.Path, filepath.Join(e.path, toolchain.Binary.Name)))
	require.NoError(t, os.Symlink(command, filepath.Join(e.path, "maintenance")))
	curlrc := "connect-to = \"::" + e.Emulator.HTTPSAddr() + "\"\ncacert = \"" + e.caFile() + "\"\n"
	require.NoError(t, os.WriteFile(filepath.Join(e.dir, ".curlrc"), []byte(curlrc), 0o600))
	return e
}

// deployment is what a deploy came to, as env0's log shows it.
type deployment struct {
	failed  string // the step that failed it; empty for success
	log     string
	applied bool
}

// deploy runs the steps as env0 does: Terraform's own with the hooks around
// them, each in the template's folder, each hook in a shell of its own.
func (e *environment) deploy(vars map[string]any, env ...string) deployment {
	e.t.Helper()
	text, err := json.Marshal(vars)
	require.NoError(e.t, err)
	require.NoError(e.t, os.WriteFile(filepath.Join(e.root, "env0.auto.tfvars.json"), text, 0o600))
	var d deployment
	own := map[string][]string{
		"terraformPlan":  {"plan", "-input=false", "-out=.tf-plan"},
		"terraformApply": {"apply", "-input=false", ".tf-plan"},
	}
	for _, name := range []string{"terraformPlan", "terraformApply"} {
		step := e.flow.Deploy.Steps[name]
		for _, hook := range step.Before {
			if !e.sh(&d, hook.Name, env, "sh", "-c", hook.Run) {
				return d
			}
		}
		if !e.sh(&d, name, env, append([]string{toolchain.Binary.Path}, own[name]...)...) {
			return d
		}
		d.applied = name == "terraformApply"
		for _, hook := range step.After {
			if !e.sh(&d, hook.Name, env, "sh", "-c", hook.Run) {
				return d
			}
		}
	}
	return d
}

func (e *environment) sh(d *deployment, name string, env []string, args ...string) bool {
	e.t.Helper()
	cmd := exec.CommandContext(e.t.Context(), args[0], args[1:]...)
	cmd.Dir = e.root
	cmd.Env = append(append([]string{}, e.runner().Env...), "PATH="+e.path+":/usr/bin:/bin", "CURL_HOME="+e.dir, "TF_IN_AUTOMATION=1", "ENV0_ENVIRONMENT_NAME=orders")
	cmd.Env = append(cmd.Env, env...)
	out, err := cmd.CombinedOutput()
	d.log += string(out)
	if err != nil {
		d.failed = name
	}
	return err == nil
}

// TestEnv0 deploys examples/env0 through its env0.yml.
func TestEnv0(t *testing.T) {
	t.Parallel()
	const switchOnly = "MAINTENANCE_SWITCH_ONLY=true"
	const checkStep, verifyStep = "Check that the plan only switches", "Verify what clients get"
	e := newEnvironment(t)
	off, on := map[string]any{"maintenance_mode": false}, map[string]any{"maintenance_mode": true}

	d := e.deploy(off)
	require.Empty(t, d.failed, d.log)
	assert.Contains(t, d.log, "live  https://api.example.com/", "a first deploy goes through and is verified")

	t.Run("on passes as a pure switch and is verified", func(t *testing.T) {
		d := e.deploy(on, switchOnly)
		require.Empty(t, d.failed, d.log)
		assert.Contains(t, d.log, "The plan does nothing but switch.")
		assert.Contains(t, d.log, "maintenance  https://api.example.com/")
	})
	t.Run("a plan that does more fails before anything is applied", func(t *testing.T) {
		e.Emulator.ResetCalls()
		d := e.deploy(map[string]any{"maintenance_mode": false, "backend_url": e.Backend.URL + "/v2"}, switchOnly)
		assert.Equal(t, checkStep, d.failed, d.log)
		assert.False(t, d.applied)
		assert.Contains(t, d.log, "NOT DEPLOYED")
		assert.Contains(t, d.log, "aws_api_gateway_rest_api.live (update)")
		assert.Zero(t, countWrites(e.Emulator.Calls()))
	})
	t.Run("the same plan passes where ordinary changes are let through", func(t *testing.T) {
		d := e.deploy(map[string]any{"maintenance_mode": true, "backend_url": e.Backend.URL + "/v2"})
		require.Empty(t, d.failed, d.log)
		assert.Contains(t, d.log, "Note: the plan does more than switch")
	})
	t.Run("an answer that is not as the variable says fails the deployment", func(t *testing.T) {
		d := e.deploy(off, "MAINTENANCE_VERIFY_LIVE=418", "MAINTENANCE_VERIFY_SECONDS=1")
		assert.Equal(t, verifyStep, d.failed, d.log)
		assert.True(t, d.applied)
		assert.Contains(t, d.log, "SWITCHED, NOT CONFIRMED")
	})
	t.Run("a domain that the runner cannot reach is left out", func(t *testing.T) {
		d := e.deploy(on, "MAINTENANCE_VERIFY=skip", "CURL_HOME=/nowhere", switchOnly)
		require.Empty(t, d.failed, d.log)
		assert.Contains(t, d.log, "Not verified")
	})
	t.Run("off passes and is verified", func(t *testing.T) {
		d := e.deploy(off, switchOnly)
		require.Empty(t, d.failed, d.log)
		assert.Contains(t, d.log, "live  https://api.example.com/")
	})
}
