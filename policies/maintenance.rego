# Approval policy for env0: lets a plan through without a person if it is proved
# to be a maintenance switch, and makes everything else wait for one.
#
# It is the rule of the Go package internal/guard (see its doc.go) in another
# language: every effect that the apply of the plan would have is proved to be
# part of a switch, or it is a reason to wait. One set of plans, real, written
# and drawn, must get the same reasons from both. It is one file because that is
# what approval policies are pasted from; adapters for other tools are beside it.
#
# What it does not know, it does not allow: each element of the plan counts,
# whatever shape it has.
package env0

import rego.v1

# --- what env0 reads ---------------------------------------------------------

allow contains sprintf("pure maintenance switch: only base path mappings move, each to a target that the output names%s", [noted]) if pure

allow contains sprintf("approved by %d", [approvals]) if {
	not pure
	approvals > 0
}

pending contains reason if {
	not pure
	approvals == 0
	some reason in reasons
}

approvals := count(list(input.approvers))

default approvals := 0

noted := sprintf("; outputs that change as well, of which the plan does not show why: %s", [concat(", ", untraced)]) if count(untraced) > 0

else := ""

# --- the decision ------------------------------------------------------------

# policyData.direction ("on" or "off") restricts the policy to one direction;
# without it a plan may go either way, but not both at once.
directions := {input.policyData.direction} & {"on", "off"} if {
	input.policyData.direction != null
} else := set() if {
	input.policyData != null
	not has_fields
} else := {"on", "off"}

has_fields if is_object(input.policyData)

has_plan if is_object(input.plan)

pure if {
	has_plan
	count(refusals_either_way) == 0
	some direction in directions
	every move in moves {
		switches(move, direction)
	}
}

# reasons are those of the direction that has fewer of them.
reasons := {"the policy was given no plan"} if not has_plan

else := {"policyData.direction must be on or off"} if count(directions) == 0

else := refusals(direction) if {
	least := min({count(refusals(d)) | some d in directions})
	direction := max({d | some d in directions; count(refusals(d)) == least})
}

refusals(direction) := refusals_either_way | mapping_refusals(direction)

refusals_either_way := (((flags | conditions) | unread) | openings) | other_refusals

refusal(where, action, why, way) := sprintf("%s (%s): %s; %s", [where, action, why, way])

way_deploy := "deploy it first, or switch the mappings alone (--only-switch)"

way_outputs := "apply these outputs first"

way_drift := "find out who did it, and put it right by a deploy before you switch"

way_person := "take it out of the root, or let a person look and allow it (--allow-other-changes)"

way_plan := "plan again, and give what terraform show -json says of that plan"

# --- reading JSON ------------------------------------------------------------

plan := input.plan if is_object(input.plan)

else := {}

get(of, name) := of[name] if of[name] != null

else := null

object_in(of, name) := of[name] if is_object(of[name])

else := {}

list(value) := value if is_array(value)

else := []

text(of, name) := of[name] if is_string(of[name])

else := ""

texts(value) := value if {
	is_array(value)
	every element in value {
		is_string(element)
	}
} else := []

strangers(of, known) := object.keys(of) - known

# unknown says that a mask of Terraform's (after_unknown, before_sensitive and
# their like) marks anything: it has a leaf that is neither false nor null.
unknown(mask) if {
	walk(mask, [_, leaf])
	not is_object(leaf)
	not is_array(leaf)
	leaf != false
	leaf != null
}

# --- what a plan says of itself ----------------------------------------------

plan_fields := {
	"action_invocations", "applyable", "checks", "complete", "configuration", "deferred_action_invocations", "deferred_changes", "errored",
	"format_version", "output_changes", "planned_values", "prior_state", "relevant_attributes", "resource_changes", "resource_drift",
	"terraform_version", "timestamp", "variables",
}

flags contains refusal("plan", min(strangers(plan, plan_fields)), "it has this field, which nobody here knows", way_plan) if {
	count(strangers(plan, plan_fields)) > 0
}

flags contains refusal("plan", "format_version", "it is written in a format that nobody here knows", way_plan) if {
	not regex.match(`^1\.[0-9]+$`, text(plan, "format_version"))
}

flags contains refusal("plan", "errored", "planning failed, so it is not whole", way_plan) if {
	not get(plan, "errored") in {false, null}
}

flags contains refusal("plan", "resource_changes", "it has no list of changes", way_plan) if {
	not is_array(get(plan, "resource_changes"))
}

flags contains refusal("plan", "output_changes", "the changes of outputs are no object", way_plan) if {
	get(plan, "output_changes") != null
	not is_object(get(plan, "output_changes"))
}

# A plan that says it is not complete may be so because of -target: then
# something is left out that a whole plan has.
flags contains refusal("plan", "complete", "it says that it is not complete, and nothing shows that this is because of -target", way_plan) if {
	get(plan, "complete") == false
	not narrowed
}

flags contains refusal("plan", "complete", "nobody can say whether it is complete", way_plan) if {
	not get(plan, "complete") in {true, false, null}
}

flags contains refusal("plan", "applyable", "it says that it cannot be applied, and yet it has changes", way_plan) if {
	get(plan, "applyable") == false
	not does_nothing
}

flags contains refusal("plan", "applyable", "nobody can say whether it can be applied", way_plan) if {
	not get(plan, "applyable") in {true, false, null}
}

flags contains refusal("plan", "outputs", "no output of the state tells where base paths point", advice) if {
	count(trusted_targets) == 0
}

effects := {
	"deferred_changes": "its change is deferred, so nobody can say what it will be",
	"deferred_action_invocations": "its invocation is deferred, and a switch invokes no actions",
	"action_invocations": "a switch invokes no actions",
}

flags contains refusal("plan", field, why, way_deploy) if {
	some field, why in effects
	not is_array(get(plan, field))
	get(plan, field) != null
}

flags contains refusal(effect_where(field, i, entry), field, why, way_deploy) if {
	some field, why in effects
	some i, entry in list(get(plan, field))
}

effect_where(field, i, entry) := addresses[count(addresses) - 1] if {
	addresses := [address |
		some inner in [entry, get(entry, "resource_change"), get(entry, "action_invocation")]
		address := text(inner, "address")
		address != ""
	]
	count(addresses) > 0
} else := sprintf("%s[%d]", [field, i])

narrowed if {
	some r in resources_in(state_before)
	r.mode == "managed"
	text(r, "type") != ""
	text(r, "address") != ""
	not r.address in planned_addresses
}

narrowed if {
	some block in list(get(root_module, "resources"))
	text(block, "mode") == "managed"
	get(block, "count_expression") == null
	get(block, "for_each_expression") == null
	not text(block, "address") in planned_addresses
}

narrowed if {
	some outputs in [object_in(root_module, "outputs"), object_in(state_before, "outputs")]
	some name, _ in outputs
	not name in object.keys(output_changes)
}

planned_addresses := {text(rc, "address") | some rc in changes}

does_nothing if {
	every rc in changes {
		texts(get(object_in(rc, "change"), "actions")) in [["no-op"], ["read"]]
	}
	every _, c in output_changes {
		texts(get(c, "actions")) == ["no-op"]
	}
}

advice := sprintf("put targets = module.%s.targets into the root's outputs and apply these outputs first, with the variable as it is in effect now", [call]) if {
	calls := [call |
		some rc in changes
		text(rc, "type") == mapping_type
		call := call_of(module_of(text(rc, "address")))
		call != ""
	]
	call := array.concat(calls, ["<the custom-domain module>"])[0]
}

# --- conditions --------------------------------------------------------------

