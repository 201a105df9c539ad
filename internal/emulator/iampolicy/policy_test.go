package iampolicy_test

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator/iampolicy"
)

const mapping = "arn:aws:apigateway:eu-west-1::/domainnames/a.example/basepathmappings/orders"

func document(statements string) string {
	return fmt.Sprintf(`{"Version": "2012-10-17", "Statement": [%s]}`, statements)
}

func parse(t *testing.T, kind iampolicy.Kind, statements string) *iampolicy.Policy {
	t.Helper()
	policy, err := iampolicy.Parse(kind, document(statements), keys)
	require.NoError(t, err)
	return policy
}

func TestNothingIsAllowedUnlessAStatementSaysSo(t *testing.T) {
	patch := iampolicy.Request{Action: "apigateway:PATCH", Resource: mapping}
	assert.Equal(t, iampolicy.ImplicitDeny, iampolicy.Evaluate(patch))

	allow := parse(t, iampolicy.Identity, `{"Effect": "Allow", "Action": "apigateway:*", "Resource": "arn:aws:apigateway:*::/domainnames/*"}`)
	deny := parse(t, iampolicy.Identity, `{"Effect": "Deny", "NotAction": "apigateway:GET", "Resource": "*"}`)
	assert.Equal(t, iampolicy.Allow, iampolicy.Evaluate(patch, allow))
	assert.Equal(t, iampolicy.ExplicitDeny, iampolicy.Evaluate(patch, allow, deny), "a Deny wins wherever it stands")
	assert.Equal(t, iampolicy.ExplicitDeny, iampolicy.Evaluate(patch, deny, allow))

	patch.Action = "apigateway:GET"
	assert.Equal(t, iampolicy.Allow, iampolicy.Evaluate(patch, deny, allow))
}

// The two roles of a schedule: who may take it, and what it may do.
func TestATrustPolicyNamesWhoMayTakeTheRole(t *testing.T) {
	trust := parse(t, iampolicy.Trust, `{"Effect": "Allow", "Principal": {"Service": "scheduler.amazonaws.com"}, "Action": "sts:AssumeRole",
		"Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}}`)
	take := iampolicy.Request{Principal: iampolicy.Principal{Service: "scheduler.amazonaws.com"}, Action: "sts:AssumeRole"}
	assert.Equal(t, iampolicy.ImplicitDeny, iampolicy.Evaluate(take, trust), "the condition's key is absent")
	take.Context = iampolicy.Context{"aws:RequestedRegion": {"eu-west-1"}}
	assert.Equal(t, iampolicy.Allow, iampolicy.Evaluate(take, trust))
	take.Principal.Service = "lambda.amazonaws.com"
	assert.Equal(t, iampolicy.ImplicitDeny, iampolicy.Evaluate(take, trust))
}

func TestAResourcesPolicyNamesWhoMayUseIt(t *testing.T) {
	const function = "arn:aws:lambda:eu-west-1:123456789012:function:orders"
	permission := parse(t, iampolicy.Resource, `{"Sid": "gateway", "Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"},
		"Action": "lambda:InvokeFunction", "Resource": "`+function+`",
		"Condition": {"ArnLike": {"AWS:SourceArn": "arn:aws:execute-api:eu-west-1:123456789012:abc123/*/GET/*"}}}`)
	invoke := func(source string) iampolicy.Decision {
		return iampolicy.Evaluate(iampolicy.Request{
			Principal: iampolicy.Principal{Service: "apigateway.amazonaws.com"}, Action: "lambda:InvokeFunction", Resource: function,
			Context: iampolicy.Context{"aws:SourceArn": {source}},
		}, permission)
	}
	assert.Equal(t, iampolicy.Allow, invoke("arn:aws:execute-api:eu-west-1:123456789012:abc123/live/GET/orders"))
	assert.Equal(t, iampolicy.ImplicitDeny, invoke("arn:aws:execute-api:eu-west-1:123456789012:abc123/live/POST/orders"))
	assert.Equal(t, iampolicy.ImplicitDeny, invoke("arn:aws:execute-api:eu-west-1:123456789012:other/live/GET/orders"))
}

func TestPrincipals(t *testing.T) {
	operator := iampolicy.Principal{ARN: "arn:aws:iam::123456789012:user/operator"}
	cases := map[string]struct {
		principal string
		want      iampolicy.Decision
	}{
		"anyone":             {`"*"`, iampolicy.Allow},
		"any account":        {`{"AWS": "*"}`, iampolicy.Allow},
		"the account":        {`{"AWS": "123456789012"}`, iampolicy.Allow},
		"the account's root": {`{"AWS": ["arn:aws:iam::210987654321:root", "arn:aws:iam::123456789012:root"]}`, iampolicy.Allow},
		"the user":           {`{"AWS": "arn:aws:iam::123456789012:user/operator"}`, iampolicy.Allow},
		"another user":       {`{"AWS": "arn:aws:iam::123456789012:user/operators"}`, iampolicy.ImplicitDeny},
		"a service":          {`{"Service": "scheduler.amazonaws.com"}`, iampolicy.ImplicitDeny},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			trust := parse(t, iampolicy.Trust, `{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": `+c.principal+`}`)
			assert.Equal(t, c.want, iampolicy.Evaluate(iampolicy.Request{Principal: operator, Action: "sts:AssumeRole"}, trust))
		})
	}
}

