package guard_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"apigateway-maintenance/internal/maintenance"
)

// This is the rule once more, small and by other means: take out of the plan
// what a switch may do, and see whether anything is left. It knows less than
// the guard and so lets more through; what it refuses, nobody may let through.

// leftover says what is left of a plan that is not a switch; empty if nothing.
func leftover(plan object, direction maintenance.Direction) string {
	for _, list := range []string{"deferred_changes", "deferred_action_invocations", "action_invocations"} {
		if plan[list] != nil && jsonOf(plan[list]) != "[]" {
			return list
		}
	}
	if failed, there := plan["errored"]; there && failed != nil && failed != false {
		return "errored"
	}
	code := jsonOf(plan["configuration"])
	if !strings.Contains(code, `"root_module":{`) {
		return "no code"
	}
	for _, m := range regexp.MustCompile(`"ephemeral\.([a-z0-9_]+)\.`).FindAllStringSubmatch(code, -1) {
		if m[1] != "aws_ssm_parameter" && m[1] != "aws_secretsmanager_secret_version" {
			return "ephemeral " + m[1]
		}
	}
	changes, ok := plan["resource_changes"].([]any)
	if !ok {
		return "no changes"
	}
	known := pairsBefore(plan)
	for i, raw := range changes {
		rc, _ := raw.(object)
		if why := rest(rc, known, direction, code); why != "" {
			return fmt.Sprintf("change %d: %s", i, why)
		}
	}
	outputs, _ := plan["output_changes"].(object)
	for name, raw := range outputs {
		c, _ := raw.(object)
		if jsonOf(c["before"]) != jsonOf(c["after"]) && (name == "targets" || name == "urls") {
			return "output " + name
		}
		if !slices.Equal(pairsIn(c["before"]), pairsIn(c["after"])) {
			return "targets in output " + name
		}
	}
	return ""
}

// rest is what a change does beside switching.
func rest(rc object, known []string, direction maintenance.Direction, code string) string {
	change, _ := rc["change"].(object)
	was, _ := change["before"].(object)
	will, _ := change["after"].(object)
	actions := jsonOf(change["actions"])
	for _, more := range []any{change["importing"], rc["deposed"]} {
		if more != nil {
			return "more than its actions"
		}
	}
	if moved := rc["previous_address"]; moved != nil && moved != rc["address"] {
		return "moved"
	}
	if actions == `["no-op"]` && was != nil && jsonOf(was) == jsonOf(will) {
		return ""
	}
	if !slices.Contains([]any{awsProvider, "registry.opentofu.org/hashicorp/aws"}, rc["provider_name"]) {
		return "another provider"
	}
	kind, _ := rc["type"].(string)
	if rc["mode"] != "managed" {
		if regexp.MustCompile(`^aws_(arn|iam_policy_document|partition|region|service_principal|acm_certificate|api_gateway_domain_name|api_gateway_rest_api|caller_identity|route53_zone|ssm_parameter|secretsmanager_secret_version)$`).MatchString(kind) {
			return ""
		}
		return "read of " + kind
	}
	switch kind {
	case mappingType:
		from, to := "live", "maintenance"
		if direction == maintenance.Off {
			from, to = to, from
		}
		path := fmt.Sprintf("/%v", was["base_path"])
		if was["base_path"] == nil {
			path = "/"
		}
		move := pairLine(path, from, was["api_id"], was["stage_name"], to, will["api_id"], will["stage_name"])
		if actions != `["update"]` || !slices.Contains(known, move) || without(was, "api_id", "stage_name") != without(will, "api_id", "stage_name") {
			return "no switch"
		}
		return ""
	case "aws_api_gateway_rest_api":
		if !isMockIn(known, was["id"]) || actions != `["update"]` || without(was, "body") != without(will, "body") {
			return "no new text of the mock"
		}
		return backend(will["body"])
	case "aws_api_gateway_deployment":
		given := regexp.MustCompile(`"name":"` + regexp.QuoteMeta(fmt.Sprint(rc["name"])) + `","provider_config_key":"[^"]*","provisioners":\[{[^]]*"type":"aws_api_gateway_deployment"`)
		if !isMockIn(known, was["rest_api_id"]) || !isMockIn(known, will["rest_api_id"]) || actions != `["create","delete"]` || given.MatchString(code) {
			return "no new deployment of the mock"
		}
		return ""
	case "aws_api_gateway_stage":
		if !isMockIn(known, was["rest_api_id"]) || actions != `["update"]` || without(was, "deployment_id") != without(will, "deployment_id") {
			return "no new stage of the mock"
		}
		return ""
	}
	return "something else"
}