# One that is not known, or failed, ends the apply half-way; those of check
# blocks only warn.
conditions contains refusal("plan", "checks", "the results of its conditions are no list", way_plan) if {
	get(plan, "checks") != null
	not is_array(get(plan, "checks"))
}

conditions contains condition_refusal(condition_where(i, entry), entry) if some i, entry in list(get(plan, "checks"))

condition_where(i, entry) := text(object_in(entry, "address"), "to_display") if {
	text(object_in(entry, "address"), "to_display") != ""
} else := sprintf("checks[%d]", [i])

condition_refusal(where, entry) := refusal(where, "condition", "its condition is of a kind that nobody here knows", way_plan) if {
	odd_condition(entry)
} else := opening(where) if {
	text(object_in(entry, "address"), "mode") == "ephemeral"
	not text(object_in(entry, "address"), "type") in harmless_ephemerals
} else := refusal(where, "condition", "its condition is not known to hold, so the apply may end half-way", way_deploy) if {
	text(object_in(entry, "address"), "kind") != "check"
	some instance in list(get(entry, "instances"))
	text(instance, "status") != "pass"
}

odd_condition(entry) if not text(object_in(entry, "address"), "kind") in {"resource", "output_value", "var", "check"}

odd_condition(entry) if {
	get(entry, "instances") != null
	not is_array(get(entry, "instances"))
}

# --- the configuration -------------------------------------------------------

# modules of the configuration by their path, "module.a.module.b", empty for the
# root. Rego has no recursion, hence the levels.
modules := object.union_n([root_level, level_1, level_2, level_3, level_4, level_5, level_6, level_7, level_8])

root_level := {"": plan.configuration.root_module} if is_object(plan.configuration.root_module)

else := {}

level_1 := below(root_level)

level_2 := below(level_1)

level_3 := below(level_2)

level_4 := below(level_3)

level_5 := below(level_4)

level_6 := below(level_5)

level_7 := below(level_6)

level_8 := below(level_7)

below(level) := {named(path, sprintf("module.%s", [name])): call.module |
	some path, module in level
	some name, call in object_in(module, "module_calls")
	is_object(call.module)
}

unread contains refusal(path, "read", "its modules are nested deeper than this guard looks", way_plan) if some path, _ in below(level_8)

root_module := object.get(modules, "", {})

module_fields := {"actions", "module_calls", "outputs", "resources", "variables"}

no_configuration := "the plan does not hold its configuration, so nobody can say what else would run"

unread contains refusal("plan", "configuration", no_configuration, way_plan) if not "" in object.keys(modules)

unread contains refusal(named(path, "configuration"), min(strangers(module, module_fields)), "this guard does not know what it is", way_plan) if {
	some path, module in modules
	count(strangers(module, module_fields)) > 0
}

unread contains refusal(named(path, "configuration"), "read", "its resources or module calls are not told as they should be", way_plan) if {
	some path, module in modules
	badly_told(module)
}

unread contains refusal(named(path, sprintf("module.%s", [name])), "read", no_configuration, way_plan) if {
	some path, module in modules
	some name, call in object_in(module, "module_calls")
	not is_object(get(call, "module"))
}

badly_told(module) if {
	get(module, "module_calls") != null
	not is_object(get(module, "module_calls"))
}

badly_told(module) if {
	get(module, "resources") != null
	not is_array(get(module, "resources"))
}

named("", name) := name

named(path, name) := sprintf("%s.%s", [path, name]) if path != ""

# block_of is a change's block in the configuration; an empty one where there is
# none, so that nothing said of it is undefined.
block_of(c) := block_at(path_of(module_of(c.address)), c.mode, c.kind, c.name)

block_at(path, mode, kind, name) := blocks[0] if {
	blocks := [block |
		some block in list(get(object.get(modules, path, {}), "resources"))
		block.name == name
		block.type == kind
		block.mode == mode
	]
	count(blocks) > 0
} else := {}

provisioners(block) := [text(p, "type") | some p in get(block, "provisioners")] if {
	is_array(get(block, "provisioners"))
} else := [] if {
	get(block, "provisioners") == null
} else := ["unknown"]

same_provider(a, b) if {
	a != ""
	a == b
}

same_provider(a, b) if {
	providers := object_in(object_in(plan, "configuration"), "provider_config")
	x := providers[a]
	y := providers[b]
	is_object(x)
	is_object(y)
	text(x, "full_name") == text(y, "full_name")
	get(x, "expressions") == get(y, "expressions")
}

# --- what may be read or opened ----------------------------------------------

# Reading these can do nothing else. The first line is worked out by the provider
# itself; the others each make one call that describes something.
harmless_reads := [
	"aws_arn", "aws_iam_policy_document", "aws_partition", "aws_region", "aws_service_principal",
	"aws_acm_certificate", "aws_api_gateway_domain_name", "aws_api_gateway_rest_api", "aws_caller_identity", "aws_route53_zone",
]

harmless_ephemerals := ["aws_secretsmanager_secret_version", "aws_ssm_parameter"]

opening(where) := refusal(where, "open", sprintf("it is opened while the plan is applied, and of ephemeral resources only %s are known to do nothing else", [concat(", ", harmless_ephemerals)]), way_person)

# OpenTofu lists ephemeral resources, Terraform only what refers to them.
openings contains opening(named(path, concat(".", ["ephemeral", text(block, "type"), text(block, "name")]))) if {
	some path, module in modules
	some block in list(get(module, "resources"))
	text(block, "mode") == "ephemeral"
	not text(block, "type") in harmless_ephemerals
}

openings contains refusal(named(path, "configuration"), "read", sprintf("it has a resource whose mode is %q", [text(block, "mode")]), way_plan) if {
	some path, module in modules
	some block in list(get(module, "resources"))
	not text(block, "mode") in {"managed", "data", "ephemeral"}
}

openings contains opening(found[0]) if {
	walk(get(plan, "configuration"), [_, expression])
	some reference in texts(expression.references)
	some found in regex.find_all_string_submatch_n(`^ephemeral\.([^.\[]+)\.([^.\[]+)`, reference, 1)
	not found[1] in harmless_ephemerals
}

# --- addresses ---------------------------------------------------------------

# module_of is the module's instance that a resource's address is in.
module_of(address) := trim_suffix(regex.find_n(`^(?:module\.[^.\["]+(?:\[(?:"(?:[^"\\]|\\.)*"|[0-9]+)\])?\.)*`, address, 1)[0], ".")

# path_of is where it is in the configuration, which knows no instances.
path_of(module) := regex.replace(module, `\[(?:"(?:[^"\\]|\\.)*"|[0-9]+)\]`, "")

steps_of(module) := regex.find_all_string_submatch_n(`module\.([^.\["]+)(?:\["((?:[^"\\]|\\.)*)"\])?`, module, -1)

call_of(module) := steps_of(module)[0][1] if count(steps_of(module)) > 0

else := ""

# hints are the names and keys of the modules on the way to it, of which the
# root's output may be keyed by one: targets = { orders = module.orders.targets }.
hints_of(module) := {name | some step in steps_of(module); some i in [1, 2]; name := step[i]; name != ""}

# --- changes -----------------------------------------------------------------

resource_fields := {"action_reason", "address", "change", "deposed", "index", "index_unknown", "mode", "module_address", "name", "previous_address", "provider_name", "type"}

change_fields := {"actions", "after", "after_identity", "after_sensitive", "after_unknown", "before", "before_identity", "before_sensitive", "generated_config", "importing", "replace_paths"}

modes_of_resources := {"managed", "data", "ephemeral"}

aws_providers := {"registry.terraform.io/hashicorp/aws", "registry.opentofu.org/hashicorp/aws"}

changes := list(get(plan, "resource_changes"))

