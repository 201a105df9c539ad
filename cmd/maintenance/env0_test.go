package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestAGuardIsNotTurnedOffByATypingError runs the hook of examples/env0 with a
// maintenance that finds more than a switch.
func TestAGuardIsNotTurnedOffByATypingError(t *testing.T) {
	t.Parallel()
	hook, err := filepath.Abs("../../examples/env0/guard.sh")
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "maintenance"), []byte("#!/bin/sh\nexit 3\n"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dir, ".tf-plan"), nil, 0o600))
	for value, says := range map[string]string{
		"":      "Note: the plan does more than switch",
		"false": "Note: the plan does more than switch",
		"FALSE": "Note: the plan does more than switch",
		"0":     "Note: the plan does more than switch",
		"true":  "NOT DEPLOYED: the plan does more than switch",
		"TRUE":  "NOT DEPLOYED: the plan does more than switch",
		"True":  "NOT DEPLOYED: the plan does more than switch",
		"1":     "NOT DEPLOYED: the plan does more than switch",
		"yes":   "MAINTENANCE_SWITCH_ONLY must be true or false",
		"ture":  "MAINTENANCE_SWITCH_ONLY must be true or false",
		"true ": "MAINTENANCE_SWITCH_ONLY must be true or false",
	} {
		cmd := exec.CommandContext(t.Context(), "/bin/sh", hook)
		cmd.Dir, cmd.Env = dir, []string{"PATH=" + dir + ":/usr/bin:/bin", "MAINTENANCE_SWITCH_ONLY=" + value}
		out, err := cmd.CombinedOutput()
		assert.Contains(t, string(out), says, "%q", value)
		assert.Equal(t, says[:4] != "Note", err != nil, "%q", value)
	}
}
