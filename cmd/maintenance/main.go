// Command maintenance takes an API out of service and back from its own
// Terraform root, keeps the operator from changing anything else by accident,
// and shows that clients get what they should.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	// Terraform runs in a process group of its own and gets the one SIGINT that
	// asks it to stop; a second Ctrl-C is not passed on, since it would make
	// Terraform quit without writing its state.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(int(run(ctx, os.Args[1:], streams{in: os.Stdin, out: os.Stdout, err: os.Stderr})))
}
