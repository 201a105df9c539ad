package main

import (
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestExportLinesSurviveTheShell(t *testing.T) {
	const value = `it's "$HOME" and a \ back`
	out, err := exec.Command("sh", "-c", exportLines([]string{"ODD=" + value})+`printf %s "$ODD"`).Output()
	require.NoError(t, err)
	require.Equal(t, value, string(out))
}
