//go:build unix

package terraform

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestATerraformThatMustBeKilledLeavesNoProviderBehind(t *testing.T) {
	file := filepath.Join(t.TempDir(), "provider")
	r, _ := fake(t, script{Stubborn: file})
	r.Grace = 100 * time.Millisecond
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		defer cancel()
		assert.Eventually(t, func() bool { _, err := os.Stat(file); return err == nil }, time.Minute, 10*time.Millisecond)
	}()
	err := r.Apply(ctx, "plan", ApplyOptions{})
	assert.Equal(t, KindInterrupted, KindOf(err))
	require.ErrorContains(t, err, "did not stop within 100ms and was killed: its lock may still be there")

	content, err := os.ReadFile(file)
	require.NoError(t, err)
	provider, err := strconv.Atoi(string(content))
	require.NoError(t, err)
	assert.Eventually(t, func() bool { return !running(provider) }, 30*time.Second, 10*time.Millisecond, "it would stay for minutes")
}

// running tells whether a process still does anything; one that has ended but
// that nobody has waited for does not.
func running(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	return err == nil && !isZombie(string(stat))
}

func isZombie(stat string) bool {
	for i := len(stat) - 1; i >= 0; i-- {
		if stat[i] == ')' {
			return i+2 < len(stat) && stat[i+2] == 'Z'
		}
	}
	return false
}
