package apigateway_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPoliciesAreStored(t *testing.T) {
	const open = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"execute-api:/live/*"}}`
	const closed = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"execute-api:Invoke","Resource":"*"}]}`
	w := newWorld(t)
	api := w.api("x")
	set := func(policy string) (*apigateway.UpdateRestApiOutput, error) {
		return w.client.UpdateRestApi(w.ctx(), &apigateway.UpdateRestApiInput{RestApiId: api.Id, PatchOperations: []types.PatchOperation{replace("/policy", policy)}})
	}
	out, err := set(open)
	require.NoError(t, err)
	assert.Contains(t, *out.Policy, `arn:aws:execute-api:eu-west-1:123456789012:`+*api.Id+`/live/*`, "API Gateway fills in the API")
	assert.Empty(t, w.notices, "it lets everybody in, as the emulator does")
	_, err = set(closed)
	require.NoError(t, err)
	assert.Equal(t, []string{"Resource policies of REST APIs are stored and not enforced: every request is let through."}, w.notices)
	for _, policy := range []string{"{", "{}", `{"Statement":[{"Effect":"Allow"}]}`} {
		_, err = set(policy)
		w.badRequest(err, "Invalid policy document. Please check the policy syntax and ensure that Principals are valid.")
	}
	out, err = set("")
	require.NoError(t, err)
	assert.Nil(t, out.Policy)
}

func TestCompressionIsStored(t *testing.T) { // recorded by LocalStack
	w := newWorld(t)
	api := w.api("x")
	set := func(value *string) (*apigateway.UpdateRestApiOutput, error) {
		patch := types.PatchOperation{Op: types.OpReplace, Path: aws.String("/minimumCompressionSize"), Value: value}
		return w.client.UpdateRestApi(w.ctx(), &apigateway.UpdateRestApiInput{RestApiId: api.Id, PatchOperations: []types.PatchOperation{patch}})
	}
	out, err := set(aws.String("0"))
	require.NoError(t, err)
	assert.EqualValues(t, 0, *out.MinimumCompressionSize)
	assert.Equal(t, []string{"minimum_compression_size is stored and not enforced: no answer is compressed."}, w.notices)
	out, err = set(nil)
	require.NoError(t, err)
	assert.Nil(t, out.MinimumCompressionSize)
	for _, wrong := range []string{"-1", "test"} {
		_, err = set(aws.String(wrong))
		w.badRequest(err, "Invalid minimum compression size, must be between 0 and 10485760")
	}
}

func TestPrivateAPIs(t *testing.T) { // recorded by LocalStack, but for the last two
	w := newWorld(t)
	create := func(change func(*apigateway.CreateRestApiInput)) (*apigateway.CreateRestApiOutput, error) {
		in := &apigateway.CreateRestApiInput{Name: aws.String("x"), EndpointConfiguration: &types.EndpointConfiguration{Types: []types.EndpointType{"PRIVATE"}}}
		change(in)
		return w.client.CreateRestApi(w.ctx(), in)
	}
	_, err := create(func(in *apigateway.CreateRestApiInput) { in.EndpointConfiguration.IpAddressType = "ipv4" })
	w.badRequest(err, "Only dualstack ipAddressType is supported for Private APIs.")
	_, err = create(func(in *apigateway.CreateRestApiInput) {
		in.EndpointConfiguration.IpAddressType, in.Description = "ipv4", aws.String("")
	})
	w.badRequest(err, "Description cannot be an empty string")
	api, err := create(func(in *apigateway.CreateRestApiInput) {
		in.EndpointConfiguration.VpcEndpointIds = []string{"vpce-0123456789abcdef0"}
	})
	require.NoError(t, err)
	assert.Equal(t, types.IpAddressTypeDualstack, api.EndpointConfiguration.IpAddressType)
	_, err = w.put(*api.Id, mockDocument)
	require.NoError(t, err)
	_, err = w.client.CreateDeployment(w.ctx(), &apigateway.CreateDeploymentInput{RestApiId: api.Id})
	w.badRequest(err, "Private REST API doesn't have a resource policy attached to it")
}
