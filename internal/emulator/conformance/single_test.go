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

// root gives the root resource of an API.
func (w *world) root(t *testing.T, api *string) *string {
	t.Helper()
	read, err := w.gateway.GetRestApi(t.Context(), &apigateway.GetRestApiInput{RestApiId: api})
	require.NoError(t, err)
	return read.RootResourceId
}

// resource: internal/service/apigateway/resource.go of 6.x.
func resource(t *testing.T, w *world) {
	ctx, api := t.Context(), w.api(t)
	made, err := w.gateway.CreateResource(ctx, &apigateway.CreateResourceInput{RestApiId: api, ParentId: w.root(t, api), PathPart: aws.String("orders")})
	require.NoError(t, err)
	read, err := w.gateway.GetResource(ctx, &apigateway.GetResourceInput{RestApiId: api, ResourceId: made.Id})
	require.NoError(t, err)
	assert.Equal(t, []string{*w.root(t, api), "orders", "/orders"}, []string{*read.ParentId, *read.PathPart, *read.Path})
	_, err = w.gateway.DeleteResource(ctx, &apigateway.DeleteResourceInput{RestApiId: api, ResourceId: made.Id})
	require.NoError(t, err)
	_, err = w.gateway.GetResource(ctx, &apigateway.GetResourceInput{RestApiId: api, ResourceId: made.Id})
	require.ErrorAs(t, err, new(*types.NotFoundException))
}

// method: internal/service/apigateway/method.go of 6.x.
func method(t *testing.T, w *world) {
	ctx, api := t.Context(), w.api(t)
	root := w.root(t, api)
	_, err := w.gateway.PutMethod(ctx, &apigateway.PutMethodInput{RestApiId: api, ResourceId: root, HttpMethod: aws.String("POST"), AuthorizationType: aws.String("NONE"),
		RequestParameters: map[string]bool{"method.request.header.X-Tenant": false}})
	require.NoError(t, err)
	read, err := w.gateway.GetMethod(ctx, &apigateway.GetMethodInput{RestApiId: api, ResourceId: root, HttpMethod: aws.String("POST")})
	require.NoError(t, err)
	assert.False(t, *read.ApiKeyRequired)
	assert.Equal(t, "NONE", *read.AuthorizationType)
	assert.Empty(t, aws.ToString(read.AuthorizerId))
	assert.Empty(t, read.AuthorizationScopes)
	assert.Nil(t, read.OperationName)
	assert.Empty(t, read.RequestModels)
	assert.Equal(t, map[string]bool{"method.request.header.X-Tenant": false}, read.RequestParameters)
	assert.Nil(t, read.RequestValidatorId)
	_, err = w.gateway.DeleteMethod(ctx, &apigateway.DeleteMethodInput{RestApiId: api, ResourceId: root, HttpMethod: aws.String("POST")})
	require.NoError(t, err)
	_, err = w.gateway.GetMethod(ctx, &apigateway.GetMethodInput{RestApiId: api, ResourceId: root, HttpMethod: aws.String("POST")})
	require.ErrorAs(t, err, new(*types.NotFoundException))
}

// integration: internal/service/apigateway/integration.go of 6.x.
func integration(t *testing.T, w *world) {
	ctx, api := t.Context(), w.api(t)
	root, get := w.root(t, api), aws.String("GET")
	const uri = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:orders/invocations"
	_, err := w.gateway.PutIntegration(ctx, &apigateway.PutIntegrationInput{
		RestApiId: api, ResourceId: root, HttpMethod: get, Type: types.IntegrationTypeAwsProxy, IntegrationHttpMethod: aws.String("POST"), Uri: aws.String(uri),
		ConnectionType: types.ConnectionTypeInternet, TimeoutInMillis: aws.Int32(29000),
	})
	require.NoError(t, err)
	read, err := w.gateway.GetIntegration(ctx, &apigateway.GetIntegrationInput{RestApiId: api, ResourceId: root, HttpMethod: get})
	require.NoError(t, err)
	assert.Empty(t, read.CacheKeyParameters)
	assert.Equal(t, *root, *read.CacheNamespace)
	assert.Equal(t, types.ConnectionTypeInternet, read.ConnectionType)
	assert.Nil(t, read.ConnectionId)
	assert.Empty(t, read.ContentHandling)
	assert.Nil(t, read.Credentials)
	assert.Equal(t, "POST", *read.HttpMethod)
	assert.Equal(t, "WHEN_NO_MATCH", *read.PassthroughBehavior)
	assert.Empty(t, read.RequestParameters)
	assert.Empty(t, read.RequestTemplates)
	assert.EqualValues(t, 29000, read.TimeoutInMillis)
	assert.Nil(t, read.TlsConfig)
	assert.Equal(t, types.IntegrationTypeAwsProxy, read.Type)
	assert.Equal(t, uri, *read.Uri)
	_, err = w.gateway.DeleteIntegration(ctx, &apigateway.DeleteIntegrationInput{RestApiId: api, ResourceId: root, HttpMethod: get})
	require.NoError(t, err)
	_, err = w.gateway.GetIntegration(ctx, &apigateway.GetIntegrationInput{RestApiId: api, ResourceId: root, HttpMethod: get})
	require.ErrorAs(t, err, new(*types.NotFoundException))
}

