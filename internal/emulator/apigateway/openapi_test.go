package apigateway_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	control "apigateway-maintenance/internal/emulator/apigateway"
)

func TestADocumentMakesTheAPI(t *testing.T) {
	w := newWorld(t)
	api := w.api("before")
	out, err := w.put(*api.Id, mockDocument)
	require.NoError(t, err)
	assert.Equal(t, "mock", *out.Name, "the title names the API")
	assert.Equal(t, "1.0", *out.Version)
	assert.Equal(t, []types.EndpointType{types.EndpointTypeRegional}, out.EndpointConfiguration.Types, "a document does not change the endpoint")

	resources, err := w.client.GetResources(w.ctx(), &apigateway.GetResourcesInput{RestApiId: api.Id, Embed: []string{"methods"}})
	require.NoError(t, err)
	require.Len(t, resources.Items, 2)
	assert.Equal(t, *api.RootResourceId, *resources.Items[0].Id)
	proxy := resources.Items[1]
	assert.Equal(t, "/{proxy+}", *proxy.Path)
	method := proxy.ResourceMethods["ANY"]
	assert.Equal(t, types.IntegrationTypeMock, method.MethodIntegration.Type)
	assert.Equal(t, "NEVER", *method.MethodIntegration.PassthroughBehavior)
	response := method.MethodIntegration.IntegrationResponses["503"]
	assert.Empty(t, aws.ToString(response.SelectionPattern), "default means no pattern")
	assert.Equal(t, "'120'", response.ResponseParameters["method.response.header.Retry-After"])
	assert.Equal(t, map[string]bool{"method.response.header.Retry-After": false}, method.MethodResponses["503"].ResponseParameters)
	gateway, err := w.client.GetGatewayResponse(w.ctx(), &apigateway.GetGatewayResponseInput{RestApiId: api.Id, ResponseType: types.GatewayResponseTypeDefault4xx})
	require.NoError(t, err)
	assert.Equal(t, "503", *gateway.StatusCode, "a status may be a number (recorded by LocalStack)")
}

func TestOverwritingResetsWhatTheDocumentLacks(t *testing.T) { // facts B4, E6
	w := newWorld(t)
	created, err := w.client.CreateRestApi(w.ctx(), &apigateway.CreateRestApiInput{
		Name: aws.String("x"), Description: aws.String("mine"), BinaryMediaTypes: []string{"image/png"}, Tags: map[string]string{"a": "b"},
	})
	require.NoError(t, err)
	_, err = w.client.CreateResource(w.ctx(), &apigateway.CreateResourceInput{RestApiId: created.Id, ParentId: created.RootResourceId, PathPart: aws.String("gone")})
	require.NoError(t, err)
	_, err = w.client.PutGatewayResponse(w.ctx(), &apigateway.PutGatewayResponseInput{RestApiId: created.Id, ResponseType: types.GatewayResponseTypeThrottled})
	require.NoError(t, err)

	out, err := w.put(*created.Id, mockDocument)
	require.NoError(t, err)
	assert.Empty(t, aws.ToString(out.Description))
	assert.Empty(t, out.BinaryMediaTypes)
	assert.Equal(t, map[string]string{"a": "b"}, out.Tags)
	resources, err := w.client.GetResources(w.ctx(), &apigateway.GetResourcesInput{RestApiId: created.Id})
	require.NoError(t, err)
	assert.Len(t, resources.Items, 2)
	_, err = w.client.DeleteGatewayResponse(w.ctx(), &apigateway.DeleteGatewayResponseInput{RestApiId: created.Id, ResponseType: types.GatewayResponseTypeThrottled})
	w.notFound(err, "Gateway response type not defined on api")

	again, err := w.put(*created.Id, mockDocument)
	require.NoError(t, err)
	assert.Equal(t, *created.RootResourceId, *again.RootResourceId)
	kept, err := w.client.GetResources(w.ctx(), &apigateway.GetResourcesInput{RestApiId: created.Id})
	require.NoError(t, err)
	assert.Equal(t, *resources.Items[1].Id, *kept.Items[1].Id, "a path that stays keeps its resource")
}

