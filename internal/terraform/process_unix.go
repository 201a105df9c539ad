//go:build unix

package terraform

import (
	"os/exec"
	"syscall"
)

// interruptible puts the command into a process group of its own and turns
// cancellation into one SIGINT, Terraform's request to stop gracefully.
func interruptible(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGINT) }
}

// endGroup ends what is left of the command's process group: a Terraform that
// was killed after its grace leaves its providers behind.
func endGroup(cmd *exec.Cmd) {
	if cmd.Process != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // no such group: nothing is left
	}
}