# idle are most changes of a plan: none, and of the usual fields, which takes one
# look at each.
idle := {i |
	some i, rc in changes
	rc.change.actions == ["no-op"]
	rc.change.before == rc.change.after
	is_object(rc.change.before)
	count(object.remove(rc, usual_fields)) == 0
	count(object.remove(rc.change, usual_change_fields)) == 0
	rc.mode in modes_of_resources
	is_string(rc.address)
	is_string(rc.type)
	is_string(rc.name)
	is_string(rc.provider_name)
	not "" in [rc.address, rc.type, rc.name, rc.provider_name]
	not unknown(object.get(rc.change, "after_unknown", null))
}

usual_fields := resource_fields - {"deposed", "index_unknown", "previous_address"}

usual_change_fields := change_fields - {"generated_config", "importing"}

# busy are the others, but for mappings that are plainly updated in place.
busy := [read_change(i, rc) | some i, rc in changes; not i in idle; not plain_updates[i]]

read_change(i, rc) := {
	"index": i, "where": where_of(i, rc), "action": action_of(rc), "rc": rc, "change": object_in(rc, "change"),
	"address": text(rc, "address"), "mode": text(rc, "mode"), "kind": text(rc, "type"), "name": text(rc, "name"), "provider": text(rc, "provider_name"),
	"actions": texts(get(object_in(rc, "change"), "actions")),
	"before": get(object_in(rc, "change"), "before"), "after": get(object_in(rc, "change"), "after"),
}

where_of(i, rc) := sprintf("resource_changes[%d]", [i]) if text(rc, "address") == ""

else := text(rc, "address")

action_of(rc) := concat(", ", array.concat(told_actions(rc), array.concat(
	["import" | is_set(object_in(rc, "change"), "importing")],
	[sprintf("move from %s", [from]) | from := text(rc, "previous_address"); not from in {"", text(rc, "address")}],
)))

told_actions(rc) := texts(get(object_in(rc, "change"), "actions")) if count(texts(get(object_in(rc, "change"), "actions"))) > 0

else := ["unknown"]

is_set(of, name) if get(of, name) != null

why_moved(rc) := "a switch imports nothing" if {
	imported(object_in(rc, "change"))
} else := "a switch moves no resource to another address" if {
	not get(rc, "previous_address") in {null, text(rc, "address")}
} else := "it is what a replacement that failed has left behind" if {
	is_set(rc, "deposed")
} else := "nobody knows yet how many of it there will be" if {
	not get(rc, "index_unknown") in {null, false}
}

imported(change) if is_set(change, "importing")

imported(change) if not get(change, "generated_config") in {null, ""}

why_broken(c) := "it is no object" if {
	not is_object(c.rc)
} else := sprintf("it has the field %s, which nobody here knows", [min(strangers(c.rc, resource_fields))]) if {
	count(strangers(c.rc, resource_fields)) > 0
} else := sprintf("its %s is missing or no text", [missing[0]]) if {
	missing := [field | some field in ["address", "mode", "type", "name", "provider_name"]; text(c.rc, field) == ""]
	count(missing) > 0
} else := "its mode is none that is known" if {
	not c.mode in modes_of_resources
} else := "its change is missing or no object" if {
	not is_object(get(c.rc, "change"))
} else := sprintf("its change has the field %s, which nobody here knows", [min(strangers(c.change, change_fields))]) if {
	count(strangers(c.change, change_fields)) > 0
} else := "its actions are missing or no texts" if {
	count(c.actions) == 0
}

# sound changes are those of which the values say what happens.
sound := [c | some c in busy; not why_broken(c); not why_moved(c.rc)]

still := {c.index |
	some c in sound
	c.actions == ["no-op"]
	is_object(c.before)
	c.before == c.after
	not unknown(get(c.change, "after_unknown"))
}

acting := [c | some c in sound; c.actions != ["no-op"]]

mappings := [c | some c in acting; c.kind == mapping_type; c.mode == "managed"]

read := [c |
	some c in acting
	c.provider in aws_providers
	harmless(c)
]

harmless(c) if {
	c.mode == "ephemeral"
	c.kind in harmless_ephemerals
}

harmless(c) if {
	c.mode == "data"
	c.actions == ["read"]
	c.kind in harmless_reads
}

# redeployed are changes that nothing is against, and that what is for them is
# there.
redeployed := [c |
	some c in acting
	c.mode == "managed"
	c.provider in aws_providers
	api_id(c) in mocks
	not why_no_redeploy(c)
	redeploys(c)
	why_no_mock(get(home(c).after, "body")) == ""
]

redeploys(c) if {
	c.kind == rest_api_type
	c.actions == ["update"]
	differing(c) == {"body"}
}

redeploys(c) if {
	c.kind == deployment_type
	c.actions == ["create", "delete"]
	text(c.after, "rest_api_id") == api_id(c)
	provisioners(block_of(c)) == []
}

redeploys(c) if {
	c.kind == stage_type
	c.actions == ["update"]
	differing(c) == {"deployment_id"}
}

# other_refusals are all that do not hang on the direction. Whatever is neither a
# mapping nor proved to be nothing, a read or a redeploy is refused, even where
# nobody knows why.
other_refusals := (twice | output_refusals) | {line |
	some c in busy
	not c.index in proved
	line := other_refusal(c)
}

proved := still | {c.index | some part in [mappings, read, redeployed]; some c in part}

other_refusal(c) := refusal(c.where, c.action, why_broken(c), way_plan) if {
	why_broken(c)
} else := refusal(c.where, c.action, why_moved(c.rc), way_deploy) if {
	why_moved(c.rc)
} else := refusal(c.where, c.action, "its action is no-op, and yet its values would change", way_plan) if {
	c.actions == ["no-op"]
} else := refusal(c.where, c.action, sprintf("it is opened while the plan is applied, and of ephemeral resources only %s are known to do nothing else", [concat(", ", harmless_ephemerals)]), way_person) if {
	c.mode == "ephemeral"
} else := refusal(c.where, c.action, sprintf("it is read while the plan is applied, and of data sources only %s are known to do nothing else", [concat(", ", harmless_reads)]), way_deploy) if {
	c.mode == "data"
} else := refusal(c.where, c.action, why_no_redeploy(c), way_deploy) if {
	why_no_redeploy(c)
} else := refusal(c.where, c.action, unexplained, way_plan)

unexplained := "it is of a shape that nobody here knows"

twice contains refusal(where_of(i, changes[i]), action_of(changes[i]), "the plan has it twice", way_plan) if {
	count(planned_addresses) < count(changes)
	addresses := sort([address | some rc in changes; address := text(rc, "address")])
	some address in {address | some i, address in addresses; address == addresses[i + 1]; address != ""}
	there := [i | some i, rc in changes; text(rc, "address") == address]
	some i in array.slice(there, 1, count(there))
}

# --- values ------------------------------------------------------------------

why_not_plain(c) := sprintf("it is made by %s, and a switch changes only what hashicorp/aws makes", [c.provider]) if {
	not of_aws(c)
} else := "its values before and after the change are not all there" if {
	not whole(c)
} else := "its address is not that of its module, type and name" if {
	misnamed(c)
}

of_aws(c) if {
	c.mode == "managed"
	c.provider in aws_providers
}

whole(c) if {
	is_object(c.before)
	is_object(c.after)
	is_object(get(c.change, "after_unknown"))
}

misnamed(c) if not well_named(c)

well_named(c) if {
	module := module_of(c.address)
	module == object.get(c.rc, "module_address", "")
	own_name(c.address, named(module, sprintf("%s.%s", [c.kind, c.name])))
}

well_named(c) if {
	module_of(c.address) == ""
	get(c.rc, "module_address") == null
	own_name(c.address, sprintf("%s.%s", [c.kind, c.name]))
}

