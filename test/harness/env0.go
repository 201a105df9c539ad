package harness

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/need"
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

// Environment is an env0 environment: the template folder and its variables.
type Environment struct {
	*Stage
	flow flow
	// path holds what is installed on the runner, beside the system's tools.
	path string
}

// NewEnvironment has what env0 has on its runner, and the example deployed nowhere.
func NewEnvironment(t *testing.T) *Environment {
	t.Helper()
	need.For(t, need.Curl)
	e := &Environment{Stage: NewStage(t, "env0", emulator.Config{}, nil)}
	text, err := os.ReadFile(filepath.Join(e.Root, "env0.yml"))
	require.NoError(t, err)
	require.NoError(t, yaml.Unmarshal(text, &e.flow))
	require.Equal(t, 2, e.flow.Version)

	command, err := BuildCommand()
	require.NoError(t, err)
	e.path = filepath.Join(e.Dir, "runner")
	require.NoError(t, os.Mkdir(e.path, 0o755))
	require.NoError(t, os.Symlink(Toolchain.Binary.Path, filepath.Join(e.path, Toolchain.Binary.Name)))
	require.NoError(t, os.Symlink(command, filepath.Join(e.path, "maintenance")))
	curlrc := "connect-to = \"::" + e.Emulator.HTTPSAddr() + "\"\ncacert = \"" + e.CAFile() + "\"\n"
	require.NoError(t, os.WriteFile(filepath.Join(e.Dir, ".curlrc"), []byte(curlrc), 0o600))
	return e
}

// Deployment is what a deploy came to, as env0's log shows it.
type Deployment struct {
	Failed  string // the step that failed it; empty for success
	Log     string
	Applied bool
}

// Deploy runs the steps as env0 does: Terraform's own with the hooks around
// them, each in the template's folder, each hook in a shell of its own.
func (e *Environment) Deploy(vars map[string]any, env ...string) Deployment {
	e.T.Helper()
	text, err := json.Marshal(vars)
	require.NoError(e.T, err)
	require.NoError(e.T, os.WriteFile(filepath.Join(e.Root, "env0.auto.tfvars.json"), text, 0o600))
	var d Deployment
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
		if !e.sh(&d, name, env, append([]string{Toolchain.Binary.Path}, own[name]...)...) {
			return d
		}
		d.Applied = name == "terraformApply"
		for _, hook := range step.After {
			if !e.sh(&d, hook.Name, env, "sh", "-c", hook.Run) {
				return d
			}
		}
	}
	return d
}

func (e *Environment) sh(d *Deployment, name string, env []string, args ...string) bool {
	e.T.Helper()
	cmd := exec.CommandContext(e.T.Context(), args[0], args[1:]...)
	cmd.Dir = e.Root
	cmd.Env = append(append([]string{}, e.Runner().Env...), "PATH="+e.path+":/usr/bin:/bin", "CURL_HOME="+e.Dir, "TF_IN_AUTOMATION=1", "ENV0_ENVIRONMENT_NAME=orders")
	cmd.Env = append(cmd.Env, env...)
	out, err := cmd.CombinedOutput()
	d.Log += string(out)
	if err != nil {
		d.Failed = name
	}
	return err == nil
}