// gatewayResponse: internal/service/apigateway/gateway_response.go of 6.x: create
// and update are one call.
func gatewayResponse(t *testing.T, w *world) {
	ctx, api := t.Context(), w.api(t)
	_, err := w.gateway.PutGatewayResponse(ctx, &apigateway.PutGatewayResponseInput{RestApiId: api, ResponseType: types.GatewayResponseTypeDefault4xx, StatusCode: aws.String("400"),
		ResponseParameters: map[string]string{"gatewayresponse.header.Vary": "'Origin'"}, ResponseTemplates: map[string]string{"application/json": `{"no":1}`}})
	require.NoError(t, err)
	read, err := w.gateway.GetGatewayResponse(ctx, &apigateway.GetGatewayResponseInput{RestApiId: api, ResponseType: types.GatewayResponseTypeDefault4xx})
	require.NoError(t, err)
	assert.Equal(t, types.GatewayResponseTypeDefault4xx, read.ResponseType)
	assert.Equal(t, "400", *read.StatusCode)
	assert.Equal(t, "'Origin'", read.ResponseParameters["gatewayresponse.header.Vary"])
	assert.JSONEq(t, `{"no":1}`, read.ResponseTemplates["application/json"])
	_, err = w.gateway.DeleteGatewayResponse(ctx, &apigateway.DeleteGatewayResponseInput{RestApiId: api, ResponseType: types.GatewayResponseTypeDefault4xx})
	require.NoError(t, err)
}

// account: internal/service/apigateway/account.go of 6.x: a destroy takes the
// role away.
func account(t *testing.T, w *world) {
	w.logsAllowed(t)
	read, err := w.gateway.GetAccount(t.Context(), &apigateway.GetAccountInput{})
	require.NoError(t, err)
	assert.Equal(t, "arn:aws:iam::123456789012:role/logs", *read.CloudwatchRoleArn)
	assert.NotEmpty(t, *read.ApiKeyVersion)
	assert.NotEmpty(t, read.Features)
	assert.Positive(t, read.ThrottleSettings.RateLimit)
	_, err = w.gateway.UpdateAccount(t.Context(), &apigateway.UpdateAccountInput{PatchOperations: []types.PatchOperation{replace("/cloudwatchRoleArn", "")}})
	require.NoError(t, err)
	read, err = w.gateway.GetAccount(t.Context(), &apigateway.GetAccountInput{})
	require.NoError(t, err)
	assert.Empty(t, aws.ToString(read.CloudwatchRoleArn))
}

// logsAllowed gives the account the role without which no stage may have a log.
func (w *world) logsAllowed(t *testing.T) {
	t.Helper()
	w.role(t, "logs", "apigateway.amazonaws.com")
	_, err := w.iam.AttachRolePolicy(t.Context(), &iam.AttachRolePolicyInput{
		RoleName: aws.String("logs"), PolicyArn: aws.String("arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"),
	})
	require.NoError(t, err)
	_, err = w.gateway.UpdateAccount(t.Context(), &apigateway.UpdateAccountInput{PatchOperations: []types.PatchOperation{
		replace("/cloudwatchRoleArn", "arn:aws:iam::123456789012:role/logs")}})
	require.NoError(t, err)
}
