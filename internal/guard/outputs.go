package guard

import (
	"maps"
	"slices"
)

// outputs judges every change of an output. The values that other roots, hooks
// and the guard of the next switch go by may only follow from this one.
func (j *judge) outputs() {
	if isSet(j.plan, "output_changes") && objectIn(j.plan, "output_changes") == nil {
		j.refuse("plan", "output_changes", "the changes of outputs are no object", wayPlan)
	}
	for _, name := range slices.Sorted(maps.Keys(j.outputChanges)) {
		c, _ := j.outputChanges[name].(object)
		actions, _ := texts(c["actions"])
		action := "unknown"
		if len(actions) > 0 {
			action = actions[0]
		}
		if why, way := j.output(name, c, actions); why != "" {
			j.refuse("output."+name, action, why, way)
		}
	}
}

// output says why an output's change is none that follows from the switch.
func (j *judge) output(name string, c object, actions []string) (why, way string) {
	field, unheard := stranger(c, changeFields)
	switch {
	case c == nil:
		return "its change is no object", wayPlan
	case unheard:
		return "its change has the field " + field + ", which nobody here knows", wayPlan
	case len(actions) != 1 || !slices.Contains([]string{"no-op", "create", "update", "delete"}, actions[0]):
		return "its actions are none that are known", wayPlan
	case isSet(c, "importing"):
		return "a switch imports nothing", wayDeploy
	}
	pending := unknown(c["after_unknown"])
	if actions[0] == "no-op" {
		if pending || !same(c["before"], c["after"]) {
			return "its action is no-op, and yet its value would change", wayPlan
		}
		return "", ""
	}
	if name == "targets" || name == "urls" || j.tellsOtherwise(name, c) {
		return "it tells where base paths point or are found, and the plan changes that, or tells it for the first time", wayOutputs
	}
	if _, there := objectIn(j.config.modules[""], "outputs")[name]; !there {
		return "it is taken away", wayDeploy
	}
	reached := j.flow.from(name)
	switch {
	case pending && !reached.pending:
		return "its value will be known only after the apply", wayDeploy
	case reached.follows:
		return "", ""
	case reached.hidden:
		j.result.Untraced = append(j.result.Untraced, name)
		return "", ""
	default:
		return "its value does not follow from the switch", wayDeploy
	}
}

// tellsOtherwise says that an output which tells targets or URLs, under whatever
// name, would tell others.
func (j *judge) tellsOtherwise(name string, c object) bool {
	before, after := map[string]any{name: c["before"]}, map[string]any{name: c["after"]}
	if unknown(c["after_unknown"]) && (len(findTables(before, readTargets)) > 0 || len(findTables(before, readURL)) > 0) {
		return true
	}
	return !alike(findTables(before, readTargets), findTables(after, readTargets)) || !alike(findTables(before, readURL), findTables(after, readURL))
}

func alike[V comparable](a, b tables[V]) bool {
	return slices.EqualFunc(a, b, func(x, y table[V]) bool {
		return slices.Equal(x.keys, y.keys) && x.domain == y.domain && maps.Equal(x.values, y.values)
	})
}
