package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"al.essio.dev/pkg/shellescape"
	"github.com/spf13/cobra"

	"apigateway-maintenance/internal/console"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/plain"
	"apigateway-maintenance/internal/switchover"
	"apigateway-maintenance/internal/terraform"
)

const switchHelp = `Switch %[1]s: plan with the variable set, let the guard judge the plan, show
what will change, ask, probe, apply exactly that plan, and confirm.

The guard lets through only base path mappings that move to %[2]s,
in place, and a redeploy of the mock whose text changed. Anything else in
the plan is named and refused, and nothing is applied.

The switch lasts only while the variable says the same where your pipeline
reads it: each place that says otherwise is named, and --save writes
maintenance.auto.tfvars.json.

Arguments after -- go to Terraform's plan (those that apply knows, to both).`

type switchFlags struct {
	rootFlags
	proofFlags
	refresh, onlySwitch, allowOther, save bool
	applyTimeout                          time.Duration
	report, runbook                       string
}

func newSwitch(name string, io streams) *cobra.Command {
	var f switchFlags
	short, goal := "Take the API out of service", "the maintenance API"
	if name == "off" {
		short, goal = "Put the API back into service", "their own API"
	}
	cmd := &cobra.Command{
		Use:   name + " [-- TERRAFORM-ARGUMENTS]",
		Short: short,
		Long:  fmt.Sprintf(switchHelp, name, goal),
		Example: "  maintenance " + name + " --chdir infra/api\n" +
			"  maintenance " + name + " --auto-approve --json --report switch.html\n" +
			"  maintenance " + name + " --var-file prod.tfvars -- -parallelism=2",
		Args: afterDashes,
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.run(cmd.Context(), maintenance.Direction(name), args, io)
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	f.rootFlags.add(flags)
	flags.BoolVar(&f.autoApprove, "auto-approve", false, "apply without asking")
	flags.BoolVar(&f.refresh, "refresh", true, "let the plan ask AWS what there is; --refresh=false goes by the state, and by what clients get")
	flags.BoolVar(&f.onlySwitch, "only-switch", false, "plan the base path mappings alone (-target), where other changes are in the way")
	flags.BoolVar(&f.allowOther, "allow-other-changes", false, "let the plan through whatever else it changes")
	flags.DurationVar(&f.applyTimeout, "apply-timeout", switchover.DefaultApplyTimeout, "the apply may take `DURATION`; then Terraform is asked to stop (0: as long as it wants)")
	f.addURLs(flags)
	f.proofFlags.add(flags, name == "off")
	flags.BoolVar(&f.save, "save", false, "write the variable to maintenance.auto.tfvars.json in the root")
	flags.StringVar(&f.report, "report", "", "write an HTML report to `FILE`")
	flags.StringVar(&f.runbook, "save-runbook", "", "write a runbook for breakglass to `FILE`")
	flags.BoolVar(&f.json, "json", false, "one JSON object a line on stdout")
	f.probeFlags.add(flags)
	return cmd
}

// afterDashes takes arguments for Terraform only where they cannot be a typo.
func afterDashes(cmd *cobra.Command, args []string) error {
	if dash := cmd.ArgsLenAtDash(); len(args) > 0 && dash != 0 {
		return usageError("%s is no argument of this command; arguments for Terraform go after --", plain.Quoted(args[0]))
	}
	return nil
}

func (f *switchFlags) run(ctx context.Context, direction maintenance.Direction, extra []string, io streams) error {
	config, err := f.checked(io)
	if err != nil {
		return err
	}
	if err := f.checkVars(); err != nil {
		return err
	}
	if f.applyTimeout < 0 {
		return usageError("--apply-timeout must not be below zero")
	}
	if err := f.checkFiles(); err != nil {
		return err
	}
	runner, err := f.runner(ctx)
	if err != nil {
		return err
	}
	shown := console.New(io.out, f.json)
	options := f.proof(direction, config, shown, io)
	options.Runner, options.Variable, options.Plan = runner, f.variable, f.planOptions(extra)
	options.NoRefresh = !f.refresh
	options.OnlySwitch, options.AllowOtherChanges, options.Save = f.onlySwitch, f.allowOther, f.save
	options.ApplyTimeout = f.applyTimeout
	if f.runbook != "" {
		options.OnPlan = func(p switchover.Preview) error {
			where, err := saveRunbook(ctx, f.runbook, runner, p.View, direction, p.Region, f.variable)
			if err != nil {
				return fmt.Errorf("nothing was applied: %w", err)
			}
			shown.Event(written("the runbook", where))
			return nil
		}
	}
	result, err := switchover.Run(ctx, options)
	shown.Result(result, wayBack(direction.Opposite(), f.rootFlags))
	if f.json && result.Outcome == switchover.Unconfirmed {
		fmt.Fprintf(io.err, "The way back: %s\n", plain.Line(wayBack(direction.Opposite(), f.rootFlags)))
	}
	return errors.Join(err, f.writeReport(result, runner, io), f.unshown(result, shown))
}

// writeReport writes the report that was asked for, and says so.
func (f *switchFlags) writeReport(result switchover.Result, runner *terraform.Runner, io streams) error {
	if f.report == "" {
		return nil
	}
	written, err := writeReport(f.report, result, runner, f.variable)
	switch {
	case err != nil:
		return result.Unwritten(err)
	case written:
		fmt.Fprintf(io.err, "Wrote the report %s.\n", plain.Line(f.report))
	default:
		fmt.Fprintln(io.err, "No report was written: it ended before anything was probed.")
	}
	return nil
}

// unshown is the error of JSON that could not be written. Lines for people are
// missed by nobody who does not read them.
func (f *switchFlags) unshown(result switchover.Result, shown *console.Console) error {
	if err := shown.Err(); err != nil && f.json {
		return result.Unwritten(unshown(err))
	}
	return nil
}

func unshown(err error) error { return fmt.Errorf("the output could not be written: %w", err) }

// unseen is the error of output that is all that a command has to give. People
// may close what they read from; a program that does has missed something.
func unseen(shown *console.Console, asJSON bool) error {
	err := shown.Err()
	if err == nil || (!asJSON && errors.Is(err, syscall.EPIPE)) {
		return nil
	}
	return unshown(err)
}

// written is the event of a file that is there now.
func written(what, path string) switchover.Event {
	return switchover.Event{Time: time.Now(), Event: switchover.EventWritten, Message: fmt.Sprintf("wrote %s %s", what, path)}
}

func (f *rootFlags) runner(ctx context.Context) (*terraform.Runner, error) {
	binary, err := terraform.Find(ctx, terraform.FindOptions{Path: f.binary})
	if err != nil {
		return nil, err
	}
	runner := terraform.New(f.chdir, binary)
	runner.Env = withoutOurs(os.Environ())
	if err := runner.CheckRoot(); err != nil {
		return nil, usageError("%v; name the root with --chdir", err)
	}
	return runner, nil
}

// withoutOurs is an environment without those of our variables that can hold
// secrets, which Terraform has no use for and hands on to all that it starts.
func withoutOurs(env []string) []string {
	return slices.DeleteFunc(slices.Clone(env), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return slices.Contains([]string{environmentName("var"), environmentName("url"), environmentName("preflight")}, name)
	})
}

// wayBack is the command that undoes a switch, with the flags that say which
// root it is and how that is planned.
func wayBack(direction maintenance.Direction, f rootFlags) string {
	words := []string{"maintenance", string(direction)}
	add := func(flag, value, usual string) {
		if value != usual {
			words = append(words, shellescape.Quote("--"+flag+"="+value))
		}
	}
	add("chdir", f.chdir, ".")
	add("terraform-bin", f.binary, "")
	add("variable", f.variable, maintenance.DefaultVariable)
	for _, file := range f.varFiles {
		add("var-file", file, "")
	}
	for _, v := range f.vars {
		name, _, _ := strings.Cut(v, "=")
		words = append(words, "--var="+name+"=...") // the value may be secret
	}
	return strings.Join(words, " ")
}
