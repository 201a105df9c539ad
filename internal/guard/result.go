package guard

import (
	"fmt"

	"apigateway-maintenance/internal/maintenance"
)

// Violation is an effect of the apply that is not proved to be part of a switch.
type Violation struct {
	// Address of the resource, or "output.NAME", or "plan".
	Address string `json:"address"`
	// Action that is planned, such as "update" or "delete, create".
	Action string `json:"action"`
	// Why it is none of a switch.
	Why string `json:"why"`
	// Way is the way on: what to do about it.
	Way string `json:"way_on"`
}

func (v Violation) String() string {
	return fmt.Sprintf("%s (%s): %s; %s", v.Address, v.Action, v.Why, v.Way)
}

// The ways on.
const (
	wayDeploy  = "deploy it first, or switch the mappings alone (--only-switch)"
	wayOutputs = "apply these outputs first"
	wayDrift   = "find out who did it, and put it right by a deploy before you switch"
	wayPerson  = "take it out of the root, or let a person look and allow it (--allow-other-changes)"
	wayPlan    = "plan again, and give what terraform show -json says of that plan"
)

// Switch is one mapping that moves.
type Switch struct {
	maintenance.Mapping                    // as it will be
	From                maintenance.Target `json:"from"`
}

// Result is what the guard found in a plan.
type Result struct {
	// Switches are the mappings that move as the direction says.
	Switches []Switch `json:"switches"`
	// Redeploys are the addresses of the mock's resources that change because
	// its text did.
	Redeploys []string `json:"redeploys"`
	// Untraced are outputs that change, and of which the plan does not show
	// whether they follow from the switch: their values go through a local,
	// which no plan tells. They change no resource, and nothing that the guard
	// goes by.
	Untraced []string `json:"untraced_outputs"`
	// Violations are everything else.
	Violations []Violation `json:"violations"`
}

// Pure says that the plan does nothing but switch.
func (r Result) Pure() bool { return len(r.Violations) == 0 }
