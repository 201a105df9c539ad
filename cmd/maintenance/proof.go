package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/pflag"

	"apigateway-maintenance/internal/console"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/probe"
	"apigateway-maintenance/internal/switchover"
)

// proofFlags say whether to ask before a switch, and what proves it.
type proofFlags struct {
	probeFlags
	autoApprove, json bool
	confirm           int
	timeout, drain    time.Duration
	preflight         []string
}

// add adds the flags; preflight belongs to switching off.
func (f *proofFlags) add(flags *pflag.FlagSet, preflight bool) {
	flags.IntVar(&f.confirm, "confirm", switchover.DefaultConfirm, "each URL has to give `N` right answers in a row")
	flags.DurationVar(&f.timeout, "timeout", switchover.DefaultTimeout, "give up `DURATION` after the apply if the answers are not right")
	flags.DurationVar(&f.drain, "drain", 0, "a request may run for `DURATION`: end only when the last one under way can have ended")
	if preflight {
		flags.StringSliceVar(&f.preflight, "preflight", nil, "`URL` that must be live before switching off, such as the backend's health; repeatable")
	}
}

// checked refuses what cannot work before anything is done.
func (f *proofFlags) checked(io streams) (probe.Config, error) {
	config, err := f.probeFlags.checked()
	if err != nil {
		return config, err
	}
	if f.confirm < 1 || f.timeout <= 0 || f.drain < 0 {
		return config, usageError("--confirm and --timeout must be above zero, and --drain not below")
	}
	if err := f.possible(f.confirm, f.timeout); err != nil {
		return config, err
	}
	if f.preflight, err = bareURLs("preflight", f.preflight, config.Users); err != nil {
		return config, err
	}
	if trial := config; len(f.preflight) > 0 {
		trial.URLs = f.preflight
		if err := usable(trial); err != nil {
			return config, err
		}
	}
	if !f.autoApprove && !console.IsTerminal(io.in) {
		return config, usageError("there is no terminal to ask on: give --auto-approve to apply without asking")
	}
	if !f.autoApprove && f.json {
		return config, usageError("--json leaves no room for a question: give --auto-approve to apply without asking")
	}
	return config, nil
}

// proof are the options that the flags say.
func (f *proofFlags) proof(direction maintenance.Direction, config probe.Config, shown *console.Console, io streams) switchover.Options {
	options := switchover.Options{
		Direction: direction, Probe: config, Confirm: f.confirm, Timeout: f.timeout, Drain: f.drain, Preflight: f.preflight,
		Emit: shown.Event,
	}
	if !f.autoApprove {
		options.Approve = func(ctx context.Context, p switchover.Preview) (bool, error) {
			shown.Preview(p)
			return shown.Ask(ctx, io.in, fmt.Sprintf("Switch maintenance %s?", direction))
		}
	}
	return options
}
