package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"apigateway-maintenance/internal/console"
)

type demoOptions struct {
	example   string
	rate      float64
	terraform string
	reports   string
	verbose   bool
	json      bool
}

func newDemoCommand() *cobra.Command {
	var opts demoOptions
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Take an API out of service and back, under constant probing",
		Long: `Take an API out of service and back, under constant probing.

With real Terraform and the real AWS provider, on the embedded AWS: applies
an example, switches maintenance on as ` + "`maintenance on`" + ` does it, shows the
answer, switches it off and destroys everything. It writes the report of each switch.
The exit code is 0 only if each switch changed the base path mapping alone, was
confirmed, and no client got a wrong answer. It takes about a minute, most of it
Terraform's.

The example is examples/basic, or with --example serverless a function behind API
Gateway, which is built first: that takes Go and the kit's repository.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if opts.rate < 1 || opts.rate > 1000 {
				return usageError{fmt.Errorf("--rate must be from 1 to 1000 requests a second, not %g", opts.rate)}
			}
			played, err := exampleNamed(opts.example)
			if err != nil {
				return err
			}
			return runDemo(cmd, opts, played)
		},
	}
	cmd.Flags().StringVar(&opts.example, "example", "basic", "`root` to play: "+names())
	cmd.Flags().Float64Var(&opts.rate, "rate", 120, "requests a `second`, over two URLs")
	cmd.Flags().StringVar(&opts.terraform, "terraform-bin", "", "Terraform or OpenTofu binary (default: the one on PATH, else a verified download)")
	cmd.Flags().StringVar(&opts.reports, "reports", "", "`folder` for the two reports (default: a new temporary one)")
	cmd.Flags().BoolVarP(&opts.verbose, "verbose", "v", false, "show what Terraform prints")
	cmd.Flags().BoolVar(&opts.json, "json", false, "print the summary as one JSON object, and the story to standard error")
	return cmd
}

func runDemo(cmd *cobra.Command, opts demoOptions, played example) error {
	var out io.Writer = cmd.OutOrStdout()
	if opts.json {
		out = cmd.ErrOrStderr()
	}
	dir, err := os.MkdirTemp("", "maintenance-demo-")
	if err != nil {
		return fmt.Errorf("make a folder for the demo: %w", err)
	}
	d := &demo{options: opts, example: played, out: out, shown: console.New(out, false), dir: dir}
	summary, err := d.run(cmd.Context())
	err = errors.Join(err, d.close())
	if cmd.Context().Err() != nil {
		return fmt.Errorf("interrupted; the embedded AWS lived in this process and its folder is removed, so nothing is left (%w)", cmd.Context().Err())
	}
	if err != nil {
		return err
	}
	if opts.json {
		if err := json.NewEncoder(cmd.OutOrStdout()).Encode(summary); err != nil {
			return err
		}
	} else {
		summary.show(d.shown)
	}
	return summary.fault()
}
