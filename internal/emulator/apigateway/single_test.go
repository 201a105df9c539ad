package apigateway_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestThePathTreeHasItsRules(t *testing.T) { // fact B1, recorded by LocalStack
	w := newWorld(t)
	api := w.api("x")
	create := func(parent, part string) (*apigateway.CreateResourceOutput, error) {
		return w.client.CreateResource(w.ctx(), &apigateway.CreateResourceInput{RestApiId: api.Id, ParentId: aws.String(parent), PathPart: aws.String(part)})
	}
	pets, err := create(*api.RootResourceId, "pets")
	require.NoError(t, err)
	proxy, err := create(*pets.Id, "{proxy+}")
	require.NoError(t, err)
	assert.Equal(t, "/pets/{proxy+}", *proxy.Path)

	_, err = create(*pets.Id, "{id}")
	w.badRequest(err, "A sibling ({proxy+}) of this resource already has a variable path part -- only one is allowed")
	_, err = create(*proxy.Id, "x")
	w.badRequest(err, "Cannot create a child of a resource with a greedy path variable: {proxy+}")
	_, err = create(*api.RootResourceId, "pets")
	w.conflict(err, "Another resource with the same parent already has this name: pets")
	_, err = create("nosuch", "x")
	w.notFound(err, "Invalid Resource identifier specified")
	_, err = create(*api.RootResourceId, "a/b")
	w.badRequest(err, "Resource's path part only allow")

	update := func(id string, patches ...types.PatchOperation) (*apigateway.UpdateResourceOutput, error) {
		return w.client.UpdateResource(w.ctx(), &apigateway.UpdateResourceInput{RestApiId: api.Id, ResourceId: aws.String(id), PatchOperations: patches})
	}
	_, err = update(*pets.Id, replace("/invalid", "x"))
	w.badRequest(err, "Invalid patch path  '/invalid' specified for op 'replace'. Must be one of: [/parentId, /pathPart]")
	_, err = update(*pets.Id, replace("/parentId", *proxy.Id))
	w.badRequest(err, "Resources cannot be cyclical.")
	_, err = update(*api.RootResourceId, replace("/pathPart", "x"))
	w.badRequest(err, "Root resource cannot update its pathPart.")
	_, err = update(*pets.Id, replace("/pathPart", "dogs"))
	require.NoError(t, err)
	moved, err := w.client.GetResource(w.ctx(), &apigateway.GetResourceInput{RestApiId: api.Id, ResourceId: proxy.Id})
	require.NoError(t, err)
	assert.Equal(t, "/dogs/{proxy+}", *moved.Path)

	_, err = w.client.DeleteResource(w.ctx(), &apigateway.DeleteResourceInput{RestApiId: api.Id, ResourceId: pets.Id})
	require.NoError(t, err)
	left, err := w.client.GetResources(w.ctx(), &apigateway.GetResourcesInput{RestApiId: api.Id})
	require.NoError(t, err)
	assert.Len(t, left.Items, 1, "what is below goes with it")
}

// single makes an API of single calls up to the named method of its root.
type single struct {
	*world
	api, root *string
}

func newSingle(t *testing.T) *single {
	w := newWorld(t)
	api := w.api("single")
	s := &single{world: w, api: api.Id, root: api.RootResourceId}
	require.NoError(t, s.method("GET", nil))
	return s
}

func (s *single) method(verb string, parameters map[string]bool) error {
	_, err := s.client.PutMethod(s.ctx(), &apigateway.PutMethodInput{
		RestApiId: s.api, ResourceId: s.root, HttpMethod: aws.String(verb), AuthorizationType: aws.String("NONE"), RequestParameters: parameters,
	})
	return err
}

func (s *single) integration(change func(*apigateway.PutIntegrationInput)) (*apigateway.PutIntegrationOutput, error) {
	in := &apigateway.PutIntegrationInput{RestApiId: s.api, ResourceId: s.root, HttpMethod: aws.String("GET"), Type: types.IntegrationTypeMock}
	if change != nil {
		change(in)
	}
	return s.client.PutIntegration(s.ctx(), in)
}

