package guard_test

const (
	somebodyElses = "foreignapi"
	mapped        = "module.domain.aws_api_gateway_base_path_mapping."
)

func values(side string, with func(values object)) func(rc, change object) {
	return func(_, change object) { with(change[side].(object)) }
}

// everywhere replaces a text in every value of the plan.
func everywhere(from, to string) edit {
	return func(plan object) { replaceIn(plan, from, to) }
}

func replaceIn(value any, from, to string) any {
	switch value := value.(type) {
	case object:
		for name, inner := range value {
			value[name] = replaceIn(inner, from, to)
		}
		return value
	case []any:
		for i, inner := range value {
			value[i] = replaceIn(inner, from, to)
		}
		return value
	case string:
		if value == from {
			return to
		}
	}
	return value
}

// stageless takes the stage out of the live target and of what the mapping was.
func stageless(plan object) {
	for _, side := range []string{"before", "after"} {
		for _, path := range []string{"/orders", "/health"} {
			in(plan, "output_changes", "targets", side, path, "live").(object)["stage_name"] = nil
		}
	}
	in(resourceAt(plan, orders), "change", "before").(object)["stage_name"] = ""
}

// mappingPlans are plans in which a mapping does something else than to move
// from one of its places to the other.
func mappingPlans() map[string]written {
	return map[string]written{
		"a mapping to a third API":               {"terraform-on", inChange(orders, values("after", func(v object) { v["api_id"] = somebodyElses })), "would point to foreignapi/maintenance"},
		"a mapping to another stage of the mock": {"terraform-on", inChange(orders, values("after", func(v object) { v["stage_name"] = "canary" })), "/canary, but switching on may point it to"},
		"a mapping from a third API":             {"terraform-on", inChange(orders, values("before", func(v object) { v["api_id"] = somebodyElses })), "it points to foreignapi/v1, which is neither its live target"},
		"a mapping from another stage":           {"terraform-on", inChange(orders, values("before", func(v object) { v["stage_name"] = "canary" })), "which is neither its live target"},
		"a mapping of another base path":         {"terraform-on", inChange(orders, values("after", func(v object) { v["base_path"] = "carts" })), "base_path changes"},
		"a mapping of another domain":            {"terraform-on", inChange(orders, values("after", func(v object) { v["domain_name"] = "www.example.com" })), "domain_name changes"},
		"a mapping in another region": {"terraform-on", inChange(orders, func(_, change object) {
			change["before"].(object)["region"], change["after"].(object)["region"] = "eu-west-1", "us-east-1"
		}), "region changes"},
		"a mapping with an attribute of its own": {"terraform-on", inChange(orders, values("after", func(v object) { v["new"] = object{} })), "new changes"},
		"a new mapping": {"terraform-on", inChange(orders, func(_, change object) {
			change["actions"], change["before"] = []any{"create"}, nil
		}), "updates mappings in place"},
		"a mapping that goes": {"terraform-on", inChange(orders, func(_, change object) {
			change["actions"], change["after"] = []any{"delete"}, nil
		}), "updates mappings in place"},
		"a mapping that is replaced":  {"terraform-on", inChange(orders, func(_, change object) { change["actions"] = []any{"delete", "create"} }), "updates mappings in place"},
		"a mapping that is forgotten": {"terraform-on", inChange(orders, func(_, change object) { change["actions"] = []any{"forget"} }), "updates mappings in place"},
		"a mapping that was moved":    {"terraform-on", inChange(orders, func(rc, _ object) { rc["previous_address"] = mapped + "old" }), "moves no resource"},
		"a mapping that is deposed":   {"terraform-on", inChange(orders, func(rc, _ object) { rc["deposed"] = "abcd" }), "has left behind"},
		"an unknown API": {"terraform-on", inChange(orders, func(_, change object) {
			delete(change["after"].(object), "api_id")
			change["after_unknown"] = object{"api_id": true}
		}), "api_id will be known only after the apply"},
		"an unknown that is no flag": {"terraform-on", inChange(orders, func(_, change object) {
			change["after_unknown"] = object{"api_id": "yes"}
		}), "api_id will be known only after the apply"},
		"a sensitive target": {"terraform-on", inChange(orders, func(_, change object) {
			change["after_sensitive"] = object{"api_id": true}
		}), "it holds a sensitive value"},
		"an exempt path that moves": {"terraform-on", inChange(health, func(_, change object) {
			change["actions"] = []any{"update"}
			change["after"] = copyOf(change["after"].(object))
			change["after"].(object)["api_id"] = "x"
		}), "/health has a maintenance_mode of its own, which keeps it live"},
		"a path that the output says stays live": {"terraform-on", all(
			output("modes", object{"/orders": "live"}, object{"/orders": "live"}, "no-op"),
		), "the output `modes` says that /orders stays live"},
		"a path that the output says is read-only": {"terraform-on", all(
			output("modes", object{"/orders": "live"}, object{"/orders": "read-only"}, "update"),
		), "stays read-only"},
		"a mapping by another provider": {"terraform-on", inChange(orders, func(rc, _ object) { rc["provider_name"] = "registry.example.com/hashicorp/aws" }), "made by registry.example.com/hashicorp/aws"},
		"a mapping that is data":        {"terraform-on", inChange(orders, func(rc, _ object) { rc["mode"] = "data" }), "it is read while the plan is applied"},
		"a mapping that the code does not have": {"terraform-on", func(plan object) {
			blockAt(plan, "domain", mappingType)["name"] = "other"
		}, "the configuration in the plan does not have it"},
		"a mapping by an alias of another region": {"terraform-on", func(plan object) {
			blockAt(plan, "domain", mappingType)["provider_config_key"] = "aws.other"
			in(plan, "configuration", "provider_config").(object)["aws.other"] = object{"name": "aws", "full_name": awsProvider, "alias": "other", "expressions": object{"region": object{"constant_value": "us-west-2"}}}
		}, "perhaps in another region or account"},
		"a mapping by an alias of the same kind": {"terraform-on", func(plan object) {
			blockAt(plan, "domain", mappingType)["provider_config_key"] = "aws.other"
			in(plan, "configuration", "provider_config").(object)["aws.other"] = object{"name": "aws", "full_name": awsProvider, "alias": "other"}
		}, ""},
		"a mapping without a stage": {"terraform-on", stageless, ""},
		"the wrong way": {"terraform-on", inChange(orders, func(_, change object) {
			change["before"], change["after"] = change["after"], change["before"]
		}), "may point it to"},
	}
}

