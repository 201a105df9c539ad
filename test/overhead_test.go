package test

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/test/harness"
)

// TestOverhead compares `maintenance on` and `off` with a bare `terraform plan
// -out` and `apply` of the same, turn about in one run, and takes the best of
// each: what else the machine does only ever adds. The command may take a start
// of the providers more, from which the guard reads the plan, as long as
// `terraform show` takes in the same run. One root's switch takes about a minute
// under the real quotas. It runs beside no other test.
func TestOverhead(t *testing.T) {
	if !harness.Figures() {
		t.Skip("measures, on a quiet machine: make figures")
	}
	type size struct {
		paths int
		// rounds at least; on a busy machine as many again may be needed.
		rounds int
		quotas *emulator.Quotas
		// allowed beyond the start of the providers, as a share of the bare switch.
		allowed float64
	}
	sizes := []size{{paths: 1, rounds: 3, allowed: 0.1}, {paths: 200, rounds: 1, quotas: emulator.RealQuotas(), allowed: 0.05}}
	fmt.Println("| base paths | bare plan and apply | a start of the providers | maintenance | overhead beyond it |")
	fmt.Println("|---|---|---|---|---|")
	for _, size := range sizes {
		s := harness.NewFixture(t, "many", emulator.Config{Quotas: size.quotas}, map[string]any{"paths": size.paths})
		s.StartProviderAnew()
		s.Apply(map[string]any{"maintenance_mode": false})
		best := map[string]time.Duration{}
		overhead := 1.0
		for round := 0; round < size.rounds || overhead > size.allowed && round < 2*size.rounds; round++ {
			for _, turn := range []struct {
				name string
				run  func(*harness.Stage, string) time.Duration
			}{{"bare", bareSwitch}, {"start", showPlan}, {"command", commandSwitch}} {
				var took time.Duration
				for _, direction := range []string{"on", "off"} {
					if size.quotas != nil && turn.name != "start" {
						time.Sleep(5 * time.Second) // no switch pays for the one before it: the quota's bucket is full
					}
					took += turn.run(s, direction)
				}
				if best[turn.name] == 0 || took < best[turn.name] {
					best[turn.name] = took
				}
			}
			overhead = (best["command"]-best["start"]).Seconds()/best["bare"].Seconds() - 1
		}
		fmt.Printf("| %d | %.1f s | %.1f s | %.1f s | %.0f %% |\n", size.paths, best["bare"].Seconds()/2, best["start"].Seconds()/2, best["command"].Seconds()/2, 100*overhead)
		assert.LessOrEqual(t, overhead, size.allowed, "%d base paths", size.paths)
	}
}

// showPlan reads the plan file that a bare switch left, as the guard does.
func showPlan(s *harness.Stage, _ string) time.Duration {
	s.T.Helper()
	start := time.Now()
	cmd := exec.CommandContext(s.T.Context(), harness.Toolchain.Binary.Path, "show", "-json", "bare.tfplan")
	cmd.Dir, cmd.Env = s.Root, s.Runner().Env
	out, err := cmd.CombinedOutput()
	require.NoError(s.T, err, "%s", out)
	return time.Since(start)
}

// TestASwitchRunsNoMoreOfTerraformThanItNeeds counts the processes that the
// overhead is made of: a start of the AWS provider costs more than a second.
func TestASwitchRunsNoMoreOfTerraformThanItNeeds(t *testing.T) {
	t.Parallel()
	s := harness.NewFixture(t, "many", emulator.Config{}, map[string]any{"paths": 1})
	s.StartProviderAnew()
	s.Apply(map[string]any{"maintenance_mode": false})
	log, counting := filepath.Join(s.Dir, "commands"), filepath.Join(s.Dir, "terraform")
	script := fmt.Sprintf("#!/bin/sh\necho \"$1\" >>'%s'\nexec '%s' \"$@\"\n", log, harness.Toolchain.Binary.Path)
	require.NoError(t, os.WriteFile(counting, []byte(script), 0o755))
	switchBy(s, counting, "on")
	commands, err := os.ReadFile(log)
	require.NoError(t, err)
	ran := strings.Fields(string(commands))
	assert.ElementsMatch(t, []string{"version", "workspace", "plan", "show", "apply"}, ran)
	assert.Equal(t, "apply", ran[len(ran)-1])
}

// TestTheFirstProbesAreSentWhileThePlanIsRead lets `show` wait for them.
func TestTheFirstProbesAreSentWhileThePlanIsRead(t *testing.T) {
	t.Parallel()
	asked := filepath.Join(t.TempDir(), "asked")
	seen := roundTripper(func(r *http.Request) (*http.Response, error) {
		assert.NoError(t, os.WriteFile(asked, nil, 0o600))
		return http.DefaultTransport.RoundTrip(r)
	})
	s := harness.NewFixture(t, "many", emulator.Config{Transport: seen}, map[string]any{"paths": 1})
	s.Apply(map[string]any{"maintenance_mode": false})
	waiting := filepath.Join(s.Dir, "terraform")
	script := fmt.Sprintf("#!/bin/sh\nif [ \"$1\" = show ]; then for i in $(seq 300); do [ -e '%[1]s' ] && break; sleep 0.1; done; [ -e '%[1]s' ] || exit 9; fi\nexec '%[2]s' \"$@\"\n",
		asked, harness.Toolchain.Binary.Path)
	require.NoError(t, os.WriteFile(waiting, []byte(script), 0o755))
	o := s.Operator("MAINTENANCE_TERRAFORM_BIN=" + waiting)
	r := o.Require(0, "on", "--auto-approve", "--json")
	var names []string
	for _, event := range r.Events(t) {
		names = append(names, event["event"].(string))
	}
	assert.Less(t, slices.Index(names, "planned"), slices.Index(names, "probing"), "nothing is told before the plan is let through")
	assert.Less(t, slices.Index(names, "probing"), slices.Index(names, "answer"))
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func bareSwitch(s *harness.Stage, direction string) time.Duration {
	s.T.Helper()
	start := time.Now()
	value := fmt.Sprintf("-var=maintenance_mode=%t", direction == "on")
	for _, args := range [][]string{{"plan", "-input=false", "-out=bare.tfplan", value}, {"apply", "-input=false", "bare.tfplan"}} {
		cmd := exec.CommandContext(s.T.Context(), harness.Toolchain.Binary.Path, args...)
		cmd.Dir, cmd.Env = s.Root, s.Runner().Env
		out, err := cmd.CombinedOutput()
		require.NoError(s.T, err, "%s", out)
	}
	return time.Since(start)
}

func commandSwitch(s *harness.Stage, direction string) time.Duration {
	return switchBy(s, harness.Toolchain.Binary.Path, direction)
}

func switchBy(s *harness.Stage, terraform, direction string) time.Duration {
	s.T.Helper()
	binary, err := harness.BuildCommand()
	require.NoError(s.T, err)
	_, port, err := net.SplitHostPort(s.Emulator.HTTPSAddr())
	require.NoError(s.T, err)
	start := time.Now()
	cmd := exec.CommandContext(s.T.Context(), binary, direction, "--auto-approve", "--chdir", s.Root, "--terraform-bin", terraform,
		"--url", "https://api.example.com/path0", "--ca-file", s.CAFile(), "--connect-to", ":443:127.0.0.1:"+port)
	cmd.Env = s.Runner().Env
	out, err := cmd.CombinedOutput()
	require.NoError(s.T, err, "%s", out)
	return time.Since(start)
}
