package harness

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Operator runs the command in a stage's root.
type Operator struct {
	*Stage
	command string
	// Env is the operator's.
	Env []string
	// Spoken is all that the command ever wrote, for the search for secrets.
	Spoken *bytes.Buffer
}

// Operator has the stage's root, its binary and its clients' view in the
// environment, so that the command needs no flags, and more where it is given.
func (s *Stage) Operator(env ...string) *Operator {
	s.T.Helper()
	s.requireSeen(env)
	command, err := BuildCommand()
	require.NoError(s.T, err)
	o := &Operator{Stage: s, command: command, Spoken: &bytes.Buffer{}}
	o.Env = append(s.Runner().Env, s.Exports(s.CAFile())...)
	o.Env = append(o.Env,
		"MAINTENANCE_CHDIR="+s.Root,
		"MAINTENANCE_TERRAFORM_BIN="+s.tools.Binary.Path,
		"MAINTENANCE_RATE=10",
		"MAINTENANCE_REQUEST_TIMEOUT="+patience.String(),
	)
	o.Env = append(o.Env, env...)
	return o
}

// Run runs the command.
func (o *Operator) Run(args ...string) Ran { return o.RunIn(nil, nil, args...) }

// RunIn runs the command with more environment; during is called once it runs.
func (o *Operator) RunIn(env []string, during func(*exec.Cmd), args ...string) Ran {
	o.T.Helper()
	o.requireSeen(env)
	ctx, cancel := context.WithTimeout(o.T.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, o.command, args...)
	cmd.Env = append(append([]string{}, o.Env...), env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // as a shell starts it
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	require.NoError(o.T, cmd.Start())
	if during != nil {
		during(cmd)
	}
	err := cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		require.NoError(o.T, err)
	}
	o.Spoken.WriteString(out.String() + errOut.String())
	return Ran{Code: cmd.ProcessState.ExitCode(), Out: out.String(), ErrOut: errOut.String()}
}

// Require runs the command and wants an exit code.
func (o *Operator) Require(code int, args ...string) Ran {
	o.T.Helper()
	r := o.Run(args...)
	require.Equal(o.T, code, r.Code, "maintenance %v\n%s\n%s", args, r.Out, r.ErrOut)
	return r
}

// Outcome is what a switch that must succeed came to.
func (o *Operator) Outcome(t *testing.T, args ...string) string {
	t.Helper()
	r := o.Require(0, append(args, "--auto-approve", "--json")...)
	return r.Last(t, "result")["data"].(map[string]any)["outcome"].(string)
}

// Terraform runs a command that must succeed in the root.
func (o *Operator) Terraform(args ...string) string {
	o.T.Helper()
	cmd := exec.CommandContext(o.T.Context(), o.tools.Binary.Path, args...)
	cmd.Dir, cmd.Env = o.Root, o.Env
	out, err := cmd.CombinedOutput()
	require.NoError(o.T, err, "%s", out)
	return string(out)
}