func (s *single) answer(status string, parameters, templates map[string]string) error {
	_, err := s.client.PutIntegrationResponse(s.ctx(), &apigateway.PutIntegrationResponseInput{
		RestApiId: s.api, ResourceId: s.root, HttpMethod: aws.String("GET"), StatusCode: aws.String(status),
		ResponseParameters: parameters, ResponseTemplates: templates,
	})
	return err
}

func TestMethods(t *testing.T) {
	s := newSingle(t)
	s.conflict(s.method("GET", nil), "Method already exists for this resource")
	s.badRequest(s.method("TRACE", nil), "Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY")
	s.badRequest(s.method("POST", map[string]bool{"method.request.header.a": true, "method.request.querystring.a": true}), "Parameter names must be unique across querystring, header and path")
	s.badRequest(s.method("POST", map[string]bool{"header.a": true}), "Invalid mapping expression specified: header.a")
	put := func(change func(*apigateway.PutMethodInput)) error {
		in := &apigateway.PutMethodInput{RestApiId: s.api, ResourceId: s.root, HttpMethod: aws.String("PUT"), AuthorizationType: aws.String("NONE")}
		change(in)
		_, err := s.client.PutMethod(s.ctx(), in)
		return err
	}
	s.badRequest(put(func(in *apigateway.PutMethodInput) { in.AuthorizationType = aws.String("CUSTOM") }), "requires a valid authorizer")
	require.NoError(t, put(func(in *apigateway.PutMethodInput) {
		in.HttpMethod, in.AuthorizationType = aws.String("DELETE"), aws.String("AWS_IAM")
	}))
	assert.Contains(t, s.notices, "Neither signatures of clients nor authorizers are evaluated: methods that demand them refuse every request.")
	s.badRequest(put(func(in *apigateway.PutMethodInput) {
		in.RequestModels = map[string]string{"application/json": "petModel"}
	}), "Invalid model identifier specified: petModel")
	s.notFound(put(func(in *apigateway.PutMethodInput) { in.ResourceId = aws.String("nosuch") }), "Invalid Resource identifier specified")
	_, err := s.client.GetMethod(s.ctx(), &apigateway.GetMethodInput{RestApiId: s.api, ResourceId: s.root, HttpMethod: aws.String("HEAD")})
	s.notFound(err, "Invalid Method identifier specified")
	update := func(patches ...types.PatchOperation) error {
		_, err := s.client.UpdateMethod(s.ctx(), &apigateway.UpdateMethodInput{RestApiId: s.api, ResourceId: s.root, HttpMethod: aws.String("GET"), PatchOperations: patches})
		return err
	}
	require.NoError(t, update(types.PatchOperation{Op: types.OpAdd, Path: aws.String("/requestParameters/method.request.header.X"), Value: aws.String("true")}))
	s.badRequest(update(replace("/httpMethod", "PUT")), "Invalid patch path /httpMethod")
	s.badRequest(update(types.PatchOperation{Op: types.OpAdd, Path: aws.String("/operationName"), Value: aws.String("x")}), "Invalid patch operation specified. Must be one of: [replace]")
}

