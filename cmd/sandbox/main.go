// Command sandbox runs the embedded AWS: a demonstration of a whole switch, or
// a server for one's own Terraform and curl. Nothing it does reaches a real
// account.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"apigateway-maintenance/internal/plain"
)

// Exit codes.
const (
	exitFailed      = 1
	exitUsage       = 2
	exitInterrupted = 130
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	err := newCommand().ExecuteContext(ctx)
	interrupted := ctx.Err() != nil
	stop()
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, "sandbox:", plain.Text(err.Error()))
	os.Exit(exitCode(err, interrupted))
}

func exitCode(err error, interrupted bool) int {
	var usage usageError
	switch {
	case errors.As(err, &usage):
		return exitUsage
	case interrupted:
		return exitInterrupted
	default:
		return exitFailed
	}
}

// usageError is a call that is wrong in itself.
type usageError struct{ error }

func newCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "sandbox",
		Short:         "Try the maintenance kit on an AWS that runs inside this process",
		Long:          "Try the maintenance kit on an AWS that runs inside this process.\n\nThe embedded AWS knows what the kit's modules and examples use (API Gateway REST APIs,\nLambda, IAM roles, CloudWatch Logs, Route 53, ACM, STS), refuses what AWS refuses,\nand lives in memory. It needs no account and reaches none.",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddCommand(newDemoCommand(), newServeCommand())
	for _, cmd := range root.Commands() {
		cmd.Args = noArgs
	}
	root.Args = noArgs
	return root
}

func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return usageError{fmt.Errorf("%q is not known here; see %s --help", args[0], cmd.CommandPath())}
}