own_name(address, name) if address == name

own_name(address, name) if startswith(address, concat("", [name, "["]))

# changed are the attributes that differ; an empty text is as good as none.
changed(c) := {name |
	some name in (object.keys(c.before) | object.keys(c.after))
	given(c.before, name) != given(c.after, name)
} - pending_in(c)

given(of, name) := null if {
	get(of, name) in {"", null}
} else := get(of, name)

# pending_in are the attributes with anything in them that only the apply tells.
pending_in(c) := {name | some name, mask in get(c.change, "after_unknown"); unknown(mask)}

differing(c) := changed(c) | pending_in(c)

# --- the switch --------------------------------------------------------------

mapping_type := "aws_api_gateway_base_path_mapping"

mode_of := {"on": "maintenance", "off": "live"}

target_fields := ["api_id", "stage_name"]

# plain_updates are mappings that are updated in place as a switch does it, which
# takes one look at each; whether they may go where they go is another question.
plain_updates := {i: move |
	some i, rc in changes
	rc.type == mapping_type
	rc.change.actions == ["update"]
	rc.mode == "managed"
	rc.provider_name in aws_providers
	count(object.remove(rc, usual_fields)) == 0
	count(object.remove(rc.change, usual_change_fields)) == 0
	before := rc.change.before
	after := rc.change.after
	is_object(before)
	is_object(after)
	object.remove(before, target_fields) == object.remove(after, target_fields)
	rc.change.after_unknown == {}
	object.get(rc.change, "before_sensitive", {}) == {}
	object.get(rc.change, "after_sensitive", {}) == {}
	text(after, "domain_name") != ""
	text(before, "api_id") != ""
	text(after, "api_id") != ""
	optional_text(get(after, "base_path"))
	optional_text(get(before, "stage_name"))
	optional_text(get(after, "stage_name"))
	is_string(rc.name)
	rc.name != ""
	is_string(rc.module_address)
	is_string(rc.address)
	rc.module_address == module_of(rc.address)
	rc.module_address != ""
	own_name(rc.address, concat(".", [rc.module_address, mapping_type, rc.name]))
	move := move_of(rc.address, "update", rc.module_address, rc.name, before, after)
}

# moves are all changes of mappings, with what is against them in either
# direction, and with what they are to be measured by.
moves := array.concat([measured(move, [], pairs_at(move), told_at(move)) | some move in plain_updates], other_moves)

other_moves := [measured(move, flaw, pairs_at(move), told_at(move)) |
	some c in mappings
	move := move_of(c.where, c.action, module_of(c.address), c.name, c.before, c.after)
	flaw := [[why, way_deploy] | why := why_not_in_place(c)]
]

move_of(where, action, module, name, before, after) := {
	"where": where, "action": action, "module": module, "domain": text(after, "domain_name"), "path": path_in(after),
	"from": target_of(before), "to": target_of(after), "region": text(after, "region"), "block": block_at(path_of(module), "managed", mapping_type, name),
}

path_in(attributes) := concat("", ["/", trim_prefix(text(attributes, "base_path"), "(none)")])

measured(move, flaws, pairs, told) := object.union(move, {"flaw": array.concat(flaws, flaws_of(move, pairs)), "pairs": pairs, "told": told})

flaws_of(move, pairs) := [[why_untrusted(move), way_outputs]] if {
	why_untrusted(move)
} else := [[sprintf("it points to %s, which is neither its live target %s nor its maintenance target %s", [shown(move.from), shown(pair.live), shown(pair.maintenance)]), way_drift]] if {
	some pair in pairs
	not move.from in [pair.live, pair.maintenance]
} else := [["the configuration in the plan does not have it", way_deploy]] if {
	move.block == {}
} else := [[why, way_deploy] |
	some pair in pairs
	some id in [pair.live.api_id, pair.maintenance.api_id]
	some why in all_apart(key_of(move.block), move.region, id)
]

mapping_refusals(direction) := {refusal(move.where, move.action, found[0], found[1]) |
	some move in moves
	not switches(move, direction)
	found := why_no_switch(move, direction)
}

# switches says that nothing is against a mapping's change, and that what is for
# it is there.
switches(move, direction) if {
	move.flaw == []
	some pair in move.pairs
	{pair} == move.pairs
	pair[mode_of[direction]] == move.to
	pair.own in {"", mode_of[direction]}
	move.from in [pair.live, pair.maintenance]
	count(move.told - {mode_of[direction]}) == 0
}

why_no_switch(move, direction) := move.flaw[0] if {
	count(move.flaw) > 0
} else := [sprintf("%s has a maintenance_mode of its own, which keeps it %s", [move.path, pair.own]), way_deploy] if {
	some pair in move.pairs
	not pair.own in {"", mode_of[direction]}
} else := [sprintf("the output `modes` says that %s stays %s, and yet its mapping would move", [move.path, min(told)]), way_deploy] if {
	told := move.told - {mode_of[direction]}
	count(told) > 0
} else := [sprintf("it would point to %s, but switching %s may point it to %s only", [shown(move.to), direction, shown(pair[mode_of[direction]])]), way_deploy] if {
	some pair in move.pairs
	move.to != pair[mode_of[direction]]
} else := [unexplained, way_plan]

why_not_in_place(c) := "a switch updates mappings in place; this takes the path away from clients or gives them a new one" if {
	c.actions != ["update"]
} else := why_not_plain(c) if {
	why_not_plain(c)
} else := sprintf("%s will be known only after the apply, since the plan creates or replaces the API or stage", [concat(", ", sort(pending_in(c)))]) if {
	count(pending_in(c)) > 0
} else := "it holds a sensitive value, and a switch has to tell where it points" if {
	some name in ["before_sensitive", "after_sensitive"]
	unknown(get(c.change, name))
} else := sprintf("%s changes, and a switch changes api_id and stage_name alone", [min(others)]) if {
	object.remove(c.before, ["api_id", "stage_name"]) != object.remove(c.after, ["api_id", "stage_name"])
	others := changed(c) - {"api_id", "stage_name"}
	count(others) > 0
} else := "its domain name, base path, API or stage is missing or no text" if {
	some values in [c.before, c.after]
	not names_a_target(values)
}

names_a_target(values) if {
	text(values, "domain_name") != ""
	text(values, "api_id") != ""
	optional_text(get(values, "base_path"))
	optional_text(get(values, "stage_name"))
}

optional_text(null)

optional_text(value) if is_string(value)

target_of(of) := {"api_id": text(of, "api_id"), "stage_name": text(of, "stage_name")}

shown(target) := sprintf("%s/%s", [target.api_id, target.stage_name]) if target.stage_name != ""

else := sprintf("%s (callers name the stage)", [target.api_id])

# why_apart says why a resource and an API may be in different regions or accounts.
why_apart(key, region, api) := sprintf("it is made by the provider %s and %s by %s, perhaps in another region or account", [key, api.address, key_of(block_of(api))]) if {
	not same_provider(key, key_of(block_of(api)))
} else := sprintf("it is in region %s and %s in %s", [region, api.address, text(api.after, "region")]) if {
	region != text(api.after, "region")
	region != ""
	text(api.after, "region") != ""
}

all_apart(key, region, id) := [why | some api in object.get(apis, id, []); why := why_apart(key, region, api)]

key_of(block) := text(block, "provider_config_key")

# --- trust -------------------------------------------------------------------

output_changes := object_in(plan, "output_changes")