func TestMergingKeepsWhatTheDocumentLacks(t *testing.T) { // fact E6
	w := newWorld(t)
	created, err := w.client.CreateRestApi(w.ctx(), &apigateway.CreateRestApiInput{Name: aws.String("x"), Description: aws.String("mine"), BinaryMediaTypes: []string{"image/png"}})
	require.NoError(t, err)
	_, err = w.client.CreateResource(w.ctx(), &apigateway.CreateResourceInput{RestApiId: created.Id, ParentId: created.RootResourceId, PathPart: aws.String("kept")})
	require.NoError(t, err)
	out, err := w.client.PutRestApi(w.ctx(), &apigateway.PutRestApiInput{RestApiId: created.Id, Mode: types.PutModeMerge, Body: []byte(mockDocument)})
	require.NoError(t, err)
	assert.Equal(t, "mine", *out.Description)
	assert.Equal(t, []string{"image/png"}, out.BinaryMediaTypes)
	resources, err := w.client.GetResources(w.ctx(), &apigateway.GetResourcesInput{RestApiId: created.Id})
	require.NoError(t, err)
	assert.Len(t, resources.Items, 3)
}

func TestADocumentMayBeYAMLOrSwagger2(t *testing.T) {
	w := newWorld(t)
	api := w.api("x")
	_, err := w.put(*api.Id, `
swagger: "2.0"
info: {title: old, version: 1}
paths:
  /pets/{id}:
    get:
      parameters:
        - {name: id, in: path, required: true, type: string}
      responses:
        200:
          description: ok
          headers: {X-A: {type: string}}
          schema: {$ref: "#/definitions/Empty"}
      x-amazon-apigateway-integration:
        type: http
        httpMethod: get
        uri: http://backend.example.com/{id}
        requestParameters: {integration.request.path.id: method.request.path.id}
        responses:
          "2\\d\\d": {statusCode: 200, responseParameters: {method.response.header.X-A: integration.response.header.X-B}}
definitions:
  Empty: {type: object}
`)
	require.NoError(t, err)
	resources, err := w.client.GetResources(w.ctx(), &apigateway.GetResourcesInput{RestApiId: api.Id, Embed: []string{"methods"}})
	require.NoError(t, err)
	require.Len(t, resources.Items, 3, "/, /pets and /pets/{id}")
	method := resources.Items[2].ResourceMethods["GET"]
	assert.Equal(t, map[string]bool{"method.request.path.id": true}, method.RequestParameters)
	assert.Equal(t, map[string]string{"application/json": "Empty"}, method.MethodResponses["200"].ResponseModels)
	assert.Equal(t, `2\d\d`, *method.MethodIntegration.IntegrationResponses["200"].SelectionPattern)
	assert.Equal(t, "GET", *method.MethodIntegration.HttpMethod)
}

// proxied declares its path's parameter where the standard lets one declare it
// for all operations at once.
const proxied = `{"openapi": "3.0.1", "info": {"title": "x", "version": "1"}, "paths": {"/{proxy+}": {
	"parameters": [{"name": "proxy", "in": "path", "required": true, "schema": {"type": "string"}}],
	"x-amazon-apigateway-any-method": {"x-amazon-apigateway-integration": {"type": "http_proxy", "httpMethod": "ANY", "uri": "http://x.example.com/{proxy}",
		"requestParameters": {"integration.request.path.proxy": "method.request.path.proxy"}}}}}}`

func TestParametersOfAPathAreDropped(t *testing.T) { // fact J2
	w := newWorld(t)
	api := w.api("x")
	_, err := w.put(*api.Id, proxied)
	w.badRequest(err, "Invalid mapping expression parameter specified: method.request.path.proxy")
}

