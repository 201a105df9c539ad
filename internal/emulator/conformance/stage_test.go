package conformance

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// deployment: internal/service/apigateway/deployment.go of 6.x, which has lost
// the stage's arguments; otherwise the calls are those of 5.100 (facts E3, J1).
func deployment(t *testing.T, w *world) {
	ctx := t.Context()
	api := w.api(t)
	created, err := w.gateway.CreateDeployment(ctx, &apigateway.CreateDeploymentInput{RestApiId: api, Description: aws.String("first")})
	require.NoError(t, err)

	read := func() *apigateway.GetDeploymentOutput {
		read, err := w.gateway.GetDeployment(ctx, &apigateway.GetDeploymentInput{RestApiId: api, DeploymentId: created.Id})
		require.NoError(t, err)
		assert.NotNil(t, read.CreatedDate, "the provider formats it without a look")
		return read
	}
	assert.Equal(t, "first", *read().Description)
	_, err = w.gateway.UpdateDeployment(ctx, &apigateway.UpdateDeploymentInput{RestApiId: api, DeploymentId: created.Id, PatchOperations: []types.PatchOperation{replace("/description", "second")}})
	require.NoError(t, err)
	assert.Equal(t, "second", *read().Description)

	_, err = w.gateway.DeleteDeployment(ctx, &apigateway.DeleteDeploymentInput{RestApiId: api, DeploymentId: created.Id})
	require.NoError(t, err)
	_, err = w.gateway.GetDeployment(ctx, &apigateway.GetDeploymentInput{RestApiId: api, DeploymentId: created.Id})
	require.ErrorAs(t, err, new(*types.NotFoundException))
}

// stage: internal/service/apigateway/stage.go of 6.x; an access log takes an
// UpdateStage after the create.
func stage(t *testing.T, w *world) {
	ctx := t.Context()
	w.logsAllowed(t)
	api := w.api(t)
	made, err := w.gateway.CreateDeployment(ctx, &apigateway.CreateDeploymentInput{RestApiId: api})
	require.NoError(t, err)
	created, err := w.gateway.CreateStage(ctx, &apigateway.CreateStageInput{
		RestApiId: api, StageName: aws.String("live"), DeploymentId: made.Id, Description: aws.String("first"), Tags: map[string]string{"team": "a"},
	})
	require.NoError(t, err)
	assert.Equal(t, types.CacheClusterStatusNotAvailable, created.CacheClusterStatus, "else the provider waits for the cache")
	const group, format = "arn:aws:logs:eu-west-1:123456789012:log-group:live", "$context.extendedRequestId"
	update := func(operations ...types.PatchOperation) {
		_, err := w.gateway.UpdateStage(ctx, &apigateway.UpdateStageInput{RestApiId: api, StageName: aws.String("live"), PatchOperations: operations})
		require.NoError(t, err)
	}
	update(replace("/accessLogSettings/destinationArn", group), replace("/accessLogSettings/format", format))

	read := func() *apigateway.GetStageOutput {
		read, err := w.gateway.GetStage(ctx, &apigateway.GetStageInput{RestApiId: api, StageName: aws.String("live")})
		require.NoError(t, err)
		return read
	}
	got := read()
	assert.Equal(t, group, *got.AccessLogSettings.DestinationArn)
	assert.Equal(t, format, *got.AccessLogSettings.Format)
	assert.False(t, got.CacheClusterEnabled)
	assert.Empty(t, got.CacheClusterSize)
	assert.Nil(t, got.CanarySettings)
	assert.Nil(t, got.ClientCertificateId)
	assert.Equal(t, *made.Id, *got.DeploymentId)
	assert.Equal(t, "first", *got.Description)
	assert.Nil(t, got.DocumentationVersion)
	assert.Empty(t, got.Variables)
	assert.Nil(t, got.WebAclArn)
	assert.False(t, got.TracingEnabled)
	assert.Equal(t, map[string]string{"team": "a"}, got.Tags)

	next, err := w.gateway.CreateDeployment(ctx, &apigateway.CreateDeploymentInput{RestApiId: api})
	require.NoError(t, err)
	update(replace("/deploymentId", *next.Id), replace("/description", "second"), replace("/tracingEnabled", "true"), replace("/variables/backend", "a"),
		types.PatchOperation{Op: types.OpRemove, Path: aws.String("/accessLogSettings")})
	got = read()
	assert.Equal(t, *next.Id, *got.DeploymentId)
	assert.Equal(t, "second", *got.Description)
	assert.True(t, got.TracingEnabled)
	assert.Equal(t, map[string]string{"backend": "a"}, got.Variables)
	assert.Nil(t, got.AccessLogSettings)
	update(types.PatchOperation{Op: types.OpRemove, Path: aws.String("/variables/backend")})
	assert.Empty(t, read().Variables)

	_, err = w.gateway.DeleteStage(ctx, &apigateway.DeleteStageInput{RestApiId: api, StageName: aws.String("live")})
	require.NoError(t, err)
	_, err = w.gateway.GetStage(ctx, &apigateway.GetStageInput{RestApiId: api, StageName: aws.String("live")})
	require.ErrorAs(t, err, new(*types.NotFoundException))
}

