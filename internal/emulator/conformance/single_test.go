package conformance

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The single resources of an API: their calls are those that 5.100.0 makes. The
// sources of 6.x were not read for them.

const invocations = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:orders/invocations"

// child makes a resource below the root.
func (w *world) child(t *testing.T) (api, resource *string) {
	t.Helper()
	api = w.api(t)
	made, err := w.gateway.GetRestApi(t.Context(), &apigateway.GetRestApiInput{RestApiId: api})
	require.NoError(t, err)
	created, err := w.gateway.CreateResource(t.Context(), &apigateway.CreateResourceInput{RestApiId: api, ParentId: made.RootResourceId, PathPart: aws.String("{id}")})
	require.NoError(t, err)
	return api, created.Id
}

func gatewayResource(t *testing.T, w *world) {
	ctx := t.Context()
	api, id := w.child(t)
	read, err := w.gateway.GetResource(ctx, &apigateway.GetResourceInput{RestApiId: api, ResourceId: id})
	require.NoError(t, err)
	assert.Equal(t, "{id}", *read.PathPart)
	assert.Equal(t, "/{id}", *read.Path)
	assert.NotEmpty(t, *read.ParentId)
	_, err = w.gateway.DeleteResource(ctx, &apigateway.DeleteResourceInput{RestApiId: api, ResourceId: id})
	require.NoError(t, err)
	_, err = w.gateway.GetResource(ctx, &apigateway.GetResourceInput{RestApiId: api, ResourceId: id})
	require.ErrorAs(t, err, new(*types.NotFoundException))
}

func (w *world) method(t *testing.T) (api, resource *string) {
	t.Helper()
	api, resource = w.child(t)
	_, err := w.gateway.PutMethod(t.Context(), &apigateway.PutMethodInput{RestApiId: api, ResourceId: resource, HttpMethod: aws.String("ANY"), AuthorizationType: aws.String("NONE")})
	require.NoError(t, err)
	return api, resource
}

func gatewayMethod(t *testing.T, w *world) {
	ctx := t.Context()
	api, resource := w.method(t)
	read, err := w.gateway.GetMethod(ctx, &apigateway.GetMethodInput{RestApiId: api, ResourceId: resource, HttpMethod: aws.String("ANY")})
	require.NoError(t, err)
	assert.Equal(t, "NONE", *read.AuthorizationType)
	assert.False(t, *read.ApiKeyRequired)
	assert.Nil(t, read.AuthorizerId)
	assert.Nil(t, read.RequestValidatorId)
	assert.Empty(t, read.RequestParameters)
	assert.Empty(t, read.RequestModels)
	_, err = w.gateway.DeleteMethod(ctx, &apigateway.DeleteMethodInput{RestApiId: api, ResourceId: resource, HttpMethod: aws.String("ANY")})
	require.NoError(t, err)
}

func integration(t *testing.T, w *world) {
	ctx := t.Context()
	api, resource := w.method(t)
	_, err := w.gateway.PutIntegration(ctx, &apigateway.PutIntegrationInput{
		RestApiId: api, ResourceId: resource, HttpMethod: aws.String("ANY"), Type: types.IntegrationTypeAwsProxy,
		IntegrationHttpMethod: aws.String("POST"), Uri: aws.String(invocations), ConnectionType: types.ConnectionTypeInternet,
	})
	require.NoError(t, err)
	read := func() *apigateway.GetIntegrationOutput {
		read, err := w.gateway.GetIntegration(ctx, &apigateway.GetIntegrationInput{RestApiId: api, ResourceId: resource, HttpMethod: aws.String("ANY")})
		require.NoError(t, err)
		return read
	}
	got := read()
	assert.Equal(t, types.IntegrationTypeAwsProxy, got.Type)
	assert.Equal(t, "POST", *got.HttpMethod)
	assert.Equal(t, invocations, *got.Uri)
	assert.EqualValues(t, 29000, got.TimeoutInMillis)
	assert.Equal(t, *resource, *got.CacheNamespace)
	assert.Empty(t, got.RequestParameters)
	assert.Nil(t, got.Credentials)
	assert.Nil(t, got.TlsConfig)
	_, err = w.gateway.UpdateIntegration(ctx, &apigateway.UpdateIntegrationInput{
		RestApiId: api, ResourceId: resource, HttpMethod: aws.String("ANY"), PatchOperations: []types.PatchOperation{replace("/timeoutInMillis", "5000")},
	})
	require.NoError(t, err)
	assert.EqualValues(t, 5000, read().TimeoutInMillis)
	_, err = w.gateway.DeleteIntegration(ctx, &apigateway.DeleteIntegrationInput{RestApiId: api, ResourceId: resource, HttpMethod: aws.String("ANY")})
	require.NoError(t, err)
}

func gatewayResponse(t *testing.T, w *world) {
	ctx := t.Context()
	api := w.api(t)
	parameters := map[string]string{"gatewayresponse.header.Access-Control-Allow-Origin": "'https://app.example.com'"}
	templates := map[string]string{"application/json": `{"message":$context.error.messageString}`}
	_, err := w.gateway.PutGatewayResponse(ctx, &apigateway.PutGatewayResponseInput{
		RestApiId: api, ResponseType: types.GatewayResponseTypeDefault5xx, ResponseParameters: parameters, ResponseTemplates: templates,
	})
	require.NoError(t, err)
	read, err := w.gateway.GetGatewayResponse(ctx, &apigateway.GetGatewayResponseInput{RestApiId: api, ResponseType: types.GatewayResponseTypeDefault5xx})
	require.NoError(t, err)
	assert.Nil(t, read.StatusCode)
	assert.Equal(t, parameters, read.ResponseParameters)
	assert.Equal(t, templates, read.ResponseTemplates)
	_, err = w.gateway.DeleteGatewayResponse(ctx, &apigateway.DeleteGatewayResponseInput{RestApiId: api, ResponseType: types.GatewayResponseTypeDefault5xx})
	require.NoError(t, err)
}

func account(t *testing.T, w *world) {
	ctx := t.Context()
	w.logsAllowed(t)
	read, err := w.gateway.GetAccount(ctx, &apigateway.GetAccountInput{})
	require.NoError(t, err)
	assert.Equal(t, "arn:aws:iam::123456789012:role/logs", *read.CloudwatchRoleArn)
	assert.NotZero(t, read.ThrottleSettings.BurstLimit)
	assert.NotEmpty(t, read.ApiKeyVersion)
	_, err = w.gateway.UpdateAccount(ctx, &apigateway.UpdateAccountInput{PatchOperations: []types.PatchOperation{replace("/cloudwatchRoleArn", "")}})
	require.NoError(t, err, "it can be taken away")
}
