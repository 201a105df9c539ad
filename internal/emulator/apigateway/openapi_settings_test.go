package apigateway_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// petStore uses models, a validator, documentation, an API key and a base path.
const petStore = `{
  "openapi": "3.0.1",
  "info": {"title": "pets", "version": "1"},
  "servers": [{"url": "https://example.com/{base}", "variables": {"base": {"default": "shop/v1"}}}],
  "security": [{"key": []}],
  "components": {
    "securitySchemes": {"key": {"type": "apiKey", "name": "x-api-key", "in": "header"}},
    "schemas": {
      "Pet": {"type": "object", "properties": {"friend": {"$ref": "#/components/schemas/Pet"}}}
    }
  },
  "x-amazon-apigateway-request-validators": {"body": {"validateRequestBody": true}},
  "x-amazon-apigateway-request-validator": "body",
  "x-amazon-apigateway-documentation": {"documentationParts": [{"location": {"type": "API"}, "properties": {"a": 1}}]},
  "x-amazon-apigateway-minimum-compression-size": 5,
  "paths": {"/pets": {
    "post": {
      "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}},
      "responses": {"200": {"description": "", "content": {"application/json": {"schema": {"type": "array"}}}}},
      "x-amazon-apigateway-integration": {"type": "mock", "requestParameters": {"integration.request.querystring.x": true}}
    },
    "get": {"security": []}
  }}
}`

func TestADocumentBringsModelsValidatorsAndDocumentation(t *testing.T) {
	w := newWorld(t)
	id := w.api("pets").Id
	out, err := w.put(*id, petStore)
	require.NoError(t, err)
	assert.EqualValues(t, 5, *out.MinimumCompressionSize)
	assert.Equal(t, []string{"Invalid format for 'requestParameters'. Expected type string for property 'integration.request.querystring.x' of resource '/pets' and method 'POST' but got 'true'"}, out.Warnings)
	pet, err := w.client.GetModel(w.ctx(), &apigateway.GetModelInput{RestApiId: id, ModelName: aws.String("Pet")})
	require.NoError(t, err)
	assert.Contains(t, *pet.Schema, `"$ref":"https://apigateway.amazonaws.com/restapis/`+*id+`/models/Pet"`)
	models, err := w.client.GetModels(w.ctx(), &apigateway.GetModelsInput{RestApiId: id})
	require.NoError(t, err)
	assert.Len(t, models.Items, 2, "overwriting leaves no other, not even Empty and Error; the array is a model of its own")
	parts, err := w.client.GetDocumentationParts(w.ctx(), &apigateway.GetDocumentationPartsInput{RestApiId: id})
	require.NoError(t, err)
	assert.Len(t, parts.Items, 1)
	validators, err := w.client.GetRequestValidators(w.ctx(), &apigateway.GetRequestValidatorsInput{RestApiId: id})
	require.NoError(t, err)
	require.Len(t, validators.Items, 1)

	methods := w.methodsOf(*id, "/pets")
	assert.Equal(t, validators.Items[0].Id, methods["POST"].RequestValidatorId)
	assert.Equal(t, map[string]string{"application/json": "Pet"}, methods["POST"].RequestModels)
	assert.True(t, *methods["POST"].ApiKeyRequired, "as the document says for all methods")
	assert.False(t, *methods["GET"].ApiKeyRequired, "this one lifts it")
}

func TestBasePathsOfADocument(t *testing.T) { // recorded by LocalStack
	for mode, path := range map[string]string{"": "/pets", "ignore": "/pets", "prepend": "/shop/v1/pets", "split": "/v1/pets"} {
		t.Run(mode, func(t *testing.T) {
			w := newWorld(t)
			parameters := map[string]string{}
			if mode != "" {
				parameters["basepath"] = mode
			}
			out, err := w.client.ImportRestApi(w.ctx(), &apigateway.ImportRestApiInput{Body: []byte(petStore), Parameters: parameters})
			require.NoError(t, err)
			assert.NotEmpty(t, w.methodsOf(*out.Id, path))
		})
	}
}

// TestTheBasePathMayBeAServerVariableAlone is recorded by LocalStack.
func TestTheBasePathMayBeAServerVariableAlone(t *testing.T) {
	w := newWorld(t)
	document := `{"openapi": "3.0.1", "info": {"title": "x"}, "servers": [{"url": "https://example.com", "variables": {"basePath": {"default": "/shop"}}}], "paths": {"/pets": {"get": {}}}}`
	out, err := w.client.ImportRestApi(w.ctx(), &apigateway.ImportRestApiInput{Body: []byte(document), Parameters: map[string]string{"basepath": "prepend"}})
	require.NoError(t, err)
	assert.NotEmpty(t, w.methodsOf(*out.Id, "/shop/pets"))
}

func TestWarningsCanFailAnImport(t *testing.T) { // recorded by LocalStack
	w := newWorld(t)
	_, err := w.client.ImportRestApi(w.ctx(), &apigateway.ImportRestApiInput{Body: []byte(petStore), FailOnWarnings: true})
	w.badRequest(err, "Warnings found during import:\n\tInvalid format for 'requestParameters'.")
}

func TestAnAuthorizerInADocumentIsKeptAndSaidToRefuseEverybody(t *testing.T) {
	w := newWorld(t)
	document := `{"swagger": "2.0", "info": {"title": "x"}, "securityDefinitions": {"own": {"type": "apiKey", "name": "Authorization", "in": "header",
		"x-amazon-apigateway-authtype": "custom", "x-amazon-apigateway-authorizer": {"type": "token"}}}, "paths": {"/": {"get": {"security": [{"own": []}]}}}}`
	id := w.api("x").Id
	_, err := w.put(*id, document)
	require.NoError(t, err)
	get := w.methodsOf(*id, "/")["GET"]
	assert.Equal(t, "CUSTOM", *get.AuthorizationType)
	assert.NotEmpty(t, *get.AuthorizerId)
	assert.Equal(t, []string{"Neither signatures of clients nor authorizers are evaluated: methods that demand them refuse every request."}, w.notices)
}
