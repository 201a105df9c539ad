package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"apigateway-maintenance/internal/probe"
	"apigateway-maintenance/internal/report"
	"apigateway-maintenance/internal/switchover"
	"apigateway-maintenance/internal/terraform"
)

// canWrite finds out before anything is applied that a report could not be
// written after it.
func canWrite(path string) error {
	if path == "" {
		return nil
	}
	trial, err := os.CreateTemp(filepath.Dir(path), ".report-*")
	if err != nil {
		return usageError("--report %s cannot be written: %v", path, err)
	}
	_ = trial.Close()
	return os.Remove(trial.Name())
}

// writeReport writes the HTML report of a switch, whole or not at all.
func writeReport(path string, r switchover.Result, runner *terraform.Runner, variable string) error {
	if r.Timeline == nil {
		return nil // nothing was probed: it ended before there was anything to show
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), ".report-*")
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	defer os.Remove(temporary.Name()) // there no longer once it was renamed
	err = report.Write(temporary, reportOf(r, runner, variable))
	if closed := temporary.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Chmod(temporary.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(temporary.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

func reportOf(r switchover.Result, runner *terraform.Runner, variable string) report.Data {
	data := report.Data{
		Direction: r.Direction,
		Result:    reportResult(r.Outcome),
		Outcome:   outcome(r),
		Summary:   *r.Timeline,
		Expected:  probe.Expected{},
		Started:   r.Started,
		Finished:  r.Finished,
		Root:      runner.Dir,
		Workspace: r.Workspace,
		Variable:  variable,
		Terraform: fmt.Sprintf("%s %s", runner.Binary.Title(), runner.Binary.Version),
		Kit:       version(),
	}
	for _, a := range r.Answers {
		data.Expected[a.URL] = a.Expected
	}
	if r.Plan != nil {
		data.Changes, data.Guard = changes(*r.Plan), "The guard found "+r.Plan.String()+"."
	}
	for _, p := range r.Places {
		if !p.Agrees && p.Effective {
			data.Notes = append(data.Notes, sentence(p.String()))
		}
	}
	if !r.DrainedAt.IsZero() {
		data.Notes = append(data.Notes, "Requests that were under way can have run until "+r.DrainedAt.UTC().Format("2006-01-02 15:04:05 UTC")+".")
	}
	return data
}

func reportResult(outcome string) report.Result {
	switch outcome {
	case switchover.Done, switchover.Already:
		return report.Confirmed
	case switchover.Unconfirmed:
		return report.Unconfirmed
	case switchover.Failed, switchover.Interrupted:
		return report.Failed
	default:
		return report.Unchanged
	}
}

func changes(p switchover.Preview) []report.Change {
	var all []report.Change
	for _, s := range p.Switches {
		from, to := s.From, s.Target
		all = append(all, report.Change{Address: s.Address, Action: "update", Before: &from, After: &to})
	}
	for _, address := range p.Redeploys {
		all = append(all, report.Change{Address: address, Action: "redeploy"})
	}
	for _, v := range p.Violations {
		all = append(all, report.Change{Address: v.Address, Action: v.Action})
	}
	return all
}

// outcome is the one sentence at the end.
func outcome(r switchover.Result) string {
	switch r.Outcome {
	case switchover.Done:
		return fmt.Sprintf("Maintenance is %s.", r.Direction)
	case switchover.Already:
		return fmt.Sprintf("Maintenance was %s already.", r.Direction)
	case switchover.Unconfirmed:
		if r.Plan != nil && r.Plan.NothingToDo() {
			return fmt.Sprintf("NOT CONFIRMED. It was switched %s already, and nothing was applied.", r.Direction)
		}
		return "SWITCHED, NOT CONFIRMED."
	case switchover.Interrupted:
		return fmt.Sprintf("Interrupted while switching %s.", r.Direction)
	case switchover.Failed:
		return fmt.Sprintf("Switching %s failed.", r.Direction)
	default:
		return fmt.Sprintf("Not switched %s: nothing was applied.", r.Direction)
	}
}

func sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:] + "."
}