func TestIntegrations(t *testing.T) {
	s := newSingle(t)
	_, err := s.client.GetIntegration(s.ctx(), &apigateway.GetIntegrationInput{RestApiId: s.api, ResourceId: s.root, HttpMethod: aws.String("GET")})
	s.notFound(err, "Invalid Integration identifier specified")
	out, err := s.integration(nil)
	require.NoError(t, err)
	assert.Equal(t, "WHEN_NO_MATCH", *out.PassthroughBehavior, "fact A1")
	assert.EqualValues(t, 29000, out.TimeoutInMillis)

	tests := map[string]struct {
		change  func(*apigateway.PutIntegrationInput)
		message string
	}{
		"HTTP without a verb": {func(in *apigateway.PutIntegrationInput) { in.Type = types.IntegrationTypeHttp }, "Enumeration value for HttpMethod must be non-empty"},
		"HTTP without a URL": {func(in *apigateway.PutIntegrationInput) {
			in.Type, in.IntegrationHttpMethod, in.Uri = types.IntegrationTypeHttp, aws.String("GET"), aws.String("x")
		}, "Invalid HTTP endpoint specified for URI"},
		"an unknown passthrough behaviour": {func(in *apigateway.PutIntegrationInput) { in.PassthroughBehavior = aws.String("X") }, "Invalid passthrough behavior specified"},
		"a template key that is no type":   {func(in *apigateway.PutIntegrationInput) { in.RequestTemplates = map[string]string{"123": "x"} }, "Invalid content type specified: 123"},
		"a template that cannot be run": {func(in *apigateway.PutIntegrationInput) {
			in.RequestTemplates = map[string]string{"application/json": "#foreach("}
		}, "Invalid mapping template: "},
		"a timeout of more than 29 s": {func(in *apigateway.PutIntegrationInput) { in.TimeoutInMillis = aws.Int32(29001) }, "Timeout should be between 50 ms and 29000 ms"},
		"AWS services, by name":       {func(in *apigateway.PutIntegrationInput) { in.Type = types.IntegrationTypeAws }, "own: "},
		"a function that is none (fact J9)": {
			func(in *apigateway.PutIntegrationInput) {
				in.Type, in.IntegrationHttpMethod, in.Uri = types.IntegrationTypeAwsProxy, aws.String("POST"), aws.String("arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/orders/invocations")
			}, "own: AWS_PROXY integrations whose URI is",
		},
		"VPC links, by name": {
			func(in *apigateway.PutIntegrationInput) {
				in.Type, in.IntegrationHttpMethod, in.ConnectionType = types.IntegrationTypeHttp, aws.String("GET"), types.ConnectionTypeVpcLink
			}, "own: VPC links",
		},
	}
	for name, test := range tests {
		t.Run("refused: "+name, func(t *testing.T) {
			_, err := s.integration(test.change)
			s.refusedWith(err, test.message)
		})
	}
	_, err = s.integration(func(in *apigateway.PutIntegrationInput) {
		in.Type, in.IntegrationHttpMethod = types.IntegrationTypeAwsProxy, aws.String("POST")
		in.Uri = aws.String("arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:orders/invocations")
	})
	require.NoError(t, err)
	_, err = s.integration(func(in *apigateway.PutIntegrationInput) { in.Type = "HTTPS_PROXY" })
	s.refuses(err, 400, "ValidationException", "Value 'HTTPS_PROXY' at 'putIntegrationInput.type' failed to satisfy constraint: Member must satisfy enum value set: [HTTP, MOCK, AWS_PROXY, HTTP_PROXY, AWS]")
}

func TestIntegrationResponses(t *testing.T) {
	s := newSingle(t)
	s.notFound(s.answer("503", nil, nil), "Invalid Integration identifier specified")
	_, err := s.integration(nil)
	require.NoError(t, err)
	s.notFound(s.answer("503", nil, nil), "Invalid Response status code specified")
	_, err = s.client.PutMethodResponse(s.ctx(), &apigateway.PutMethodResponseInput{
		RestApiId: s.api, ResourceId: s.root, HttpMethod: aws.String("GET"), StatusCode: aws.String("503"),
		ResponseParameters: map[string]bool{"method.response.header.Retry-After": true},
	})
	require.NoError(t, err)
	s.badRequest(s.answer("503", map[string]string{"method.response.header.X": "'1'"}, nil), "Invalid mapping expression parameter specified: method.response.header.X")
	s.badRequest(s.answer("503", map[string]string{"method.response.header.Retry-After": "120"}, nil), "Invalid mapping expression specified: 120")
	s.badRequest(s.answer("503", nil, map[string]string{"123": "x"}), "Validation Result: warnings : [], errors : [Invalid content type specified: 123]")
	s.refuses(s.answer("wrong", nil, nil), 400, "ValidationException", `Value 'wrong' at 'statusCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [1-5]\d\d`)
	require.NoError(t, s.answer("503", map[string]string{"method.response.header.Retry-After": "'120'"}, map[string]string{"application/json": "{}"}))
}

