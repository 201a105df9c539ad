package guard_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/guard"
)

// edit makes a recorded plan another.
type edit func(plan object)

// written is a plan written by hand: a recorded one with something else in it.
type written struct {
	base string
	edit edit
	// why is part of a reason, with the place it is about; empty where the plan
	// is a switch.
	why string
}

func set(value any, path ...any) edit {
	return func(plan object) {
		in(plan, path[:len(path)-1]...).(object)[path[len(path)-1].(string)] = value
	}
}

func drop(path ...any) edit {
	return func(plan object) { delete(in(plan, path[:len(path)-1]...).(object), path[len(path)-1].(string)) }
}

// inChange edits a resource's change.
func inChange(ending string, with func(rc, change object)) edit {
	return func(plan object) {
		rc := resourceAt(plan, ending)
		with(rc, rc["change"].(object))
	}
}

func all(edits ...edit) edit {
	return func(plan object) {
		for _, e := range edits {
			e(plan)
		}
	}
}

func add(rc object) edit { return func(plan object) { addChange(plan, rc) } }

// outputs sets what an output was and will be; nil leaves a side out.
func output(name string, before, after any, actions ...any) edit {
	return func(plan object) {
		in(plan, "output_changes").(object)[name] = object{"actions": actions, "before": before, "after": after, "after_unknown": false, "before_sensitive": false, "after_sensitive": false}
	}
}

func configured(name string, references ...any) edit {
	return set(object{"expression": object{"references": references}}, "configuration", "root_module", "outputs", name)
}

// before is what an output was.
func before(plan object, name string) any { return in(plan, "output_changes", name, "before") }

func TestWrittenPlans(t *testing.T) {
	t.Parallel()
	policy := preparePolicy(t)
	for name, c := range writtenPlans() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plan := recordedPlan(t, c.base)
			c.edit(plan)
			result := guard.Check(parse(t, plan), directionOf(c.base))
			found := reasonsOf(result)
			reasons, err := policy.reasons(plan, directionOf(c.base))
			require.NoError(t, err)
			assert.Equal(t, found, reasons, "the policy says something else than the guard")
			if c.why == "" {
				assert.Empty(t, found)
				return
			}
			assert.Contains(t, strings.Join(found, "\n"), c.why)
			for _, v := range result.Violations {
				assert.NotEmpty(t, v.Address)
				assert.NotEmpty(t, v.Action)
				assert.NotEmpty(t, v.Why)
				assert.NotEmpty(t, v.Way)
			}
		})
	}
}

func writtenPlans() map[string]written {
	plans := map[string]written{}
	for _, some := range []map[string]written{shapePlans(), flagPlans(), mappingPlans(), trustPlans(), redeployPlans(), effectPlans(), outputPlans()} {
		maps.Copy(plans, some)
	}
	return plans
}

// shapePlans are plans of which something is missing or odd.
func shapePlans() map[string]written {
	plans := map[string]written{
		"a plan without changes": {"terraform-on", drop("resource_changes"), "plan (resource_changes)"},
		"changes that are null":  {"terraform-on", set(nil, "resource_changes"), "plan (resource_changes)"},
		"a change that is null": {"terraform-on", func(plan object) {
			plan["resource_changes"] = append(plan["resource_changes"].([]any), nil)
		}, "resource_changes[10] (unknown): it is no object"},
		"a field of a change that nobody knows": {"terraform-on", inChange(orders, func(rc, _ object) { rc["side_effect"] = true }), "the field side_effect"},
		"a field in a change that nobody knows": {"terraform-on", inChange(orders, func(_, change object) { change["linked"] = []any{} }), "its change has the field linked"},
		"importing that is true":                {"terraform-on", inChange(orders, func(_, change object) { change["importing"] = true }), "imports nothing"},
		"importing that is null":                {"terraform-on", inChange(orders, func(_, change object) { change["importing"] = nil }), ""},
		"an action in other letters":            {"terraform-on", inChange(orders, func(_, change object) { change["actions"] = []any{"Update"} }), "updates mappings in place"},
		"actions that are a text":               {"terraform-on", inChange(orders, func(_, change object) { change["actions"] = "update" }), "its actions are missing"},
		"a change that is there twice": {"terraform-on", func(plan object) {
			addChange(plan, copyOf(resourceAt(plan, orders)))
		}, "the plan has it twice"},
		"a no-op that changes": {"terraform-on", inChange("rest_api.shop", func(_, change object) {
			change["after"].(object)["name"] = "other"
		}), "aws_api_gateway_rest_api.shop (no-op): its action is no-op, and yet"},
		"a no-op with something unknown": {"terraform-on", inChange("rest_api.shop", func(_, change object) {
			change["after_unknown"] = object{"policy": true}
		}), "its action is no-op, and yet"},
		"a no-op without values": {"terraform-on", inChange("rest_api.shop", func(_, change object) {
			delete(change, "before")
		}), "its action is no-op, and yet"},
		"numbers that are written differently": {"terraform-on", inChange(`domain_name.this[0]`, func(_, change object) {
			change["before"].(object)["x"], change["after"].(object)["x"] = 60, 60.5
		}), "its action is no-op, and yet"},
		"an address of another module": {"terraform-on", inChange(orders, func(rc, _ object) { rc["module_address"] = "module.mock" }), "its address is not that of"},
		"an address of another type": {"terraform-on", inChange(orders, func(rc, _ object) {
			rc["address"] = `module.domain.aws_iam_policy.this["/orders"]`
		}), "its address is not that of"},
	}
	for _, field := range []string{"address", "mode", "type", "name", "provider_name", "change"} {
		plans["a change without "+field] = written{"terraform-on", inChange(orders, func(rc, _ object) { delete(rc, field) }), "its " + field + " is missing"}
		plans["a change whose "+field+" is null"] = written{"terraform-on", inChange(orders, func(rc, _ object) { rc[field] = nil }), "its " + field + " is missing"}
		plans["a change whose "+field+" is a number"] = written{"terraform-on", inChange(health, func(rc, _ object) { rc[field] = 7 }), "its " + field + " is missing"}
	}
	for _, field := range []string{"actions", "before", "after", "after_unknown"} {
		plans["a mapping without "+field] = written{"terraform-on", inChange(orders, func(_, change object) { delete(change, field) }), orders + " ("}
		plans["a mapping whose "+field+" is null"] = written{"terraform-on", inChange(orders, func(_, change object) { change[field] = nil }), orders + " ("}
	}
	return plans
}

