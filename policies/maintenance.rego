# Approves a pure maintenance switch and lets everything else wait for a person.
#
# A pure switch updates nothing but api_id and stage_name of base path mappings,
# each to the target that the root's output `targets` names for its path, and
# perhaps the mock whose text changed. The rules are those of the Go package
# internal/guard; one set of plans tests both.
#
# It fails safe: whatever it does not know is pending, never allowed.
package env0

import rego.v1

mapping_type := "aws_api_gateway_base_path_mapping"

# --- what env0 reads ---------------------------------------------------------

allow contains "pure maintenance switch: only base path mappings move, each to a target that the output names" if pure

allow contains sprintf("approved by %d", [approvals]) if {
	not pure
	approvals > 0
}

pending contains reason if {
	not pure
	approvals == 0
	some reason in reasons
}

approvals := count(object.get(input, "approvers", []))

# --- the decision ------------------------------------------------------------

# policyData.direction ("on" or "off") restricts the policy to one direction;
# without it a plan may go either way, but not both at once.
directions := {object.get(input, ["policyData", "direction"], "either")} & {"on", "off"} if {
	object.get(input, ["policyData", "direction"], "either") != "either"
} else := {"on", "off"}

pure if {
	count(missing) == 0
	some direction in directions
	count(refusals(direction)) == 0
}

# reasons are those of the direction that has fewer of them.
reasons := missing if count(missing) > 0

else := {"policyData.direction must be on or off"} if count(directions) == 0

else := refusals(direction) if {
	least := min({count(refusals(d)) | some d in directions})
	direction := max({d | some d in directions; count(refusals(d)) == least})
}

missing contains "the policy was given no plan" if not is_array(object.get(input, ["plan", "resource_changes"], null))

missing contains "no output of the root tells where its base paths point: add targets = module.<name>.targets" if count(planned_targets) == 0

refusals(direction) := (changed | deferred) | invoked if {
	changed := {line(rc, why(rc, direction)) | some rc in changes}
	deferred := {line(rc, "its change is deferred, so nobody can say what it will be") |
		some entry in listed(input.plan, "deferred_changes")
		rc := entry.resource_change
	}
	invoked := {sprintf("%s (invoke): a switch invokes no actions", [a.address]) |
		some a in listed(input.plan, "action_invocations")
	}
}

# listed is a list that may be absent or null.
listed(of, name) := of[name] if is_array(of[name])

else := []

line(rc, reason) := sprintf("%s (%s): %s", [rc.address, concat(", ", actions(rc)), reason])

actions(rc) := array.concat(rc.change.actions, array.concat(
	["import" | is_object(rc.change.importing)],
	[sprintf("move from %s", [rc.previous_address]) | moved(rc)],
))

# --- one change --------------------------------------------------------------

# changes are those that do something.
changes contains rc if {
	some rc in input.plan.resource_changes
	does_something(rc)
}

does_something(rc) if not rc.change.actions in [["no-op"], ["read"]]

does_something(rc) if moved(rc)

does_something(rc) if is_object(rc.change.importing)

moved(rc) if not object.get(rc, "previous_address", "") in {"", null, rc.address}

why(rc, direction) := "a switch imports nothing" if is_object(rc.change.importing)

else := "a switch moves no resource to another address" if moved(rc)

else := mapping_why(rc, direction) if rc.type == mapping_type

else := other_why(rc) if {
	rc.type != mapping_type
	not redeploy(rc)
}

mapping_why(rc, direction) := "a switch updates mappings in place; this takes the path away from clients or gives them a new one" if {
	rc.change.actions != ["update"]
} else := sprintf("%s will be known only after the apply, since the plan creates or replaces the API or stage", [concat(", ", unknown(rc))]) if {
	count(unknown(rc)) > 0
} else := sprintf("%s changes, and a switch changes api_id and stage_name alone", [other[0]]) if {
	other := sort(changed(rc) - {"api_id", "stage_name"})
	count(other) > 0
} else := move_why(place_of(rc), target_of(rc.change.after), direction)

