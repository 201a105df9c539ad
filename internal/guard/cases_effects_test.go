package guard_test

import (
	"encoding/json"
	"strings"
)

const (
	mockAPI        = "mock.aws_api_gateway_rest_api.this"
	mockDeployment = "mock.aws_api_gateway_deployment.this"
	mockStage      = "mock.aws_api_gateway_stage.this"
)

// text edits the planned document of the mock.
func text(with func(document object)) edit {
	return inChange(mockAPI, values("after", func(v object) {
		var document object
		if err := json.Unmarshal([]byte(v["body"].(string)), &document); err != nil {
			panic(err)
		}
		with(document)
		body, err := json.Marshal(document)
		if err != nil {
			panic(err)
		}
		v["body"] = string(body)
	}))
}

func anyMethod(document object) object {
	return in(document, "paths", "/{proxy+}", "x-amazon-apigateway-any-method").(object)
}

func integrationOf(method object) object { return method["x-amazon-apigateway-integration"].(object) }

func answerOf(document object) object {
	return in(integrationOf(anyMethod(document)), "responses", "default").(object)
}

// redeployPlans are plans that change the mock to something else.
func redeployPlans() map[string]written {
	re := func(e edit, why string) written { return written{"terraform-redeploy", e, why} }
	return map[string]written{
		"a redeploy by OpenTofu":     {"tofu-redeploy", text(func(object) {}), ""},
		"a text with a backend":      re(text(func(d object) { integrationOf(anyMethod(d))["type"] = "http_proxy" }), "is no mock integration"),
		"a text with a URI":          re(text(func(d object) { integrationOf(anyMethod(d))["uri"] = "https://x.example" }), "integration has uri"),
		"a text with credentials":    re(text(func(d object) { integrationOf(anyMethod(d))["credentials"] = "arn" }), "integration has credentials"),
		"a text with a VPC link":     re(text(func(d object) { integrationOf(anyMethod(d))["connectionId"] = "x" }), "integration has connectionId"),
		"a text that passes through": re(text(func(d object) { integrationOf(anyMethod(d))["passthroughBehavior"] = "when_no_match" }), "passes requests through"),
		"a text that answers 200":    re(text(func(d object) { answerOf(d)["statusCode"] = "200" }), `answers with the status "200"`),
		"a text that redirects":      re(text(func(d object) { answerOf(d)["statusCode"] = "302" }), `answers with the status "302"`),
		"a text whose template answers 200": re(text(func(d object) {
			answerOf(d)["responseTemplates"] = object{"application/json": "#set($context.responseOverride.status = 200)"}
		}), "could set the status"),
		"a text whose template hides what it sets": re(text(func(d object) {
			answerOf(d)["responseTemplates"] = object{"application/json": "#set($c = $context)#set($c['response' + 'Override'] = 1)"}
		}), "could set the status"),
		"a text whose request template answers 200": re(text(func(d object) {
			integrationOf(anyMethod(d))["requestTemplates"] = object{"application/json": `#set($context.responseOverride.status=200){"statusCode": 503}`}
		}), "could set the status"),
		"a text with a header from a request": re(text(func(d object) {
			answerOf(d)["responseParameters"] = object{"method.response.header.X": "integration.response.header.X"}
		}), "from something"),
		"a text with a gateway response that succeeds": re(text(func(d object) {
			in(d, "x-amazon-apigateway-gateway-responses", "DEFAULT_4XX").(object)["statusCode"] = "200"
		}), "gateway response DEFAULT_4XX answers"),
		"a text with a policy":         re(text(func(d object) { d["x-amazon-apigateway-policy"] = object{} }), "it has x-amazon-apigateway-policy"),
		"a text with an authorizer":    re(text(func(d object) { anyMethod(d)["security"] = []any{} }), "any-method has security"),
		"a text with components":       re(text(func(d object) { d["components"] = object{} }), "it has components"),
		"a text with servers":          re(text(func(d object) { d["servers"] = []any{} }), "it has servers"),
		"a text with a path reference": re(text(func(d object) { in(d, "paths").(object)["/x"] = object{"$ref": "#/x"} }), "/x has $ref"),
		"a text with a method of a backend": re(text(func(d object) {
			in(d, "paths", "/").(object)["get"] = object{"x-amazon-apigateway-integration": object{"type": "aws_proxy", "uri": "arn"}}
		}), "/ get "),
		"a preflight for another method": re(text(func(d object) {
			path := in(d, "paths", "/").(object)
			path["get"] = path["options"]
		}), `/ get response 204 answers with the status "204"`),
		"a preflight that answers whatever is asked": re(text(func(d object) {
			integrationOf(in(d, "paths", "/", "options").(object))["requestTemplates"] = object{"application/json": `{"statusCode": 204}`}
		}), `/ options response 204 answers with the status "204"`),
		"a preflight that is the default": re(text(func(d object) {
			answers := integrationOf(in(d, "paths", "/", "options").(object))["responses"].(object)
			answers["default"] = answers["204"]
		}), "/ options response default answers"),
		"a text with the security policy beside it": re(text(func(d object) { d["x-amazon-apigateway-security-policy"] = "TLS_1_2" }), ""),
		"a text with a parameter in the method": re(text(func(d object) {
			anyMethod(d)["parameters"] = []any{object{"name": "proxy", "in": "path", "required": true, "schema": object{"type": "string"}}}
		}), ""),
		"a text with a model": re(text(func(d object) {
			anyMethod(d)["parameters"] = []any{object{"schema": object{"$ref": "#/x"}}}
		}), "parameters has $ref"),
		"a text that names a key twice": re(inChange(mockAPI, values("after", func(v object) {
			v["body"] = strings.Replace(v["body"].(string), `"openapi":`, `"openapi":"3.0.0","openapi":`, 1)
		})), "it has a key twice"),
		"a text with texts that look like keys": re(text(func(d object) { in(d, "info").(object)["description"] = `a "b": {"c": 1}` }), ""),
		"a text that is no JSON":                re(inChange(mockAPI, values("after", func(v object) { v["body"] = "openapi: 3.0.1" })), "it is no JSON object"),
		"a text that is null":                   re(inChange(mockAPI, values("after", func(v object) { v["body"] = nil })), "it is not known"),
		"a text that only the apply knows": re(inChange(mockAPI, func(_, change object) {
			delete(change["after"].(object), "body")
			change["after_unknown"] = object{"body": true}
		}), "known only after the apply"),
		"a mock with another policy":   re(inChange(mockAPI, values("after", func(v object) { v["policy"] = "{}" })), "this changes [body policy]"),
		"a mock with another endpoint": re(inChange(mockAPI, values("after", func(v object) { v["endpoint_configuration"] = []any{} })), "this changes [body endpoint_configuration]"),
		"a mock whose text is merged": re(inChange(mockAPI, func(_, change object) {
			change["before"].(object)["put_rest_api_mode"], change["after"].(object)["put_rest_api_mode"] = "merge", "merge"
		}), "merged into what is there"),
		"a stage with other variables": re(inChange(mockStage, values("after", func(v object) { v["variables"] = object{"x": "y"} })), "this changes [deployment_id variables]"),
		"a stage that turns to another one": re(inChange(mockStage, func(_, change object) {
			change["after_unknown"] = object{}
			change["after"].(object)["deployment_id"] = "old"
		}), "a deployment that this plan does not make"),
		"a stage whose code refers to another": re(func(plan object) {
			in(blockAt(plan, "mock", "aws_api_gateway_stage"), "expressions").(object)["deployment_id"] = object{"references": []any{"data.aws_x.y.id", "data.aws_x.y"}}
		}, "a deployment that this plan does not make"),
		"a deployment with a provisioner": re(func(plan object) {
			blockAt(plan, "mock", "aws_api_gateway_deployment")["provisioners"] = []any{object{"type": "local-exec", "expressions": object{}}}
		}, "module.mock.aws_api_gateway_deployment.this (create, delete): it has a provisioner (local-exec), which would run"),
		"a deployment with provisioners of no known shape": re(func(plan object) {
			blockAt(plan, "mock", "aws_api_gateway_deployment")["provisioners"] = object{}
		}, "it has a provisioner (unknown)"),
		"a stage that turns to a deployment that is imported": re(inChange(mockDeployment, func(_, change object) { change["importing"] = object{} }), "a deployment that this plan does not make"),
		"a deployment that goes first":                        re(inChange(mockDeployment, func(_, change object) { change["actions"] = []any{"delete", "create"} }), "only in place of the one before it"),
		"a deployment of a live API":                          re(inChange(mockDeployment, values("after", func(v object) { v["rest_api_id"] = "live" })), "one of another API"),
		"a deployment that makes a stage":                     re(inChange(mockDeployment, values("after", func(v object) { v["stage_name"] = "live" })), "stage_name changes"),
		"a deployment that was asked for":                     re(inChange(mockDeployment, func(rc, _ object) { rc["action_reason"] = "replace_by_request" }), "another reason than a new text (replace_by_request)"),
		"a deployment without a new text":                     re(inChange(mockDeployment, func(_, change object) { change["after"].(object)["triggers"] = change["before"].(object)["triggers"] }), "although its text did not change"),
		"a second deployment of the mock": re(func(plan object) {
			rc := copyOf(resourceAt(plan, mockDeployment))
			rc["address"], rc["name"] = "aws_api_gateway_deployment.second", "second"
			delete(rc, "module_address")
			addChange(plan, rc)
		}, "aws_api_gateway_deployment.second (create, delete): the configuration in the plan does not have it"),
		"a second deployment of the mock that the code has": re(func(plan object) {
			rc := copyOf(resourceAt(plan, mockDeployment))
			rc["address"], rc["name"] = "aws_api_gateway_deployment.second", "second"
			delete(rc, "module_address")
			addChange(plan, rc)
			block := copyOf(blockAt(plan, "mock", "aws_api_gateway_deployment"))
			block["address"], block["name"] = rc["address"], "second"
			root := in(plan, "configuration", "root_module").(object)
			root["resources"] = append(root["resources"].([]any), block)
		}, "aws_api_gateway_deployment.second (create, delete): it is outside the module that made the maintenance API"),
		"a second instance of the mock's module": re(func(plan object) {
			rc := copyOf(resourceAt(plan, mockDeployment))
			rc["address"], rc["module_address"] = `module.mock["b"].aws_api_gateway_deployment.this`, `module.mock["b"]`
			addChange(plan, rc)
		}, `module.mock["b"].aws_api_gateway_deployment.this (create, delete): it is outside the module that made the maintenance API`),
		"a mock that is made of more than its text": re(add(made("managed", "aws_api_gateway_integration", "x", []any{"no-op"}, object{"rest_api_id": "MOCK"}, object{"rest_api_id": "MOCK"})), ""),
		"a redeploy without the API": re(func(plan object) {
			var kept []any
			for _, rc := range plan["resource_changes"].([]any) {
				if !strings.HasSuffix(rc.(object)["address"].(string), mockAPI) {
					kept = append(kept, rc)
				}
			}
			plan["resource_changes"] = kept
		}, "the plan does not have the maintenance API itself"),
		"an update of the live API": re(inChange("rest_api.shop", func(_, change object) {
			change["actions"] = []any{"update"}
			change["after"].(object)["body"] = "{}"
		}), "which is not the maintenance API"),
		"a mock that goes": re(inChange(mockAPI, func(_, change object) { change["actions"], change["after"] = []any{"delete"}, nil }), "a switch changes the text alone"),
	}
}

