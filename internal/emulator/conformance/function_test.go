package conformance

import (
	"archive/zip"
	"bytes"
	"net/url"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const basicExecution = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"

var orders = aws.String("orders")

// role makes the role "orders", by the calls that 5.100.0 was seen to make
// (fact J7); the sources of 6.x were not read for it.
func (w *world) role(t *testing.T) (arn *string) {
	t.Helper()
	made, err := w.iam.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: orders, AssumeRolePolicyDocument: aws.String(trusting("lambda"))})
	require.NoError(t, err)
	return made.Role.Arn
}

func iamRole(t *testing.T, w *world) {
	ctx := t.Context()
	arn := w.role(t)
	read, err := w.iam.GetRole(ctx, &iam.GetRoleInput{RoleName: orders})
	require.NoError(t, err)
	assert.Equal(t, *arn, *read.Role.Arn)
	assert.Nil(t, read.Role.Description)
	assert.Nil(t, read.Role.PermissionsBoundary)
	assert.Equal(t, "/", *read.Role.Path)
	assert.EqualValues(t, 3600, *read.Role.MaxSessionDuration)
	document, err := url.QueryUnescape(*read.Role.AssumeRolePolicyDocument)
	require.NoError(t, err)
	assert.JSONEq(t, trusting("lambda"), document)
	inline, err := w.iam.ListRolePolicies(ctx, &iam.ListRolePoliciesInput{RoleName: orders})
	require.NoError(t, err)
	assert.Empty(t, inline.PolicyNames)
	profiles, err := w.iam.ListInstanceProfilesForRole(ctx, &iam.ListInstanceProfilesForRoleInput{RoleName: orders})
	require.NoError(t, err)
	assert.Empty(t, profiles.InstanceProfiles)
	_, err = w.iam.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: orders})
	require.NoError(t, err)
	_, err = w.iam.GetRole(ctx, &iam.GetRoleInput{RoleName: orders})
	require.ErrorAs(t, err, new(*iamtypes.NoSuchEntityException))
}

// rolePolicyAttachment: the calls of 5.100.0 (fact J7).
func rolePolicyAttachment(t *testing.T, w *world) {
	ctx := t.Context()
	w.role(t)
	_, err := w.iam.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: orders, PolicyArn: aws.String(basicExecution)})
	require.NoError(t, err)
	attached := func() []iamtypes.AttachedPolicy {
		read, err := w.iam.ListAttachedRolePolicies(ctx, &iam.ListAttachedRolePoliciesInput{RoleName: orders})
		require.NoError(t, err)
		return read.AttachedPolicies
	}
	require.Len(t, attached(), 1)
	assert.Equal(t, basicExecution, *attached()[0].PolicyArn)
	_, err = w.iam.DetachRolePolicy(ctx, &iam.DetachRolePolicyInput{RoleName: orders, PolicyArn: aws.String(basicExecution)})
	require.NoError(t, err)
	assert.Empty(t, attached())
}

// logGroup: internal/service/logs/group.go at 0073593e (6.x).
func logGroup(t *testing.T, w *world) {
	ctx := t.Context()
	name := aws.String("/aws/lambda/orders")
	_, err := w.logs.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: name})
	require.NoError(t, err)
	_, err = w.logs.PutRetentionPolicy(ctx, &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: name, RetentionInDays: aws.Int32(30)})
	require.NoError(t, err)
	read := func() []logstypes.LogGroup {
		read, err := w.logs.DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: name})
		require.NoError(t, err)
		return read.LogGroups
	}
	require.Len(t, read(), 1)
	got := read()[0]
	assert.Equal(t, "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/orders:*", *got.Arn)
	assert.Nil(t, got.KmsKeyId)
	assert.Equal(t, logstypes.LogGroupClassStandard, got.LogGroupClass)
	assert.EqualValues(t, 30, *got.RetentionInDays)
	tags, err := w.logs.ListTagsForResource(ctx, &cloudwatchlogs.ListTagsForResourceInput{ResourceArn: aws.String("arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/orders")})
	require.NoError(t, err)
	assert.Empty(t, tags.Tags)
	_, err = w.logs.DeleteRetentionPolicy(ctx, &cloudwatchlogs.DeleteRetentionPolicyInput{LogGroupName: name})
	require.NoError(t, err)
	assert.Nil(t, read()[0].RetentionInDays)
	_, err = w.logs.DeleteLogGroup(ctx, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: name})
	require.NoError(t, err)
	assert.Empty(t, read())
}

// packaged is a zip whose bootstrap is a line of text: nobody runs it.
func packaged(t *testing.T, bootstrap string) []byte {
	t.Helper()
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	entry, err := archive.Create("bootstrap")
	require.NoError(t, err)
	_, err = entry.Write([]byte(bootstrap))
	require.NoError(t, err)
	require.NoError(t, archive.Close())
	return out.Bytes()
}

func (w *world) function(t *testing.T) *lambda.CreateFunctionOutput {
	t.Helper()
	made, err := w.lambda.CreateFunction(t.Context(), &lambda.CreateFunctionInput{
		FunctionName: orders, Role: w.role(t), Handler: aws.String("bootstrap"), Runtime: lambdatypes.RuntimeProvidedal2023, PackageType: lambdatypes.PackageTypeZip,
		Architectures: []lambdatypes.Architecture{lambdatypes.ArchitectureArm64}, Code: &lambdatypes.FunctionCode{ZipFile: packaged(t, "one")},
		MemorySize: aws.Int32(128), Timeout: aws.Int32(10), Environment: &lambdatypes.Environment{Variables: map[string]string{"A": "1"}},
	})
	require.NoError(t, err)
	return made
}

