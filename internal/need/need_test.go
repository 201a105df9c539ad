package need_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/need"
)

// asked is a test that asks for a tool, and remembers what came of it.
type asked struct {
	testing.TB
	skipped, failed []any
}

func (a *asked) Helper()           {}
func (a *asked) Skip(args ...any)  { a.skipped = args }
func (a *asked) Fatal(args ...any) { a.failed = args; panic(a) }

func TestAToolThatIsThere(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	chrome := filepath.Join(dir, "google-chrome")
	require.NoError(t, os.WriteFile(chrome, []byte("#!/bin/sh\n"), 0o755))
	assert.Equal(t, chrome, need.For(t, need.Browser))
}

func TestAToolThatIsMissing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Run("skips the test and says how to get it", func(t *testing.T) {
		t.Setenv("CI", "")
		for _, tool := range need.All() {
			a := &asked{}
			assert.Empty(t, need.For(a, tool))
			assert.Equal(t, []any{tool.Missing()}, a.skipped)
			assert.NotContains(t, tool.Missing(), "\n", "it is told in one line")
		}
	})
	t.Run("fails the test in the CI, which installs it", func(t *testing.T) {
		t.Setenv("CI", "true")
		a := &asked{}
		assert.Panics(t, func() { need.For(a, need.OpenTofu) })
		assert.Len(t, a.failed, 1)
		assert.Empty(t, a.skipped)
	})
}
