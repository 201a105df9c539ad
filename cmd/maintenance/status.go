package main

import (
	"context"
	"errors"

	"github.com/fatih/color"
	"github.com/spf13/cobra"

	"apigateway-maintenance/internal/console"
	"apigateway-maintenance/internal/file"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/switchover"
)

const statusHelp = `For each URL: what Terraform's state says, what the next plain deploy would
make of it, and what clients get now. Beside that: whether DNS leads to API
Gateway, whether the live API's own execute-api address still answers (a domain
switch leaves it open), and whether somebody switched by hand.

It changes nothing and takes no lock. --no-plan leaves out what needs a plan:
the next deploy and drift. Where the plan fails, the rest is shown all the same.

With --exit-code: 0 live, 10 in maintenance (exempt paths may be live), 11 mixed
(answers, mappings and modes do not agree), 12 drift. Else 0.`

type statusFlags struct {
	rootFlags
	probeFlags
	noPlan, exitCode, json bool
	runbook                string
}

func newStatus(io streams) *cobra.Command {
	var f statusFlags
	cmd := &cobra.Command{
		Use:     "status [-- TERRAFORM-ARGUMENTS]",
		Short:   "Show the mode of each path, from every side",
		Long:    statusHelp,
		Example: "  maintenance status --chdir infra/api\n  maintenance status --exit-code --json --no-plan\n  maintenance status --save-runbook runbook.json",
		Args:    afterDashes,
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.run(cmd.Context(), args, io)
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	f.rootFlags.add(flags)
	flags.BoolVar(&f.noPlan, "no-plan", false, "do not plan: faster, without the next deploy and drift")
	flags.BoolVar(&f.exitCode, "exit-code", false, "exit with a code for what was found")
	flags.StringVar(&f.runbook, "save-runbook", "", "write a runbook for breakglass to `FILE`")
	flags.BoolVar(&f.json, "json", false, "one JSON object on stdout")
	f.addURLs(flags)
	f.probeFlags.add(flags)
	return cmd
}

func (f *statusFlags) run(ctx context.Context, extra []string, io streams) error {
	config, err := f.checked()
	if err != nil {
		return err
	}
	if err := f.checkVars(); err != nil {
		return err
	}
	if f.runbook != "" {
		if err := file.Check(f.runbook); err != nil {
			return usageError("%s: %v", source("save-runbook", f.runbook), err)
		}
	}
	runner, err := f.runner(ctx)
	if err != nil {
		return err
	}
	status, err := switchover.Inspect(ctx, switchover.InspectOptions{
		Runner: runner, Variable: f.variable, Plan: f.planOptions(extra), NoPlan: f.noPlan, Probe: config, Region: regionOfEnvironment(),
	})
	if status == nil {
		return err
	}
	shown := console.New(io.out, f.json)
	if f.json {
		shown.Object(struct {
			Event string `json:"event"`
			*switchover.Status
		}{"status", status})
	} else {
		showStatus(shown, status)
	}
	if f.runbook != "" {
		direction := maintenance.Direction("") // live tells of no exemption, nor does a mixture
		if status.Overall == switchover.OverallMaintenance {
			direction = maintenance.On
		}
		path, saved := saveRunbook(ctx, f.runbook, runner, status.View, direction, status.Region, f.variable)
		if saved != nil {
			return errors.Join(err, saved)
		}
		shown.Line("wrote the runbook %s", path)
	}
	if err := errors.Join(err, unseen(shown, f.json)); err != nil {
		return err
	}
	if code := overallCode(status.Overall); f.exitCode && code != maintenance.ExitDone {
		return verdict(code)
	}
	return nil
}

func overallCode(overall string) maintenance.ExitCode {
	switch overall {
	case switchover.OverallLive:
		return maintenance.ExitDone
	case switchover.OverallMaintenance:
		return maintenance.ExitOn
	case switchover.OverallDrift:
		return maintenance.ExitDrift
	default:
		return maintenance.ExitMixed
	}
}

func showStatus(c *console.Console, s *switchover.Status) {
	paint := map[string]color.Attribute{switchover.OverallLive: color.FgGreen, switchover.OverallMaintenance: color.FgYellow}[s.Overall]
	if paint == 0 {
		paint = color.FgRed
	}
	c.Line("%s  (workspace %s)", c.Paint(paint, s.Overall), s.Workspace)
	for _, why := range s.Why {
		c.Line("  %s", why)
	}
	for _, p := range s.Paths {
		c.Line("\n%s", p.URL)
		c.Line("  clients:      %s", p.Answer.Answer())
		c.Line("  state:        %s", known(p.State))
		if s.Planned || s.PlanError != "" {
			c.Line("  next deploy:  %s", known(p.Next))
		}
	}
	c.Line("")
	for _, note := range s.Notes {
		c.Line("Note: %s.", note)
	}
	if s.PlanError != "" {
		c.Line("The next deploy and drift are not known: the plan failed.")
	}
	if s.Other != nil && *s.Other > 0 {
		c.Line("The next deploy also makes %s beside switching.", plural(*s.Other, "change"))
	}
	for _, p := range s.Places {
		if p.Effective {
			c.Line("The variable's value comes from %s: %s.", p.Name, p.Value)
		}
	}
	for _, d := range s.DNS {
		c.Line("DNS: %s", d)
	}
	for _, d := range s.Direct {
		word := c.Paint(color.FgGreen, "closed")
		if d.Open {
			word = c.Paint(color.FgYellow, "OPEN")
		}
		c.Line("Direct address %s: %s (%s)", d.URL, word, d.Why)
	}
}

func known(mode maintenance.Mode) string {
	if mode == "" {
		return "not known"
	}
	return string(mode)
}