# outputs_before are the values that the root's outputs had. Terraform writes the
# planned ones into the plan's prior state, so that has only those that the plan
# leaves out. Sensitive ones are not read: the reasons tell what is read.
outputs_before := object.union(
	{name: value |
		some name, output in object_in(state_before, "outputs")
		not name in object.keys(output_changes)
		not name in object.keys(object_in(object_in(plan, "planned_values"), "outputs"))
		not unknown(get(output, "sensitive"))
		value := get(output, "value")
	},
	{name: change.before |
		some name, change in output_changes
		is_set(change, "before")
		not unknown(get(change, "before_sensitive"))
	},
)

outputs_planned := {name: change.after |
	some name, change in output_changes
	is_set(change, "after")
	not unknown(get(change, "after_unknown"))
}

trusted_targets := claims(outputs_before, "targets")

trusted_urls := claims(outputs_before, "urls")

planned_modes := claims(outputs_planned, "modes")

# claims are tables in the outputs, with the root's module calls that the output
# refers to and that have mappings.
claims(outputs, kind) := {object.union(table, {"calls": calls_of(table.output)}) | some table in tables(outputs, kind)}

calls_of(output) := {found[1] |
	some reference in texts(get(object_in(object_in(object_in(root_module, "outputs"), output), "expression"), "references"))
	some found in regex.find_all_string_submatch_n(`^module\.([^.\[]+)`, reference, 1)
} & object.keys(by_call)

# tables are the maps from base path of a kind, wherever in the outputs they
# are, with the keys that lead to them and the domain_name beside them.
tables(outputs, kind) := {{"output": path[0], "keys": {key | some key in path}, "path": path, "domain": domain_beside(outputs, path), "values": values} |
	some path, values in tables_by_path(outputs, kind)
	every length in numbers.range(1, count(path) - 1) {
		not length_in(path, length, tables_by_path(outputs, kind))
	}
}

length_in(path, length, found) if {
	length < count(path)
	found[array.slice(path, 0, length)]
}

tables_by_path(outputs, kind) := {path: values |
	some path, value in maps_of_paths(outputs)
	values := {base_path: read | some base_path, raw in value; read := reading(raw, kind)}
	count(values) == count(value)
}

# maps_of_paths are the maps whose keys are base paths, wherever they are.
maps_of_paths(outputs) := {path: value |
	walk(outputs, [path, value])
	is_object(value)
	count(value) > 0
	every key, _ in value {
		startswith(key, "/")
	}
	count(path) > 0
	every key in path {
		is_string(key)
	}
}

reading(raw, "targets") := {
	"live": target_of(raw.live), "maintenance": target_of(raw.maintenance), "read_only": read_only(raw),
	"own": own_mode(get(raw, "maintenance_mode")), "told": "maintenance_mode" in object.keys(raw),
} if {
	is_target(raw.live)
	is_target(raw.maintenance)
}

reading(raw, "modes") := raw if raw in {"live", "maintenance", "read-only"}

reading(raw, "urls") := raw if {
	is_string(raw)
	strings.any_prefix_match(raw, ["https://", "http://"])
}

is_target(of) if {
	text(of, "api_id") != ""
	"stage_name" in object.keys(of)
	optional_text(of.stage_name)
}

read_only(raw) := target_of(raw.read_only) if is_target(raw.read_only)

else := target_of({})

own_mode(null) := ""

own_mode(true) := "maintenance"

own_mode(false) := "live"

own_mode(value) := value if is_string(value)

own_mode(value) := "unknown" if {
	value != null
	not is_boolean(value)
	not is_string(value)
}

domain_beside(outputs, path) := names[count(names) - 1] if {
	count(path) > 1
	names := [name |
		some depth in numbers.range(1, count(path) - 1)
		name := object.get(outputs, array.concat(array.slice(path, 0, depth), ["domain_name"]), null)
		is_string(name)
	]
	count(names) > 0
} else := ""

# mapped are all modules that have base path mappings, and of which domains.
mapped := {[module_of(text(rc, "address")), domain] |
	some rc in changes
	rc.type == mapping_type
	some values in [get(rc.change, "before"), get(rc.change, "after")]
	domain := text(values, "domain_name")
	domain != ""
} | {[module_of(text(r, "address")), domain] |
	some r in resources_told
	r.type == mapping_type
	domain := text(get(r, "values"), "domain_name")
	domain != ""
}

# resources_told are those of the state before and of the state that is planned.
resources_told := array.concat(resources_in(state_before), resources_in(get(plan, "planned_values")))

state_before := get(object_in(plan, "prior_state"), "values")

resources_in(state) := [r | some level in levels_of(state); some module in level; some r in list(get(module, "resources"))]

levels_of(state) := [first, second, third, fourth, fifth, sixth, seventh, eighth, ninth] if {
	first := [object_in(state, "root_module")]
	second := children(first)
	third := children(second)
	fourth := children(third)
	fifth := children(fourth)
	sixth := children(fifth)
	seventh := children(sixth)
	eighth := children(seventh)
	ninth := children(eighth)
}

children(level) := [child | some module in level; some child in list(get(module, "child_modules"))]

unread contains refusal("plan", part, "its modules are nested deeper than this guard looks", way_plan) if {
	some part, state in {"prior_state": state_before, "planned_values": get(plan, "planned_values")}
	count(children(levels_of(state)[8])) > 0
}

domains := {domain | some [_, domain] in mapped}

by_call := {call: names |
	some [module, _] in mapped
	call := call_of(module)
	names := {domain | some [other, domain] in mapped; call_of(other) == call}
}

by_key := {key: names |
	some [module, _] in mapped
	some key in hints_of(module)
	names := {domain | some [other, domain] in mapped; key in hints_of(other)}
}

# near gives the tables of a kind that can be about a module's mappings of a
# domain, in groups: those under the domain's name and the module's name or key,
# those under the first, those under the second, and the rest. Those of another
# domain or of other modules are left out.
near(kind, module, domain) := [group | some group in groups; count(group) > 0] if {
	about_it := {c | some c in claims_of[kind]; not of_other_calls(c, module)}
	named_ones := {c | some c in about_it; is_for(c, domain)}
	others := {c | some c in (about_it - named_ones); not is_others(c, module, domain)}
	groups := [
		{c | some c in named_ones; keyed(c, module)},
		named_ones,
		{c | some c in others; keyed(c, module)},
		others,
	]
}

claims_of := {"targets": trusted_targets, "modes": planned_modes}

keyed(c, module) if count(c.keys & hints_of(module)) > 0

is_for(c, domain) if {
	domain != ""
	domain in (c.keys | {c.domain})
}

is_others(c, _, domain) if not c.domain in {"", domain}

is_others(c, module, domain) if {
	some key in ((c.keys - hints_of(module)) - {domain})
	names_a_domain(key)
}

names_a_domain(key) if key in domains

names_a_domain(key) if regex.match(`^[*a-z0-9-]+(\.[a-z0-9-]+)+$`, key)

of_other_calls(c, module) if {
	count(c.calls) > 0
	not call_of(module) in c.calls
}

# group_at is the nearest of these groups that has a value for a place.
group_at(kind, at) := [group |
	some claimed in near(kind, at.module, at.domain)
	group := {c | some c in claimed; c.values[at.path] != null}
	count(group) > 0
][0]

pairs_at(at) := {c.values[at.path] | some c in group_at("targets", at)}

told_at(at) := {c.values[at.path] | some c in group_at("modes", at)}

# why_untrusted says why what the outputs said of a place cannot be gone by.
why_untrusted(at) := min(doubts(at)) if {
	count(doubts(at)) > 0
} else := sprintf("no output of the state tells where %s%s may point", [at.domain, at.path]) if {
	count(pairs_at(at)) == 0
} else := sprintf("several outputs tell different targets for the path %s; nest them under their domain names, %q here", [at.path, at.domain]) if {
	count(pairs_at(at)) > 1
}

