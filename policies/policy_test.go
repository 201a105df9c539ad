// Package policies_test tests what env0 and others read of the policy. That it
// decides as the guard does, and why, is tested with the guard's own plans in
// internal/guard.
package policies_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/format"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	file      = "maintenance.rego"
	spacelift = "spacelift/plan.rego"
	conftest  = "conftest/plan.rego"
)

type object = map[string]any

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(text)
}

// recorded is a plan that Terraform or OpenTofu made.
func recorded(t *testing.T, name string) object {
	t.Helper()
	var plan object
	require.NoError(t, json.Unmarshal([]byte(read(t, filepath.Join("..", "internal", "guard", "testdata", "plans", name+".json"))), &plan))
	return plan
}

// errored is a switch that is refused for one reason.
func errored(t *testing.T) object {
	t.Helper()
	plan := recorded(t, "terraform-on")
	plan["errored"] = true
	return plan
}

const why = "plan (errored): planning failed, so it is not whole; plan again, and give what terraform show -json says of that plan"

// ask evaluates a rule over the policy and one of its adapters.
func ask(t *testing.T, version ast.RegoVersion, query string, input any, files ...string) any {
	t.Helper()
	options := []func(*rego.Rego){rego.Query(query), rego.SetRegoVersion(version), rego.StrictBuiltinErrors(true), rego.Input(input)}
	for _, name := range append(files, file) {
		options = append(options, rego.Module(name, read(t, name)))
	}
	result, err := rego.New(options...).Eval(t.Context())
	require.NoError(t, err)
	require.Len(t, result, 1)
	return result[0].Expressions[0].Value
}

// versions are those of the language: env0's own policies are written in the
// syntax before OPA 1.0; import rego.v1 makes these the same in both.
var versions = []ast.RegoVersion{ast.RegoV0, ast.RegoV1}

func TestWhatEnv0Reads(t *testing.T) {
	t.Parallel()
	ada := []any{object{"name": "Ada", "email": "ada@example.com"}}
	pure := "pure maintenance switch: only base path mappings move, each to a target that the output names"
	cases := map[string]struct {
		input          any
		allow, pending []any
	}{
		"a switch on is allowed by itself":              {object{"plan": recorded(t, "terraform-on")}, []any{pure}, nil},
		"a switch off is allowed by itself":             {object{"plan": recorded(t, "terraform-off")}, []any{pure}, nil},
		"a switch by OpenTofu is allowed by itself":     {object{"plan": recorded(t, "tofu-redeploy")}, []any{pure}, nil},
		"anything else waits, and says why":             {object{"plan": errored(t), "approvers": []any{}}, nil, []any{why}},
		"anything else goes on once approved":           {object{"plan": errored(t), "approvers": ada}, []any{"approved by 1"}, nil},
		"a direction that policyData names":             {object{"plan": recorded(t, "terraform-off"), "policyData": object{"direction": "off"}}, []any{pure}, nil},
		"a direction that is none waits":                {object{"plan": recorded(t, "terraform-on"), "policyData": object{"direction": "sideways"}}, nil, []any{"policyData.direction must be on or off"}},
		"a direction that is no text waits":             {object{"plan": recorded(t, "terraform-on"), "policyData": object{"direction": 1}}, nil, []any{"policyData.direction must be on or off"}},
		"policyData of another shape waits":             {object{"plan": recorded(t, "terraform-on"), "policyData": "off"}, nil, []any{"policyData.direction must be on or off"}},
		"policyData without a direction says nothing":   {object{"plan": recorded(t, "terraform-on"), "policyData": object{}}, []any{pure}, nil},
		"no plan waits":                                 {object{}, nil, []any{"the policy was given no plan"}},
		"a plan that is null waits":                     {object{"plan": nil}, nil, []any{"the policy was given no plan"}},
		"a plan that is a text waits":                   {object{"plan": "{}"}, nil, []any{"the policy was given no plan"}},
		"an input that is null waits":                   {nil, nil, []any{"the policy was given no plan"}},
		"an input that is the plan itself waits":        {recorded(t, "terraform-on"), nil, []any{"the policy was given no plan"}},
		"approvers of another shape are no approval":    {object{"plan": errored(t), "approvers": "Ada"}, nil, []any{why}},
		"a plan without a list of changes and the rest": {object{"plan": object{}}, nil, nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, version := range versions {
				found := ask(t, version, "data.env0", c.input).(object)
				allow, pending := found["allow"].([]any), found["pending"].([]any)
				assert.NotContains(t, found, "deny", "a person may always approve what it does not know")
				assert.ElementsMatch(t, c.allow, allow)
				if c.allow == nil && c.pending == nil {
					assert.NotEmpty(t, pending)
					continue
				}
				assert.ElementsMatch(t, c.pending, pending)
			}
		})
	}
}

