package guard

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"

	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/terraform"
)

// ErrNoTargets says that the plan's outputs do not tell which API a base path
// has in either mode, so nothing can be checked.
var ErrNoTargets = errors.New("no output of the root tells where its base paths point")

// Violation is a change that a pure switch does not make.
type Violation struct {
	// Address of the resource, or "output.NAME".
	Address string `json:"address"`
	// Action that is planned, such as "update" or "delete, create".
	Action string `json:"action"`
	// Why it is none of a switch.
	Why string `json:"why"`
}

func (v Violation) String() string {
	return fmt.Sprintf("%s (%s): %s", v.Address, v.Action, v.Why)
}

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
	// Violations are everything else.
	Violations []Violation `json:"violations"`
}

// Pure says that the plan does nothing but switch.
func (r Result) Pure() bool { return len(r.Violations) == 0 }

// Check sorts a plan's changes. It fails with an error that wraps
// [ErrNoTargets] where the root's outputs give nothing to check against.
func Check(plan *tfjson.Plan, direction maintenance.Direction) (Result, error) {
	c, err := newChecker(plan, direction)
	if err != nil {
		return Result{}, err
	}
	for _, change := range terraform.Changes(plan) {
		c.resource(change)
	}
	for _, deferred := range plan.DeferredChanges {
		if deferred.ResourceChange != nil {
			c.refuse(deferred.ResourceChange, "its change is deferred, so nobody can say what it will be")
		}
	}
	for _, action := range plan.ActionInvocations {
		c.result.Violations = append(c.result.Violations, Violation{Address: action.Address, Action: "invoke", Why: "a switch invokes no actions"})
	}
	return c.result, nil
}

// Unchecked lists every change as one that nobody checked, for a plan that
// [Check] has nothing to check against.
func Unchecked(plan *tfjson.Plan) Result {
	var c checker
	for _, change := range terraform.Changes(plan) {
		c.refuse(change, "not checked: no output of the root tells where its base paths point")
	}
	return c.result
}

type checker struct {
	direction maintenance.Direction
	planned   *View
	prior     *View
	// mocks are the ids of the maintenance APIs.
	mocks  map[string]bool
	result Result
}

func newChecker(plan *tfjson.Plan, direction maintenance.Direction) (*checker, error) {
	c := &checker{
		direction: direction, planned: Planned(plan), prior: Prior(plan), mocks: map[string]bool{},
		result: Result{Switches: []Switch{}, Redeploys: []string{}, Violations: []Violation{}},
	}
	if len(c.planned.targets) == 0 {
		return nil, noTargets(plan)
	}
	for _, t := range c.planned.targets {
		for _, pair := range t.values {
			c.mocks[pair.Maintenance.APIID] = true
		}
	}
	// An API that is some path's own is no mock, whatever else says so.
	for _, t := range slices.Concat(c.planned.targets, c.prior.targets) {
		for _, pair := range t.values {
			delete(c.mocks, pair.Live.APIID)
		}
	}
	return c, nil
}

// noTargets says what to add, or why what is there cannot be read yet.
func noTargets(plan *tfjson.Plan) error {
	var unknown []string
	for _, name := range slices.Sorted(maps.Keys(plan.OutputChanges)) {
		if hasUnknown(plan.OutputChanges[name].AfterUnknown) {
			unknown = append(unknown, name)
		}
	}
	hcl := "add to the root:\n\n  output \"targets\" {\n    value = " + domainModule(plan) + ".targets\n  }\n\nand apply it once, with the variable as it is in effect now"
	if len(unknown) > 0 {
		return fmt.Errorf("%w: %s will be known only after the apply, since the plan creates or replaces what it is made of; apply those changes first, or, where none of these is the module's targets, %s",
			ErrNoTargets, strings.Join(unknown, ", "), hcl)
	}
	return fmt.Errorf("%w; %s", ErrNoTargets, hcl)
}

