package test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/test/harness"
)

// overheadAllowed is what `on` and `off` may take beyond a bare plan and apply:
// the guard, the probes and the confirmation.
const overheadAllowed = 0.10

// TestOverhead compares `maintenance on` and `off` with a bare `terraform plan
// -out` and `apply` of the same, turn about in one run, and takes the best of
// each: what else the machine does only ever adds. One root's switch takes about
// a minute under the real quotas. It runs beside no other test.
func TestOverhead(t *testing.T) {
	if !harness.Figures() {
		t.Skip("measures, on a quiet machine: make figures")
	}
	type size struct {
		paths int
		// rounds at least; on a busy machine as many again may be needed.
		rounds int
		quotas *emulator.Quotas
	}
	sizes := []size{{paths: 1, rounds: 3}, {paths: 200, rounds: 1, quotas: emulator.RealQuotas()}}
	fmt.Println("| base paths | bare plan and apply | maintenance | overhead |")
	fmt.Println("|---|---|---|---|")
	for _, size := range sizes {
		s := harness.NewFixture(t, "many", emulator.Config{Quotas: size.quotas}, map[string]any{"paths": size.paths})
		s.StartProviderAnew()
		s.Apply(map[string]any{"maintenance_mode": false})
		best := map[string]time.Duration{}
		overhead := 1.0
		for round := 0; round < size.rounds || overhead > overheadAllowed && round < 2*size.rounds; round++ {
			for _, turn := range []struct {
				name string
				run  func(*harness.Stage, string) time.Duration
			}{{"bare", bareSwitch}, {"command", commandSwitch}} {
				var took time.Duration
				for _, direction := range []string{"on", "off"} {
					if size.quotas != nil {
						time.Sleep(5 * time.Second) // no switch pays for the one before it: the quota's bucket is full
					}
					took += turn.run(s, direction)
				}
				if best[turn.name] == 0 || took < best[turn.name] {
					best[turn.name] = took
				}
			}
			overhead = best["command"].Seconds()/best["bare"].Seconds() - 1
		}
		fmt.Printf("| %d | %.1f s | %.1f s | %.0f %% |\n", size.paths, best["bare"].Seconds()/2, best["command"].Seconds()/2, 100*overhead)
		assert.LessOrEqual(t, overhead, overheadAllowed, "%d base paths", size.paths)
	}
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
	assert.Equal(t, []string{"version", "workspace", "plan", "show", "apply"}, strings.Fields(string(commands)))
}

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
