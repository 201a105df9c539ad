package guard_test

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/guard"
	"apigateway-maintenance/internal/maintenance"
)

// edited is a copy of an object with one attribute changed.
func edited(o object, name string, value any) object {
	c := maps.Clone(o)
	c[name] = value
	return c
}

const (
	mappingType    = "aws_api_gateway_base_path_mapping"
	ordersMap      = `module.domain.aws_api_gateway_base_path_mapping.this["/orders"]`
	restAPIType    = "aws_api_gateway_rest_api"
	deploymentType = "aws_api_gateway_deployment"
	stageType      = "aws_api_gateway_stage"
)

// guardCase is also what the Rego policy is tested with.
type guardCase struct {
	direction maintenance.Direction
	plan      *planBuilder
	// why is part of the refusal's reason; empty for a pure switch.
	why string
}

func restAPI(id, body string) object {
	return object{"id": id, "name": "n", "body": body, "tags": nil}
}

func stage(api, deployment string) object {
	return object{"id": "ags-" + api, "rest_api_id": api, "deployment_id": deployment, "stage_name": "maintenance"}
}

func redeployed(api string, actionNames ...any) object {
	return object{
		"actions":       actionNames,
		"before":        object{"id": "d1", "rest_api_id": api, "triggers": object{"document": "a"}, "created_date": "x", "description": "", "invoke_url": "https://x/"},
		"after":         object{"rest_api_id": api, "triggers": object{"document": "b"}, "description": nil},
		"after_unknown": object{"id": true, "created_date": true, "invoke_url": true, "execution_arn": true, "triggers": object{}},
	}
}

func withRedeploy(api string) *planBuilder {
	b := switchOn().update(restAPIType, "module.mock.aws_api_gateway_rest_api.this", restAPI(api, "a"), restAPI(api, "b"))
	b.change(deploymentType, "module.mock.aws_api_gateway_deployment.this", redeployed(api, "create", "delete"))
	return b.change(stageType, "module.mock.aws_api_gateway_stage.this", object{
		"actions": []any{"update"}, "before": stage(api, "d1"), "after": object{"id": "ags-" + api, "rest_api_id": api, "stage_name": "maintenance"},
		"after_unknown": object{"deployment_id": true},
	})
}

// twoPaths switches "/" and leaves "/orders" exempt.
func twoPaths() *planBuilder {
	return switchOn().
		output("targets", object{"/": pair(live), "/orders": pair("liveapi002")}).
		output("modes", object{"/": "maintenance", "/orders": "live"})
}

