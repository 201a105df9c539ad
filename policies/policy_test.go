// Package policies_test tests what env0 reads of the policy. That it decides as
// the guard does is tested with the guard's own plans, in
// internal/guard.
package policies_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/format"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const file = "maintenance.rego"

func policy(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	return string(text)
}

// decision is what env0 reads of a policy.
type decision struct{ Allow, Pending, Deny []string }

func decide(t *testing.T, version ast.RegoVersion, input string) decision {
	t.Helper()
	var document any
	require.NoError(t, json.Unmarshal([]byte(input), &document), input)
	result, err := rego.New(
		rego.Query("data.env0"), rego.Module(file, policy(t)), rego.SetRegoVersion(version), rego.StrictBuiltinErrors(true), rego.Input(document),
	).Eval(t.Context())
	require.NoError(t, err)
	text, err := json.Marshal(result[0].Expressions[0].Value)
	require.NoError(t, err)
	var d decision
	require.NoError(t, json.Unmarshal(text, &d))
	return d
}

const (
	outputs = `"outputs": {"targets": {"value": {
		"/": {"live": {"api_id": "live1", "stage_name": "live"}, "maintenance": {"api_id": "mock1", "stage_name": "maintenance"}},
		"/orders": {"live": {"api_id": "live2", "stage_name": "live"}, "maintenance": {"api_id": "mock1", "stage_name": "maintenance"}}}}}`
	rootOn = `{"address": "m.this[\"/\"]", "mode": "managed", "type": "aws_api_gateway_base_path_mapping", "change": {"actions": ["update"], "after_unknown": {},
		"before": {"domain_name": "a.example", "base_path": "", "api_id": "live1", "stage_name": "live"},
		"after": {"domain_name": "a.example", "base_path": "", "api_id": "mock1", "stage_name": "maintenance"}}}`
	ordersOff = `{"address": "m.this[\"/orders\"]", "mode": "managed", "type": "aws_api_gateway_base_path_mapping", "change": {"actions": ["update"], "after_unknown": {},
		"before": {"domain_name": "a.example", "base_path": "orders", "api_id": "mock1", "stage_name": "maintenance"},
		"after": {"domain_name": "a.example", "base_path": "orders", "api_id": "live2", "stage_name": "live"}}}`
	record  = `{"address": "aws_route53_record.www", "mode": "managed", "type": "aws_route53_record", "change": {"actions": ["delete"], "before": {}, "after": null}}`
	nothing = `{"address": "aws_route53_record.www", "mode": "managed", "type": "aws_route53_record", "change": {"actions": ["no-op"], "before": {}, "after": {}}}`
)

func plan(changes string) string {
	return `"plan": {"planned_values": {` + outputs + `}, "resource_changes": [` + changes + `]}`
}

func TestDecisions(t *testing.T) {
	approved := `"approvers": [{"name": "Ada", "email": "ada@example.com"}], `
	cases := map[string]struct {
		input          string
		allow, pending []string
	}{
		"a switch on is allowed by itself":       {`{` + plan(rootOn) + `}`, []string{"pure maintenance switch"}, nil},
		"a switch off is allowed by itself":      {`{` + plan(ordersOff) + `}`, []string{"pure maintenance switch"}, nil},
		"a plan without changes is allowed":      {`{` + plan(nothing) + `}`, []string{"pure maintenance switch"}, nil},
		"anything else waits and says for what":  {`{` + plan(rootOn+","+record) + `}`, nil, []string{"aws_route53_record.www (delete): it is no part of a switch"}},
		"anything else goes on once approved":    {`{` + approved + plan(rootOn+","+record) + `}`, []string{"approved by 1"}, nil},
		"no approvers yet is waiting":            {`{"approvers": [], ` + plan(record) + `}`, nil, []string{"no part of a switch"}},
		"both directions at once wait":           {`{` + plan(rootOn+","+ordersOff) + `}`, nil, []string{"switching on may point it to mock1/maintenance only"}},
		"a direction that policyData names":      {`{"policyData": {"direction": "off"}, ` + plan(ordersOff) + `}`, []string{"pure maintenance switch"}, nil},
		"another than policyData names waits":    {`{"policyData": {"direction": "off"}, ` + plan(rootOn) + `}`, nil, []string{"switching off may point it to live1/live only"}},
		"a direction that is none waits":         {`{"policyData": {"direction": "sideways"}, ` + plan(rootOn) + `}`, nil, []string{"must be on or off"}},
		"no plan waits":                          {`{}`, nil, []string{"no output of the root", "no plan"}},
		"a root without targets waits":           {`{"plan": {"resource_changes": [` + rootOn + `]}}`, nil, []string{"add targets = module.<name>.targets"}},
		"a root without targets can be approved": {`{` + approved + `"plan": {"resource_changes": [` + rootOn + `]}}`, []string{"approved by 1"}, nil},
		"targets of the state for a plan with -target": {`{"plan": {"complete": false, "resource_changes": [` + rootOn + `], "prior_state": {"values": {` + outputs + `}}}}`,
			[]string{"pure maintenance switch"}, nil},
		"targets of the state alone are not enough": {`{"plan": {"complete": true, "resource_changes": [` + rootOn + `], "prior_state": {"values": {` + outputs + `}}}}`,
			nil, []string{"no output of the root"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			// env0's own policies are written in the syntax before OPA 1.0; import
			// rego.v1 makes this one the same in both.
			for _, version := range []ast.RegoVersion{ast.RegoV0, ast.RegoV1} {
				d := decide(t, version, c.input)
				same(t, c.allow, d.Allow)
				same(t, c.pending, d.Pending)
				assert.Empty(t, d.Deny)
			}
		})
	}
}

// same says that each reason contains what is wanted of it, in sorted order.
func same(t *testing.T, want, got []string) {
	t.Helper()
	require.Len(t, got, len(want), "%v", got)
	for i := range want {
		assert.Contains(t, got[i], want[i])
	}
}

func TestThePolicyIsFormatted(t *testing.T) {
	want, err := format.SourceWithOpts(file, []byte(policy(t)), format.Opts{RegoVersion: ast.RegoV1})
	require.NoError(t, err)
	if os.Getenv("UPDATE") != "" {
		require.NoError(t, os.WriteFile(file, want, 0o644))
	}
	assert.Equal(t, string(want), policy(t), "format it as opa fmt does: UPDATE=1 go test ./policies")
}