# doubts say why tables that name no domain may be another domain's.
doubts(at) := {doubt |
	some c in group_at("targets", at)
	not is_for(c, at.domain)
	doubt := doubt_of(c, at)
}

doubt_of(c, at) := sprintf("the output names no domain, and there are mappings of %s; nest its targets under their domain names, %q here", [concat(", ", sort(about(c.keys, c.calls, at.module))), at.domain]) if {
	about(c.keys, c.calls, at.module) != {at.domain}
} else := sprintf("the output names no domain, and its URLs are at %s, not at %s", [concat(", ", sort(hosts)), at.domain]) if {
	hosts := {found[1] |
		some u in trusted_urls
		u.calls == c.calls
		some found in regex.find_all_string_submatch_n(`^https?://([^/:?#]+)`, u.values[at.path], 1)
	}
	count(hosts) > 0
	every host in hosts {
		not covers(at.domain, host)
	}
}

covers(domain, host) if host == domain

covers(domain, host) if {
	startswith(domain, "*.")
	endswith(host, substring(domain, 1, -1))
}

# about are the domains that a table which names none can be about.
about(keys, calls, module) := names if {
	names := {domain | some key in (keys & hints_of(module)); some domain in object.get(by_key, key, set())}
	count(names) > 0
} else := {domain | some call in calls; some domain in by_call[call]} if {
	count(calls) > 0
} else := domains

# mocks are the ids of the maintenance APIs; an API that is some path's own is
# none, whatever else says so.
mocks := {pair.maintenance.api_id | some c in trusted_targets; some pair in c.values} - {target.api_id | some c in trusted_targets; some pair in c.values; some target in [pair.live, pair.read_only]}

# --- a redeploy of the mock --------------------------------------------------

rest_api_type := "aws_api_gateway_rest_api"

deployment_type := "aws_api_gateway_deployment"

stage_type := "aws_api_gateway_stage"

# apis are the REST APIs that the plan has and that the outputs told of, by id.
apis := {id: [read_change(i, changes[i]) | some [other, i] in told_apis; other == id] | some [id, _] in told_apis}

told_apis := {[id, i] |
	some i, rc in changes
	rc.type == rest_api_type
	id := prior_or_planned(rc.change).id
	id in told_ids
	rc.mode == "managed"
}

told_ids := {target.api_id | some c in trusted_targets; some pair in c.values; some target in [pair.live, pair.maintenance]}

prior_or_planned(change) := change.before if is_object(change.before)

else := get(change, "after")

api_id(c) := text(values_of(c), id_name(c.kind))

values_of(c) := c.before if is_object(c.before)

else := c.after

id_name(kind) := "id" if kind == rest_api_type

else := "rest_api_id"

why_no_redeploy(c) := sprintf("it is made by %s, and a switch changes only what hashicorp/aws makes", [c.provider]) if {
	not c.provider in aws_providers
} else := "it is no part of a switch" if {
	not c.kind in {rest_api_type, deployment_type, stage_type}
} else := "it is no part of a switch" if {
	api_id(c) == ""
} else := sprintf("it belongs to API %s, which is not the maintenance API", [api_id(c)]) if {
	not api_id(c) in mocks
} else := why_no_text(c) if {
	c.kind == rest_api_type
} else := why_no_deployment(c) if {
	c.kind == deployment_type
} else := why_no_stage(c) if {
	c.kind == stage_type
}

why_no_text(c) := "of the maintenance API a switch changes the text alone" if {
	c.actions != ["update"]
} else := why_not_plain(c) if {
	why_not_plain(c)
} else := sprintf("of the maintenance API a switch changes the text alone, and this changes [%s]", [concat(" ", sort(differing(c)))]) if {
	differing(c) != {"body"}
} else := why_not_home(c)

# why_not_home says why the API of a redeploy is not proved to be, and to stay, a
# mock whose every part this plan tells.
why_not_home(c) := "the plan does not have the maintenance API itself, so nobody can say what would be deployed" if {
	count(object.get(apis, api_id(c), [])) != 1
} else := sprintf("it is outside the module that made the maintenance API, %s", [home(c).address]) if {
	module_of(home(c).address) != module_of(c.address)
} else := why_apart(key_of(block_of(c)), text(c.after, "region"), home(c)) if {
	why_apart(key_of(block_of(c)), text(c.after, "region"), home(c))
} else := sprintf("the maintenance API itself, %s, does not stay", [home(c).address]) if {
	not stays(home(c), api_id(c))
} else := "the maintenance API's text is merged into what is there, so nobody can say what would be deployed" if {
	not get(home(c).after, "put_rest_api_mode") in {null, "", "overwrite"}
} else := "the maintenance API's text will be known only after the apply" if {
	unknown(get(home(c).change, "after_unknown"))
} else := sprintf("the text is not that of a mock: %s", [why_no_mock(get(home(c).after, "body"))]) if {
	why_no_mock(get(home(c).after, "body")) != ""
} else := sprintf("the maintenance API is also made of %s, which its text does not tell", [min(parts(api_id(c)))]) if {
	count(parts(api_id(c))) > 0
}

home(c) := apis[api_id(c)][0]

stays(api, id) if {
	api.actions in [["no-op"], ["update"]]
	text(api.after, "id") == id
}

shapers := {
	"aws_api_gateway_authorizer", "aws_api_gateway_gateway_response", "aws_api_gateway_integration", "aws_api_gateway_integration_response",
	"aws_api_gateway_method", "aws_api_gateway_method_response", "aws_api_gateway_model", "aws_api_gateway_request_validator",
	"aws_api_gateway_resource", "aws_api_gateway_rest_api_policy",
}

# parts are the resources that put something into an API beside its text.
parts(id) := {text(rc, "address") |
	some rc in changes
	text(rc, "type") in shapers
	some side in ["before", "after"]
	text(get(object_in(rc, "change"), side), "rest_api_id") == id
} | {text(r, "address") |
	some r in resources_in(state_before)
	r.type in shapers
	text(get(r, "values"), "rest_api_id") == id
}

computed := {"created_date", "execution_arn", "id", "invoke_url"}

why_no_deployment(c) := "a switch makes a deployment of the maintenance API only in place of the one before it, and before that goes" if {
	c.actions != ["create", "delete"]
} else := why_not_plain(c) if {
	why_not_plain(c)
} else := "it would become one of another API" if {
	text(c.after, "rest_api_id") != api_id(c)
} else := sprintf("it is replaced for another reason than a new text (%s)", [text(c.rc, "action_reason")]) if {
	not get(c.rc, "action_reason") in {null, "", "replace_because_cannot_update"}
} else := "it is replaced although its text did not change" if {
	not "triggers" in changed(c)
} else := sprintf("%s changes, and a redeploy changes triggers alone", [min(more)]) if {
	more := (differing(c) - computed) - {"triggers"}
	count(more) > 0
} else := sprintf("its %s would change a stage as well", [staged[0]]) if {
	staged := [name |
		some name in ["canary_settings", "stage_description", "stage_name", "variables"]
		not given(c.after, name) in [null, [], {}]
	]
	count(staged) > 0
} else := "the configuration in the plan does not have it" if {
	block_of(c) == {}
} else := sprintf("it has a provisioner (%s), which would run", [concat(", ", provisioners(block_of(c)))]) if {
	count(provisioners(block_of(c))) > 0
} else := why_not_home(c)