func guardCases() map[string]guardCase {
	pinned := edited(mapping("", live, "live"), "api_id", mock)
	return map[string]guardCase{
		"a pure switch on passes":                       {maintenance.On, switchOn(), ""},
		"a pure switch off passes":                      {maintenance.Off, switchOff(), ""},
		"a switch on and a redeploy of the mock passes": {maintenance.On, withRedeploy(mock), ""},
		"outputs that change, reads and no-ops pass": {maintenance.On, func() *planBuilder {
			b := switchOn()
			b.outputChanges["modes"] = object{"actions": []any{"update"}, "before": object{"/": "live"}, "after": object{"/": "maintenance"}, "after_unknown": false}
			b.change("aws_route53_record", "aws_route53_record.a", object{"actions": []any{"no-op"}, "before": object{}, "after": object{}, "after_unknown": object{}})
			b.changes = append(b.changes, object{"address": "check.ok.data.http.api", "mode": "data", "type": "http", "name": "api",
				"change": object{"actions": []any{"read"}, "before": nil, "after": object{}, "after_unknown": object{"body": true}}})
			return b
		}(), ""},
		"a mapping that somebody had pointed elsewhere may go where it belongs": {maintenance.On, func() *planBuilder {
			b := switchOn()
			b.changes, b.planned = nil, nil
			return b.update(mappingType, rootMap, mapping("", "byhand0001", "x"), mapping("", mock, "maintenance"))
		}(), ""},
		"targets in a map by module key pass":                                    {maintenance.On, switchOn().output("targets", object{"domain": object{"/": pair(live)}, "other": object{"/": pair("liveapi002")}}), ""},
		"a plan that -target narrowed passes by the state's targets":             {maintenance.On, narrowed().with("complete", false), ""},
		"a plan of OpenTofu that -target narrowed passes by the state's targets": {maintenance.On, narrowed(), ""},
		"targets that are only partly left out by -target pass": {maintenance.On, func() *planBuilder {
			b := narrowed()
			b.outputs = object{"more": object{"/orders": pair("liveapi002")}}
			return b
		}(), ""},
		"targets in a whole module's output pass": {maintenance.On, switchOn().output("targets", nil).
			output("everything", object{"domain_name": domain, "targets": object{"/": pair(live)}}), ""},
		"targets under the domain's name govern": {maintenance.On, switchOn().output("targets", object{domain: object{"/": pair(live)}, "elsewhere": object{"/": pair("liveapi002")}}), ""},
		"targets that are new in the state pass": {maintenance.On, func() *planBuilder {
			b := switchOn()
			b.prior = object{}
			return b
		}(), ""},

		"switching off while asked to switch on is refused": {maintenance.On, switchOff().output("modes", nil), "may point it to " + mock + "/maintenance only"},
		"switching on while asked to switch off is refused": {maintenance.Off, switchOn().output("modes", nil), "may point it to " + live + "/live only"},
		"a re-point to a third API is refused": {maintenance.On, func() *planBuilder {
			b := switchOn()
			b.changes = nil
			return b.update(mappingType, rootMap, mapping("", live, "live"), mapping("", "thirdapi01", "live"))
		}(), "would point to thirdapi01/live"},
		"another stage of the mock is refused": {maintenance.On, func() *planBuilder {
			b := switchOn()
			b.changes = nil
			return b.update(mappingType, rootMap, mapping("", live, "live"), mapping("", mock, "canary"))
		}(), "canary"},
		"a maintenance target that the plan changes with it is refused": {maintenance.On, func() *planBuilder {
			b := switchOn().output("targets", object{"/": object{"live": target(live, "live"), "maintenance": target("thirdapi01", "x")}})
			b.changes = nil
			return b.update(mappingType, rootMap, mapping("", live, "live"), mapping("", "thirdapi01", "x"))
		}(), "changes what its targets are"},
		"a renamed base path is refused": {maintenance.On, func() *planBuilder {
			b := switchOn()
			b.changes = nil
			return b.update(mappingType, rootMap, mapping("", live, "live"), mapping("orders", mock, "maintenance"))
		}(), "base_path changes"},
		"another domain name is refused": {maintenance.On, func() *planBuilder {
			b := switchOn()
			b.changes = nil
			return b.update(mappingType, rootMap, mapping("", live, "live"), edited(mapping("", mock, "maintenance"), "domain_name", "www.example.com"))
		}(), "domain_name changes"},
		"a new mapping is refused":                         {maintenance.On, switchOn().change(mappingType, ordersMap, object{"actions": []any{"create"}, "before": nil, "after": mapping("orders", mock, "maintenance"), "after_unknown": object{"id": true}}), "updates mappings in place"},
		"a mapping that goes is refused":                   {maintenance.On, switchOn().change(mappingType, ordersMap, object{"actions": []any{"delete"}, "before": mapping("orders", live, "live"), "after": nil}), "updates mappings in place"},
		"a replaced mapping is refused":                    {maintenance.On, switchOn().change(mappingType, ordersMap, object{"actions": []any{"delete", "create"}, "before": mapping("orders", live, "live"), "after": mapping("orders", mock, "maintenance"), "after_unknown": object{}}), "updates mappings in place"},
		"an API that only the apply will tell is refused":  {maintenance.On, switchOn().change(mappingType, ordersMap, object{"actions": []any{"update"}, "before": mapping("orders", live, "live"), "after": object{"base_path": "orders"}, "after_unknown": object{"api_id": true}}), "known only after the apply"},
		"an exempt path that would move is refused":        {maintenance.On, twoPaths().update(mappingType, ordersMap, mapping("orders", "liveapi002", "live"), mapping("orders", mock, "maintenance")), "stays live"},
		"a path that no output knows is refused":           {maintenance.On, switchOn().update(mappingType, ordersMap, mapping("orders", "liveapi002", "live"), mapping("orders", mock, "maintenance")), "no output tells where"},
		"targets that contradict each other are refused":   {maintenance.On, switchOn().output("more", object{"x": object{"/": pair("liveapi002")}}).output("targets", object{"y": object{"/": pair(live)}}), "several outputs"},
		"targets under another domain's name do not count": {maintenance.On, twoDomains(), "no output tells where"},
		"an update of another API is refused":              {maintenance.On, withRedeploy("otherapi01"), "otherapi01, which is not the maintenance API"},
		"an update of the live API is refused":             {maintenance.On, switchOn().update(restAPIType, "aws_api_gateway_rest_api.live", restAPI(live, "a"), restAPI(live, "b")), "not the maintenance API"},
		"the mock's name may not change":                   {maintenance.On, switchOn().update(restAPIType, "module.mock.aws_api_gateway_rest_api.this", restAPI(mock, "a"), edited(restAPI(mock, "b"), "name", "m")), "[body name]"},
		"the mock's stage may not be renamed":              {maintenance.On, switchOn().update(stageType, "module.mock.aws_api_gateway_stage.this", stage(mock, "d1"), edited(stage(mock, "d2"), "stage_name", "m")), "stage_name"},
		"a deployment that goes first is refused":          {maintenance.On, switchOn().change(deploymentType, "module.mock.aws_api_gateway_deployment.this", redeployed(mock, "delete", "create")), "no part of a switch"},
		"a destroyed mock is refused":                      {maintenance.On, switchOn().change(restAPIType, "module.mock.aws_api_gateway_rest_api.this", object{"actions": []any{"delete"}, "before": restAPI(mock, "a"), "after": nil}), "no part of a switch"},
		"any other resource is refused":                    {maintenance.On, switchOn().update("aws_route53_record", "aws_route53_record.www", object{"ttl": 60.0}, object{"ttl": 300.0}), "no part of a switch"},
		"an import is refused":                             {maintenance.On, switchOn().change("aws_route53_record", "aws_route53_record.www", object{"actions": []any{"no-op"}, "importing": object{"id": "x"}, "before": object{}, "after": object{}}), "imports nothing"},
		"a resource that is forgotten is refused":          {maintenance.On, switchOn().change("aws_route53_record", "aws_route53_record.www", object{"actions": []any{"forget"}, "before": object{}, "after": nil}), "no part of a switch"},
		"a moved mapping is refused": {maintenance.On, func() *planBuilder {
			b := switchOn()
			b.changes[0].(object)["previous_address"] = "aws_api_gateway_base_path_mapping.old"
			return b
		}(), "moves no resource"},
		"a path that ceases to be exempt in the same plan is refused": {maintenance.On, func() *planBuilder {
			b := switchOn().output("targets", object{"/": edited(pair(live), "maintenance_mode", nil)})
			b.prior["targets"] = object{"/": edited(pair(live), "maintenance_mode", false)}
			return b
		}(), "changes the own maintenance_mode of /"},
		"a path that keeps following passes": {maintenance.On, func() *planBuilder {
			b := switchOn().output("targets", object{"/": edited(pair(live), "maintenance_mode", nil)})
			b.prior["targets"] = b.outputs["targets"]
			return b
		}(), ""},
		"targets that begin to tell their own mode pass": {maintenance.On, switchOn().output("targets", object{"/": edited(pair(live), "maintenance_mode", nil)}), ""},
		"a deferred change is refused": {maintenance.On, switchOn().with("deferred_changes", []any{object{"reason": "unknown", "resource_change": object{
			"address": "aws_x.y", "mode": "managed", "type": "aws_x", "name": "y", "change": object{"actions": []any{"create"}, "after": object{}}}}}), "deferred"},
		"an action that is invoked is refused": {maintenance.On, switchOn().with("action_invocations", []any{object{"address": "action.aws_lambda_invoke.x", "type": "aws_lambda_invoke", "name": "x"}}), "invokes no actions"},
		"a live API that another path calls its mock is no mock": {maintenance.On, switchOn().
			output("targets", object{"/": pair(live), "/orders": object{"live": target("liveapi002", "live"), "maintenance": target(live, "live")}}).
			update(restAPIType, "aws_api_gateway_rest_api.live", restAPI(live, "a"), restAPI(live, "b")), "not the maintenance API"},
		"a half-hearted re-point is refused": {maintenance.On, func() *planBuilder {
			b := switchOn()
			b.changes = nil
			return b.update(mappingType, rootMap, mapping("", live, "live"), pinned)
		}(), mock + "/live"},
	}
}

