package guard_test

import (
	"os"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestThePolicyForEnv0AgreesWithTheGuard gives policies/maintenance.rego, which
// is the guard in another language, the same plans.
func TestThePolicyForEnv0AgreesWithTheGuard(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../policies/maintenance.rego")
	require.NoError(t, err)
	query, err := rego.New(
		rego.Query("data.env0"),
		rego.Module("maintenance.rego", string(text)),
		rego.SetRegoVersion(ast.RegoV1),
		rego.StrictBuiltinErrors(true),
	).PrepareForEval(t.Context())
	require.NoError(t, err)
	for name, c := range guardCases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			input := object{"plan": c.plan.document(), "policyData": object{"direction": string(c.direction)}}
			result, err := query.Eval(t.Context(), rego.EvalInput(input))
			require.NoError(t, err)
			document := result[0].Expressions[0].Value.(object)
			allow, pending := document["allow"].([]any), document["pending"].([]any)
			if c.why == "" {
				assert.Len(t, allow, 1)
				assert.Empty(t, pending)
				return
			}
			assert.Empty(t, allow)
			require.Len(t, pending, violationsIn(c))
			var reasons []string
			for _, p := range pending {
				reasons = append(reasons, p.(string))
			}
			assert.Contains(t, strings.Join(reasons, "\n"), c.why)
		})
	}
}