// domainModule is the module call that holds the mappings, for the advice.
func domainModule(plan *tfjson.Plan) string {
	for _, m := range PlannedMappings(plan) {
		if names := moduleName.FindStringSubmatch(m.Address); names != nil {
			return "module." + names[1]
		}
	}
	return "module.<the custom-domain module>"
}

func (c *checker) refuse(change *tfjson.ResourceChange, format string, args ...any) {
	c.result.Violations = append(c.result.Violations, Violation{
		Address: change.Address,
		Action:  actions(change),
		Why:     fmt.Sprintf(format, args...),
	})
}

func actions(change *tfjson.ResourceChange) string {
	var names []string
	for _, a := range change.Change.Actions {
		names = append(names, string(a))
	}
	if change.Change.Importing != nil {
		names = append(names, "import")
	}
	if change.PreviousAddress != "" && change.PreviousAddress != change.Address {
		names = append(names, "move from "+change.PreviousAddress)
	}
	return strings.Join(names, ", ")
}

// resource sorts one change.
func (c *checker) resource(change *tfjson.ResourceChange) {
	switch {
	case change.Change.Importing != nil:
		c.refuse(change, "a switch imports nothing")
	case change.PreviousAddress != "" && change.PreviousAddress != change.Address:
		c.refuse(change, "a switch moves no resource to another address")
	case change.Type == maintenance.MappingType:
		c.mapping(change)
	case c.isRedeploy(change):
		c.result.Redeploys = append(c.result.Redeploys, change.Address)
	default:
		c.refuse(change, "%s", c.whyNot(change))
	}
}

// mapping lets an in-place update of API and stage through, to the target that
// the path has in the direction.
func (c *checker) mapping(change *tfjson.ResourceChange) {
	if !change.Change.Actions.Update() {
		c.refuse(change, "a switch updates mappings in place; this takes the path away from clients or gives them a new one")
		return
	}
	if names := unknownNames(change); len(names) > 0 {
		c.refuse(change, "%s will be known only after the apply, since the plan creates or replaces the API or stage", strings.Join(names, ", "))
		return
	}
	for _, name := range changedNames(change) {
		if name != "api_id" && name != "stage_name" {
			c.refuse(change, "%s changes, and a switch changes api_id and stage_name alone", name)
			return
		}
	}
	from, to := readMapping(change.Address, change.Change.Before), readMapping(change.Address, change.Change.After)
	if why := c.wrongMove(to); why != "" {
		c.refuse(change, "%s", why)
		return
	}
	c.result.Switches = append(c.result.Switches, Switch{Mapping: to, From: from.Target})
}

// wrongMove says why a mapping may not go where it goes; empty if it may.
func (c *checker) wrongMove(to maintenance.Mapping) string {
	targets, found, conflict := c.planned.targets.lookup(placeOf(to), c.planned.domains)
	switch {
	case !found:
		return fmt.Sprintf("no output tells where %s%s may point; its root output `targets` has to contain it", to.Domain, to.Path)
	case conflict:
		return fmt.Sprintf("several outputs tell different targets for the path %s; nest them under their domain names, %q here", to.Path, to.Domain)
	}
	if before, known, differs := c.prior.targets.lookup(placeOf(to), c.planned.domains); known && !differs {
		switch {
		case !before.SamePlaces(targets):
			return fmt.Sprintf("the plan also changes what its targets are (live %s, maintenance %s become live %s, maintenance %s): apply that first",
				before.Live, before.Maintenance, targets.Live, targets.Maintenance)
		case before.Told && targets.Told && before.Own != targets.Own:
			return fmt.Sprintf("the plan also changes the own maintenance_mode of %s, so whether it follows the variable: apply that first", to.Path)
		}
	}
	if mode, known, _ := c.planned.modes.lookup(placeOf(to), c.planned.domains); known && mode != c.direction.Mode() {
		return fmt.Sprintf("the output `modes` says that %s stays %s, and yet its mapping would move", to.Path, mode)
	}
	if want := targets.In(c.direction.Mode()); to.Target != want {
		return fmt.Sprintf("it would point to %s, but switching %s may point it to %s only", to.Target, c.direction, want)
	}
	return ""
}