// narrowed is a plan with -target, without the outputs.
func narrowed() *planBuilder {
	b := switchOn()
	b.outputs = object{}
	return b
}

// twoDomains has targets under a name that is another mapping's domain.
func twoDomains() *planBuilder {
	b := switchOn().output("targets", object{"www.example.com": object{"/": pair(live)}})
	b.planned = append(b.planned, object{"address": "module.www.aws_api_gateway_base_path_mapping.this", "mode": "managed", "type": mappingType, "name": "this",
		"values": edited(mapping("", live, "live"), "domain_name", "www.example.com")})
	return b
}

func TestGuard(t *testing.T) {
	t.Parallel()
	for name, c := range guardCases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			result, err := guard.Check(c.plan.plan(t), c.direction)
			require.NoError(t, err)
			if c.why == "" {
				assert.True(t, result.Pure(), "%v", result.Violations)
				require.Len(t, result.Switches, 1)
				assert.Equal(t, "https://"+domain+"/", result.Switches[0].URL())
				return
			}
			require.Len(t, result.Violations, violationsIn(c), "%v", result.Violations)
			for _, v := range result.Violations {
				assert.NotEmpty(t, v.Action)
			}
			assert.Contains(t, result.Violations[0].Why, c.why)
		})
	}
}

// violationsIn is one, but for the whole redeploy of another API.
func violationsIn(c guardCase) int {
	if c.why == "otherapi01, which is not the maintenance API" {
		return 3
	}
	return 1
}