move_why(at, to, direction) := sprintf("no output tells where %s%s may point; its root output `targets` has to contain it", [at.domain, at.path]) if {
	count(lookup(planned_targets, at)) == 0
} else := sprintf("several outputs tell different targets for the path %s; nest them under their domain names, %q here", [at.path, at.domain]) if {
	count(lookup(planned_targets, at)) > 1
} else := "the plan also changes what its targets are: apply that first" if {
	before := {ends(t) | some t in lookup(prior_targets, at)}
	count(before) == 1
	before != {ends(t) | some t in lookup(planned_targets, at)}
} else := sprintf("the plan also changes the own maintenance_mode of %s, so whether it follows the variable: apply that first", [at.path]) if {
	some before in lookup(prior_targets, at)
	some after in lookup(planned_targets, at)
	not "untold" in {before.own, after.own}
	before.own != after.own
} else := sprintf("the output `modes` says that %s stays %s, and yet its mapping would move", [at.path, mode]) if {
	some mode in lookup(planned_modes, at)
	mode != mode_of[direction]
} else := sprintf("it would point to %s, but switching %s may point it to %s only", [shown(to), direction, shown(want)]) if {
	some targets in lookup(planned_targets, at)
	want := targets[mode_of[direction]]
	to != want
}

mode_of := {"on": "maintenance", "off": "live"}

shown(target) := sprintf("%s/%s", [target.api_id, target.stage_name]) if target.stage_name != ""

else := sprintf("%s without a stage", [target.api_id])

place_of(rc) := {
	"domain": text(rc.change.after, "domain_name"),
	"path": concat("", ["/", trim_prefix(text(rc.change.after, "base_path"), "(none)")]),
	"hints": hints(rc.address),
}

text(of, name) := of[name] if is_string(of[name])

else := ""

# hints are the module names and instance keys in an address.
hints(address) := {m[1] | some m in regex.find_all_string_submatch_n(`(?:^|\.)module\.([A-Za-z0-9_-]+)`, address, -1)} | {m[1] | some m in regex.find_all_string_submatch_n(`\["((?:[^"\\]|\\.)*)"\]`, address, -1)}

target_of(of) := {"api_id": text(of, "api_id"), "stage_name": text(of, "stage_name")}

# --- a redeploy of the mock --------------------------------------------------

redeploy(rc) if {
	rc.type == "aws_api_gateway_rest_api"
	rc.change.actions == ["update"]
	rc.change.before.id in mocks
	count(differing(rc) - {"body"}) == 0
}

redeploy(rc) if {
	rc.type == "aws_api_gateway_deployment"
	rc.change.actions == ["create", "delete"]
	rc.change.before.rest_api_id in mocks
	rc.change.after.rest_api_id in mocks
	count(differing(rc) - {"triggers", "id", "created_date", "execution_arn", "invoke_url"}) == 0
}

redeploy(rc) if {
	rc.type == "aws_api_gateway_stage"
	rc.change.actions == ["update"]
	rc.change.before.rest_api_id in mocks
	count(differing(rc) - {"deployment_id"}) == 0
}

other_why(rc) := "it is no part of a switch" if {
	not api_of(rc)
} else := "it is no part of a switch" if {
	rc.change.actions != ["update"]
} else := sprintf("of the maintenance API a switch changes the text alone, and this changes [%s]", [concat(" ", differing(rc))]) if {
	api_of(rc) in mocks
} else := sprintf("it belongs to API %s, which is not the maintenance API", [api_of(rc)])

api_of(rc) := rc.change.before.id if {
	rc.type == "aws_api_gateway_rest_api"
	rc.change.before.id != ""
} else := rc.change.before.rest_api_id if {
	rc.type != "aws_api_gateway_rest_api"
	rc.change.before.rest_api_id != ""
}

# mocks are the ids of the maintenance APIs; an API that is some path's own is
# none, whatever else says so.
mocks := {pair.maintenance.api_id | some table in planned_targets; some pair in table.values} - {pair.live.api_id | some table in (planned_targets | prior_targets); some pair in table.values}

# differing are the attributes that change or may change.
differing(rc) := changed(rc) | unknown(rc)

# changed are the attributes that differ, unknown ones among them; absent is
# null, and so is the empty text that the provider reads back for it.
changed(rc) := {name |
	some name in (object.keys(attributes(rc.change.before)) | object.keys(attributes(rc.change.after)))
	given(rc.change.before, name) != given(rc.change.after, name)
}

