package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDemoInterrupted ends the demo in the middle of an apply.
func TestDemoInterrupted(t *testing.T) {
	t.Parallel()
	tools := prepared(t)
	for name, after := range map[string]string{
		"while it creates":  "terraform plan: ",
		"while it switches": "  applying",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := sandboxCommand(t, nil, "demo", "--terraform-bin", tools.Binary.Path)
			require.Eventually(t, p.says(after), 3*time.Minute, 10*time.Millisecond)
			time.Sleep(500 * time.Millisecond) // the apply is under way
			p.interrupt()
			require.Equal(t, 130, p.ended(3*time.Minute), p.stderr.String())
			assert.Contains(t, p.stderr.String(), "nothing is left")
			p.requireNothingWritten()
			requireNoProcessIn(t, p.temp)
		})
	}
}

// requireNoProcessIn looks for processes that work below the folder, as a
// Terraform left behind would.
func requireNoProcessIn(t *testing.T, dir string) {
	t.Helper()
	links, err := filepath.Glob("/proc/[0-9]*/cwd")
	require.NoError(t, err)
	for _, link := range links {
		if where, err := os.Readlink(link); err == nil {
			require.False(t, strings.HasPrefix(where, dir), "%s still works in %s", link, where)
		}
	}
}

// TestDemo runs the whole story as a program would, with each example: one after
// the other, and at a rate at which requests do not overtake each other on a
// machine that has other things to do.
func TestDemo(t *testing.T) {
	t.Parallel()
	tools := prepared(t)
	for _, played := range examples {
		t.Run(played.name, func(t *testing.T) {
			reports := t.TempDir()
			p := sandboxCommand(t, nil, "demo", "--example", played.name, "--rate", "10", "--json", "--reports", reports, "--terraform-bin", tools.Binary.Path)
			require.Zero(t, p.ended(15*time.Minute), p.stderr.String())
			var summary struct {
				Answers map[string]int
				On, Off struct{ Outcome string }
			}
			require.NoError(t, json.Unmarshal([]byte(p.stdout.String()), &summary), p.stdout.String())
			assert.Zero(t, summary.Answers["wrong"])
			assert.Positive(t, summary.Answers["maintenance"])
			assert.Equal(t, "done", summary.On.Outcome)
			assert.Equal(t, "done", summary.Off.Outcome)
			for _, name := range []string{"demo-on.html", "demo-off.html"} {
				page, err := os.ReadFile(filepath.Join(reports, name))
				require.NoError(t, err)
				assert.Contains(t, string(page), "Confirmed")
			}
			assert.NotContains(t, p.stdout.String()+p.stderr.String(), "\x1b", "no colours where there is no terminal")
			p.requireNothingWritten()
			requireNoProcessIn(t, p.temp)
		})
	}
}