// What a condition on a key says where the request does not have it (IAM guide,
// "Condition operators", "...IfExists", "ForAllValues").
func TestAConditionOnAnAbsentKey(t *testing.T) {
	for condition, holds := range map[string]bool{
		`"StringEquals": {"aws:SourceArn": "a"}`:                                  false,
		`"StringEqualsIfExists": {"aws:SourceArn": "a"}`:                          true,
		`"StringNotEquals": {"aws:SourceArn": "a"}`:                               true,
		`"Bool": {"aws:SecureTransport": false}`:                                  false,
		`"BoolIfExists": {"aws:SecureTransport": true}`:                           true,
		`"Null": {"aws:SourceArn": true}`:                                         true,
		`"Null": {"aws:SourceArn": false}`:                                        false,
		`"ForAllValues:StringEquals": {"aws:TagKeys": "a"}`:                       true,
		`"ForAnyValue:StringEquals": {"aws:TagKeys": "a"}`:                        false,
		`"ForAnyValue:StringNotEquals": {"aws:TagKeys": "a"}`:                     false,
		`"ForAnyValue:StringEqualsIfExists": {"aws:TagKeys": ["a"]}`:              true,
		`"Null": {"aws:TagKeys": "true"}, "StringEquals": {"aws:SourceArn": "a"}`: false,
	} {
		policy := parse(t, iampolicy.Identity, `{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {`+condition+`}}`)
		assert.Equal(t, holds, iampolicy.Evaluate(iampolicy.Request{Action: "acm:ListCertificates", Resource: "*"}, policy) == iampolicy.Allow, condition)
	}
}

// Characters that mean something in other pattern languages mean themselves.
func TestOnlyStarAndQuestionMarkAreWildcards(t *testing.T) {
	for pattern, fits := range map[string]bool{
		"arn:aws:apigateway:eu-west-1::/domainnames/a.example/basepathmappings/ord?rs":   true,
		"arn:aws:apigateway:eu-west-1::/domainnames/a?example/*":                         true,
		"arn:aws:apigateway:eu-west-1::/domainnames/a.example/basepathmappings/[o]rders": false,
		"arn:aws:apigateway:eu-west-1::/domainnames/a.example/basepathmappings/{orders}": false,
		"arn:aws:apigateway:eu-west-1::/domainnames/a.example/basepathmappings/order":    false,
		"arn:aws:apigateway:*": false, // refused below
		"arn:aws:apigateway:*::/domainnames/a.example/basepathmappings/(orders)|orders":   false,
		"arn:aws:apigateway:eu-west-1::/DOMAINNAMES/a.example/basepathmappings/orders":    false,
		"arn:aws:apigateway:eu-west-1::/domainnames/a.example/basepathmappings/orders\\E": false,
	} {
		policy, err := iampolicy.Parse(iampolicy.Identity, document(`{"Effect": "Allow", "Action": "*", "Resource": `+strconv.Quote(pattern)+`}`), keys)
		if err != nil {
			assert.False(t, fits, "%s: %v", pattern, err)
			continue
		}
		assert.Equal(t, fits, iampolicy.Evaluate(iampolicy.Request{Action: "apigateway:GET", Resource: mapping}, policy) == iampolicy.Allow, pattern)
	}
}

