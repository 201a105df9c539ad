package harness

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// BuildCommand builds the operator's command once for all tests.
var BuildCommand = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "maintenance-command-*")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "maintenance")
	out, err := exec.Command("go", "build", "-o", path, "../cmd/maintenance").CombinedOutput()
	if err != nil {
		return "", errors.New(string(out))
	}
	return path, nil
})

// Ran is what a run of the command came to.
type Ran struct {
	Code        int
	Out, ErrOut string
}

// Events parses --json output, each line of which must be an object.
func (r Ran) Events(t *testing.T) []map[string]any {
	t.Helper()
	var all []map[string]any
	for line := range strings.Lines(r.Out) {
		var event map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &event), line)
		all = append(all, event)
	}
	return all
}

// Last is the last event of a name.
func (r Ran) Last(t *testing.T, name string) map[string]any {
	t.Helper()
	events := r.Events(t)
	for i := len(events) - 1; i >= 0; i-- {
		if events[i]["event"] == name {
			return events[i]
		}
	}
	require.Fail(t, "no event "+name, r.Out)
	return nil
}

// Run runs the command.
func (o *Shop) Run(args ...string) Ran { return o.RunIn(nil, nil, args...) }

// RunIn runs the command with more environment; during is called once it runs.
func (o *Shop) RunIn(env []string, during func(*exec.Cmd), args ...string) Ran {
	o.T.Helper()
	ctx, cancel := context.WithTimeout(o.T.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, o.command, args...)
	cmd.Env = append(append([]string{}, o.Env...), env...)
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
	o.spoken.WriteString(out.String() + errOut.String())
	return Ran{Code: cmd.ProcessState.ExitCode(), Out: out.String(), ErrOut: errOut.String()}
}

// Require runs the command and wants an exit code.
func (o *Shop) Require(code int, args ...string) Ran {
	o.T.Helper()
	r := o.Run(args...)
	require.Equal(o.T, code, r.Code, "maintenance %v\n%s\n%s", args, r.Out, r.ErrOut)
	return r
}

// Outcome is what a switch that must succeed came to.
func (o *Shop) Outcome(t *testing.T, args ...string) string {
	t.Helper()
	r := o.Require(0, append(args, "--auto-approve", "--json")...)
	return r.Last(t, "result")["data"].(map[string]any)["outcome"].(string)
}