func TestGatewayResponses(t *testing.T) { // facts B2, B3
	s := newSingle(t)
	get := func(kind types.GatewayResponseType) *apigateway.GetGatewayResponseOutput {
		out, err := s.client.GetGatewayResponse(s.ctx(), &apigateway.GetGatewayResponseInput{RestApiId: s.api, ResponseType: kind})
		require.NoError(t, err)
		return out
	}
	all, err := s.client.GetGatewayResponses(s.ctx(), &apigateway.GetGatewayResponsesInput{RestApiId: s.api})
	require.NoError(t, err)
	assert.Len(t, all.Items, 21)
	stock := get(types.GatewayResponseTypeMissingAuthenticationToken)
	assert.True(t, stock.DefaultResponse)
	assert.Equal(t, "403", *stock.StatusCode)
	assert.Equal(t, `{"message":$context.error.messageString}`, stock.ResponseTemplates["application/json"])

	put := func(kind types.GatewayResponseType, status *string, parameters map[string]string) error {
		_, err := s.client.PutGatewayResponse(s.ctx(), &apigateway.PutGatewayResponseInput{RestApiId: s.api, ResponseType: kind, StatusCode: status, ResponseParameters: parameters})
		return err
	}
	header := map[string]string{"gatewayresponse.header.X": "'on'"}
	require.NoError(t, put(types.GatewayResponseTypeDefault5xx, aws.String("599"), header))
	assert.Equal(t, "599", *get(types.GatewayResponseTypeAuthorizerFailure).StatusCode, "a type that nobody customised inherits")
	assert.Equal(t, header, get(types.GatewayResponseTypeAuthorizerFailure).ResponseParameters)
	assert.Equal(t, "403", *get(types.GatewayResponseTypeMissingAuthenticationToken).StatusCode, "the other family does not")
	require.NoError(t, put(types.GatewayResponseTypeAuthorizerFailure, nil, header))
	assert.Equal(t, "500", *get(types.GatewayResponseTypeAuthorizerFailure).StatusCode, "a customised type inherits nothing")
	require.NoError(t, put(types.GatewayResponseTypeAuthorizerFailure, aws.String("503"), nil))
	assert.Empty(t, get(types.GatewayResponseTypeAuthorizerFailure).ResponseParameters, "put replaces the whole")

	update := func(p types.PatchOperation) error {
		_, err := s.client.UpdateGatewayResponse(s.ctx(), &apigateway.UpdateGatewayResponseInput{RestApiId: s.api, ResponseType: types.GatewayResponseTypeAuthorizerFailure, PatchOperations: []types.PatchOperation{p}})
		return err
	}
	require.NoError(t, update(replace("/statusCode", "444")))
	assert.Equal(t, "444", *get(types.GatewayResponseTypeAuthorizerFailure).StatusCode)
	s.badRequest(update(types.PatchOperation{Op: types.OpAdd, Path: aws.String("/statusCode"), Value: aws.String("444")}), "Invalid patch path /statusCode")
	s.badRequest(update(types.PatchOperation{Op: types.OpReplace}), "Invalid patch path null")
	s.notFound(update(replace("/responseParameters/gatewayresponse.header.Y", "'x'")), "Invalid parameter name specified")

	remove := func(kind types.GatewayResponseType) error {
		_, err := s.client.DeleteGatewayResponse(s.ctx(), &apigateway.DeleteGatewayResponseInput{RestApiId: s.api, ResponseType: kind})
		return err
	}
	require.NoError(t, remove(types.GatewayResponseTypeAuthorizerFailure))
	s.notFound(remove(types.GatewayResponseTypeAuthorizerFailure), "Gateway response type not defined on api")
	s.refuses(remove("FAKE"), 400, "ValidationException", "Value 'FAKE' at 'responseType' failed to satisfy constraint: Member must satisfy enum value set: [REQUEST_TOO_LARGE,")
	s.badRequest(put(types.GatewayResponseTypeThrottled, nil, map[string]string{"gatewayresponse.header.X": "no quotes"}), "Invalid mapping expression specified: no quotes")
}

