//go:build !linux

package lambda

import "os/exec"

// ownGroup has no death signal here: a function that the emulator leaves behind
// ends when it asks for its next request.
func ownGroup(*exec.Cmd) {}

func killGroup(cmd *exec.Cmd) { _ = cmd.Process.Kill() }

func startOnLockedThread(cmd *exec.Cmd) error { return cmd.Start() }
