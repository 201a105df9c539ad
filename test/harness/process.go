package harness

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Process is one that runs.
type Process struct {
	PID  int
	Name string // at most 15 characters
}

// Below are the processes that a process started, and theirs.
func Below(pid int) []Process {
	parents := map[int][]Process{}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it ended
		}
		// PID (NAME) STATE PARENT ...; a name may hold anything.
		open, end := strings.IndexByte(string(text), '('), strings.LastIndexByte(string(text), ')')
		fields := strings.Fields(string(text[end+1:]))
		id, _ := strconv.Atoi(strings.TrimSpace(string(text[:open])))
		parent, _ := strconv.Atoi(fields[1])
		if fields[0] != "Z" {
			parents[parent] = append(parents[parent], Process{id, string(text[open+1 : end])})
		}
	}
	var found []Process
	for queue := []int{pid}; len(queue) > 0; queue = queue[1:] {
		for _, child := range parents[queue[0]] {
			found = append(found, child)
			queue = append(queue, child.PID)
		}
	}
	return found
}

// Named are those of a name, of which the beginning is enough.
func Named(processes []Process, names ...string) []Process {
	return slices.DeleteFunc(slices.Clone(processes), func(p Process) bool {
		return !slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(p.Name, name) })
	})
}

// Kill ends processes as a machine does that runs out of memory.
func Kill(processes ...Process) {
	for _, p := range processes {
		_ = syscall.Kill(p.PID, syscall.SIGKILL) // it may have ended
	}
}

// RequireGone waits until processes have ended.
func RequireGone(t *testing.T, processes []Process) {
	t.Helper()
	alive := func(p Process) bool {
		name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", p.PID))
		return err == nil && strings.TrimSpace(string(name)) == p.Name
	}
	require.Eventually(t, func() bool { return !slices.ContainsFunc(processes, alive) }, 2*time.Minute, 50*time.Millisecond, "%v", processes)
}