func TestParametersOfAPathCanBeKept(t *testing.T) {
	var told []string
	w := newWorldWith(t, func(c *control.Config) {
		c.PathParameters = func(_, path string) { told = append(told, path) }
	})
	api := w.api("x")
	_, err := w.put(*api.Id, proxied)
	require.NoError(t, err)
	assert.Equal(t, []string{"/{proxy+}"}, told)
	resources, err := w.client.GetResources(w.ctx(), &apigateway.GetResourcesInput{RestApiId: api.Id, Embed: []string{"methods"}})
	require.NoError(t, err)
	assert.Equal(t, map[string]bool{"method.request.path.proxy": true}, resources.Items[1].ResourceMethods["ANY"].RequestParameters)
}

func TestADocumentSetsTheSecurityPolicy(t *testing.T) { // fact J3
	w := newWorld(t)
	api := w.api("x")
	with := func(members string) string {
		return `{"openapi": "3.0.1", "info": {"title": "x", "version": "1"}, "paths": {}, ` + members + `}`
	}
	out, err := w.put(*api.Id, with(`"x-amazon-apigateway-security-policy": "SecurityPolicy_TLS13_1_3_2025_09", "x-amazon-apigateway-endpoint-access-mode": "BASIC"`))
	require.NoError(t, err)
	assert.Equal(t, types.SecurityPolicySecurityPolicyTls1313202509, out.SecurityPolicy)
	assert.Equal(t, types.EndpointAccessModeBasic, out.EndpointAccessMode)
	out, err = w.put(*api.Id, with(`"x-amazon-apigateway-security-policy": "TLS_1_2"`))
	require.NoError(t, err)
	assert.Equal(t, types.SecurityPolicyTls12, out.SecurityPolicy)

	api = w.api("y")
	_, err = w.put(*api.Id, with(`"x-amazon-apigateway-security-policy": "SecurityPolicy_TLS13_1_3_2025_09"`))
	w.badRequest(err, "Endpoint access mode is required for the specified security policy")
	_, err = w.put(*api.Id, with(`"x-amazon-apigateway-security-policy": "SecurityPolicy_TLS13_2025_EDGE", "x-amazon-apigateway-endpoint-access-mode": "BASIC"`))
	w.badRequest(err, "not for endpoints of type REGIONAL")
}

// document wraps one method of the root.
func document(method string) string {
	return `{"openapi": "3.0.1", "info": {"title": "x", "version": "1"}, "paths": {"/": {"get": ` + method + `}}}`
}

