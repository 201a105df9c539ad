package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/plain"
)

// streams are where a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

const rootHelp = `Take an API behind Amazon API Gateway out of service and back, from the
Terraform root that declares it, with proof that clients get what they should.

Each flag can also be set by an environment variable: --connect-to by
MAINTENANCE_CONNECT_TO, and so on. A flag wins over its variable.

Exit codes:
  0    done, or already so
  1    an error
  2    wrong usage
  3    the guard or a check refused; nothing was applied
  4    applied but not confirmed, or only some of it
  5    the state is locked, credentials are missing or expired, AWS throttled,
       or the plan is stale
  6    done and confirmed, but a file or the --json output could not be written
  130  interrupted
  status --exit-code: 0 live, 10 in maintenance, 11 mixed, 12 drift`

// run is the whole command; its result is the exit code.
func run(ctx context.Context, args []string, io streams) maintenance.ExitCode {
	root := newRoot(io)
	root.SetArgs(args)
	command, err := root.ExecuteContextC(ctx)
	code := exitCode(ctx, err)
	if text := complaint(err); text != "" {
		fmt.Fprintln(io.err, plain.Text(text))
		if code == maintenance.ExitUsage {
			fmt.Fprintf(io.err, "\nSee: %s --help\n", command.CommandPath())
		}
	}
	return code
}

func newRoot(io streams) *cobra.Command {
	root := &cobra.Command{
		Use:           "maintenance",
		Short:         "Take an API out of service and back",
		Long:          rootHelp,
		Version:       version(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usageError("there is no command %s", plain.Quoted(args[0]))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			return fromEnvironment(cmd.Flags())
		},
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
	}
	root.SetIn(io.in)
	root.SetOut(io.out)
	root.SetErr(io.err)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return badFlag(cmd, err) })
	root.AddCommand(newSwitch("on", io), newSwitch("off", io), newStatus(io), newVerify(io), newGuard(io), newBreakglass(io))
	return root
}
