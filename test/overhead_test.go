package test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
)

// TestOverhead compares `maintenance off` with a bare plan and apply, in one
// run, on a small root and on one whose switch takes about a minute under the
// real quotas. It measures and bounds nothing, so only `make figures` runs it.
func TestOverhead(t *testing.T) {
	if os.Getenv("FIGURES") == "" {
		t.Skip("measures, and proves nothing: run make figures")
	}
	fmt.Println("| base paths | bare plan and apply | maintenance | overhead |")
	fmt.Println("|---|---|---|---|")
	for _, size := range []struct {
		paths  int
		quotas *emulator.Quotas
	}{{1, nil}, {200, emulator.RealQuotas()}} {
		s := newFixture(t, "many", emulator.Config{Quotas: size.quotas}, map[string]any{"paths": size.paths})
		s.apply(map[string]any{"maintenance_mode": false})
		time.Sleep(5 * time.Second) // the quota's bucket is full at either start
		bare := s.bareSwitchOn()
		time.Sleep(5 * time.Second)
		command := s.commandSwitchOff()
		overhead := command.Seconds()/bare.Seconds() - 1
		fmt.Printf("| %d | %.1f s | %.1f s | %.0f %% |\n", size.paths, bare.Seconds(), command.Seconds(), 100*overhead)
	}
}

func (s *stage) bareSwitchOn() time.Duration {
	s.t.Helper()
	start := time.Now()
	for _, args := range [][]string{{"plan", "-input=false", "-out=bare.tfplan", "-var=maintenance_mode=true"}, {"apply", "-input=false", "bare.tfplan"}} {
		cmd := exec.CommandContext(s.t.Context(), toolchain.Binary.Path, args...)
		cmd.Dir, cmd.Env = s.root, s.runner().Env
		out, err := cmd.CombinedOutput()
		require.NoError(s.t, err, "%s", out)
	}
	return time.Since(start)
}

func (s *stage) commandSwitchOff() time.Duration {
	s.t.Helper()
	binary, err := buildCommand()
	require.NoError(s.t, err)
	_, port, err := net.SplitHostPort(s.Emulator.HTTPSAddr())
	require.NoError(s.t, err)
	start := time.Now()
	cmd := exec.CommandContext(s.t.Context(), binary, "off", "--auto-approve", "--chdir", s.root, "--terraform-bin", toolchain.Binary.Path,
		"--url", "https://api.example.com/path0", "--ca-file", s.caFile(), "--connect-to", ":443:127.0.0.1:"+port)
	cmd.Env = s.runner().Env
	out, err := cmd.CombinedOutput()
	require.NoError(s.t, err, "%s", out)
	return time.Since(start)
}