// effectPlans are plans in which something else happens at apply.
func effectPlans() map[string]written {
	on := func(e edit, why string) written { return written{"terraform-on", e, why} }
	ephemeral := func(plan object) {
		root := in(plan, "configuration", "root_module").(object)
		root["resources"] = append(root["resources"].([]any), object{"address": "ephemeral.aws_lambda_invocation.x", "mode": "ephemeral", "type": "aws_lambda_invocation", "name": "x"})
	}
	return map[string]written{
		"a data source that acts":                  on(add(made("data", "aws_lambda_invocation", "x", []any{"read"}, nil, object{})), "data.aws_lambda_invocation.x (read): it is read while the plan is applied"),
		"a data source of another provider":        on(add(with(made("data", "aws_caller_identity", "x", []any{"read"}, nil, object{}), "provider_name", "registry.example.com/x/aws")), "it is read while the plan is applied"),
		"a data source that cannot act":            on(add(made("data", "aws_caller_identity", "x", []any{"read"}, nil, object{})), ""),
		"a data source with an action":             on(add(made("data", "aws_caller_identity", "x", []any{"create"}, nil, object{})), "it is read while the plan is applied"),
		"an ephemeral resource that acts":          on(add(made("ephemeral", "aws_lambda_invocation", "x", []any{"open"}, nil, nil)), "it is opened while the plan is applied"),
		"an ephemeral resource in OpenTofu":        {"tofu-on", ephemeral, "ephemeral.aws_lambda_invocation.x (open)"},
		"an ephemeral resource that is harmless":   on(add(made("ephemeral", "aws_ssm_parameter", "x", []any{"open"}, nil, nil)), ""),
		"a reference to an ephemeral resource":     on(set(object{"region": object{"references": []any{"ephemeral.aws_lambda_invocation.x.result", "ephemeral.aws_lambda_invocation.x"}}}, "configuration", "provider_config", "aws", "expressions"), "ephemeral.aws_lambda_invocation.x (open)"),
		"a resource of a mode that nobody knows":   on(func(plan object) { blockAt(plan, "", "aws_api_gateway_stage")["mode"] = "list" }, `a resource whose mode is "list"`),
		"a condition on an ephemeral resource":     on(set([]any{object{"address": object{"kind": "resource", "mode": "ephemeral", "type": "aws_lambda_invocation", "to_display": "ephemeral.aws_lambda_invocation.x"}, "status": "pass"}}, "checks"), "ephemeral.aws_lambda_invocation.x (open)"),
		"another resource":                         on(add(made("managed", "aws_route53_record", "www", []any{"update"}, object{"ttl": 60}, object{"ttl": 300})), "aws_route53_record.www (update): it is no part of a switch"),
		"a resource of another provider":           on(add(with(made("managed", "null_resource", "x", []any{"create"}, nil, object{}), "provider_name", "registry.terraform.io/hashicorp/null")), "made by registry.terraform.io/hashicorp/null"),
		"another resource that stays":              on(add(with(made("managed", "random_id", "x", []any{"no-op"}, object{"id": "x"}, object{"id": "x"}), "provider_name", "registry.terraform.io/hashicorp/random")), ""),
		"a resource that is forgotten":             on(add(made("managed", "aws_route53_record", "www", []any{"forget"}, object{}, nil)), "aws_route53_record.www (forget): it is no part"),
		"a resource that is created and forgotten": on(add(made("managed", "aws_route53_record", "www", []any{"create", "forget"}, object{}, object{})), "aws_route53_record.www (create, forget)"),
		"an import of what stays": on(func(plan object) {
			rc := made("managed", "aws_route53_record", "www", []any{"no-op"}, object{}, object{})
			rc["change"].(object)["importing"] = object{"id": "x"}
			addChange(plan, rc)
		}, "aws_route53_record.www (no-op, import): a switch imports nothing"),
		"code that was generated": on(func(plan object) {
			rc := made("managed", "aws_route53_record", "www", []any{"no-op"}, object{}, object{})
			rc["change"].(object)["generated_config"] = "resource {}"
			addChange(plan, rc)
		}, "imports nothing"),
		"a move of what stays":                   on(add(with(made("managed", "aws_route53_record", "www", []any{"no-op"}, object{}, object{}), "previous_address", "aws_route53_record.old")), "aws_route53_record.www (no-op, move from aws_route53_record.old)"),
		"another API's text":                     on(add(made("managed", "aws_api_gateway_rest_api", "foreign", []any{"update"}, object{"id": somebodyElses, "body": "a"}, object{"id": somebodyElses, "body": "b"})), "it belongs to API foreignapi"),
		"a plan without its code":                on(drop("configuration"), "plan (configuration): the plan does not hold its configuration"),
		"a module without its code":              on(drop("configuration", "root_module", "module_calls", "domain", "module"), "module.domain (read): the plan does not hold its configuration"),
		"code of a kind that nobody knows":       on(set([]any{}, "configuration", "root_module", "stacks"), "configuration (stacks)"),
		"resources of the code that are no list": on(set(object{}, "configuration", "root_module", "resources"), "are not told as they should be"),
	}
}

