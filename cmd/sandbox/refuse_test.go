package main

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestRefuses calls the command wrongly, or where it cannot work.
func TestRefuses(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { taken.Close() })
	terraform := filepath.Join(t.TempDir(), "terraform")
	require.NoError(t, os.WriteFile(terraform, []byte("#!/bin/sh\necho Terraform v1.11.4\n"), 0o755))
	for name, c := range map[string]struct {
		env  []string
		args []string
		code int
		says string
	}{
		"a port in use":               {nil, []string{"serve", "--api", taken.Addr().String()}, 1, taken.Addr().String()},
		"an env file without folder":  {nil, []string{"serve", "--env-file", "/nonexistent/sandbox.env"}, 1, "/nonexistent/sandbox.env"},
		"a wrong flag":                {nil, []string{"serve", "--prot", "1"}, 2, "--prot"},
		"an unknown argument":         {nil, []string{"demo", "now"}, 2, `"now"`},
		"an unknown command":          {nil, []string{"destroy"}, 2, `"destroy"`},
		"a rate of 0":                 {nil, []string{"demo", "--rate", "0"}, 2, "--rate must be from 1"},
		"a Terraform that is missing": {nil, []string{"demo", "--terraform-bin", "/nonexistent/terraform"}, 1, "/nonexistent/terraform"},
		"a provider mirror that is missing": {
			[]string{"MAINTENANCE_PROVIDER_MIRROR=/nonexistent/mirror"}, []string{"demo", "--terraform-bin", terraform}, 1, "/nonexistent/mirror",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := sandboxCommand(t, c.env, c.args...)
			require.Equal(t, c.code, p.ended(time.Minute), p.stderr.String())
			said := strings.TrimSpace(p.stderr.String())
			assert.True(t, strings.HasPrefix(said, "sandbox: "), said)
			assert.NotContains(t, said, "\n", "one sentence")
			assert.Contains(t, said, c.says)
			p.requireNothingWritten()
		})
	}
}