why_no_stage(c) := "of the maintenance API's stage a switch changes the deployment alone" if {
	c.actions != ["update"]
} else := why_not_plain(c) if {
	why_not_plain(c)
} else := sprintf("of the maintenance API's stage a switch changes the deployment alone, and this changes [%s]", [concat(" ", sort(differing(c)))]) if {
	differing(c) != {"deployment_id"}
} else := "it would turn to a deployment that this plan does not make" if {
	pending_in(c) != {"deployment_id"}
} else := "the configuration in the plan does not have it" if {
	block_of(c) == {}
} else := "it would turn to a deployment that this plan does not make" if {
	not turns(c)
} else := why_not_home(c)

turns(c) if {
	some made in acting
	made.kind == deployment_type
	made.mode == "managed"
	module_of(made.address) == module_of(c.address)
	api_id(made) == api_id(c)
	not why_no_deployment(made)
	own := sprintf("%s.%s", [made.kind, made.name])
	references := texts(get(object_in(object_in(block_of(c), "expressions"), "deployment_id"), "references"))
	count(references) > 0
	every reference in references {
		regex.replace(reference, `\[[^\]]*\]`, "") in {own, sprintf("%s.id", [own])}
	}
}

# --- the text of a mock ------------------------------------------------------

# why_no_mock says why an API with this body is not proved to answer everything
# with a status of 400 to 599 by mock integrations, but for CORS preflights; an
# empty text if it is.
why_no_mock(body) := "it is not known" if {
	not is_string(body)
} else := "it is no JSON object" if {
	not is_object_text(body)
} else := "it has a key twice" if {
	keys_written(body) != sum([count(o) | walk(json.unmarshal(body), [_, o]); is_object(o)])
} else := min(problems(json.unmarshal(body))) if {
	count(problems(json.unmarshal(body))) > 0
} else := "" if {
	problems(json.unmarshal(body)) == set()
}

is_object_text(body) if {
	json.is_valid(body)
	is_object(json.unmarshal(body))
}

# Outside texts there is a colon for each key; of one that is there twice every
# reader takes another.
keys_written(body) := count(split(regex.replace(body, `"(?:[^"\\]|\\.)*"`, ""), ":")) - 1

problems(document) := ((root_problems(document) | path_problems(document)) | method_problems(document)) | gateway_problems(document)

document_fields := {"info", "openapi", "paths", "x-amazon-apigateway-gateway-responses", "x-amazon-apigateway-security-policy"}

path_fields := {"delete", "description", "get", "head", "options", "parameters", "patch", "post", "put", "summary", "trace", "x-amazon-apigateway-any-method"}

method_fields := {"description", "operationId", "parameters", "responses", "summary", "tags", "x-amazon-apigateway-integration"}

integration_fields := {"contentHandling", "passthroughBehavior", "requestTemplates", "responses", "type"}

answer_fields := {"contentHandling", "responseParameters", "responseTemplates", "statusCode"}

# beyond are what is wrong with the fields of something that has to be an object.
beyond(where, value, known) := {sprintf("%s has %s", [where, name]) | some name in strangers(value, known)} if is_object(value)

else := {sprintf("%s is no object", [where])}

root_problems(document) := (((beyond("it", document, document_fields) | beyond("info", get(document, "info"), {"description", "title", "version"})) | {sprintf("info.%s is no text", [name]) |
	some name, value in object_in(document, "info")
	not is_string(value)
}) | {"it is no OpenAPI 3.0" | not startswith(text(document, "openapi"), "3.0")}) | ({"it has no paths" | count(object_in(document, "paths")) == 0} | {"x-amazon-apigateway-security-policy is no text" |
	policy := get(document, "x-amazon-apigateway-security-policy")
	policy != null
	not is_string(policy)
})

path_problems(document) := {sprintf("paths has %s", [path]) |
	some path, _ in object_in(document, "paths")
	not startswith(path, "/")
} | ({problem |
	some path, item in object_in(document, "paths")
	some problem in beyond(path, item, path_fields)
} | {problem |
	some path, item in object_in(document, "paths")
	some name in ["description", "parameters", "summary"]
	some problem in declaring(sprintf("%s %s", [path, name]), get(item, name))
})

# methods are all of a document, with where they stand.
methods(document) := {[sprintf("%s %s", [path, name]), name, method] |
	some path, item in object_in(document, "paths")
	is_object(item)
	some name, method in item
	name in (path_fields - {"description", "parameters", "summary"})
}

method_problems(document) := {problem |
	some [where, name, method] in methods(document)
	some problem in problems_of_method(where, name, method)
}

problems_of_method(where, name, method) := (beyond(where, method, method_fields) | {problem |
	some field, value in method
	field != "x-amazon-apigateway-integration"
	some problem in declaring(sprintf("%s %s", [where, field]), value)
}) | problems_of_integration(where, name, get(method, "x-amazon-apigateway-integration")) if {
	is_object(method)
} else := beyond(where, method, method_fields)

problems_of_integration(where, name, integration) := ((beyond(sprintf("%s integration", [where]), integration, integration_fields) | {sprintf("%s is no mock integration", [where]) | not text(integration, "type") in {"mock", "MOCK"}}) | ({sprintf("%s passes requests through", [where]) | not text(integration, "passthroughBehavior") in {"never", "NEVER"}} | {sprintf("%s has no responses", [where]) | count(object_in(integration, "responses")) == 0})) | (bad_templates(sprintf("%s requestTemplates", [where]), get(integration, "requestTemplates")) | {problem |
	some pattern, answer in object_in(integration, "responses")
	some problem in problems_of_answer(sprintf("%s response %s", [where, pattern]), answer, `^method\.response\.header\.[A-Za-z0-9-]+$`, preflight(name, pattern, answer, integration))
}) if {
	is_object(integration)
} else := beyond(sprintf("%s integration", [where]), integration, integration_fields)

problems_of_answer(where, answer, header, succeeds) := (beyond(where, answer, answer_fields) | {sprintf("%s answers with the status %q", [where, text(answer, "statusCode")]) |
	not succeeds
	not regex.match(`^[45][0-9][0-9]$`, text(answer, "statusCode"))
}) | (bad_headers(where, get(answer, "responseParameters"), header) | bad_templates(where, get(answer, "responseTemplates"))) if {
	is_object(answer)
} else := beyond(where, answer, answer_fields)

# preflight says that an answer is the one to a CORS preflight: 204, for OPTIONS
# alone, chosen by the request header that makes an OPTIONS a preflight, with the
# header that makes the answer one, beside a default that is none.
preflight(method, pattern, answer, integration) if {
	method == "options"
	pattern == "204"
	text(answer, "statusCode") == "204"
	"method.response.header.Access-Control-Allow-Methods" in object.keys(object_in(answer, "responseParameters"))
	"default" in object.keys(object_in(integration, "responses"))
	count(object_in(integration, "requestTemplates")) > 0
	every _, template in object_in(integration, "requestTemplates") {
		is_string(template)
		contains(lower(template), "access-control-request-method")
	}
} else := false

gateway_problems(document) := {"gateway responses are no object" |
	responses := get(document, "x-amazon-apigateway-gateway-responses")
	responses != null
	not is_object(responses)
} | {problem |
	some kind, response in object_in(document, "x-amazon-apigateway-gateway-responses")
	some problem in problems_of_answer(sprintf("gateway response %s", [kind]), response, `^gatewayresponse\.header\.[A-Za-z0-9-]+$`, false)
}

# Headers have to have fixed values.
bad_headers(where, parameters, header) := {sprintf("%s sets %s from something", [where, name]) |
	some name, value in parameters
	not fixed(name, value, header)
} if {
	is_object(parameters)
} else := {sprintf("%s has headers that are no object", [where]) | parameters != null}

fixed(name, value, header) if {
	regex.match(header, name)
	is_string(value)
	regex.match(`^'[^']*'$`, value)
}