// backend is what in a text could lead anywhere or answer with success.
func backend(body any) string {
	text, _ := body.(string)
	if !json.Valid([]byte(text)) {
		return "no JSON"
	}
	if m := regexp.MustCompile(`"(uri|credentials|connectionId|connectionType|httpMethod|security|x-amazon-apigateway-(policy|authorizer|auth|request-validator)|servers|components|\$ref)"\s*:|responseOverride\.status`).FindString(text); m != "" {
		return m
	}
	if strings.Count(text, `"x-amazon-apigateway-integration"`) != len(regexp.MustCompile(`(?i)"type":\s*"mock"`).FindAllString(text, -1)) {
		return "an integration that is no mock"
	}
	for _, m := range regexp.MustCompile(`"statusCode":\s*"?([^",}]*)`).FindAllStringSubmatch(text, -1) {
		if !regexp.MustCompile(`^([45][0-9][0-9]|204)$`).MatchString(m[1]) {
			return "status " + m[1]
		}
	}
	return ""
}

func without(values object, names ...string) string {
	rest := object{}
	for name, value := range values {
		if value != nil && value != "" && !slices.Contains(names, name) {
			rest[name] = value
		}
	}
	return jsonOf(rest)
}

func jsonOf(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// pairsBefore are the moves that the outputs allowed before the plan, a line
// each.
func pairsBefore(plan object) []string {
	var known []string
	outputs, _ := plan["output_changes"].(object)
	for _, raw := range outputs {
		c, _ := raw.(object)
		known = append(known, pairsIn(c["before"])...)
	}
	state, _ := plan["prior_state"].(object)
	values, _ := state["values"].(object)
	stored, _ := values["outputs"].(object)
	for name, raw := range stored {
		if _, told := outputs[name]; !told {
			o, _ := raw.(object)
			known = append(known, pairsIn(o["value"])...)
		}
	}
	return known
}

func pairLine(path, from string, api1, stage1 any, to string, api2, stage2 any) string {
	name := func(stage any) any {
		if stage == nil {
			return ""
		}
		return stage
	}
	return fmt.Sprintf("%s: %s %v/%v to %s %v/%v", path, from, api1, name(stage1), to, api2, name(stage2))
}

// pairsIn finds every entry with a live and a maintenance target, and writes
// down both ways between them.
func pairsIn(value any) []string {
	o, _ := value.(object)
	var found []string
	for path, inner := range o {
		entry, _ := inner.(object)
		live, ok1 := entry["live"].(object)
		mock, ok2 := entry["maintenance"].(object)
		if strings.HasPrefix(path, "/") && ok1 && ok2 {
			found = append(found,
				pairLine(path, "live", live["api_id"], live["stage_name"], "maintenance", mock["api_id"], mock["stage_name"]),
				pairLine(path, "maintenance", mock["api_id"], mock["stage_name"], "live", live["api_id"], live["stage_name"]))
			continue
		}
		found = append(found, pairsIn(inner)...)
	}
	slices.Sort(found)
	return found
}

// isMockIn says that an API is some path's maintenance target and no path's
// live one.
func isMockIn(known []string, id any) bool {
	api, _ := id.(string)
	return api != "" && slices.ContainsFunc(known, func(line string) bool { return strings.Contains(line, " to maintenance "+api+"/") }) &&
		!slices.ContainsFunc(known, func(line string) bool { return strings.Contains(line, " to live "+api+"/") })
}