func TestTheRedeployIsNamed(t *testing.T) {
	t.Parallel()
	result, err := guard.Check(withRedeploy(mock).plan(t), maintenance.On)
	require.NoError(t, err)
	assert.Equal(t, []string{
		"module.mock.aws_api_gateway_rest_api.this", "module.mock.aws_api_gateway_deployment.this", "module.mock.aws_api_gateway_stage.this",
	}, result.Redeploys)
}

func TestWithoutTargetsTheErrorSaysWhatToAdd(t *testing.T) {
	t.Parallel()
	_, err := guard.Check(switchOn().output("targets", nil).plan(t), maintenance.On)
	require.ErrorIs(t, err, guard.ErrNoTargets)
	assert.Contains(t, err.Error(), "output \"targets\" {\n    value = module.domain.targets")
}

func TestTargetsThatAreUnknownAreRefusedWithTheReason(t *testing.T) {
	t.Parallel()
	b := switchOn()
	delete(b.outputs, "targets")
	b.outputChanges["targets"] = object{"actions": []any{"update"}, "after": object{}, "after_unknown": object{"/": object{"live": object{"api_id": true}}}}
	_, err := guard.Check(b.plan(t), maintenance.On)
	require.ErrorIs(t, err, guard.ErrNoTargets)
	assert.Contains(t, err.Error(), "targets will be known only after the apply")
}