func TestADirectionThatPolicyDataForbidsWaits(t *testing.T) {
	t.Parallel()
	input := object{"plan": recorded(t, "terraform-on"), "policyData": object{"direction": "off"}}
	pending := ask(t, ast.RegoV1, "data.env0.pending", input).([]any)
	require.Len(t, pending, 1)
	assert.Contains(t, pending[0], `this["/orders"] (update)`)
}

func TestBothDirectionsAtOnceWait(t *testing.T) {
	t.Parallel()
	plan := recorded(t, "terraform-on")
	for _, raw := range plan["resource_changes"].([]any) {
		rc := raw.(object)
		if rc["address"] != `module.domain.aws_api_gateway_base_path_mapping.this["/health"]` {
			continue
		}
		targets := plan["output_changes"].(object)["targets"].(object)
		for _, side := range []string{"before", "after"} {
			targets[side].(object)["/health"].(object)["maintenance_mode"] = nil
		}
		change := rc["change"].(object)
		before := change["before"].(object)
		mock := targets["before"].(object)["/health"].(object)["maintenance"].(object)
		before["api_id"], before["stage_name"] = mock["api_id"], mock["stage_name"]
		change["actions"] = []any{"update"}
	}
	pending := ask(t, ast.RegoV1, "data.env0.pending", object{"plan": plan}).([]any)
	require.Len(t, pending, 1)
	assert.Contains(t, pending[0], `this["/health"] (update)`)
}

func TestSpaceliftWarns(t *testing.T) {
	t.Parallel()
	given := func(plan any) object {
		return object{
			"terraform":            object{"resource_changes": []any{}},
			"third_party_metadata": object{"custom": object{"plan": plan}},
		}
	}
	for _, version := range versions {
		warn := func(input any) any { return ask(t, version, "data.spacelift.warn", input, spacelift) }
		assert.Empty(t, warn(given(recorded(t, "terraform-on"))))
		assert.Equal(t, []any{why}, warn(given(errored(t))))
		assert.Equal(t, []any{"the policy was given no plan"}, warn(object{"terraform": recorded(t, "terraform-on")}), "its own input does not hold the whole plan")
		assert.Equal(t, []any{"the policy was given no plan"}, warn(object{}))
	}
}

func TestConftestDenies(t *testing.T) {
	t.Parallel()
	for _, version := range versions {
		deny := func(input any) any { return ask(t, version, "data.main.deny", input, conftest) }
		assert.Empty(t, deny(recorded(t, "terraform-on")))
		assert.Empty(t, deny(recorded(t, "tofu-on")))
		assert.Equal(t, []any{why}, deny(errored(t)))
		assert.NotEmpty(t, deny(object{}))
		assert.Equal(t, []any{"the policy was given no plan"}, deny([]any{}))
	}
}

func TestThePoliciesAreFormatted(t *testing.T) {
	for _, name := range []string{file, spacelift, conftest} {
		want, err := format.SourceWithOpts(name, []byte(read(t, name)), format.Opts{RegoVersion: ast.RegoV1})
		require.NoError(t, err)
		if os.Getenv("UPDATE") != "" {
			require.NoError(t, os.WriteFile(name, want, 0o644))
		}
		assert.Equal(t, string(want), read(t, name), "format it as opa fmt does: UPDATE=1 go test ./policies")
	}
}