# Of the context a template may name the request and set headers; anything else
# of it could set the status.
bad_templates(where, templates) := {sprintf("%s has a template for %s that could set the status", [where, kind]) |
	some kind, template in templates
	is_string(template)
	regex.match(`\$[!{]*context|responseOverride`, regex.replace(template, `\$context\.(requestId|responseOverride\.header\.[A-Za-z0-9-]+)`, " "))
} | {sprintf("%s has a template for %s that is no text", [where, kind]) |
	some kind, template in templates
	not is_string(template)
} if {
	is_object(templates)
} else := {sprintf("%s has templates that are no object", [where]) | templates != null}

# declaring are the keys in a declaration that would do something.
declaring(where, value) := {sprintf("%s has %s", [where, name]) |
	walk(value, [_, inner])
	is_object(inner)
	some name, _ in inner
	strings.any_prefix_match(name, ["x-amazon-", "$"])
}

# --- outputs -----------------------------------------------------------------

output_refusals := {refusal(sprintf("output.%s", [name]), output_action(c), found[0], found[1]) |
	some name, c in output_changes
	not output_stays(c)
	not output_follows(name, c)
	found := output_why(name, c)
}

output_stays(c) if {
	is_object(c)
	count(object.remove(c, change_fields)) == 0
	not is_set(c, "importing")
	c.actions == ["no-op"]
	not output_moves(c)
}

output_follows(name, c) if {
	is_object(c)
	texts(get(c, "actions")) in [["create"], ["update"], ["delete"]]
	output_why(name, c)[0] == unexplained
	name in object.keys(object_in(root_module, "outputs"))
	traced(name)
}

traced(name) if count(ends_of(name) & following_ends) > 0

traced(name) if hidden(name)

output_action(c) := texts(get(c, "actions"))[0] if count(texts(get(c, "actions"))) > 0

else := "unknown"

output_why(name, c) := ["its change is no object", way_plan] if {
	not is_object(c)
} else := [sprintf("its change has the field %s, which nobody here knows", [min(strangers(c, change_fields))]), way_plan] if {
	count(strangers(c, change_fields)) > 0
} else := ["its actions are none that are known", way_plan] if {
	not texts(get(c, "actions")) in [["no-op"], ["create"], ["update"], ["delete"]]
} else := ["a switch imports nothing", way_deploy] if {
	is_set(c, "importing")
} else := ["its action is no-op, and yet its value would change", way_plan] if {
	c.actions == ["no-op"]
} else := ["it tells where base paths point or are found, and the plan changes that, or tells it for the first time", way_outputs] if {
	tells_otherwise(name, c)
} else := ["it is taken away", way_deploy] if {
	not name in object.keys(object_in(root_module, "outputs"))
} else := ["its value will be known only after the apply", way_deploy] if {
	unknown(get(c, "after_unknown"))
	count(ends_of(name) & pending_ends) == 0
} else := ["its value does not follow from the switch", way_deploy] if {
	not traced(name)
} else := [unexplained, way_plan]

output_moves(c) if unknown(get(c, "after_unknown"))

output_moves(c) if get(c, "before") != get(c, "after")

# untraced are outputs that change through a local, which no plan tells.
untraced := {name |
	some name, c in output_changes
	output_follows(name, c)
	count(ends_of(name) & following_ends) == 0
}

hidden(name) if {
	some end in ends_of(name)
	endswith(end, "|local")
}

tells_otherwise(name, _) if name in {"targets", "urls"}

tells_otherwise(name, c) if {
	unknown(get(c, "after_unknown"))
	some kind in ["targets", "urls"]
	count(tables({name: get(c, "before")}, kind)) > 0
}

tells_otherwise(name, c) if {
	some kind in ["targets", "urls"]
	tables({name: get(c, "before")}, kind) != tables({name: get(c, "after")}, kind)
}

# --- what an output is made of -----------------------------------------------

# The configuration as a graph: nodes are "PATH|REFERENCE", the module's path and
# what is referred to there. It ends at resources, data sources, the root's
# variables, and locals, whose expressions no plan tells.
ends_of(output) := graph.reachable(flow, next("", object_in(object_in(object_in(root_module, "outputs"), output), "expression")))

flow := {node: edges(node) | some node in nodes}

nodes := {node |
	some path, module in modules
	some _, output in object_in(module, "outputs")
	some node in next(path, object_in(output, "expression"))
} | {node |
	some path, module in modules
	some _, call in object_in(module, "module_calls")
	some _, expression in object_in(call, "expressions")
	some node in next(path, expression)
}

edges(node) := next(caller.where, object_in(object_in(caller.call, "expressions"), parts[1])) if {
	[path, reference] := cut(node)
	parts := split(reference, ".")
	parts[0] == "var"
	path != ""
	caller := caller_of(path)
} else := {found |
	[path, reference] := cut(node)
	parts := split(reference, ".")
	inner := named(path, sprintf("module.%s", [parts[1]]))
	some name, output in object_in(object.get(modules, inner, {}), "outputs")
	array.slice(parts, 2, 3) in [[], [name]]
	some found in next(inner, object_in(output, "expression"))
} if {
	[_, reference] := cut(node)
	startswith(reference, "module.")
} else := set()

cut(node) := [substring(node, 0, at), substring(node, at + 1, -1)] if at := indexof(node, "|")

# caller_of is the module call that makes a module, and where it stands.
caller_of(path) := {"where": where, "call": get(object_in(object.get(modules, where, {}), "module_calls"), steps[count(steps) - 1])} if {
	steps := split(trim_prefix(path, "module."), ".module.")
	where := concat(".", [sprintf("module.%s", [step]) | some step in array.slice(steps, 0, count(steps) - 1)])
}

# next are the nodes that an expression in a module refers to. Terraform lists a
# reference and all that it begins with; only the whole ones count.
next(path, expression) := {sprintf("%s|%s", [path, end_of(path_of(reference))]) |
	references := {reference | some reference in texts(get(expression, "references"))}
	some reference in (references - {regex.replace(longer, `(?:\.[^.\[\]]+|\[[^\]]*\])$`, "") | some longer in references})
}

end_of(reference) := "local" if {
	startswith(reference, "local.")
} else := concat(".", array.slice(split(reference, "."), 0, 3)) if {
	split(reference, ".")[0] in {"data", "module"}
} else := concat(".", array.slice(split(reference, "."), 0, 2))

# mapping_blocks are the mappings in the code.
mapping_blocks := {[path, block] |
	some path, module in modules
	some block in list(get(module, "resources"))
	text(block, "mode") == "managed"
	text(block, "type") == mapping_type
}

# following_ends change with a switch: the mappings, the locals of the modules
# that hold them, the root's variables that these are called with, and what is
# redeployed.
following_ends := {node |
	some [path, block] in mapping_blocks
	some node in [sprintf("%s|%s.%s", [path, mapping_type, text(block, "name")]), sprintf("%s|local", [path])]
} | ({end |
	some [path, block] in mapping_blocks
	some end in graph.reachable(flow, starts(path, block))
	startswith(end, "|var.")
} | redeployed_ends)

starts(path, block) := {node | some _, expression in object_in(block, "expressions"); some node in next("", expression)} if {
	path == ""
} else := {node |
	caller := caller_of(path)
	some _, expression in object_in(caller.call, "expressions")
	some node in next(caller.where, expression)
}

redeployed_ends := {node |
	some c in redeployed
	some end in [sprintf("%s.%s", [c.kind, c.name]), "local"]
	node := sprintf("%s|%s", [path_of(module_of(c.address)), end])
}

# pending_ends are what something unknown can come from.
pending_ends := redeployed_ends | {sprintf("%s|data.%s.%s", [path_of(module_of(c.address)), c.kind, c.name]) |
	some c in read
}
