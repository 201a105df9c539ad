package guard

import (
	"fmt"
	"regexp"
	"slices"
)

// planFields are what a plan is known to hold, by Terraform up to 1.16 and
// OpenTofu up to 1.12.
var planFields = []string{
	"action_invocations", "applyable", "checks", "complete", "configuration", "deferred_action_invocations", "deferred_changes", "errored",
	"format_version", "output_changes", "planned_values", "prior_state", "relevant_attributes", "resource_changes", "resource_drift",
	"terraform_version", "timestamp", "variables",
}

var formatVersion = regexp.MustCompile(`^1\.[0-9]+$`)

// flags judges what a plan says of itself, and the lists of effects that a
// switch has none of.
func (j *judge) flags() {
	if field, found := stranger(j.plan, planFields); found {
		j.refuse("plan", field, "it has this field, which nobody here knows", wayPlan)
	}
	if !formatVersion.MatchString(textIn(j.plan, "format_version")) {
		j.refuse("plan", "format_version", "it is written in a format that nobody here knows", wayPlan)
	}
	if j.plan["errored"] != false && j.plan["errored"] != nil {
		j.refuse("plan", "errored", "planning failed, so it is not whole", wayPlan)
	}
	if _, list := j.plan["resource_changes"].([]any); !list {
		j.refuse("plan", "resource_changes", "it has no list of changes", wayPlan)
	}
	j.complete()
	j.applyable()
	j.none("deferred_changes", "its change is deferred, so nobody can say what it will be")
	j.none("deferred_action_invocations", "its invocation is deferred, and a switch invokes no actions")
	j.none("action_invocations", "a switch invokes no actions")
}

// none wants a list of effects to be empty.
func (j *judge) none(field, why string) {
	list, ok := j.plan[field].([]any)
	if isSet(j.plan, field) && !ok {
		j.refuse("plan", field, why, wayDeploy)
	}
	for index, raw := range list {
		entry, _ := raw.(object)
		where := fmt.Sprintf("%s[%d]", field, index)
		for _, inner := range []object{entry, objectIn(entry, "resource_change"), objectIn(entry, "action_invocation")} {
			if address := textIn(inner, "address"); address != "" {
				where = address
			}
		}
		j.refuse(where, field, why, wayDeploy)
	}
}

// complete lets a plan through that says it is not, if that is because of
// -target: then something is left out that a whole plan has.
func (j *judge) complete() {
	switch j.plan["complete"] {
	case nil, true:
	case false:
		if !j.narrowed() {
			j.refuse("plan", "complete", "it says that it is not complete, and nothing shows that this is because of -target", wayPlan)
		}
	default:
		j.refuse("plan", "complete", "nobody can say whether it is complete", wayPlan)
	}
}

// narrowed says that the plan leaves out a resource or an output that is in the
// state or in the root's code.
func (j *judge) narrowed() bool {
	planned := map[string]bool{}
	for _, c := range j.changes {
		planned[c.address] = true
	}
	left := false
	for _, o := range resourcesIn(stateBefore(j.plan)) {
		if textIn(o, "mode") == managed && textIn(o, "type") != "" && textIn(o, "address") != "" && !planned[textIn(o, "address")] {
			left = true
		}
	}
	root := j.config.modules[""]
	for _, raw := range listIn(root, "resources") {
		block, _ := raw.(object)
		if textIn(block, "mode") == managed && !isSet(block, "count_expression") && !isSet(block, "for_each_expression") && !planned[textIn(block, "address")] {
			left = true
		}
	}
	for _, outputs := range []object{objectIn(root, "outputs"), objectIn(stateBefore(j.plan), "outputs")} {
		for name := range outputs {
			if _, there := j.outputChanges[name]; !there {
				left = true
			}
		}
	}
	return left
}

// applyable wants a plan that says there is nothing to apply to have nothing.
func (j *judge) applyable() {
	switch j.plan["applyable"] {
	case nil, true:
	case false:
		idle := !slices.ContainsFunc(j.changes, func(c *change) bool { return !c.does("no-op") && !c.does("read") })
		for _, raw := range j.outputChanges {
			c, _ := raw.(object)
			actions, _ := texts(c["actions"])
			idle = idle && slices.Equal(actions, []string{"no-op"})
		}
		if !idle {
			j.refuse("plan", "applyable", "it says that it cannot be applied, and yet it has changes", wayPlan)
		}
	default:
		j.refuse("plan", "applyable", "nobody can say whether it can be applied", wayPlan)
	}
}

// conditions judges the results of conditions. One that is not known, or failed,
// ends the apply half-way; those of check blocks only warn.
func (j *judge) conditions() {
	list, ok := j.plan["checks"].([]any)
	if isSet(j.plan, "checks") && !ok {
		j.refuse("plan", "checks", "the results of its conditions are no list", wayPlan)
	}
	for index, raw := range list {
		entry, _ := raw.(object)
		address := objectIn(entry, "address")
		where, kind := textIn(address, "to_display"), textIn(address, "kind")
		if where == "" {
			where = fmt.Sprintf("checks[%d]", index)
		}
		switch {
		case !slices.Contains([]string{"resource", "output_value", "var", "check"}, kind) || isSet(entry, "instances") && listIn(entry, "instances") == nil:
			j.refuse(where, "condition", "its condition is of a kind that nobody here knows", wayPlan)
		case textIn(address, "mode") == ephemeral && !harmlessEphemeral(textIn(address, "type")):
			v := opening(where)
			j.refuse(where, v.Action, v.Why, v.Way)
		case kind != "check" && slices.ContainsFunc(listIn(entry, "instances"), func(raw any) bool {
			instance, _ := raw.(object)
			return textIn(instance, "status") != "pass"
		}):
			j.refuse(where, "condition", "its condition is not known to hold, so the apply may end half-way", wayDeploy)
		}
	}
}

// advice says what to add to a root whose outputs tell nothing.
func (j *judge) advice() string {
	call := "<the custom-domain module>"
	for _, c := range j.changes {
		if name := moduleOf(c.address).call(); c.kind == "aws_api_gateway_base_path_mapping" && name != "" {
			call = name
			break
		}
	}
	return fmt.Sprintf("put targets = module.%s.targets into the root's outputs and apply these outputs first, with the variable as it is in effect now", call)
}
