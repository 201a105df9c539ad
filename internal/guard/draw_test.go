package guard_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"pgregory.net/rapid"
)

// trimmed makes a recorded plan small, so that many can be judged: it drops
// what no rule looks at.
func trimmed(plan object) object {
	delete(plan, "resource_drift")
	delete(plan, "variables")
	dropVariables(in(plan, "configuration", "root_module").(object))
	for _, part := range []any{plan["planned_values"], in(plan, "prior_state", "values")} {
		dropValues(part.(object)["root_module"].(object))
	}
	for _, raw := range plan["resource_changes"].([]any) {
		rc := raw.(object)
		change := rc["change"].(object)
		if strings.HasSuffix(rc["address"].(string), ".shop") || rc["type"] == "aws_route53_record" || rc["type"] == "aws_api_gateway_domain_name" {
			change["before"], change["after"] = object{"id": change["before"].(object)["id"]}, object{"id": change["before"].(object)["id"]}
			change["before_sensitive"], change["after_sensitive"] = object{}, object{}
		}
	}
	return plan
}

func dropVariables(module object) {
	delete(module, "variables")
	calls, _ := module["module_calls"].(object)
	for _, call := range calls {
		dropVariables(call.(object)["module"].(object))
	}
}

func dropValues(module object) {
	resources, _ := module["resources"].([]any)
	for _, raw := range resources {
		if resource := raw.(object); resource["type"] != mappingType {
			resource["values"], resource["sensitive_values"] = object{}, object{}
		}
	}
	children, _ := module["child_modules"].([]any)
	for _, child := range children {
		dropValues(child.(object))
	}
}

// strange are values that a field may suddenly have.
var strange = []any{
	nil, true, false, 0, 1, 503, "", "x", []any{}, object{}, []any{nil}, object{"": nil}, "true",
	"no-op", "update", "create", "delete", "read", "open", []any{"update"}, []any{"no-op"}, []any{"create", "delete"}, []any{"delete", "create"}, []any{"read"}, []any{"forget"},
	"managed", "data", "ephemeral", mappingType, "aws_api_gateway_rest_api", "aws_api_gateway_deployment", "aws_lambda_invocation", "aws_caller_identity",
	awsProvider, "registry.opentofu.org/hashicorp/aws", "registry.example.com/hashicorp/aws",
	"live", "maintenance", "read-only", "/", "/orders", "www.example.com", "module.domain", "module.mock", "local.x", "var.maintenance_mode",
	object{"api_id": "x", "stage_name": nil}, object{"api_id": true}, []any{"module.domain", "module.domain.modes"}, "replace_because_cannot_update", "replace_by_request",
}

// place is where a plan is changed: a container and a key or an index.
type place struct {
	in  any
	key string
	at  int
}

// places are all in a value, the more interesting ones more often: what is deep
// inside a text or a long list is chosen seldom.
func places(value any, depth int) []place {
	var all []place
	switch value := value.(type) {
	case object:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			all = append(all, place{in: value, key: key})
			if depth > 0 {
				all = append(all, places(value[key], depth-1)...)
			}
		}
	case []any:
		for i, inner := range value {
			all = append(all, place{in: value, at: i})
			if depth > 0 {
				all = append(all, places(inner, depth-1)...)
			}
		}
	}
	return all
}

func (p place) get() any {
	if o, ok := p.in.(object); ok {
		return o[p.key]
	}
	return p.in.([]any)[p.at]
}

func (p place) set(value any) {
	if o, ok := p.in.(object); ok {
		o[p.key] = value
		return
	}
	p.in.([]any)[p.at] = value
}

// mutate changes one thing in a plan that the rule may look at.
func mutate(t *rapid.T, plan object) string {
	section := rapid.SampledFrom([]string{"", "resource_changes", "resource_changes", "resource_changes", "output_changes", "configuration", "prior_state", "planned_values", "checks"}).Draw(t, "section")
	from, depth := any(plan), 1
	if section != "" {
		from, depth = plan[section], 9
	}
	all := places(from, depth)
	if len(all) == 0 {
		return "nothing"
	}
	p := all[rapid.IntRange(0, len(all)-1).Draw(t, "place")]
	kind := rapid.SampledFrom([]string{"remove", "null", "retype", "rename", "duplicate", "swap", "add"}).Draw(t, "kind")
	switch o, isObject := p.in.(object); {
	case kind == "remove" && isObject:
		delete(o, p.key)
	case kind == "null":
		p.set(nil)
	case kind == "rename" && isObject:
		name := rapid.SampledFrom([]string{"x", strings.ToUpper(p.key), p.key + "_", "before", "after", "module", "targets"}).Draw(t, "name")
		o[name] = o[p.key]
		delete(o, p.key)
	case kind == "duplicate":
		if list, ok := p.get().([]any); ok && len(list) > 0 {
			p.set(append(slices.Clone(list), list[rapid.IntRange(0, len(list)-1).Draw(t, "element")]))
		}
	case kind == "swap":
		other := all[rapid.IntRange(0, len(all)-1).Draw(t, "other")]
		clone := cloned(other.get())
		p.set(clone)
	case kind == "add" && isObject:
		o[rapid.SampledFrom([]string{"x", "importing", "previous_address", "deposed", "provisioners", "region", "read_only", "stage_name", "maintenance_mode", "domain_name", "action_reason"}).Draw(t, "field")] = rapid.SampledFrom(strange).Draw(t, "value")
	default:
		p.set(rapid.SampledFrom(strange).Draw(t, "value"))
	}
	return fmt.Sprintf("%s in %s", kind, section)
}

func cloned(value any) any { return copyOf(object{"": value})[""] }
