package main

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestExportLinesSurviveTheShell(t *testing.T) {
	const value = `it's "$HOME" and a \ back`
	out, err := exec.Command("sh", "-c", exportLines([]string{"ODD=" + value})+`printf %s "$ODD"`).Output()
	require.NoError(t, err)
	require.Equal(t, value, string(out))
}

func TestParametersOfAPathAreToldOnce(t *testing.T) {
	var said strings.Builder
	tell := pathParameters(&said)
	for range 2 {
		tell("a1b2c3", "/{proxy+}")
	}
	tell("a1b2c3", "/orders/{id}")
	require.Equal(t, 2, strings.Count(said.String(), "\n"))
	require.Contains(t, said.String(), "API a1b2c3 declares parameters at the path /{proxy+}.")
}
