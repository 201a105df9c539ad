package test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/probe"
	"apigateway-maintenance/internal/terraform"
	"apigateway-maintenance/test/harness"
)

// killPoint is who is killed and when: after so many updates of mappings, or
// during the plan.
type killPoint struct {
	victim  string
	updates int
}

const duringPlan = -1

const (
	victimTerraform = "terraform"
	victimProvider  = "the provider"
	victimCommand   = "maintenance with its group"
)

// killPoints are all, or a few that stand for them.
func killPoints() []killPoint {
	if !harness.Thorough() {
		return []killPoint{{victimTerraform, 2}, {victimProvider, 3}, {victimCommand, 1}}
	}
	var all []killPoint
	for _, victim := range []string{victimTerraform, victimProvider, victimCommand} {
		for updates := duringPlan; updates <= manyPaths; updates++ {
			all = append(all, killPoint{victim, updates})
		}
	}
	return all
}

const manyPaths = 5

// manyURLs are those of the fixture's base paths.
func manyURLs() (urls []string) {
	for i := range manyPaths {
		urls = append(urls, fmt.Sprintf("https://api.example.com/path%d", i))
	}
	return urls
}

// TestKilled kills a switch at points between its updates, on a state on disk and
// on a backend whose lock outlives its holder. The same command again completes
// it, and clients only ever get the one answer or the other.
func TestKilled(t *testing.T) {
	t.Parallel()
	tools := harness.Toolchains(t)
	for _, c := range []struct {
		product string
		remote  bool
	}{{terraform.Terraform, false}, {terraform.OpenTofu, true}} {
		if tools[c.product] == nil {
			continue // Toolchains has said so
		}
		t.Run(fmt.Sprintf("%s, remote state %t", c.product, c.remote), func(t *testing.T) {
			t.Parallel()
			s := harness.NewFixtureWith(t, tools[c.product], "many", emulator.Config{}, map[string]any{"paths": manyPaths})
			var backend *harness.StateServer
			if c.remote {
				backend = s.UseStateServer()
			}
			s.Apply(map[string]any{"maintenance_mode": false})
			prober := s.Clients(3, manyURLs()...)
			temporary := t.TempDir()
			o := s.Operator("TMPDIR=" + temporary)
			for i, point := range killPoints() {
				direction := []string{"on", "off"}[i%2]
				t.Run(fmt.Sprintf("%s at %d", point.victim, point.updates), func(t *testing.T) {
					killAt(t, o, point, direction)
					completes(t, o, backend, direction)
					left, err := filepath.Glob(filepath.Join(temporary, "maintenance-*"))
					require.NoError(t, err)
					assert.Empty(t, left, "folders of the run that was killed hold secrets")
				})
			}
			requireNoneWrong(t, prober)
		})
	}
}

// requireNoneWrong requires that clients only ever got the one answer or the
// other.
func requireNoneWrong(t *testing.T, prober *probe.Prober) {
	t.Helper()
	prober.Stop()
	for _, url := range prober.Timeline().Summary().URLs {
		if url.Counts[probe.Wrong] > 0 {
			assert.Fail(t, "a wrong answer", "%d of %s, the first: %+v", url.Counts[probe.Wrong], url.URL, url.WrongFirst[0])
		}
	}
}

// killAt runs a switch, one update after another, until it comes to the point.
func killAt(t *testing.T, o *harness.Operator, point killPoint, direction string) {
	t.Helper()
	o.Emulator.SetFaults(&emulator.Faults{Rules: []emulator.Fault{{Operation: "UpdateBasePathMapping", Latency: 300 * time.Millisecond}}})
	defer o.Emulator.SetFaults(nil)
	o.Emulator.ResetCalls()
	var below []harness.Process
	r := o.RunIn([]string{harness.Anew}, func(cmd *exec.Cmd) {
		require.Eventually(t, func() bool { return reached(o, point) }, 2*time.Minute, 5*time.Millisecond)
		below = harness.Below(cmd.Process.Pid)
		switch point.victim {
		case victimTerraform:
			harness.Kill(harness.Named(below, "terraform", "tofu")[:1]...)
		case victimProvider:
			harness.Kill(harness.Named(below, "terraform-provi")...)
		default:
			require.NoError(t, syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL))
		}
	}, direction, "--auto-approve", "--", "-parallelism=1")
	assert.NotZero(t, r.Code, r.Out)
	if point.victim != victimCommand {
		assert.NotEmpty(t, r.ErrOut)
	}
	harness.RequireGone(t, below)
}

// reached says whether a switch has come to a point. Each of Terraform's
// commands asks first who it is: the plan, then the apply.
func reached(o *harness.Operator, point killPoint) bool {
	asked, updated := 0, 0
	for _, call := range o.Emulator.Calls() {
		switch call.Operation {
		case "GetCallerIdentity":
			asked++
		case "UpdateBasePathMapping":
			updated++
		}
	}
	if point.updates == duringPlan {
		return asked >= 1
	}
	return asked >= 2 && updated >= point.updates
}

// completes runs the same command again, and once more where the lock of the dead
// had to be released as it says.
func completes(t *testing.T, o *harness.Operator, backend *harness.StateServer, direction string) {
	t.Helper()
	r := o.Run(direction, "--auto-approve")
	if backend != nil && backend.LockID() != "" {
		assert.Equal(t, 5, r.Code, r.ErrOut)
		assert.Contains(t, r.ErrOut, "lock "+backend.LockID()+"); wait for that run, or use force-unlock if it is dead")
		o.Unlock(backend.LockID())
		r = o.Run(direction, "--auto-approve")
	}
	require.Equal(t, 0, r.Code, "%s\n%s", r.Out, r.ErrOut)
	o.Require(0, append([]string{"verify", "--expect", direction}, manyURLs()...)...)
}
