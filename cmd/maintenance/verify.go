package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"apigateway-maintenance/internal/console"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/plain"
	"apigateway-maintenance/internal/probe"
	"apigateway-maintenance/internal/switchover"
)

const verifyHelp = `Exit 0 only if every URL answers as --expect says: "on" wants the maintenance
answer (its status, X-Maintenance-Mode: on, and Cache-Control: no-store), "off"
wants an answer of the API itself. It needs neither Terraform nor state, so it
fits CI steps and hooks. It goes on until the answers are right or --timeout
has passed; then it exits 4 and gives the last wrong answers.`

type verifyFlags struct {
	probeFlags
	expect  string
	confirm int
	timeout time.Duration
	json    bool
}

func newVerify(io streams) *cobra.Command {
	var f verifyFlags
	cmd := &cobra.Command{
		Use:     "verify --expect on|off URL...",
		Short:   "Check what URLs answer, without Terraform",
		Long:    verifyHelp,
		Example: "  maintenance verify --expect on https://api.example.com/\n  maintenance verify --expect off --live-status 200-399,401 --timeout 2m https://api.example.com/orders",
		RunE: func(cmd *cobra.Command, args []string) error {
			f.urls = append(f.urls, args...)
			return f.run(cmd.Context(), io)
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&f.expect, "expect", "", "`on|off`; required")
	flags.IntVar(&f.confirm, "confirm", switchover.DefaultConfirm, "each URL has to give `N` right answers in a row")
	flags.DurationVar(&f.timeout, "timeout", 30*time.Second, "give up after `DURATION`")
	flags.BoolVar(&f.json, "json", false, "one JSON object a line on stdout")
	f.addURLs(flags)
	flags.Lookup("url").Usage = "further `URL` to check; repeatable"
	f.probeFlags.add(flags)
	return cmd
}

func (f *verifyFlags) run(ctx context.Context, io streams) error {
	want := probe.Live
	switch maintenance.Direction(f.expect) {
	case maintenance.On:
		want = probe.Maintenance
	case maintenance.Off:
	default:
		return usageError("--expect must be on or off, not %s", plain.Quoted(f.expect))
	}
	if len(f.urls) == 0 {
		return usageError("name at least one URL")
	}
	if f.confirm < 1 || f.timeout <= 0 {
		return usageError("--confirm and --timeout must be above zero")
	}
	config, err := f.checked()
	if err != nil {
		return err
	}
	if err := f.possible(f.confirm, f.timeout); err != nil {
		return err
	}
	shown := console.New(io.out, f.json)
	err = switchover.Verify(ctx, config, want, f.confirm, f.timeout, shown.Event)
	var unconfirmed *probe.UnconfirmedError
	if errors.As(err, &unconfirmed) && ctx.Err() != nil {
		return fmt.Errorf("interrupted before the answers were as expected: %w", ctx.Err())
	}
	return errors.Join(err, unseen(shown, f.json))
}