given(of, name) := null if {
	object.get(attributes(of), name, "") == ""
} else := object.get(attributes(of), name, null)

attributes(of) := of if is_object(of)

else := {}

# unknown are the attributes with anything in them that only the apply tells.
unknown(rc) := {name |
	some name, value in attributes(object.get(rc.change, "after_unknown", {}))
	walk(value, [_, true])
}

# --- what the outputs tell ---------------------------------------------------

planned_outputs := {name: output.value |
	some name, output in object.get(input, ["plan", "planned_values", "outputs"], {})
	object.get(input, ["plan", "output_changes", name, "after_unknown"], false) != true
}

# outputs_before are those that a plan starts from. Terraform writes the planned
# ones into the plan's prior state, so that has only those that are left out.
outputs_before := object.union(outputs_left_out, {name: change.before |
	some name, change in object.get(input, ["plan", "output_changes"], {})
	change.before != null
})

# A plan with -target leaves out outputs that also depend on something else; of
# these the state's targets still hold, its modes do not. Terraform says that a
# plan is whole; OpenTofu does not, but a whole plan mentions all outputs.
planned_targets := tables(planned_outputs, "targets") | tables(outputs_left_out, "targets") if {
	object.get(input, ["plan", "complete"], false) != true
} else := tables(planned_outputs, "targets")

outputs_left_out := {name: value |
	some name, output in object.get(input, ["plan", "prior_state", "values", "outputs"], {})
	value := output.value
	not name in object.keys(object.get(input, ["plan", "output_changes"], {}))
	not name in object.keys(object.get(input, ["plan", "planned_values", "outputs"], {}))
}

prior_targets := tables(outputs_before, "targets")

planned_modes := tables(planned_outputs, "modes")

# tables are the maps from base path of a kind, wherever in the outputs they
# are, with the keys that lead to them and the domain_name beside them.
tables(outputs, kind) := {{"keys": keys, "domain": domain_beside(outputs, path), "values": values} |
	walk(outputs, [path, value])
	count(path) > 0
	every key in path { is_string(key) }
	values := readings(value, kind)
	count(values) > 0
	count(values) == count(value)
	keys := {key | some key in path}
}

readings(value, kind) := {path: read |
	is_object(value)
	some path, raw in value
	startswith(path, "/")
	read := reading(raw, kind)
}

# own is the path's own mode, which modules of before do not tell.
reading(raw, "targets") := {"live": target_of(raw.live), "maintenance": target_of(raw.maintenance), "own": object.get(raw, "maintenance_mode", "untold")} if {
	every target in [raw.live, raw.maintenance] {
		text(target, "api_id") != ""
		tells_stage(target)
	}
}

# Null is for a mapping whose callers name the stage.
tells_stage(target) if is_string(target.stage_name)

tells_stage(target) if is_null(target.stage_name)

ends(targets) := object.remove(targets, {"own"})

reading(raw, "modes") := raw if raw in {"live", "maintenance"}

domain_beside(outputs, path) := names[count(names) - 1] if {
	names := [name |
		some depth in numbers.range(1, count(path) - 1)
		name := object.get(outputs, array.concat(array.slice(path, 0, depth), ["domain_name"]), null)
		is_string(name)
	]
	count(path) > 1
	count(names) > 0
} else := ""

# lookup is what the tables tell for a place: those for its domain before those
# for its module or key before the rest. More than one value is a conflict.
lookup(among, at) := named if {
	named := {table.values[at.path] | some table in among; is_for(table, at.domain)}
	count(named) > 0
} else := hinted if {
	hinted := {table.values[at.path] | some table in among; fits(table, at.domain); count(table.keys & at.hints) > 0}
	count(hinted) > 0
} else := {table.values[at.path] | some table in among; fits(table, at.domain)}

is_for(table, domain) if {
	domain != ""
	domain in (table.keys | {table.domain})
}

fits(table, domain) if {
	table.domain in {"", domain}
	count((table.keys & domains) - {domain}) == 0
}

# domains are all domain names that the plan maps paths of.
domains := {r.values.domain_name |
	walk(object.get(input, ["plan", "planned_values", "root_module"], {}), [_, r])
	r.type == mapping_type
	r.mode == "managed"
}
