package guard_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/guard"
	"apigateway-maintenance/internal/maintenance"
)

// switchOf is the recorded switch, of many base paths and among many resources
// that stay.
func switchOf(t testing.TB, paths, others int) object {
	t.Helper()
	plan := recordedPlan(t, "terraform-on")
	one := resourceAt(plan, orders)
	targets, modes := before(plan, "targets").(object), object{}
	for i := range paths - 1 {
		path := fmt.Sprintf("path%03d", i)
		rc := copyOf(one)
		rc["address"], rc["index"] = mapped+`this["/`+path+`"]`, "/"+path
		for _, side := range []string{"before", "after"} {
			in(rc, "change", side).(object)["base_path"] = path
		}
		addChange(plan, rc)
		targets["/"+path], modes["/"+path] = targets["/orders"], "maintenance"
	}
	output("targets", targets, targets, "no-op")(plan)
	output("modes", object{}, modes, "update")(plan)
	stays := in(resourceAt(plan, "rest_api.shop"), "change", "after").(object)
	for i := range others {
		own := with(copyOf(stays), "id", fmt.Sprintf("other%05d", i))
		rc := made("managed", "aws_api_gateway_rest_api", "other", []any{"no-op"}, own, copyOf(own))
		rc["address"] = fmt.Sprintf("aws_api_gateway_rest_api.other[%d]", i)
		addChange(plan, rc)
		state := in(plan, "prior_state", "values", "root_module").(object)
		state["resources"] = append(state["resources"].([]any), object{"address": rc["address"], "mode": "managed", "type": rc["type"], "name": "other", "values": copyOf(stays)})
	}
	return plan
}

var sizes = []struct{ paths, others int }{{1, 0}, {200, 0}, {1, 5000}}

func BenchmarkGuard(b *testing.B) {
	for _, size := range sizes {
		b.Run(fmt.Sprintf("%d paths and %d resources", size.paths, size.others), func(b *testing.B) {
			plan := parse(b, switchOf(b, size.paths, size.others))
			for b.Loop() {
				require.True(b, guard.Check(plan, maintenance.On).Pure())
			}
		})
	}
}

func BenchmarkPolicy(b *testing.B) {
	policy := preparePolicy(b)
	for _, size := range sizes {
		b.Run(fmt.Sprintf("%d paths and %d resources", size.paths, size.others), func(b *testing.B) {
			text, err := json.Marshal(object{"plan": switchOf(b, size.paths, size.others)})
			require.NoError(b, err)
			var input any
			require.NoError(b, json.Unmarshal(text, &input))
			read, err := ast.InterfaceToValue(input)
			require.NoError(b, err)
			for b.Loop() {
				result, err := policy.query.Eval(context.Background(), rego.EvalParsedInput(read))
				require.NoError(b, err)
				require.Empty(b, result[0].Bindings["pending"])
			}
		})
	}
}
