package conformance

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"net/url"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const basicExecution = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"

func trustOf(service string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"` + service + `"},"Action":"sts:AssumeRole"}]}`
}

// role makes one that a service may assume.
func (w *world) role(t *testing.T, name, service string) *iamtypes.Role {
	t.Helper()
	made, err := w.iam.CreateRole(t.Context(), &iam.CreateRoleInput{
		RoleName: aws.String(name), Path: aws.String("/"), AssumeRolePolicyDocument: aws.String(trustOf(service)),
		Description: aws.String("for " + service), MaxSessionDuration: aws.Int32(3600), Tags: []iamtypes.Tag{{Key: aws.String("team"), Value: aws.String("a")}},
	})
	require.NoError(t, err)
	return made.Role
}

// iamRole: internal/service/iam/role.go of 6.x: read by GetRole and the two
// lists; a destroy looks for instance profiles first.
func iamRole(t *testing.T, w *world) {
	ctx, name := t.Context(), aws.String("orders")
	made := w.role(t, "orders", "lambda.amazonaws.com")
	read, err := w.iam.GetRole(ctx, &iam.GetRoleInput{RoleName: name})
	require.NoError(t, err)
	assert.Equal(t, "arn:aws:iam::123456789012:role/orders", *read.Role.Arn)
	assert.Equal(t, *made.RoleId, *read.Role.RoleId)
	assert.NotNil(t, read.Role.CreateDate)
	assert.Equal(t, "for lambda.amazonaws.com", *read.Role.Description)
	assert.EqualValues(t, 3600, *read.Role.MaxSessionDuration)
	assert.Nil(t, read.Role.PermissionsBoundary)
	assert.Equal(t, "a", *read.Role.Tags[0].Value)
	document, err := url.QueryUnescape(*read.Role.AssumeRolePolicyDocument)
	require.NoError(t, err)
	assert.JSONEq(t, trustOf("lambda.amazonaws.com"), document)
	inline, err := w.iam.ListRolePolicies(ctx, &iam.ListRolePoliciesInput{RoleName: name})
	require.NoError(t, err)
	assert.Empty(t, inline.PolicyNames)

	_, err = w.iam.UpdateAssumeRolePolicy(ctx, &iam.UpdateAssumeRolePolicyInput{RoleName: name, PolicyDocument: aws.String(trustOf("apigateway.amazonaws.com"))})
	require.NoError(t, err)
	profiles, err := w.iam.ListInstanceProfilesForRole(ctx, &iam.ListInstanceProfilesForRoleInput{RoleName: name})
	require.NoError(t, err)
	assert.Empty(t, profiles.InstanceProfiles)
	_, err = w.iam.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: name})
	require.NoError(t, err)
	_, err = w.iam.GetRole(ctx, &iam.GetRoleInput{RoleName: name})
	require.ErrorAs(t, err, new(*iamtypes.NoSuchEntityException))
}

// iamRolePolicyAttachment: internal/service/iam/role_policy_attachment.go of 6.x.
func iamRolePolicyAttachment(t *testing.T, w *world) {
	ctx, name := t.Context(), aws.String("orders")
	w.role(t, "orders", "lambda.amazonaws.com")
	_, err := w.iam.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: name, PolicyArn: aws.String(basicExecution)})
	require.NoError(t, err)
	read, err := w.iam.ListAttachedRolePolicies(ctx, &iam.ListAttachedRolePoliciesInput{RoleName: name})
	require.NoError(t, err)
	require.Len(t, read.AttachedPolicies, 1)
	assert.Equal(t, basicExecution, *read.AttachedPolicies[0].PolicyArn)
	_, err = w.iam.DetachRolePolicy(ctx, &iam.DetachRolePolicyInput{RoleName: name, PolicyArn: aws.String(basicExecution)})
	require.NoError(t, err)
	_, err = w.iam.DetachRolePolicy(ctx, &iam.DetachRolePolicyInput{RoleName: name, PolicyArn: aws.String(basicExecution)})
	require.ErrorAs(t, err, new(*iamtypes.NoSuchEntityException))
}

// logGroup: internal/service/logs/group.go of 6.x: found by its name as prefix.
func logGroup(t *testing.T, w *world) {
	ctx, name := t.Context(), aws.String("/aws/lambda/orders")
	_, err := w.logs.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: name, Tags: map[string]string{"team": "a"}})
	require.NoError(t, err)
	_, err = w.logs.PutRetentionPolicy(ctx, &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: name, RetentionInDays: aws.Int32(14)})
	require.NoError(t, err)
	read, err := w.logs.DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: name})
	require.NoError(t, err)
	require.Len(t, read.LogGroups, 1)
	group := read.LogGroups[0]
	assert.Equal(t, "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/orders:*", *group.Arn)
	assert.EqualValues(t, "STANDARD", group.LogGroupClass)
	assert.EqualValues(t, 14, *group.RetentionInDays)
	assert.Nil(t, group.KmsKeyId)
	tags, err := w.logs.ListTagsForResource(ctx, &cloudwatchlogs.ListTagsForResourceInput{ResourceArn: group.LogGroupArn})
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"team": "a"}, tags.Tags)
	_, err = w.logs.DeleteLogGroup(ctx, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: name})
	require.NoError(t, err)
	read, err = w.logs.DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: name})
	require.NoError(t, err)
	assert.Empty(t, read.LogGroups)
}

// function makes one that never runs.
func (w *world) function(t *testing.T) *lambda.CreateFunctionOutput {
	t.Helper()
	var code bytes.Buffer
	archive := zip.NewWriter(&code)
	_, err := archive.Create("bootstrap")
	require.NoError(t, err)
	require.NoError(t, archive.Close())
	made, err := w.lambda.CreateFunction(t.Context(), &lambda.CreateFunctionInput{
		FunctionName: aws.String("orders"), Role: w.role(t, "orders", "lambda.amazonaws.com").Arn, Code: &lambdatypes.FunctionCode{ZipFile: code.Bytes()},
		Runtime: lambdatypes.RuntimeProvidedal2023, Handler: aws.String("bootstrap"), MemorySize: aws.Int32(128), Timeout: aws.Int32(5),
		PackageType: lambdatypes.PackageTypeZip, Description: aws.String(""), Architectures: []lambdatypes.Architecture{lambdatypes.ArchitectureArm64},
		Environment: &lambdatypes.Environment{Variables: map[string]string{"TABLE": "orders"}}, Tags: map[string]string{"team": "a"},
	})
	require.NoError(t, err)
	return made
}

// lambdaFunction: internal/service/lambda/function.go of 6.x (commit 0156d84e):
// it waits by GetFunction for Active and Successful, reads versions and code
// signing, and after a delete waits until the function is not found.
func lambdaFunction(t *testing.T, w *world) {
	ctx, name := t.Context(), aws.String("orders")
	w.function(t)
	read, err := w.lambda.GetFunction(ctx, &lambda.GetFunctionInput{FunctionName: name})
	require.NoError(t, err)
	c := read.Configuration
	assert.Equal(t, lambdatypes.StateActive, c.State)
	assert.Equal(t, lambdatypes.LastUpdateStatusSuccessful, c.LastUpdateStatus)
	assert.Equal(t, []lambdatypes.Architecture{lambdatypes.ArchitectureArm64}, c.Architectures)
	assert.NotEmpty(t, *c.CodeSha256)
	assert.Nil(t, c.DeadLetterConfig)
	assert.Nil(t, c.DurableConfig)
	assert.Nil(t, c.CapacityProviderConfig)
	assert.Nil(t, c.TenancyConfig)
	assert.Empty(t, *c.Description)
	assert.Equal(t, map[string]string{"TABLE": "orders"}, c.Environment.Variables)
	assert.EqualValues(t, 512, *c.EphemeralStorage.Size)
	assert.Equal(t, "bootstrap", *c.Handler)
	assert.NotEmpty(t, *c.LastModified)
	assert.Empty(t, c.Layers)
	assert.Equal(t, lambdatypes.LogFormatText, c.LoggingConfig.LogFormat)
	assert.Equal(t, "/aws/lambda/orders", *c.LoggingConfig.LogGroup)
	assert.Equal(t, lambdatypes.PackageTypeZip, c.PackageType)
	assert.Equal(t, lambdatypes.SnapStartApplyOnNone, c.SnapStart.ApplyOn)
	assert.Equal(t, lambdatypes.TracingModePassThrough, c.TracingConfig.Mode)
	assert.Nil(t, c.VpcConfig)
	assert.Nil(t, read.Concurrency)
	assert.NotNil(t, read.Code, "an answer without code is taken for none")
	assert.Equal(t, map[string]string{"team": "a"}, read.Tags)
	versions, err := w.lambda.ListVersionsByFunction(ctx, &lambda.ListVersionsByFunctionInput{FunctionName: name, MaxItems: aws.Int32(10000)})
	require.NoError(t, err)
	assert.Equal(t, *c.FunctionArn+":$LATEST", *versions.Versions[len(versions.Versions)-1].FunctionArn)
	signing, err := w.lambda.GetFunctionCodeSigningConfig(ctx, &lambda.GetFunctionCodeSigningConfigInput{FunctionName: name})
	require.NoError(t, err)
	assert.Empty(t, aws.ToString(signing.CodeSigningConfigArn))

	_, err = w.lambda.UpdateFunctionConfiguration(ctx, &lambda.UpdateFunctionConfigurationInput{FunctionName: name, MemorySize: aws.Int32(256)})
	require.NoError(t, err)
	read, err = w.lambda.GetFunction(ctx, &lambda.GetFunctionInput{FunctionName: name})
	require.NoError(t, err)
	assert.EqualValues(t, 256, *read.Configuration.MemorySize)
	_, err = w.lambda.DeleteFunction(ctx, &lambda.DeleteFunctionInput{FunctionName: name})
	require.NoError(t, err)
	_, err = w.lambda.GetFunction(ctx, &lambda.GetFunctionInput{FunctionName: name})
	require.ErrorAs(t, err, new(*lambdatypes.ResourceNotFoundException))
}

// lambdaPermission: internal/service/lambda/permission.go of 6.x: it finds its
// statement in the policy, and reads the principal and the condition.
func lambdaPermission(t *testing.T, w *world) {
	ctx, name := t.Context(), aws.String("orders")
	made := w.function(t)
	const source = "arn:aws:execute-api:eu-west-1:123456789012:abc123/*/*"
	_, err := w.lambda.AddPermission(ctx, &lambda.AddPermissionInput{
		FunctionName: name, StatementId: aws.String("api"), Action: aws.String("lambda:InvokeFunction"), Principal: aws.String("apigateway.amazonaws.com"), SourceArn: aws.String(source),
	})
	require.NoError(t, err)
	policy, err := w.lambda.GetPolicy(ctx, &lambda.GetPolicyInput{FunctionName: name})
	require.NoError(t, err)
	var document struct {
		Statement []struct {
			Sid, Action, Resource string
			Principal             map[string]string
			Condition             map[string]map[string]string
		}
	}
	require.NoError(t, json.Unmarshal([]byte(*policy.Policy), &document))
	require.Len(t, document.Statement, 1)
	s := document.Statement[0]
	assert.Equal(t, []string{"api", "lambda:InvokeFunction", *made.FunctionArn}, []string{s.Sid, s.Action, s.Resource})
	assert.Equal(t, "apigateway.amazonaws.com", s.Principal["Service"])
	assert.Equal(t, source, s.Condition["ArnLike"]["AWS:SourceArn"])
	_, err = w.lambda.RemovePermission(ctx, &lambda.RemovePermissionInput{FunctionName: name, StatementId: aws.String("api")})
	require.NoError(t, err)
	_, err = w.lambda.GetPolicy(ctx, &lambda.GetPolicyInput{FunctionName: name})
	require.ErrorAs(t, err, new(*lambdatypes.ResourceNotFoundException), "the last one gone, there is no policy")
}
