package switchover

import (
	"errors"
	"fmt"
	"strings"

	"apigateway-maintenance/internal/guard"
	"apigateway-maintenance/internal/maintenance"
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
	lines := []string{e.Why}
	for _, v := range e.Violations {
		lines = append(lines, "  "+v.String())
	}
	return strings.Join(lines, "\n")
}

func (e *RefusedError) Unwrap() error { return e.Err }

func refused(format string, args ...any) error {
	return &RefusedError{Why: fmt.Sprintf(format, args...)}
}

// ApplyError says that the apply failed, and what it had done by then.
type ApplyError struct {
	// Moved and Unmoved are the mappings that had and had not switched. Doubtful
	// ones have in Terraform's state but not for clients: the provider writes
	// what was planned into the state of an update that failed. All are empty
	// where the state could not be read.
	Moved, Unmoved, Doubtful []maintenance.Mapping
	// Known says that the state could be read.
	Known bool
	Err   error
}

func (e *ApplyError) Error() string {
	switch {
	case !e.Known:
		return e.Err.Error() + "; the state could not be read, so ask `maintenance status` what has switched"
	case len(e.Doubtful) > 0:
		return fmt.Sprintf("%v; %s switched, %s did not; of %s the state says so and clients do not, so ask `maintenance status`",
			e.Err, addresses(e.Moved), addresses(e.Unmoved), addresses(e.Doubtful))
	case len(e.Moved) == 0:
		return e.Err.Error() + "; nothing was switched"
	default:
		return fmt.Sprintf("%v; %s switched, %s did not: repeat the command, or go back with the other", e.Err, addresses(e.Moved), addresses(e.Unmoved))
	}
}

func (e *ApplyError) Unwrap() error { return e.Err }

func addresses(mappings []maintenance.Mapping) string {
	if len(mappings) == 0 {
		return "none"
	}
	names := make([]string, len(mappings))
	for i, m := range mappings {
		names[i] = m.Domain + m.Path
	}
	return strings.Join(names, ", ")
}
