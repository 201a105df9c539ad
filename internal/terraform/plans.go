package terraform

import (
	"maps"
	"slices"

	tfjson "github.com/hashicorp/terraform-json"
)

// Changes are the resource changes of a plan that do something: creations,
// updates, deletions, replacements, and what is imported, moved or forgotten.
// Reads of data sources and no-ops are left out.
func Changes(plan *tfjson.Plan) []*tfjson.ResourceChange {
	var changes []*tfjson.ResourceChange
	for _, rc := range plan.ResourceChanges {
		if rc.Change == nil {
			continue
		}
		moved := rc.PreviousAddress != "" && rc.PreviousAddress != rc.Address
		idle := rc.Change.Actions.NoOp() || rc.Change.Actions.Read()
		if !idle || moved || rc.Change.Importing != nil {
			changes = append(changes, rc)
		}
	}
	return changes
}

// OutputChanges are the names of the outputs that a plan changes, sorted.
func OutputChanges(plan *tfjson.Plan) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(plan.OutputChanges)) {
		if c := plan.OutputChanges[name]; c != nil && !c.Actions.NoOp() {
			names = append(names, name)
		}
	}
	return names
}

// PlannedOutputs are the root's outputs as they will be after the apply, each
// saying whether it is sensitive. One that is known only then is absent.
func PlannedOutputs(plan *tfjson.Plan) map[string]*tfjson.StateOutput {
	if plan.PlannedValues == nil {
		return nil
	}
	outputs := maps.Clone(plan.PlannedValues.Outputs)
	maps.DeleteFunc(outputs, func(name string, o *tfjson.StateOutput) bool {
		c := plan.OutputChanges[name]
		return o == nil || (c != nil && c.AfterUnknown == true)
	})
	return outputs
}
