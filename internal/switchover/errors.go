package switchover

import (
	"errors"
	"fmt"
	"strings"

	"apigateway-maintenance/internal/guard"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/plain"
)

// ErrDeclined says that the operator answered no.
var ErrDeclined = errors.New("not applied: it was not approved")

// RefusedError says why nothing was applied although Terraform could have.
type RefusedError struct {
	// Why in one sentence, with what to do.
	Why string
	// Violations of the guard, if it was the guard.
	Violations []guard.Violation
	Err        error
}

func (e *RefusedError) Error() string {
	lines := []string{plain.Line(e.Why)}
	for _, v := range e.Violations {
		lines = append(lines, "  "+plain.Line(v.String()))
	}
	return strings.Join(lines, "\n")
}

func (e *RefusedError) Unwrap() error { return e.Err }

func refused(format string, args ...any) error {
	return &RefusedError{Why: fmt.Sprintf(format, args...)}
}

// ApplyError says that the apply failed, and what it had done by then.
type ApplyError struct {
	// Moved and Unmoved are the mappings that had and had not switched; Unmoved
	// ones are not known to have where the state could not be read. Doubtful ones
	// have in Terraform's state but not for clients: the provider writes what was
	// planned into the state of an update that failed.
	Moved, Unmoved, Doubtful []maintenance.Mapping
	// Known says that the state could be read.
	Known bool
	// Others are the changes beside the switch.
	Others Others
	Err    error
}

// Others are changes beside the switch, of which a plan may have Of.
type Others struct {
	Of int
	// Made are the addresses of those that Terraform has made, Doubtful those that
	// it had begun.
	Made, Doubtful []string
}

func (o Others) String() string {
	switch {
	case o.Of == 0:
		return ""
	case len(o.Made)+len(o.Doubtful) == 0:
		return fmt.Sprintf("; of the %d other changes none was begun", o.Of)
	case len(o.Doubtful) == 0:
		return fmt.Sprintf("; of the %d other changes these were made: %s", o.Of, listed(o.Made))
	default:
		return fmt.Sprintf("; of the %d other changes these were made: %s; and these may have been: %s", o.Of, listed(o.Made), listed(o.Doubtful))
	}
}

// AnyDone says that something of the plan is in effect.
func (e *ApplyError) AnyDone() bool { return len(e.Moved)+len(e.Others.Made) > 0 }

func (e *ApplyError) Error() string { return e.Err.Error() + "; " + e.moves() + e.Others.String() }

func (e *ApplyError) moves() string {
	moved, unmoved := addresses(e.Moved), addresses(e.Unmoved)
	switch {
	case !e.Known && len(e.Moved) == 0:
		return "the state could not be read, so ask `maintenance status` what has switched"
	case !e.Known && len(e.Unmoved) > 0:
		return fmt.Sprintf("%s switched; the state could not be read, so ask `maintenance status` about %s", moved, unmoved)
	case len(e.Moved)+len(e.Doubtful) == 0 && e.Others.Of > 0:
		return "no base path was switched"
	case len(e.Moved)+len(e.Doubtful) == 0:
		return "nothing was switched"
	case len(e.Doubtful) == 0:
		return fmt.Sprintf("%s switched, %s did not: repeat the command, or go back with the other", moved, unmoved)
	}
	doubtful := fmt.Sprintf("of %s the state says so and clients do not, so ask `maintenance status`", addresses(e.Doubtful))
	if len(e.Moved)+len(e.Unmoved) == 0 {
		return doubtful
	}
	return fmt.Sprintf("%s switched, %s did not; %s", moved, unmoved, doubtful)
}

func (e *ApplyError) Unwrap() error { return e.Err }

func addresses(mappings []maintenance.Mapping) string {
	names := make([]string, len(mappings))
	for i, m := range mappings {
		names[i] = m.Domain + m.Path
	}
	return listed(names)
}

// listed names things from outside, as many as there are.
func listed(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return plain.Line(strings.Join(names, ", "))
}

// UnwrittenError says that the switch is as it should be, but that something
// that was to be written about it was not.
type UnwrittenError struct {
	Direction maintenance.Direction
	Err       error
}

func (e *UnwrittenError) Error() string {
	return fmt.Sprintf("maintenance is %s, and confirmed, but %v", e.Direction, e.Err)
}

func (e *UnwrittenError) Unwrap() error { return e.Err }

// Unwritten is the error of something that could not be written about the
// result; one of a switch that is confirmed says so.
func (r Result) Unwritten(err error) error {
	if r.Outcome == Done || r.Outcome == Already {
		return &UnwrittenError{Direction: r.Direction, Err: err}
	}
	return err
}