func TestDocumentsAreRefused(t *testing.T) {
	tests := map[string]struct{ document, message string }{
		"that are no document (recorded by LocalStack)":           {`{"a": 1}`, "Invalid OpenAPI input."},
		"that are neither JSON nor YAML (recorded by LocalStack)": {"\x00{{{", "Invalid OpenAPI input."},
		"of OpenAPI 3.1, which API Gateway does not read":         {`{"openapi": "3.1.0", "info": {"title": "x"}, "paths": {}}`, "Invalid OpenAPI input."},
		"with a response for a status that the method does not declare": {
			document(`{"x-amazon-apigateway-integration": {"type": "mock", "responses": {"default": {"statusCode": "200"}}}}`),
			"Unable to put integration response on 'GET' for resource at path '/': Invalid Response status code specified",
		},
		"that map a header the method response does not declare": {
			document(`{"responses": {"200": {"description": ""}}, "x-amazon-apigateway-integration": {"type": "mock", "responses": {"default": {"statusCode": "200", "responseParameters": {"method.response.header.X": "'1'"}}}}}`),
			"Invalid mapping expression parameter specified: method.response.header.X",
		},
		"with an unknown passthrough behaviour": {
			document(`{"x-amazon-apigateway-integration": {"type": "mock", "passthroughBehavior": "sometimes"}}`), "Invalid passthrough behavior specified",
		},
		"with a template key that is no media type (recorded by LocalStack)": {
			document(`{"x-amazon-apigateway-integration": {"type": "mock", "requestTemplates": {"123": "x"}}}`), "Invalid content type specified: 123",
		},
		"with a template that the emulator cannot run": {
			document(`{"x-amazon-apigateway-integration": {"type": "mock", "requestTemplates": {"application/json": "#if(true)"}}}`), "Invalid mapping template: ",
		},
		"with a template of more than 300 KB (fact A6)": {
			document(`{"x-amazon-apigateway-integration": {"type": "mock", "requestTemplates": {"application/json": "` + strings.Repeat("a", 300*1024+1) + `"}}}`), "the limit is 307200",
		},
		"that proxy a path parameter the method does not declare": {
			document(`{"x-amazon-apigateway-integration": {"type": "http_proxy", "httpMethod": "GET", "uri": "http://x.example.com", "requestParameters": {"integration.request.path.p": "method.request.path.p"}}}`),
			"Invalid mapping expression parameter specified: method.request.path.p",
		},
		"with an unknown gateway response type": {
			`{"openapi": "3.0.1", "info": {"title": "x"}, "paths": {}, "x-amazon-apigateway-gateway-responses": {"NOPE": {}}}`, "Invalid gateway response type specified: NOPE",
		},
		"that reach AWS services, by name": {document(`{"x-amazon-apigateway-integration": {"type": "aws", "httpMethod": "POST", "uri": "arn:x"}}`), "own: integrations of type AWS"},
		"that proxy to other than functions": {
			document(`{"x-amazon-apigateway-integration": {"type": "aws_proxy", "httpMethod": "POST", "uri": "arn:aws:apigateway:eu-west-1:s3:path/x"}}`), "Integrations of type 'AWS_PROXY' currently only supports Lambda function",
		},
		"that proxy to a URL": {
			document(`{"x-amazon-apigateway-integration": {"type": "aws_proxy", "httpMethod": "POST", "uri": "https://x.example.com"}}`), "Invalid ARN specified in the request",
		},
		"that proxy to a function by no verb": {
			document(`{"x-amazon-apigateway-integration": {"type": "aws_proxy", "uri": "arn:x"}}`), "Enumeration value for HttpMethod must be non-empty",
		},
		"with an extension that the emulator does not know, by name": {
			`{"openapi": "3.0.1", "info": {"title": "x"}, "paths": {}, "x-amazon-apigateway-nosuch": "1"}`, "own: the extension x-amazon-apigateway-nosuch",
		},
		"with an unknown member of an integration, by name": {
			document(`{"x-amazon-apigateway-integration": {"type": "mock", "tlsConfig": {}}}`), "own: the member \"tlsConfig\" of x-amazon-apigateway-integration",
		},
		"with two variables under one parent (fact B1)": {
			`{"openapi": "3.0.1", "info": {"title": "x"}, "paths": {"/{a}": {}, "/{b}": {}}}`, "A sibling ({a}) of this resource already has a variable path part",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			api, _ := w.deployed("kept", "live")
			_, err := w.put(api, test.document)
			w.refusedWith(err, test.message)
			resources, err := w.client.GetResources(w.ctx(), &apigateway.GetResourcesInput{RestApiId: aws.String(api)})
			require.NoError(t, err)
			assert.Len(t, resources.Items, 2, "a refused document changes nothing")
		})
	}
}

func TestADocumentOfMoreThan6MBIsRefused(t *testing.T) { // fact F1
	w := newWorld(t)
	api := w.api("x")
	_, err := w.put(*api.Id, `{"openapi": "3.0.1", "info": {"title": "`+strings.Repeat("a", 6<<20)+`"}, "paths": {}}`)
	w.badRequest(err, "API Gateway takes at most 6291456")
}

func TestADocumentCanBeImportedAsANewAPI(t *testing.T) {
	w := newWorld(t)
	out, err := w.client.ImportRestApi(w.ctx(), &apigateway.ImportRestApiInput{Body: []byte(mockDocument), Parameters: map[string]string{"endpointConfigurationTypes": "REGIONAL"}})
	require.NoError(t, err)
	assert.Equal(t, "mock", *out.Name)
	_, err = w.client.ImportRestApi(w.ctx(), &apigateway.ImportRestApiInput{Body: []byte(mockDocument), Parameters: map[string]string{"ignore": "everything"}})
	w.unsupported(err, "ignore=everything")
}
