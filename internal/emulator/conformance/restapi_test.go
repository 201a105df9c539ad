package conformance

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// restAPI: internal/service/apigateway/rest_api.go at 00a35305 (6.28 to 6.50), and
// the waiters of pull request 49205, which come after each write.
func restAPI(t *testing.T, w *world) {
	ctx := t.Context()
	created, err := w.gateway.CreateRestApi(ctx, &apigateway.CreateRestApiInput{
		Name: aws.String("orders"), Description: aws.String("Orders."), EndpointConfiguration: regional(), Tags: map[string]string{"team": "a"},
	})
	require.NoError(t, err)
	imported, err := w.gateway.PutRestApi(ctx, &apigateway.PutRestApiInput{RestApiId: created.Id, Mode: types.PutModeOverwrite, Body: []byte(document)})
	require.NoError(t, err)
	assert.Empty(t, updateAfterImport(imported), "a document with a description needs no third call")
	w.restAPIAvailable(t, created.Id)

	read, err := w.gateway.GetRestApi(ctx, &apigateway.GetRestApiInput{RestApiId: created.Id})
	require.NoError(t, err)
	assert.Equal(t, types.ApiKeySourceTypeHeader, read.ApiKeySource)
	assert.Empty(t, read.BinaryMediaTypes)
	assert.NotNil(t, read.CreatedDate, "the provider formats it without a look")
	assert.Equal(t, "Orders.", *read.Description)
	assert.False(t, read.DisableExecuteApiEndpoint)
	assert.Empty(t, read.EndpointAccessMode, "Optional and not Computed")
	assert.Equal(t, []types.EndpointType{types.EndpointTypeRegional}, read.EndpointConfiguration.Types)
	assert.Equal(t, types.IpAddressTypeIpv4, read.EndpointConfiguration.IpAddressType)
	assert.Empty(t, read.EndpointConfiguration.VpcEndpointIds)
	assert.Nil(t, read.MinimumCompressionSize)
	assert.Equal(t, "orders", *read.Name)
	assert.Nil(t, read.Policy)
	assert.Equal(t, types.SecurityPolicyTls10, read.SecurityPolicy)
	assert.Equal(t, map[string]string{"team": "a"}, read.Tags)
	w.rootResource(t, created.Id)

	_, err = w.gateway.UpdateRestApi(ctx, &apigateway.UpdateRestApiInput{RestApiId: created.Id, PatchOperations: []types.PatchOperation{
		replace("/description", "More orders."), replace("/disableExecuteApiEndpoint", "true"),
		replace("/endpointAccessMode", "STRICT"), replace("/securityPolicy", "SecurityPolicy_TLS13_1_3_2025_09"),
	}})
	require.NoError(t, err)
	w.restAPIAvailable(t, created.Id)
	read, err = w.gateway.GetRestApi(ctx, &apigateway.GetRestApiInput{RestApiId: created.Id})
	require.NoError(t, err)
	assert.Equal(t, "More orders.", *read.Description)
	assert.True(t, read.DisableExecuteApiEndpoint)
	assert.Equal(t, types.EndpointAccessModeStrict, read.EndpointAccessMode)
	assert.Equal(t, types.SecurityPolicySecurityPolicyTls1313202509, read.SecurityPolicy)

	arn := aws.String("arn:aws:apigateway:eu-west-1::/restapis/" + *created.Id)
	_, err = w.gateway.UntagResource(ctx, &apigateway.UntagResourceInput{ResourceArn: arn, TagKeys: []string{"team"}})
	require.NoError(t, err)
	_, err = w.gateway.TagResource(ctx, &apigateway.TagResourceInput{ResourceArn: arn, Tags: map[string]string{"team": "b"}})
	require.NoError(t, err)
	read, err = w.gateway.GetRestApi(ctx, &apigateway.GetRestApiInput{RestApiId: created.Id})
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"team": "b"}, read.Tags)

	_, err = w.gateway.DeleteRestApi(ctx, &apigateway.DeleteRestApiInput{RestApiId: created.Id})
	require.NoError(t, err)
	_, err = w.gateway.GetRestApi(ctx, &apigateway.GetRestApiInput{RestApiId: created.Id})
	require.ErrorAs(t, err, new(*types.NotFoundException), "the wait for the end of it")
}

// updateAfterImport gives what the provider would put back after an import:
// the configured values that the answer lacks.
func updateAfterImport(imported *apigateway.PutRestApiOutput) []string {
	var lost []string
	if aws.ToString(imported.Description) != "Orders." {
		lost = append(lost, "/description")
	}
	if aws.ToString(imported.Name) != "orders" {
		lost = append(lost, "/name")
	}
	if imported.EndpointConfiguration == nil || len(imported.EndpointConfiguration.Types) == 0 {
		lost = append(lost, "/endpointConfiguration") // the provider dereferences it
	}
	return lost
}

// restAPIAvailable is the waiter: PENDING and UPDATING are waited for, whatever
// else is not AVAILABLE is an error.
func (w *world) restAPIAvailable(t *testing.T, id *string) {
	t.Helper()
	read, err := w.gateway.GetRestApi(t.Context(), &apigateway.GetRestApiInput{RestApiId: id})
	require.NoError(t, err)
	require.Equal(t, types.ApiStatusAvailable, read.ApiStatus)
}

// rootResource is how the provider finds root_resource_id.
func (w *world) rootResource(t *testing.T, id *string) {
	t.Helper()
	list, err := w.gateway.GetResources(t.Context(), &apigateway.GetResourcesInput{RestApiId: id})
	require.NoError(t, err)
	for _, resource := range list.Items {
		if aws.ToString(resource.Path) == "/" {
			assert.NotEmpty(t, aws.ToString(resource.Id))
			return
		}
	}
	t.Error("no resource has the path /")
}