func with(rc object, field string, value any) object {
	rc[field] = value
	return rc
}

// outputPlans are plans that change outputs.
func outputPlans() map[string]written {
	on := func(e edit, why string) written { return written{"terraform-on", e, why} }
	return map[string]written{
		"an output that has nothing to do with it": on(all(output("release", "1", "2", "update"), set(object{"expression": object{"constant_value": "2"}}, "configuration", "root_module", "outputs", "release")), "output.release (update): its value does not follow from the switch"),
		"an output of another variable":            on(all(output("x", "1", "2", "update"), configured("x", "var.message")), "output.x (update): its value does not follow"),
		"an output of the switch's variable":       on(all(output("x", false, true, "update"), configured("x", "var.maintenance_mode")), ""),
		"an output of the modes":                   on(all(output("x", "a", "b", "update"), configured("x", "module.domain.modes", "module.domain")), ""),
		"an output of a mapping's module":          on(all(output("x", "a", "b", "update"), configured("x", "module.domain")), ""),
		"an output of another module":              on(all(output("x", "a", "b", "update"), configured("x", "module.mock.api_id", "module.mock")), "output.x (update): its value does not follow"),
		"an output by way of a local":              on(all(output("x", "a", "b", "update"), configured("x", "local.x")), ""),
		"an output that is new":                    on(all(output("x", nil, "b", "create"), configured("x", "module.domain.modes", "module.domain")), ""),
		"an output that is taken away":             on(output("x", "a", nil, "delete"), "output.x (delete): it is taken away"),
		"an output that only the apply knows":      on(all(output("x", "a", nil, "update"), configured("x", "module.domain.modes", "module.domain"), set(true, "output_changes", "x", "after_unknown")), "output.x (update): its value will be known only after the apply"),
		"an output of the new deployment":          {"terraform-redeploy", all(output("x", "a", nil, "update"), configured("x", "module.mock.stage_arn", "module.mock"), set(true, "output_changes", "x", "after_unknown")), ""},
		"an output of what is read":                on(all(output("x", "a", nil, "update"), configured("x", "data.aws_region.r.name", "data.aws_region.r"), set(true, "output_changes", "x", "after_unknown"), add(made("data", "aws_region", "r", []any{"read"}, nil, object{}))), "its value does not follow"),
		"an output whose no-op changes":            on(output("x", "a", "b", "no-op"), "output.x (no-op): its action is no-op, and yet"),
		"an output with an action that is none":    on(output("x", "a", "b", "replace"), "its actions are none that are known"),
		"an output that is null":                   on(set(nil, "output_changes", "x"), "output.x (unknown): its change is no object"),
		"an output with a field that nobody knows": on(all(output("x", "a", "a", "no-op"), set(1, "output_changes", "x", "y")), "the field y"),
		"outputs that are no object":               on(set([]any{}, "output_changes"), "plan (output_changes)"),
		"targets in an output of another name":     on(all(output("x", nil, object{"/orders": object{"live": object{"api_id": "a", "stage_name": "b"}, "maintenance": object{"api_id": "c", "stage_name": "d"}}}, "create"), configured("x", "module.domain.targets", "module.domain")), "output.x (create): it tells where base paths point"),
		"a whole module's output": on(func(plan object) {
			was := object{"domain_name": "api.example.com", "targets": before(plan, "targets"), "modes": object{"/orders": "live"}}
			will := copyOf(was)
			will["modes"] = object{"/orders": "maintenance"}
			output("all", was, will, "update")(plan)
			configured("all", "module.domain")(plan)
		}, ""),
	}
}
