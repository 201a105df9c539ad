package switchover

import (
	"fmt"
	"strings"

	"apigateway-maintenance/internal/probe"
	"apigateway-maintenance/internal/report"
	"apigateway-maintenance/internal/terraform"
)

// Sentence says in one how a switch ended.
func (r Result) Sentence() string {
	switch r.Outcome {
	case Done:
		return fmt.Sprintf("Maintenance is %s.", r.Direction)
	case Already:
		return fmt.Sprintf("Maintenance was %s already.", r.Direction)
	case Unconfirmed:
		if r.Plan != nil && r.Plan.NothingToDo() {
			return fmt.Sprintf("NOT CONFIRMED. It was switched %s already, and nothing was applied.", r.Direction)
		}
		return "SWITCHED, NOT CONFIRMED."
	case Interrupted:
		return fmt.Sprintf("Interrupted while switching %s.", r.Direction)
	case Failed:
		return fmt.Sprintf("Switching %s failed.", r.Direction)
	default:
		return fmt.Sprintf("Not switched %s: nothing was applied.", r.Direction)
	}
}

// Report is the result as a report shows it; kit is the version of the command
// that switched. There is none (ok is false) where nothing was probed.
func (r Result) Report(runner *terraform.Runner, variable, kit string) (data report.Data, ok bool) {
	if r.Timeline == nil {
		return report.Data{}, false
	}
	data = report.Data{
		Direction: r.Direction,
		Result:    r.reported(),
		Outcome:   r.Sentence(),
		Summary:   *r.Timeline,
		Expected:  probe.Expected{},
		Started:   r.Started,
		Finished:  r.Finished,
		Root:      runner.Dir,
		Workspace: r.Workspace,
		Variable:  variable,
		Terraform: fmt.Sprintf("%s %s", runner.Binary.Title(), runner.Binary.Version),
		Kit:       kit,
	}
	for _, a := range r.Answers {
		data.Expected[a.URL] = a.Expected
	}
	if r.Plan != nil {
		data.Changes, data.Guard = r.Plan.changes(), "The guard found "+r.Plan.String()+"."
	}
	for _, p := range r.Places {
		if !p.Agrees && p.Effective {
			data.Notes = append(data.Notes, sentence(p.String()))
		}
	}
	if !r.DrainedAt.IsZero() {
		data.Notes = append(data.Notes, "Requests that were under way can have run until "+r.DrainedAt.UTC().Format("2006-01-02 15:04:05 UTC")+".")
	}
	return data, true
}

func (r Result) reported() report.Result {
	switch r.Outcome {
	case Done, Already:
		return report.Confirmed
	case Unconfirmed:
		return report.Unconfirmed
	case Failed, Interrupted:
		return report.Failed
	default:
		return report.Unchanged
	}
}

func (p Preview) changes() []report.Change {
	var all []report.Change
	for _, s := range p.Switches {
		all = append(all, report.Change{Address: s.Address, Action: "update", Before: &s.From, After: &s.Target})
	}
	for _, address := range p.Redeploys {
		all = append(all, report.Change{Address: address, Action: "redeploy"})
	}
	for _, v := range p.Violations {
		all = append(all, report.Change{Address: v.Address, Action: v.Action})
	}
	return all
}

func sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:] + "."
}