func TestAPIsAreRefusedAsOnAWS(t *testing.T) { // recorded by LocalStack
	w := newWorld(t)
	create := func(change func(*apigateway.CreateRestApiInput)) error {
		in := &apigateway.CreateRestApiInput{Name: aws.String("x")}
		change(in)
		_, err := w.client.CreateRestApi(w.ctx(), in)
		return err
	}
	w.refuses(create(func(in *apigateway.CreateRestApiInput) { in.EndpointConfiguration = endpoint("wrong") }), 400, "ValidationException",
		"Value '[wrong]' at 'createRestApiInput.endpointConfiguration.types' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [PRIVATE, EDGE, REGIONAL]]")
	w.badRequest(create(func(in *apigateway.CreateRestApiInput) {
		in.EndpointConfiguration = &types.EndpointConfiguration{Types: []types.EndpointType{"EDGE", "REGIONAL"}}
	}), "Cannot create an api with multiple Endpoint Types.")
	w.badRequest(create(func(in *apigateway.CreateRestApiInput) { in.Description = aws.String("") }), "Description cannot be an empty string")
	w.badRequest(create(func(in *apigateway.CreateRestApiInput) { in.MinimumCompressionSize = aws.Int32(-1) }), "Invalid minimum compression size, must be between 0 and 10485760")
	w.badRequest(create(func(in *apigateway.CreateRestApiInput) {
		in.Policy = aws.String(`{"Statement":[{"Effect":"Perhaps","Principal":"*","Action":"execute-api:Invoke"}]}`)
	}), "Invalid policy document. Please check the policy syntax and ensure that Principals are valid.")
	require.NoError(t, create(func(in *apigateway.CreateRestApiInput) {
		in.Policy = aws.String(`{"Statement":[{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"*"}]}`)
	}))

	api := w.api("y")
	update := func(p types.PatchOperation) error {
		_, err := w.client.UpdateRestApi(w.ctx(), &apigateway.UpdateRestApiInput{RestApiId: api.Id, PatchOperations: []types.PatchOperation{p}})
		return err
	}
	w.badRequest(update(types.PatchOperation{Op: types.OpAdd, Path: aws.String("/binaryMediaTypes"), Value: aws.String("x/y")}), "Invalid patch path /binaryMediaTypes")
	w.badRequest(update(replace("/endpointConfiguration/types/0", "wrong")), "Invalid EndpointTypes specified. Valid options are REGIONAL,EDGE,PRIVATE")
	w.badRequest(update(replace("/endpointConfiguration/ipAddressType", "wrong")), "ipAddressType must be either ipv4 or dualstack.")
	require.NoError(t, update(types.PatchOperation{Op: types.OpAdd, Path: aws.String("/binaryMediaTypes/image~1png")}))
	got, err := w.client.GetRestApi(w.ctx(), &apigateway.GetRestApiInput{RestApiId: api.Id})
	require.NoError(t, err)
	assert.Equal(t, []string{"image/png"}, got.BinaryMediaTypes)
	_, err = w.client.GetRestApi(w.ctx(), &apigateway.GetRestApiInput{RestApiId: aws.String("nosuch")})
	w.notFound(err, "Invalid API identifier specified 123456789012:nosuch")
}
