package console

import (
	"github.com/fatih/color"

	"apigateway-maintenance/internal/switchover"
)

// Preview lists what a plan will change, before the question.
func (c *Console) Preview(p switchover.Preview) {
	c.Line("\nThis will change:")
	for _, s := range p.Switches {
		c.Line("  %s %s  %s -> %s", c.Paint(color.FgYellow, "~"), s.URL(), s.From, s.Target)
	}
	for _, address := range p.Redeploys {
		c.Line("  %s %s  (the maintenance API's text)", c.Paint(color.FgYellow, "~"), address)
	}
	for _, v := range p.Violations {
		c.Line("  %s %s", c.Paint(color.FgRed, "!"), v)
	}
	c.Line("Then:")
	for _, e := range p.Endpoints {
		c.Line("  %s is %s", e.URL, e.Mode)
	}
}

// Result says to people what clients saw and how it ended; with JSON the last
// event has it all. Of a switch that never came to the apply it says nothing.
// wayBack is the command that undoes it, named where it is needed.
func (c *Console) Result(r switchover.Result, wayBack string) {
	if len(r.Answers) == 0 || r.Timeline == nil {
		return
	}
	switch r.Outcome {
	case switchover.Done, switchover.Already, switchover.Unconfirmed, switchover.Failed, switchover.Interrupted:
	default:
		return
	}
	c.Line("\nWhat clients saw:")
	for _, a := range r.Answers {
		c.Line("  %s", a)
	}
	c.Line("\n%s", c.Paint(outcomeColour(r.Outcome), r.Sentence()))
	if r.Outcome == switchover.Unconfirmed {
		c.Line("The way back: %s", wayBack)
	}
}

func outcomeColour(outcome string) color.Attribute {
	if outcome == switchover.Done || outcome == switchover.Already {
		return color.FgGreen
	}
	return color.FgRed
}
