//go:build !unix

package terraform

import "os/exec"

// interruptible leaves the command as it is: this platform has no signal that
// asks a process to stop, so cancellation ends it at once.
func interruptible(*exec.Cmd) {}

// endGroup does nothing: this platform has no process groups.
func endGroup(*exec.Cmd) {}
