package lambda_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awslambda "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func requireCode(t *testing.T, err error, code, says string) {
	t.Helper()
	var refusal smithy.APIError
	require.True(t, errors.As(err, &refusal), "%v", err)
	assert.Equal(t, code, refusal.ErrorCode())
	assert.Contains(t, refusal.ErrorMessage(), says)
}

func TestAFunctionIsReadBackAsItWasMade(t *testing.T) {
	a := newAccount(t)
	made := a.create(zipped(t, map[string][]byte{"bootstrap": []byte("#!/bin/sh\n")}), func(in *awslambda.CreateFunctionInput) {
		in.Architectures, in.MemorySize, in.Tags = []types.Architecture{types.ArchitectureArm64}, aws.Int32(256), map[string]string{"team": "orders"}
	})
	assert.Equal(t, types.StateActive, made.State)
	got, err := a.lambda.GetFunction(t.Context(), &awslambda.GetFunctionInput{FunctionName: made.FunctionArn})
	require.NoError(t, err)
	c := got.Configuration
	assert.Equal(t, made.CodeSha256, c.CodeSha256)
	assert.Equal(t, []types.Architecture{types.ArchitectureArm64}, c.Architectures)
	assert.EqualValues(t, 256, *c.MemorySize)
	assert.Equal(t, map[string]string{"GREETING": "tea"}, c.Environment.Variables)
	assert.Equal(t, "/aws/lambda/orders", *c.LoggingConfig.LogGroup)
	assert.Equal(t, types.LastUpdateStatusSuccessful, c.LastUpdateStatus)
	assert.Equal(t, map[string]string{"team": "orders"}, got.Tags)
	versions, err := a.lambda.ListVersionsByFunction(t.Context(), &awslambda.ListVersionsByFunctionInput{FunctionName: aws.String("orders")})
	require.NoError(t, err)
	require.Len(t, versions.Versions, 1)
	assert.Equal(t, "$LATEST", *versions.Versions[0].Version)

	_, err = a.lambda.TagResource(t.Context(), &awslambda.TagResourceInput{Resource: made.FunctionArn, Tags: map[string]string{"cost": "7"}})
	require.NoError(t, err)
	_, err = a.lambda.UntagResource(t.Context(), &awslambda.UntagResourceInput{Resource: made.FunctionArn, TagKeys: []string{"team"}})
	require.NoError(t, err)
	tags, err := a.lambda.ListTags(t.Context(), &awslambda.ListTagsInput{Resource: made.FunctionArn})
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"cost": "7"}, tags.Tags)

	_, err = a.lambda.DeleteFunction(t.Context(), &awslambda.DeleteFunctionInput{FunctionName: aws.String("orders")})
	require.NoError(t, err)
	_, err = a.lambda.GetFunction(t.Context(), &awslambda.GetFunctionInput{FunctionName: aws.String("orders")})
	requireCode(t, err, "ResourceNotFoundException", "function:orders")
	assert.Zero(t, a.functions.Inventory()["lambda_functions"])
}

func TestCreateRefusesWhatLambdaRefuses(t *testing.T) {
	a := newAccount(t)
	good := zipped(t, map[string][]byte{"bootstrap": []byte("#!/bin/sh\n")})
	for name, c := range map[string]struct {
		change     func(*awslambda.CreateFunctionInput)
		code, says string
	}{
		"a role that is not there":       {func(in *awslambda.CreateFunctionInput) { in.Role = aws.String("arn:aws:iam::123456789012:role/none") }, "InvalidParameterValueException", "cannot be assumed by Lambda"},
		"what is no zip":                 {func(in *awslambda.CreateFunctionInput) { in.Code.ZipFile = []byte("PK?") }, "InvalidParameterValueException", "Could not unzip"},
		"a file outside the folder":      {func(in *awslambda.CreateFunctionInput) { in.Code.ZipFile = zipped(t, map[string][]byte{"../x": nil}) }, "InvalidParameterValueException", "Could not unzip"},
		"a name with a slash":            {func(in *awslambda.CreateFunctionInput) { in.FunctionName = aws.String("a/b") }, "ValidationException", "functionName"},
		"a reserved variable":            {func(in *awslambda.CreateFunctionInput) { in.Environment.Variables["AWS_REGION"] = "x" }, "InvalidParameterValueException", "Reserved keys used in this request: AWS_REGION"},
		"a runtime that is not a binary": {func(in *awslambda.CreateFunctionInput) { in.Runtime = types.RuntimePython312 }, "NotImplemented", "does not do this: the runtime python3.12"},
		"a timeout of an hour":           {func(in *awslambda.CreateFunctionInput) { in.Timeout = aws.Int32(3600) }, "InvalidParameterValueException", "900"},
		"a layer":                        {func(in *awslambda.CreateFunctionInput) { in.Layers = []string{"arn:aws:lambda:eu-west-1:1:layer:x:1"} }, "NotImplemented", "Layers"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := a.lambda.CreateFunction(t.Context(), a.input(good, c.change))
			requireCode(t, err, c.code, c.says)
		})
	}
	a.create(good)
	_, err := a.lambda.CreateFunction(t.Context(), a.input(good))
	requireCode(t, err, "ResourceConflictException", "Function already exist: orders")
}

func TestPermissionsAreAResourcePolicy(t *testing.T) {
	a := newAccount(t)
	made := a.create(zipped(t, map[string][]byte{"bootstrap": []byte("#!/bin/sh\n")}))
	may := func(source string) bool {
		return a.functions.MayInvoke(*made.FunctionArn, "apigateway.amazonaws.com", source)
	}
	const method = "arn:aws:execute-api:eu-west-1:123456789012:abc123/live/GET/orders"
	assert.False(t, may(method))
	_, err := a.lambda.GetPolicy(t.Context(), &awslambda.GetPolicyInput{FunctionName: aws.String("orders")})
	requireCode(t, err, "ResourceNotFoundException", "does not exist")
	_, err = a.lambda.AddPermission(t.Context(), &awslambda.AddPermissionInput{
		FunctionName: aws.String("orders"), StatementId: aws.String("api"), Action: aws.String("lambda:InvokeFunction"),
		Principal: aws.String("apigateway.amazonaws.com"), SourceArn: aws.String("arn:aws:execute-api:eu-west-1:123456789012:abc123/*/*"),
	})
	require.NoError(t, err)
	assert.True(t, may(method))
	assert.False(t, may("arn:aws:execute-api:eu-west-1:123456789012:other1/live/GET/orders"))
	assert.False(t, a.functions.MayInvoke(*made.FunctionArn, "s3.amazonaws.com", method))

	policy, err := a.lambda.GetPolicy(t.Context(), &awslambda.GetPolicyInput{FunctionName: aws.String("orders")})
	require.NoError(t, err)
	var document struct {
		Statement []struct{ Sid, Resource string }
	}
	require.NoError(t, json.Unmarshal([]byte(*policy.Policy), &document))
	assert.Equal(t, "api", document.Statement[0].Sid)
	_, err = a.lambda.RemovePermission(t.Context(), &awslambda.RemovePermissionInput{FunctionName: aws.String("orders"), StatementId: aws.String("api")})
	require.NoError(t, err)
	assert.False(t, may(method))
}
