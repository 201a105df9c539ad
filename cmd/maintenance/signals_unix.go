//go:build unix

package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// signalled is a context that ends with the first signal that asks to stop; all
// further ones are taken and change nothing. Terraform runs in a process group of
// its own and gets the one SIGINT that asks it to stop; a second would make it
// quit without writing its state.
//
// SIGHUP, which a dropped SSH session sends, asks to stop like the others,
// unless the caller had it ignored (nohup). SIGPIPE does not end the command: a
// reader of its output that goes away is no reason to leave a switch half done.
func signalled(parent context.Context) (context.Context, context.CancelFunc) {
	asks := []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGQUIT}
	if !signal.Ignored(syscall.SIGHUP) {
		asks = append(asks, syscall.SIGHUP)
	}
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	return signal.NotifyContext(parent, asks...)
}
