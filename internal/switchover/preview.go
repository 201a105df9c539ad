package switchover

import (
	"fmt"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"

	"apigateway-maintenance/internal/guard"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/terraform"
)

// Preview is what a plan will do, without any value that could be secret: only
// addresses, actions, and the ids of APIs.
type Preview struct {
	Direction maintenance.Direction `json:"direction"`
	guard.Result
	// Outputs that change, by name.
	Outputs []string `json:"outputs"`
	// Endpoints after the apply.
	Endpoints []guard.Endpoint `json:"endpoints"`
	// Region of the APIs; empty where neither plan nor state tells.
	Region string `json:"region,omitempty"`
	// View of the mappings after the apply.
	View *guard.View `json:"-"`
}

func preview(plan *tfjson.Plan, direction maintenance.Direction, result guard.Result) Preview {
	view := guard.Planned(plan)
	return Preview{
		Direction: direction,
		Result:    result,
		Outputs:   terraform.OutputChanges(plan),
		Endpoints: view.Endpoints(),
		View:      view,
		Region:    guard.Region(plan),
	}
}

// NothingToDo says that the plan changes neither a resource nor an output. One
// that changes outputs alone is worth applying: after a switch by hand they are
// what the state has wrong.
func (p Preview) NothingToDo() bool {
	return len(p.Switches) == 0 && len(p.Redeploys) == 0 && len(p.Violations) == 0 && len(p.Outputs) == 0
}

// others are the addresses of what the plan changes beside the switch.
func (p Preview) others() []string {
	addresses := slices.Clone(p.Redeploys)
	for _, v := range p.Violations {
		addresses = append(addresses, v.Address)
	}
	return addresses
}

// switchesAny says whether any endpoint is in the mode that was asked for.
func (p Preview) switchesAny() bool {
	want := maintenance.ModeLive
	if p.Direction == maintenance.On {
		want = maintenance.ModeMaintenance
	}
	unknown := func(e guard.Endpoint) bool { return e.Mode == "" }
	return slices.ContainsFunc(p.Endpoints, func(e guard.Endpoint) bool { return e.Mode == want }) ||
		!slices.ContainsFunc(p.Endpoints, func(e guard.Endpoint) bool { return !unknown(e) })
}

// String says in a line what will change.
func (p Preview) String() string {
	var parts []string
	count := func(n int, what string) {
		if n == 1 {
			parts = append(parts, "1 "+what)
		} else if n > 1 {
			parts = append(parts, fmt.Sprintf("%d %ss", n, what))
		}
	}
	count(len(p.Switches), "base path mapping")
	count(len(p.Redeploys), "resource")
	if len(p.Redeploys) > 0 {
		parts[len(parts)-1] += " of the maintenance API"
	}
	count(len(p.Violations), "other change")
	count(len(p.Outputs), "output")
	if len(parts) == 0 {
		return "nothing changes"
	}
	if len(p.Untraced) > 0 {
		parts = append(parts, "of which the plan does not show where "+strings.Join(p.Untraced, ", ")+" come from")
	}
	return strings.Join(parts, ", ")
}
