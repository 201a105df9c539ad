package lambda

import (
	"os/exec"
	"runtime"
	"syscall"
)

// ownGroup lets the process be killed with all that it starts, and has the
// kernel kill it when this process ends, however that happens.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

func killGroup(cmd *exec.Cmd) { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }

// starters is a thread that never ends: the death signal comes when the thread
// that started the process does (prctl(2), PR_SET_PDEATHSIG), and Go ends
// threads as it likes.
var starters = func() chan func() {
	queue := make(chan func())
	go func() {
		runtime.LockOSThread()
		for start := range queue {
			start()
		}
	}()
	return queue
}()

func startOnLockedThread(cmd *exec.Cmd) error {
	done := make(chan error)
	starters <- func() { done <- cmd.Start() }
	return <-done
}
