package guard_test

import (
	"context"
	"os"
	"slices"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/guard"
	"apigateway-maintenance/internal/maintenance"
)

// policy is policies/maintenance.rego, which is the guard in another language,
// ready to be asked.
type policy struct{ query rego.PreparedEvalQuery }

func preparePolicy(t testing.TB) policy {
	t.Helper()
	text, err := os.ReadFile("../../policies/maintenance.rego")
	require.NoError(t, err)
	query, err := rego.New(
		rego.Query("allow = data.env0.allow; pending = data.env0.pending"),
		rego.Module("maintenance.rego", string(text)),
		rego.SetRegoVersion(ast.RegoV1),
		rego.StrictBuiltinErrors(true),
	).PrepareForEval(context.Background())
	require.NoError(t, err)
	return policy{query}
}

// reasons are what the policy has against a plan, sorted; none if it allows it.
func (p policy) reasons(plan any, direction maintenance.Direction) ([]string, error) {
	input := object{"plan": plan, "policyData": object{"direction": string(direction)}}
	result, err := p.query.Eval(context.Background(), rego.EvalInput(input))
	if err != nil {
		return nil, err
	}
	var reasons []string
	for _, reason := range result[0].Bindings["pending"].([]any) {
		reasons = append(reasons, reason.(string))
	}
	allowed := len(result[0].Bindings["allow"].([]any)) > 0
	if allowed != (len(reasons) == 0) {
		return append(reasons, "the policy both allows and holds up, or does neither"), nil
	}
	slices.Sort(reasons)
	return reasons, nil
}

// reasonsOf are what the guard has against a plan, sorted.
func reasonsOf(result guard.Result) []string {
	var reasons []string
	for _, v := range result.Violations {
		reasons = append(reasons, v.String())
	}
	slices.Sort(reasons)
	return slices.Compact(reasons)
}
