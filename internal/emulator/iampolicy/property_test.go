package iampolicy_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"apigateway-maintenance/internal/emulator/iampolicy"
)

var keys = iampolicy.Keys{"aws:RequestedRegion": iampolicy.Single, "aws:SourceArn": iampolicy.Single, "aws:SecureTransport": iampolicy.Single, "aws:TagKeys": iampolicy.Multi}

// TestTheSecondStatementOfTheRuleAgrees draws policies and requests from the
// same few words, so that they meet often, and compares with the rule in Rego.
func TestTheSecondStatementOfTheRuleAgrees(t *testing.T) {
	rule, err := os.ReadFile("testdata/iam.rego")
	require.NoError(t, err)
	query, err := rego.New(rego.Query("data.iam.decision"), rego.Module("iam.rego", string(rule)), rego.StrictBuiltinErrors(true)).PrepareForEval(t.Context())
	require.NoError(t, err)

	seen := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		statements := rapid.SliceOfN(statement(), 1, 4).Draw(t, "statements")
		request := iampolicy.Request{
			Action:   rapid.SampledFrom([]string{"apigateway:PATCH", "apigateway:GET", "APIGATEWAY:get", "route53:GetChange"}).Draw(t, "action"),
			Resource: rapid.SampledFrom(append(arns, "*")).Draw(t, "resource"),
			Context:  context().Draw(t, "context"),
		}
		document, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": statements})
		require.NoError(t, err)
		policy, err := iampolicy.Parse(iampolicy.Identity, string(document), keys)
		require.NoError(t, err, "%s", document)

		result, err := query.Eval(t.Context(), rego.EvalInput(map[string]any{
			"statements": statements, "action": request.Action, "resource": request.Resource, "context": request.Context,
		}))
		require.NoError(t, err)
		want := result[0].Expressions[0].Value.(string)
		seen[want]++
		require.Equal(t, want, iampolicy.Evaluate(request, policy).String(), "%s\n%+v", document, request)
	})
	if testing.Short() {
		return // rapid draws a fifth as often, which need not come to each decision
	}
	for _, decision := range []string{"Allow", "ExplicitDeny", "ImplicitDeny"} {
		require.NotZero(t, seen[decision], "no draw came to %s: %v", decision, seen)
	}
}

var arns = []string{
	"arn:aws:apigateway:eu-west-1::/domainnames/a.example/basepathmappings/%28none%29",
	"arn:aws:apigateway:us-east-1::/restapis/abc",
	"arn:aws:route53:::change/C1",
	"arn:aws:acm:eu-west-1:123456789012:certificate/1:2",
}

var arnPatterns = append([]string{
	"*", "arn:aws:apigateway:*::/domainnames/*", "arn:aws:apigateway:eu-west-?::*", "arn:*:apigateway:*:*:/restapis/???",
	"arn:aws:acm:*:*:certificate/*", "arn:aws:acm:*:certificate/1:2:3", "arn:aws:route53:::change/c1",
}, arns...)

func texts(words ...string) *rapid.Generator[any] {
	many := rapid.SliceOfN(rapid.SampledFrom(words), 1, 3).AsAny()
	return rapid.OneOf(rapid.SampledFrom(words).AsAny(), many)
}

func context() *rapid.Generator[map[string][]string] {
	return rapid.Custom(func(t *rapid.T) map[string][]string {
		drawn := map[string][]string{}
		if rapid.Bool().Draw(t, "region") {
			drawn["aws:requestedregion"] = []string{rapid.SampledFrom([]string{"eu-west-1", "EU-west-1", "us-east-1"}).Draw(t, "value")}
		}
		if rapid.Bool().Draw(t, "source") {
			drawn["aws:SourceArn"] = []string{rapid.SampledFrom(arns).Draw(t, "value")}
		}
		if rapid.Bool().Draw(t, "secure") {
			drawn["aws:SecureTransport"] = []string{rapid.SampledFrom([]string{"true", "false"}).Draw(t, "value")}
		}
		drawn["aws:TagKeys"] = rapid.SliceOfN(rapid.SampledFrom([]string{"team", "Team", "cost"}), 0, 3).Draw(t, "tags")
		return drawn
	})
}

func statement() *rapid.Generator[map[string]any] {
	return rapid.Custom(func(t *rapid.T) map[string]any {
		s := map[string]any{"Effect": rapid.SampledFrom([]string{"Allow", "Allow", "Deny"}).Draw(t, "effect")}
		s[rapid.SampledFrom([]string{"Action", "Action", "NotAction"}).Draw(t, "element")] =
			texts("*", "apigateway:*", "apigateway:P?TCH", "apigateway:GET", "ApiGateway:get", "route53:Get*", "acm:*").Draw(t, "actions")
		s[rapid.SampledFrom([]string{"Resource", "Resource", "NotResource"}).Draw(t, "element")] = texts(arnPatterns...).Draw(t, "resources")
		conditions := map[string]any{}
		for range rapid.IntRange(0, 2).Draw(t, "conditions") {
			operator, key, wanted := oneCondition(t)
			conditions[operator] = map[string]any{key: wanted}
		}
		if len(conditions) > 0 {
			s["Condition"] = conditions
		}
		return s
	})
}

func oneCondition(t *rapid.T) (operator, key string, wanted any) {
	exists := rapid.SampledFrom([]string{"", "IfExists"}).Draw(t, "exists")
	words := []string{"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike"}
	switch rapid.IntRange(0, 4).Draw(t, "kind") {
	case 0:
		return rapid.SampledFrom(words).Draw(t, "operator") + exists, "aws:RequestedRegion", texts("eu-*", "eu-west-1", "us-east-1").Draw(t, "wanted")
	case 1:
		return rapid.SampledFrom([]string{"ArnLike", "ArnEquals", "ArnNotLike", "ArnNotEquals"}).Draw(t, "operator") + exists, "AWS:SourceArn", texts(arnPatterns...).Draw(t, "wanted")
	case 2:
		return "Bool" + exists, "aws:SecureTransport", texts("true", "false").Draw(t, "wanted")
	case 3:
		return "Null", rapid.SampledFrom([]string{"aws:SourceArn", "aws:TagKeys"}).Draw(t, "key"), rapid.SampledFrom([]string{"true", "false"}).Draw(t, "wanted")
	default:
		set := rapid.SampledFrom([]string{"ForAllValues:", "ForAnyValue:"}).Draw(t, "set")
		return set + rapid.SampledFrom(words).Draw(t, "operator") + exists, "aws:TagKeys", texts("team", "t*", "cost").Draw(t, "wanted")
	}
}
