package apigateway_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const petSchema = `{"title":"Pet","type":"object"}`

func (s *single) model(name, schema string) error {
	_, err := s.client.CreateModel(s.ctx(), &apigateway.CreateModelInput{RestApiId: s.api, Name: &name, ContentType: aws.String("application/json"), Schema: &schema})
	return err
}

func (s *single) updateModel(patches ...types.PatchOperation) (*apigateway.UpdateModelOutput, error) {
	return s.client.UpdateModel(s.ctx(), &apigateway.UpdateModelInput{RestApiId: s.api, ModelName: aws.String("Pet"), PatchOperations: patches})
}

func TestModels(t *testing.T) { // recorded by LocalStack
	s := newSingle(t)
	require.NoError(t, s.model("Pet", petSchema))
	s.conflict(s.model("Pet", petSchema), "Model name already exists for this REST API")
	s.badRequest(s.model("", petSchema), "Model name must be non-empty")
	s.badRequest(s.model("Other", ""), "Model schema must have at least 1 property or array items defined")

	models, err := s.client.GetModels(s.ctx(), &apigateway.GetModelsInput{RestApiId: s.api})
	require.NoError(t, err)
	names := []string{}
	for _, model := range models.Items {
		names = append(names, *model.Name)
	}
	assert.ElementsMatch(t, []string{"Empty", "Error", "Pet"}, names)
	updated, err := s.updateModel(replace("/schema", `{"type":"array"}`), replace("/description", "pets"))
	require.NoError(t, err)
	assert.Equal(t, "pets", *updated.Description)
	assert.JSONEq(t, `{"type":"array"}`, *updated.Schema)
	_, err = s.updateModel(types.PatchOperation{Op: types.OpAdd, Path: aws.String("/wrong-path")})
	s.badRequest(err, "Invalid patch path  '/wrong-path' specified for op 'add'. Please choose supported operations")
	_, err = s.updateModel(replace("/name", "x"))
	s.badRequest(err, "Invalid patch path  '/name' specified for op 'replace'. Must be one of: [/description, /schema]")
	_, err = s.client.GetModel(s.ctx(), &apigateway.GetModelInput{RestApiId: aws.String("nosuch"), ModelName: aws.String("Pet")})
	s.notFound(err, "Invalid model name specified: Pet")
}

func TestAModelInUseIsNotDeleted(t *testing.T) { // recorded by LocalStack
	s := newSingle(t)
	require.NoError(t, s.model("Pet", petSchema))
	_, err := s.client.PutMethod(s.ctx(), &apigateway.PutMethodInput{
		RestApiId: s.api, ResourceId: s.root, HttpMethod: aws.String("ANY"), AuthorizationType: aws.String("NONE"), RequestModels: map[string]string{"application/json": "Pet"},
	})
	require.NoError(t, err)
	remove := func() error {
		_, err := s.client.DeleteModel(s.ctx(), &apigateway.DeleteModelInput{RestApiId: s.api, ModelName: aws.String("Pet")})
		return err
	}
	s.conflict(remove(), "Cannot delete model 'Pet', is referenced in method request: //ANY")
	_, err = s.client.DeleteMethod(s.ctx(), &apigateway.DeleteMethodInput{RestApiId: s.api, ResourceId: s.root, HttpMethod: aws.String("ANY")})
	require.NoError(t, err)
	require.NoError(t, remove())
	s.notFound(remove(), "Invalid model name specified: Pet")
}

