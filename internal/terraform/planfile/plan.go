package planfile

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hashicorp/go-version"
	tfjson "github.com/hashicorp/terraform-json"
)

// formatVersion is that of the message Plan, all of Terraform's since 0.12.
const formatVersion = 3

// actions of the message Change that a switch or the redeploy of its mock has.
// Others mean one thing in Terraform and another in OpenTofu (9), or belong to
// a plan that has to be told in full anyway.
var actions = map[uint64]tfjson.Actions{
	0: {tfjson.ActionNoop},
	2: {tfjson.ActionRead},
	3: {tfjson.ActionUpdate},
	7: {tfjson.ActionCreate, tfjson.ActionDelete},
}

// readPlan reads the message Plan (planfile.proto in the source of Terraform
// and OpenTofu). A plan that was narrowed (-target), that destroys, only
// refreshes, failed half-way or leaves changes for later is unfamiliar.
func (p Product) readPlan(src []byte, plan *tfjson.Plan) error {
	var format, mode, failed, complete uint64
	plan.Variables = map[string]*tfjson.PlanVariable{}
	plan.OutputChanges = map[string]*tfjson.Change{}
	plan.PlannedValues = &tfjson.StateValues{Outputs: map[string]*tfjson.StateOutput{}, RootModule: &tfjson.StateModule{}}
	known := fields{
		1:  number(&format),
		2:  message(func(value []byte) error { return readVariable(value, plan) }),
		3:  message(func(value []byte) error { return readResource(value, plan) }),
		4:  message(func(value []byte) error { return readOutput(value, plan) }),
		13: ignored, // backend
		14: text(&plan.TerraformVersion),
		15: ignored, // attributes that drift is told for
		17: number(&mode),
		18: ignored, // drift
		19: ignored, // check results
		20: number(&failed),
		21: ignored, // timestamp
		22: ignored, // function results; ephemeral variables in OpenTofu
	}
	if p == Terraform {
		known[25] = ignored // applyable
		known[26] = number(&complete)
		known[28] = ignored // names of ephemeral variables
	}
	err := decode("the plan", src, known)
	switch {
	case err != nil:
		return err
	case format != formatVersion:
		return unfamiliar("its format is version %d", format)
	case !p.knows(plan.TerraformVersion):
		return unfamiliar("it is of %s %q", p, plan.TerraformVersion)
	case mode != 0 || failed != 0:
		return unfamiliar("it is of mode %d, failed %d", mode, failed)
	}
	if complete != 0 { // said since Terraform 1.8, and never by OpenTofu
		plan.Complete = new(true)
	}
	// The file has them in the order in which Terraform came by.
	slices.SortFunc(plan.ResourceChanges, func(a, b *tfjson.ResourceChange) int { return byAddress(a.Address, b.Address) })
	slices.SortFunc(plan.PlannedValues.RootModule.Resources, func(a, b *tfjson.StateResource) int { return byAddress(a.Address, b.Address) })
	return nil
}

// byAddress has the root's resources first, then those of its modules, as show
// does.
func byAddress(a, b string) int {
	depth := func(address string) int { return strings.Count(address, "module.") }
	return cmp.Or(depth(a)-depth(b), strings.Compare(a, b))
}

func (p Product) knows(release string) bool {
	newest, known := Newest[p]
	v, err := version.NewVersion(release)
	return known && err == nil && v.LessThan(newest)
}

func readVariable(src []byte, plan *tfjson.Plan) error {
	var name string
	var v value
	err := decode("a variable", src, fields{1: text(&name), 2: dynamicValue(&v)})
	plan.Variables[name] = &tfjson.PlanVariable{Value: v.known}
	return err
}

func readOutput(src []byte, plan *tfjson.Plan) error {
	var name string
	var sensitive uint64
	change := &tfjson.Change{}
	err := decode("an output", src, fields{
		1: text(&name),
		2: message(func(value []byte) error { return readChange(value, change) }),
		3: number(&sensitive),
	})
	if err != nil {
		return err
	}
	plan.OutputChanges[name] = change
	planned := &tfjson.StateOutput{Sensitive: sensitive != 0, Value: change.After}
	if hasUnknown(change.AfterUnknown) { // then show leaves all of it out
		planned.Value = nil
	}
	plan.PlannedValues.Outputs[name] = planned
	return nil
}

func readResource(src []byte, plan *tfjson.Plan) error {
	var address, previous, deposed string
	change := &tfjson.Change{}
	err := decode("a resource", src, fields{
		7:  text(&deposed),
		8:  ignored, // provider
		9:  message(func(value []byte) error { return readChange(value, change) }),
		10: ignored, // the provider's private data
		11: ignored, // paths that require replacement
		12: ignored, // reason of the action
		13: text(&address),
		14: text(&previous),
	})
	switch {
	case err != nil:
		return err
	case deposed != "" || previous != "" && previous != address:
		return unfamiliar("%s is deposed or moved", address)
	}
	mode, kind, name, err := parseAddress(address)
	if err != nil {
		return err
	}
	plan.ResourceChanges = append(plan.ResourceChanges, &tfjson.ResourceChange{
		Address: address, Mode: mode, Type: kind, Name: name, Change: change,
	})
	attributes, _ := change.After.(map[string]any)
	plan.PlannedValues.RootModule.Resources = append(plan.PlannedValues.RootModule.Resources, &tfjson.StateResource{
		Address: address, Mode: mode, Type: kind, Name: name, AttributeValues: attributes,
	})
	return nil
}

// readChange reads the message Change. An import has a field of its own, and
// is unfamiliar by it.
func readChange(src []byte, change *tfjson.Change) error {
	var action uint64
	var values []value
	err := decode("a change", src, fields{
		1: number(&action),
		2: message(func(src []byte) error {
			var v value
			if err := decode("a value", src, fields{1: msgpackValue(&v)}); err != nil {
				return err
			}
			values = append(values, v)
			return nil
		}),
		3: ignored, // what is sensitive before
		4: ignored, // and after
		7: ignored, // identity before
		8: ignored, // and after
	})
	if err != nil {
		return err
	}
	known := false
	if change.Actions, known = actions[action]; !known {
		return unfamiliar("a change is of action %d", action)
	}
	want := 2
	if change.Actions.NoOp() {
		want = 1
	}
	if len(values) != want {
		return unfamiliar("a change of action %d has %d values", action, len(values))
	}
	change.Before, change.After, change.AfterUnknown = values[0].known, values[want-1].known, values[want-1].unknown
	return nil
}
