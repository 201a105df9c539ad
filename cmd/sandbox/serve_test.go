package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/need"
	"apigateway-maintenance/internal/sandbox"
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

func TestOnlyThisMachineIsServed(t *testing.T) {
	for _, flag := range []string{"--api", "--https", "--http", "--dns"} {
		for _, address := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.1:0", "example.com:0", "127.0.0.1", "127.1:0", "localhost", "0:0", "[::ffff:0.0.0.0]:0", ""} {
			root := newCommand()
			root.SetArgs([]string{"serve", flag + "=" + address})
			err := root.ExecuteContext(t.Context())
			require.ErrorContains(t, err, flag+" must be a loopback address", address)
			require.Equal(t, exitUsage, exitCode(err, false))
		}
	}
	for _, address := range []string{"127.0.0.1:0", "127.8.0.1:0", "[::1]:0", "localhost:0"} {
		o := serveOptions{config: emulator.Config{APIAddr: address, HTTPSAddr: address, HTTPAddr: address, DNSAddr: address}}
		require.NoError(t, o.local(), address)
	}
}

// TestServe uses what serve exports and nothing else.
func TestServe(t *testing.T) {
	t.Parallel()
	tools, curl := prepared(t), need.For(t, need.Curl)
	file := filepath.Join(t.TempDir(), "sandbox.env")
	p := sandboxCommand(t, nil, "serve", "--env-file", file)
	require.Eventually(t, p.says("is ready"), time.Minute, 20*time.Millisecond)
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(content), p.stdout.String(), "the file holds what is printed")

	root, err := sandbox.CopyExample(t.TempDir(), "basic", map[string]any{})
	require.NoError(t, err)
	script := `set -e; . "$1"
		"$2" init -input=false -no-color
		"$2" apply -input=false -no-color -auto-approve -var maintenance_mode=true
		"$3" --silent --show-error --noproxy '*' --cacert "$EMULATOR_CA_FILE" --connect-to "::$EMULATOR_HTTPS" \
			--write-out '\nstatus %{http_code}\n' https://api.example.com/orders/42`
	cmd := exec.CommandContext(t.Context(), "sh", "-c", script, "sh", file, tools.Binary.Path, curl)
	cmd.Dir, cmd.Env = root, tools.Runner(root).Env
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	assert.Contains(t, string(out), "status 503")
	assert.Contains(t, string(out), "We are down for maintenance")

	p.interrupt()
	require.Zero(t, p.ended(time.Minute), p.stderr.String())
	require.NoFileExists(t, file)
	p.requireNothingWritten()
}