func TestRequestValidators(t *testing.T) { // recorded by LocalStack
	s := newSingle(t)
	made, err := s.client.CreateRequestValidator(s.ctx(), &apigateway.CreateRequestValidatorInput{RestApiId: s.api, Name: aws.String("all")})
	require.NoError(t, err)
	update := func(p types.PatchOperation) (*apigateway.UpdateRequestValidatorOutput, error) {
		return s.client.UpdateRequestValidator(s.ctx(), &apigateway.UpdateRequestValidatorInput{RestApiId: s.api, RequestValidatorId: made.Id, PatchOperations: []types.PatchOperation{p}})
	}
	updated, err := update(replace("/validateRequestBody", "true"))
	require.NoError(t, err)
	assert.True(t, updated.ValidateRequestBody)
	assert.False(t, updated.ValidateRequestParameters)
	updated, err = update(types.PatchOperation{Op: types.OpReplace, Path: aws.String("/validateRequestBody")})
	require.NoError(t, err)
	assert.False(t, updated.ValidateRequestBody, "no value is false")
	_, err = update(replace("/name", ""))
	s.badRequest(err, "Request Validator name cannot be blank")
	_, err = update(replace("/invalidPath", "x"))
	s.badRequest(err, "Invalid patch path  '/invalidPath' specified for op 'replace'. Must be one of: [/name, /validateRequestParameters, /validateRequestBody]")
	_, err = s.client.CreateRequestValidator(s.ctx(), &apigateway.CreateRequestValidatorInput{RestApiId: aws.String("nosuch"), Name: aws.String("all")})
	s.badRequest(err, "Invalid REST API identifier specified")
	remove := func() error {
		_, err := s.client.DeleteRequestValidator(s.ctx(), &apigateway.DeleteRequestValidatorInput{RestApiId: s.api, RequestValidatorId: made.Id})
		return err
	}
	require.NoError(t, remove())
	s.notFound(remove(), "Invalid Request Validator identifier specified")
}

func TestDocumentation(t *testing.T) { // recorded by LocalStack
	w := newWorld(t)
	api, _ := w.deployed("documented", "live")
	id := aws.String(api)
	location := &types.DocumentationPartLocation{Type: types.DocumentationPartTypeApi}
	part, err := w.client.CreateDocumentationPart(w.ctx(), &apigateway.CreateDocumentationPartInput{RestApiId: id, Location: location, Properties: aws.String(`{"foo":"bar"}`)})
	require.NoError(t, err)
	parts, err := w.client.GetDocumentationParts(w.ctx(), &apigateway.GetDocumentationPartsInput{RestApiId: id})
	require.NoError(t, err)
	assert.Equal(t, []types.DocumentationPart{{Id: part.Id, Location: location, Properties: aws.String(`{"foo":"bar"}`)}}, parts.Items)
	_, err = w.client.CreateDocumentationPart(w.ctx(), &apigateway.CreateDocumentationPartInput{RestApiId: id, Location: &types.DocumentationPartLocation{Type: "INVALID"}, Properties: aws.String("{}")})
	w.refuses(err, 400, "ValidationException", "Value 'INVALID' at 'createDocumentationPartInput.location.type' failed to satisfy constraint: Member must satisfy enum value set: [RESPONSE_BODY,")
	_, err = w.client.UpdateDocumentationPart(w.ctx(), &apigateway.UpdateDocumentationPartInput{RestApiId: id, DocumentationPartId: part.Id, PatchOperations: []types.PatchOperation{replace("/invalidPath", "x")}})
	w.badRequest(err, "Invalid patch path  '/invalidPath' specified for op 'replace'. Must be one of: [/properties]")

	version, err := w.client.CreateDocumentationVersion(w.ctx(), &apigateway.CreateDocumentationVersionInput{RestApiId: id, DocumentationVersion: aws.String("v1"), StageName: aws.String("live")})
	require.NoError(t, err)
	assert.Equal(t, "v1", *version.Version)
	stage, err := w.client.GetStage(w.ctx(), &apigateway.GetStageInput{RestApiId: id, StageName: aws.String("live")})
	require.NoError(t, err)
	assert.Equal(t, "v1", *stage.DocumentationVersion)
	_, err = w.client.DeleteDocumentationPart(w.ctx(), &apigateway.DeleteDocumentationPartInput{RestApiId: id, DocumentationPartId: part.Id})
	require.NoError(t, err)
	_, err = w.client.GetDocumentationPart(w.ctx(), &apigateway.GetDocumentationPartInput{RestApiId: id, DocumentationPartId: part.Id})
	w.notFound(err, "Invalid Documentation part identifier specified")
}
