package terraform

import (
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/stretchr/testify/assert"
)

func TestPlanReading(t *testing.T) {
	change := func(address string, actions ...tfjson.Action) *tfjson.ResourceChange {
		return &tfjson.ResourceChange{Address: address, Change: &tfjson.Change{Actions: actions}}
	}
	moved := change("a.moved", tfjson.ActionNoop)
	moved.PreviousAddress = "a.before"
	imported := change("a.imported", tfjson.ActionNoop)
	imported.Change.Importing = &tfjson.Importing{ID: "x"}
	plan := &tfjson.Plan{
		ResourceChanges: []*tfjson.ResourceChange{
			change("a.idle", tfjson.ActionNoop),
			change("data.a.read", tfjson.ActionRead),
			change("a.updated", tfjson.ActionUpdate),
			change("a.replaced", tfjson.ActionDelete, tfjson.ActionCreate),
			moved, imported,
			{Address: "a.none"},
		},
		OutputChanges: map[string]*tfjson.Change{
			"same":    {Actions: tfjson.Actions{tfjson.ActionNoop}},
			"unknown": {Actions: tfjson.Actions{tfjson.ActionCreate}, AfterUnknown: true},
			"changed": {Actions: tfjson.Actions{tfjson.ActionUpdate}, AfterUnknown: false},
		},
		PlannedValues: &tfjson.StateValues{Outputs: map[string]*tfjson.StateOutput{
			"same": {Value: 1}, "changed": {Value: 2, Sensitive: true}, "unknown": {},
		}},
	}

	var addresses []string
	for _, c := range Changes(plan) {
		addresses = append(addresses, c.Address)
	}
	assert.Equal(t, []string{"a.updated", "a.replaced", "a.moved", "a.imported"}, addresses)
	assert.Equal(t, []string{"changed", "unknown"}, OutputChanges(plan))
	assert.Equal(t, map[string]*tfjson.StateOutput{"same": {Value: 1}, "changed": {Value: 2, Sensitive: true}}, PlannedOutputs(plan))
	assert.Len(t, plan.PlannedValues.Outputs, 3, "the plan itself is left as it is")
	assert.Nil(t, PlannedOutputs(&tfjson.Plan{}))
}