func TestWhatIsNotUnderstoodIsRefused(t *testing.T) {
	const rest = `"Effect": "Allow", "Action": "apigateway:GET", "Resource": "*"`
	identity := map[string]string{
		``:                                                                                 "Statement",
		`{` + rest + `, "Principal": "*"}`:                                                 "has no Principal",
		`{` + rest + `, "NotPrincipal": "*"}`:                                              "NotPrincipal",
		`{` + rest + `, "effect": "Deny"}`:                                                 "effect",
		`{` + rest + `, "Effect": "Deny"}`:                                                 "duplicate",
		`{` + rest + `, "Sid": "a b"}`:                                                     "letters and digits",
		`{` + rest + `, "NotAction": "a:B"}`:                                               "either Action or NotAction",
		`{` + rest + `, "NotResource": "*"}`:                                               "either Resource or NotResource",
		`{` + rest + `, "Condition": null}`:                                                "null",
		`{"Action": "a:B", "Resource": "*"}`:                                               "want Allow or Deny",
		`{"Effect": "Allow", "Resource": "*"}`:                                             "Action",
		`{"Effect": "Allow", "Action": "a:B"}`:                                             "Resource",
		`{"Effect": "allow", ` + rest[18:] + `}`:                                           "want Allow or Deny",
		`{"Effect": "Allow", "Action": [], "Resource": "*"}`:                               "either Action",
		`{"Effect": "Allow", "Action": null, "Resource": "*"}`:                             "not service:action",
		`{"Effect": "Allow", "Action": "api*:GET", "Resource": "*"}`:                       "not service:action",
		`{"Effect": "Allow", "Action": "GET", "Resource": "*"}`:                            "not service:action",
		`{"Effect": "Allow", "Action": "a:B", "Resource": "/restapis/*"}`:                  "not an ARN",
		`{"Effect": "Allow", "Action": "a:B", "Resource": "arn:aws:apigateway:*"}`:         "not an ARN",
		`{"Effect": "Allow", "Action": "a:B", "Resource": "arn:aws:api*:::/x"}`:            "wildcard for its service",
		`{"Effect": "Allow", "Action": "a:B", "Resource": "arn:aws:iam:::user/${aws:id}"}`: "policy variables",
		`{` + rest + `, "Condition": {"StringMatches": {"aws:SourceArn": "a"}}}`:           "StringMatches",
		`{` + rest + `, "Condition": {"NumericEquals": {"aws:SourceArn": "1"}}}`:           "NumericEquals",
		`{` + rest + `, "Condition": {"StringEquals": {"aws:SourceArm": "a"}}}`:            "aws:SourceArm",
		`{` + rest + `, "Condition": {"StringEquals": {"aws:SourceArn": []}}}`:             "without values",
		`{` + rest + `, "Condition": {"StringEquals": {"aws:SourceArn": 1}}}`:              "number",
		`{` + rest + `, "Condition": {"StringEquals": {"aws:SourceArn": "${aws:id}"}}}`:    "policy variables",
		`{` + rest + `, "Condition": {"ArnLike": {"aws:SourceArn": "a"}}}`:                 "not an ARN",
		`{` + rest + `, "Condition": {"Bool": {"aws:SecureTransport": "yes"}}}`:            "neither true nor false",
		`{` + rest + `, "Condition": {"Null": {"aws:SourceArn": ["true", "false"]}}}`:      "want true or false",
		`{` + rest + `, "Condition": {"NullIfExists": {"aws:SourceArn": "true"}}}`:         "NullIfExists",
		`{` + rest + `, "Condition": {"StringEquals": {"aws:TagKeys": "a"}}}`:              "needs ForAllValues",
		`{` + rest + `, "Condition": {"ForAnyValue:StringLike": {"aws:SourceArn": "a"}}}`:  "no set operator",
		`{` + rest + `, "Sid": "a"}, {` + rest + `, "Sid": "a"}`:                           "used twice",
	}
	for statement, want := range identity {
		_, err := iampolicy.Parse(iampolicy.Identity, document(statement), keys)
		assert.ErrorContains(t, err, want, statement)
	}
	const trust = `"Effect": "Allow", "Action": "sts:AssumeRole"`
	for statement, want := range map[string]string{
		`{` + trust + `}`:                                                "want a Principal",
		`{` + trust + `, "Principal": {}}`:                               "names nobody",
		`{` + trust + `, "Principal": "operator"}`:                       "Principal",
		`{` + trust + `, "Principal": {"Federated": "*"}}`:               "Federated",
		`{` + trust + `, "Principal": {"Service": "*"}}`:                 "not a service",
		`{` + trust + `, "Principal": {"AWS": "123456789012:root"}}`:     "not understood",
		`{` + trust + `, "Principal": {"AWS": "arn:aws:iam::1:user/*"}}`: "not understood",
		`{` + trust + `, "Principal": "*", "Resource": "*"}`:             "has no Resource",
	} {
		_, err := iampolicy.Parse(iampolicy.Trust, document(statement), keys)
		assert.ErrorContains(t, err, want, statement)
	}
	for text, want := range map[string]string{
		`{"Statement": {` + rest + `}}`:                                        "Version",
		`{"Version": "2008-10-17", "Statement": {` + rest + `}}`:               "Version",
		`{"Version": "2012-10-17"}`:                                            "no Statement",
		`{"Version": "2012-10-17", "Statement": {` + rest + `}, "More": true}`: "More",
		`{"Version": "2012-10-17", "Statement": {` + rest + `}} {}`:            "after top-level value",
	} {
		_, err := iampolicy.Parse(iampolicy.Identity, text, keys)
		assert.ErrorContains(t, err, want, text)
	}
}
