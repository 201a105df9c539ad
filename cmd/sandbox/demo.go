package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
)

type demoOptions struct {
	rate      float64
	terraform string
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
examples/basic, switches maintenance on, shows the answer, switches it off and
destroys everything, while clients ask all the time. Ends with a summary, and with
exit code 0 only if each switch changed the base path mapping alone and no client
ever got a wrong answer. Takes about a minute, most of it Terraform's.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if opts.rate < 1 || opts.rate > 1000 {
				return usageError{fmt.Errorf("--rate must be from 1 to 1000 requests a second, not %g", opts.rate)}
			}
			return runDemo(cmd, opts)
		},
	}
	cmd.Flags().Float64Var(&opts.rate, "rate", 120, "requests a `second`, over two URLs")
	cmd.Flags().StringVar(&opts.terraform, "terraform-bin", "", "Terraform or OpenTofu binary (default: the one on PATH, else a verified download)")
	cmd.Flags().BoolVarP(&opts.verbose, "verbose", "v", false, "show what Terraform prints")
	cmd.Flags().BoolVar(&opts.json, "json", false, "print the summary as one JSON object, and the story to standard error")
	return cmd
}

func runDemo(cmd *cobra.Command, opts demoOptions) error {
	var story io.Writer = cmd.OutOrStdout()
	if opts.json {
		story = cmd.ErrOrStderr()
	}
	dir, err := os.MkdirTemp("", "maintenance-demo-")
	if err != nil {
		return fmt.Errorf("make a folder for the demo: %w", err)
	}
	d := &demo{options: opts, narrator: newNarrator(story), dir: dir, tally: newTally()}
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
		summary.tell(d.narrator)
	}
	return summary.verdict()
}