// trusting is the trust policy of a role that a service may assume.
func trusting(service string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"` + service + `.amazonaws.com"}}]}`
}

// logsAllowed gives the account the role without which no stage may have a log.
func (w *world) logsAllowed(t *testing.T) {
	t.Helper()
	_, err := w.iam.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: aws.String("logs"), AssumeRolePolicyDocument: aws.String(trusting("apigateway"))})
	require.NoError(t, err)
	_, err = w.iam.AttachRolePolicy(t.Context(), &iam.AttachRolePolicyInput{
		RoleName: aws.String("logs"), PolicyArn: aws.String("arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"),
	})
	require.NoError(t, err)
	_, err = w.gateway.UpdateAccount(t.Context(), &apigateway.UpdateAccountInput{PatchOperations: []types.PatchOperation{
		replace("/cloudwatchRoleArn", "arn:aws:iam::123456789012:role/logs")}})
	require.NoError(t, err)
}

// methodSettings: internal/service/apigateway/method_settings.go of 6.x: one
// UpdateStage for create and for update, read through the stage, removed by path.
func methodSettings(t *testing.T, w *world) {
	ctx := t.Context()
	api, _ := w.deployed(t)
	update := func(operations ...types.PatchOperation) {
		_, err := w.gateway.UpdateStage(ctx, &apigateway.UpdateStageInput{RestApiId: api, StageName: aws.String("live"), PatchOperations: operations})
		require.NoError(t, err)
	}
	update(replace("/*/*/throttling/burstLimit", "5"), replace("/*/*/throttling/rateLimit", "10.5"))
	stage, err := w.gateway.GetStage(ctx, &apigateway.GetStageInput{RestApiId: api, StageName: aws.String("live")})
	require.NoError(t, err)
	require.Contains(t, stage.MethodSettings, "*/*")
	got := stage.MethodSettings["*/*"]
	assert.False(t, got.MetricsEnabled)
	assert.Nil(t, got.LoggingLevel)
	assert.False(t, got.DataTraceEnabled)
	assert.Equal(t, int32(5), got.ThrottlingBurstLimit)
	assert.InDelta(t, 10.5, got.ThrottlingRateLimit, 0)
	assert.False(t, got.CachingEnabled)
	assert.Equal(t, int32(300), got.CacheTtlInSeconds)
	assert.False(t, got.CacheDataEncrypted)
	assert.True(t, got.RequireAuthorizationForCacheControl)
	assert.Equal(t, types.UnauthorizedCacheControlHeaderStrategySucceedWithResponseHeader, got.UnauthorizedCacheControlHeaderStrategy)

	update(types.PatchOperation{Op: types.OpRemove, Path: aws.String("/*/*")})
	stage, err = w.gateway.GetStage(ctx, &apigateway.GetStageInput{RestApiId: api, StageName: aws.String("live")})
	require.NoError(t, err)
	assert.Empty(t, stage.MethodSettings)
}