// trustPlans are plans whose outputs tell something else than they did.
func trustPlans() map[string]written {
	return map[string]written{
		"targets that appear for the first time": {"terraform-on", func(plan object) {
			c := in(plan, "output_changes", "targets").(object)
			c["actions"], c["before"] = []any{"create"}, nil
		}, "apply these outputs first"},
		"targets that are not in the plan, but in what it says of the state": {"terraform-on", drop("output_changes", "targets"), "no output of the state tells"},
		"targets that change": {"terraform-on", func(plan object) {
			c := in(plan, "output_changes", "targets").(object)
			after := copyOf(c["after"].(object))
			after["/orders"].(object)["maintenance"].(object)["api_id"] = somebodyElses
			c["actions"], c["after"] = []any{"update"}, after
		}, "output.targets (update): it tells where base paths point"},
		"a target that gets a place of its own": {"terraform-on", func(plan object) {
			c := in(plan, "output_changes", "targets").(object)
			after := copyOf(c["after"].(object))
			after["/orders"].(object)["read_only"] = object{"api_id": "x", "stage_name": "y"}
			c["actions"], c["after"] = []any{"update"}, after
		}, "output.targets (update)"},
		"a target with more in it than is known": {"terraform-on", func(plan object) {
			for _, side := range []string{"before", "after"} {
				for _, path := range []string{"/orders", "/health"} {
					entry := in(plan, "output_changes", "targets", side, path).(object)
					entry["read_only"], entry["weight"] = nil, 3
				}
			}
		}, ""},
		"an own mode that nobody knows": {"terraform-on", func(plan object) {
			for _, side := range []string{"before", "after"} {
				in(plan, "output_changes", "targets", side, "/orders").(object)["maintenance_mode"] = "read-only"
			}
		}, "a maintenance_mode of its own, which keeps it read-only"},
		"urls that change": {"terraform-on", output("urls", object{"/orders": "https://api.example.com/orders"}, object{"/orders": "https://evil.example/orders"}, "update"), "output.urls (update)"},
		"targets of the state are enough where the plan leaves them out": {"terraform-targeted", func(plan object) {
			delete(in(plan, "planned_values", "outputs").(object), "targets")
			delete(in(plan, "output_changes").(object), "targets")
		}, ""},
		"sensitive targets are not read": {"terraform-on", set(true, "output_changes", "targets", "before_sensitive"), "no output of the state tells"},
		"a conflict": {"terraform-on", all(func(plan object) {
			other := copyOf(before(plan, "targets").(object))
			other["/orders"].(object)["live"].(object)["api_id"] = somebodyElses
			output("more", other, other, "no-op")(plan)
		}), "several outputs tell different targets for the path /orders"},
		"a conflict that the domain's name settles": {"terraform-on", all(func(plan object) {
			domain := in(resourceAt(plan, orders), "change", "after", "domain_name").(string)
			output("named", object{domain: before(plan, "targets")}, object{domain: before(plan, "targets")}, "no-op")(plan)
			other := copyOf(before(plan, "targets").(object))
			other["/orders"].(object)["live"].(object)["api_id"] = somebodyElses
			output("targets", other, other, "no-op")(plan)
		}), ""},
		"targets under another domain's name": {"terraform-on", func(plan object) {
			nested := object{"www.example.com": before(plan, "targets")}
			output("targets", nested, nested, "no-op")(plan)
		}, "no output of the state tells where"},
		"a mapping of another domain": {"terraform-on", func(plan object) {
			rc := copyOf(resourceAt(plan, orders))
			rc["address"], rc["name"] = mappingType+".other", "other"
			delete(rc, "module_address")
			delete(rc, "index")
			for _, side := range []string{"before", "after"} {
				rc["change"].(object)[side].(object)["domain_name"] = "admin.example.com"
			}
			addChange(plan, rc)
		}, "no output of the state tells where admin.example.com/orders"},
		"a mapping of another domain, in the change alone": {"terraform-on", inChange(orders, func(_, change object) {
			for _, side := range []string{"before", "after"} {
				change[side].(object)["domain_name"] = "admin.example.com"
			}
		}), "the output names no domain, and there are mappings of admin.example.com, "},
		"a mapping whose domain the URLs do not name": {"terraform-on", func(plan object) {
			domain := in(resourceAt(plan, orders), "change", "after", "domain_name").(string)
			everywhere(domain, "admin.example.com")(plan)
		}, "its URLs are at "},
		"a mock that is also somebody's live API": {"terraform-redeploy", func(plan object) {
			mock := in(before(plan, "targets"), "/orders", "maintenance")
			other := object{"x.example.com": object{"/": object{"live": mock, "maintenance": object{"api_id": "x", "stage_name": "y"}}}}
			output("more", other, other, "no-op")(plan)
		}, "which is not the maintenance API"},
	}
}
