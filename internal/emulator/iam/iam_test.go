package iam_test

import (
	"net/url"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator/awsproto/awstest"
	"apigateway-maintenance/internal/emulator/iam"
)

const (
	trustLambda = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	basic       = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
	mayRead     = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::pages/*"}]}`
)

// account is a service with one role, "orders", seen by the SDK.
type account struct {
	*testing.T
	roles  *iam.Service
	client *awsiam.Client
	arn    string
}

func newAccount(t *testing.T) *account {
	t.Helper()
	a := &account{T: t, roles: iam.New(nil)}
	a.client = awsiam.NewFromConfig(awstest.Serve(t, a.roles))
	made, err := a.client.CreateRole(t.Context(), &awsiam.CreateRoleInput{
		RoleName: aws.String("orders"), AssumeRolePolicyDocument: aws.String(trustLambda), Description: aws.String("for orders"),
		Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("shop")}},
	})
	require.NoError(t, err)
	a.arn = *made.Role.Arn
	return a
}

func (a *account) refused(err error, code string) {
	a.Helper()
	var refusal smithy.APIError
	require.ErrorAs(a, err, &refusal)
	assert.Equal(a, code, refusal.ErrorCode(), "%v", err)
}

func TestARoleIsReadAsItWasMade(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	got, err := a.client.GetRole(t.Context(), &awsiam.GetRoleInput{RoleName: aws.String("orders")})
	require.NoError(t, err)
	assert.Equal(t, "arn:aws:iam::123456789012:role/orders", *got.Role.Arn)
	assert.Equal(t, "for orders", *got.Role.Description)
	assert.EqualValues(t, 3600, *got.Role.MaxSessionDuration)
	document, err := url.QueryUnescape(*got.Role.AssumeRolePolicyDocument)
	require.NoError(t, err)
	assert.JSONEq(t, trustLambda, document)
	require.Len(t, got.Role.Tags, 1)
	assert.Equal(t, "shop", *got.Role.Tags[0].Value)
}

func TestRolesThatAWSRefuses(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	create := func(name, trust string) error {
		_, err := a.client.CreateRole(t.Context(), &awsiam.CreateRoleInput{RoleName: &name, AssumeRolePolicyDocument: &trust})
		return err
	}
	a.refused(create("orders", trustLambda), "EntityAlreadyExists")
	a.refused(create("a b", trustLambda), "ValidationError")
	a.refused(create("other", `{"Version":"2012-10-17","Statement":[{"Effect":"Maybe"}]}`), "MalformedPolicyDocument")
	_, err := a.client.GetRole(t.Context(), &awsiam.GetRoleInput{RoleName: aws.String("nobody")})
	a.refused(err, "NoSuchEntity")
}

func TestWhoMayAssumeARole(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	assert.True(t, a.roles.CanBeAssumed(a.arn, "lambda.amazonaws.com", nil))
	assert.False(t, a.roles.CanBeAssumed(a.arn, "apigateway.amazonaws.com", nil))
	assert.False(t, a.roles.CanBeAssumed(a.arn+"s", "lambda.amazonaws.com", nil), "no such role")
	_, err := a.client.UpdateAssumeRolePolicy(t.Context(), &awsiam.UpdateAssumeRolePolicyInput{RoleName: aws.String("orders"), PolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},"Action":"sts:AssumeRole"}]}`)})
	require.NoError(t, err)
	assert.False(t, a.roles.CanBeAssumed(a.arn, "lambda.amazonaws.com", nil))
}

func TestWhatARoleMayDo(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	assert.False(t, a.roles.May(a.arn, "logs:PutLogEvents", "arn:aws:logs:eu-west-1:123456789012:log-group:x"))
	_, err := a.client.AttachRolePolicy(t.Context(), &awsiam.AttachRolePolicyInput{RoleName: aws.String("orders"), PolicyArn: aws.String(basic)})
	require.NoError(t, err)
	_, err = a.client.PutRolePolicy(t.Context(), &awsiam.PutRolePolicyInput{RoleName: aws.String("orders"), PolicyName: aws.String("read"), PolicyDocument: aws.String(mayRead)})
	require.NoError(t, err)
	assert.True(t, a.roles.May(a.arn, "logs:PutLogEvents", "arn:aws:logs:eu-west-1:123456789012:log-group:x"))
	assert.True(t, a.roles.May(a.arn, "s3:GetObject", "arn:aws:s3:::pages/index.html"))
	assert.False(t, a.roles.May(a.arn, "s3:PutObject", "arn:aws:s3:::pages/index.html"))

	attached, err := a.client.ListAttachedRolePolicies(t.Context(), &awsiam.ListAttachedRolePoliciesInput{RoleName: aws.String("orders")})
	require.NoError(t, err)
	require.Len(t, attached.AttachedPolicies, 1)
	assert.Equal(t, "AWSLambdaBasicExecutionRole", *attached.AttachedPolicies[0].PolicyName)
	inline, err := a.client.GetRolePolicy(t.Context(), &awsiam.GetRolePolicyInput{RoleName: aws.String("orders"), PolicyName: aws.String("read")})
	require.NoError(t, err)
	document, err := url.QueryUnescape(*inline.PolicyDocument)
	require.NoError(t, err)
	assert.JSONEq(t, mayRead, document)

	_, err = a.client.AttachRolePolicy(t.Context(), &awsiam.AttachRolePolicyInput{RoleName: aws.String("orders"), PolicyArn: aws.String("arn:aws:iam::123456789012:policy/none")})
	a.refused(err, "NoSuchEntity")
	_, err = a.client.AttachRolePolicy(t.Context(), &awsiam.AttachRolePolicyInput{RoleName: aws.String("orders"), PolicyArn: aws.String("arn:aws:iam::aws:policy/ReadOnlyAccess")})
	a.refused(err, "NotImplemented")
}

func TestARoleGoesWhenNothingHangsOnIt(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	remove := func() error {
		_, err := a.client.DeleteRole(t.Context(), &awsiam.DeleteRoleInput{RoleName: aws.String("orders")})
		return err
	}
	_, err := a.client.AttachRolePolicy(t.Context(), &awsiam.AttachRolePolicyInput{RoleName: aws.String("orders"), PolicyArn: aws.String(basic)})
	require.NoError(t, err)
	a.refused(remove(), "DeleteConflict")
	_, err = a.client.DetachRolePolicy(t.Context(), &awsiam.DetachRolePolicyInput{RoleName: aws.String("orders"), PolicyArn: aws.String(basic)})
	require.NoError(t, err)
	_, err = a.client.PutRolePolicy(t.Context(), &awsiam.PutRolePolicyInput{RoleName: aws.String("orders"), PolicyName: aws.String("read"), PolicyDocument: aws.String(mayRead)})
	require.NoError(t, err)
	a.refused(remove(), "DeleteConflict")
	_, err = a.client.DeleteRolePolicy(t.Context(), &awsiam.DeleteRolePolicyInput{RoleName: aws.String("orders"), PolicyName: aws.String("read")})
	require.NoError(t, err)
	require.NoError(t, remove())
	a.refused(remove(), "NoSuchEntity")
	assert.Equal(t, map[string]int{"iam_roles": 0}, a.roles.Inventory())
}