// flagPlans are plans that say of themselves what a switch's does not.
func flagPlans() map[string]written {
	return map[string]written{
		"an errored plan":                       {"terraform-on", set(true, "errored"), "plan (errored)"},
		"errored that is a text":                {"terraform-on", set("false", "errored"), "plan (errored)"},
		"errored that is left out":              {"terraform-on", drop("errored"), ""},
		"a plan that is not complete":           {"terraform-on", set(false, "complete"), "plan (complete)"},
		"complete that is a text":               {"terraform-on", set("true", "complete"), "plan (complete)"},
		"a plan narrowed by -target":            {"terraform-targeted", set(false, "complete"), ""},
		"a plan that is not applicable":         {"terraform-on", set(false, "applyable"), "plan (applyable)"},
		"another format":                        {"terraform-on", set("2.0", "format_version"), "plan (format_version)"},
		"no format":                             {"terraform-on", drop("format_version"), "plan (format_version)"},
		"a field that nobody knows":             {"terraform-on", set([]any{}, "query_results"), "plan (query_results)"},
		"a deferred change":                     {"terraform-on", set([]any{object{"reason": "unknown", "resource_change": made("managed", "aws_x", "y", []any{"create"}, nil, object{})}}, "deferred_changes"), "aws_x.y (deferred_changes)"},
		"a deferred change that is null":        {"terraform-on", set([]any{nil}, "deferred_changes"), "deferred_changes[0]"},
		"deferred changes that are none":        {"terraform-on", set([]any{}, "deferred_changes"), ""},
		"an action":                             {"terraform-on", set([]any{object{"address": "action.aws_lambda_invoke.x", "type": "aws_lambda_invoke"}}, "action_invocations"), "action.aws_lambda_invoke.x (action_invocations): a switch invokes no actions"},
		"actions that are no list":              {"terraform-on", set(object{}, "action_invocations"), "plan (action_invocations)"},
		"a deferred action":                     {"terraform-on", set([]any{object{"reason": "unknown", "action_invocation": object{"address": "action.aws_x.y"}}}, "deferred_action_invocations"), "action.aws_x.y (deferred_action_invocations)"},
		"a condition that only the apply knows": {"terraform-on", set([]any{condition("resource", "unknown")}, "checks"), "x.y (condition): its condition is not known to hold"},
		"a condition that failed":               {"terraform-on", set([]any{condition("output_value", "fail")}, "checks"), "its condition is not known to hold"},
		"a check block that failed only warns":  {"terraform-on", set([]any{condition("check", "fail")}, "checks"), ""},
		"a condition of another kind":           {"terraform-on", set([]any{condition("other", "pass")}, "checks"), "of a kind that nobody here knows"},
		"conditions that are no list":           {"terraform-on", set(object{}, "checks"), "plan (checks)"},
		"drift is nothing that happens":         {"terraform-on", set([]any{made("managed", "aws_x", "y", []any{"delete"}, object{}, nil)}, "resource_drift"), ""},
	}
}

func condition(kind, status string) object {
	return object{"address": object{"kind": kind, "to_display": "x.y"}, "status": status, "instances": []any{object{"address": object{"to_display": "x.y"}, "status": status}}}
}