// lambdaFunction: internal/service/lambda/function.go at 0156d84e (6.x).
func lambdaFunction(t *testing.T, w *world) {
	ctx := t.Context()
	made := w.function(t)
	read := func() *lambda.GetFunctionOutput {
		read, err := w.lambda.GetFunction(ctx, &lambda.GetFunctionInput{FunctionName: orders})
		require.NoError(t, err)
		require.Equal(t, lambdatypes.StateActive, read.Configuration.State, "the waiter of a create")
		require.Equal(t, lambdatypes.LastUpdateStatusSuccessful, read.Configuration.LastUpdateStatus, "the waiter of an update")
		return read
	}
	got := read().Configuration
	assert.Equal(t, *made.FunctionArn, *got.FunctionArn)
	assert.Equal(t, []lambdatypes.Architecture{lambdatypes.ArchitectureArm64}, got.Architectures)
	assert.Empty(t, aws.ToString(got.Description))
	assert.Equal(t, map[string]string{"A": "1"}, got.Environment.Variables)
	assert.EqualValues(t, 512, *got.EphemeralStorage.Size)
	assert.Equal(t, lambdatypes.LogFormatText, got.LoggingConfig.LogFormat)
	assert.Equal(t, "/aws/lambda/orders", *got.LoggingConfig.LogGroup)
	assert.Equal(t, lambdatypes.TracingModePassThrough, got.TracingConfig.Mode)
	assert.Equal(t, lambdatypes.SnapStartApplyOnNone, got.SnapStart.ApplyOn)
	assert.Equal(t, "$LATEST", *got.Version)
	for name, absent := range map[string]bool{
		"dead_letter_config": got.DeadLetterConfig == nil, "file_system_config": got.FileSystemConfigs == nil, "layers": got.Layers == nil,
		"image_config": got.ImageConfigResponse == nil, "kms_key_arn": got.KMSKeyArn == nil, "vpc_config": got.VpcConfig == nil,
	} {
		assert.True(t, absent, "%s is what nobody set", name)
	}
	assert.Nil(t, read().Code.SourceKMSKeyArn)
	versions, err := w.lambda.ListVersionsByFunction(ctx, &lambda.ListVersionsByFunctionInput{FunctionName: orders, MaxItems: aws.Int32(10000)})
	require.NoError(t, err)
	require.Len(t, versions.Versions, 1)
	assert.Equal(t, *made.FunctionArn+":$LATEST", *versions.Versions[0].FunctionArn)
	signing, err := w.lambda.GetFunctionCodeSigningConfig(ctx, &lambda.GetFunctionCodeSigningConfigInput{FunctionName: orders})
	require.NoError(t, err)
	assert.Nil(t, signing.CodeSigningConfigArn)

	_, err = w.lambda.UpdateFunctionConfiguration(ctx, &lambda.UpdateFunctionConfigurationInput{FunctionName: orders, Timeout: aws.Int32(20)})
	require.NoError(t, err)
	_, err = w.lambda.UpdateFunctionCode(ctx, &lambda.UpdateFunctionCodeInput{FunctionName: orders, ZipFile: packaged(t, "two")})
	require.NoError(t, err)
	assert.EqualValues(t, 20, *read().Configuration.Timeout)
	assert.NotEqual(t, *made.CodeSha256, *read().Configuration.CodeSha256)
	_, err = w.lambda.DeleteFunction(ctx, &lambda.DeleteFunctionInput{FunctionName: orders})
	require.NoError(t, err)
	_, err = w.lambda.GetFunction(ctx, &lambda.GetFunctionInput{FunctionName: orders})
	require.ErrorAs(t, err, new(*lambdatypes.ResourceNotFoundException))
}

// lambdaPermission: the calls of 5.100.0 (fact J7).
func lambdaPermission(t *testing.T, w *world) {
	ctx := t.Context()
	arn := *w.function(t).FunctionArn
	_, err := w.lambda.AddPermission(ctx, &lambda.AddPermissionInput{
		FunctionName: orders, StatementId: aws.String("api"), Action: aws.String("lambda:InvokeFunction"), Principal: aws.String("apigateway.amazonaws.com"),
		SourceArn: aws.String("arn:aws:execute-api:eu-west-1:123456789012:a1b2c3/*"),
	})
	require.NoError(t, err)
	policy, err := w.lambda.GetPolicy(ctx, &lambda.GetPolicyInput{FunctionName: orders})
	require.NoError(t, err)
	assert.JSONEq(t, `{"Version":"2012-10-17","Id":"default","Statement":[{"Sid":"api","Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},
		"Action":"lambda:InvokeFunction","Resource":"`+arn+`","Condition":{"ArnLike":{"AWS:SourceArn":"arn:aws:execute-api:eu-west-1:123456789012:a1b2c3/*"}}}]}`, *policy.Policy)
	_, err = w.lambda.RemovePermission(ctx, &lambda.RemovePermissionInput{FunctionName: orders, StatementId: aws.String("api")})
	require.NoError(t, err)
	_, err = w.lambda.GetPolicy(ctx, &lambda.GetPolicyInput{FunctionName: orders})
	require.ErrorAs(t, err, new(*lambdatypes.ResourceNotFoundException))
}
