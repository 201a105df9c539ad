package apigateway_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// raw sends a call that the SDK would not send.
func (w *world) raw(method, path, body string) (status int, answer string) {
	w.Helper()
	request, err := http.NewRequestWithContext(w.ctx(), method, w.url+path, strings.NewReader(body))
	require.NoError(w, err)
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=key/20261124/eu-west-1/apigateway/aws4_request")
	response, err := http.DefaultClient.Do(request)
	require.NoError(w, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(w, err)
	return response.StatusCode, string(text)
}

// TestAnIntegrationResponseNeedsNoMethodResponse: the method declares no 418
// (recorded by LocalStack); a header does need one (that issue of AWS's old
// importer).
func TestAnIntegrationResponseNeedsNoMethodResponse(t *testing.T) {
	s := newSingle(t)
	_, err := s.integration(nil)
	require.NoError(t, err)
	s.badRequest(s.answer("418", nil, map[string]string{"123": "x"}), "Validation Result: warnings : [], errors : [Invalid content type specified: 123]")
	require.NoError(t, s.answer("418", nil, map[string]string{"application/json": "x"}))
	s.badRequest(s.answer("418", map[string]string{"method.response.header.X": "'1'"}, nil), "errors : [No method response exists for method.]")
}

// TestAValueOfTheWrongTypeIsNamedAsJavaDoes sends what the SDK would not
// (recorded by LocalStack).
func TestAValueOfTheWrongTypeIsNamedAsJavaDoes(t *testing.T) {
	s := newSingle(t)
	for value, class := range map[string]string{"true": "java.lang.Boolean", "123": "com.amazon.coral.value.json.numbers.TruncatingBigNumber"} {
		body := `{"type":"MOCK","requestTemplates":{"application/json":` + value + `}}`
		status, answer := s.raw(http.MethodPut, "/restapis/"+*s.api+"/resources/"+*s.root+"/methods/GET/integration", body)
		assert.Equal(t, http.StatusBadRequest, status)
		assert.JSONEq(t, `{"message":"class `+class+` can not be converted to an String"}`, answer)
	}
}

// TestSettingsAreChangedAsRecorded is what LocalStack recorded.
func TestSettingsAreChangedAsRecorded(t *testing.T) {
	w := newWorld(t)
	api, _ := w.deployed("x", "live")
	update := func(patches ...types.PatchOperation) (*apigateway.UpdateRestApiOutput, error) {
		return w.client.UpdateRestApi(w.ctx(), &apigateway.UpdateRestApiInput{RestApiId: &api, PatchOperations: patches})
	}
	add := func(path string) types.PatchOperation {
		return types.PatchOperation{Op: types.OpAdd, Path: aws.String(path)}
	}
	out, err := update(add("/binaryMediaTypes/image~1png"), add("/binaryMediaTypes/image~1jpeg"), replace("/binaryMediaTypes/image~1png", "image/gif"), add("/binaryMediaTypes/-"))
	require.NoError(t, err)
	assert.Equal(t, []string{"image/jpeg", "image/gif", "-"}, out.BinaryMediaTypes, "what replaces another comes last, and a path is no array's")
	_, err = update(types.PatchOperation{Op: types.OpRemove, Path: aws.String("/endpointConfiguration/types/0")})
	w.badRequest(err, "Invalid patch operation specified. Must be 'add'|'remove'|'replace'")

	stage, err := w.client.UpdateStage(w.ctx(), &apigateway.UpdateStageInput{RestApiId: &api, StageName: aws.String("live"), PatchOperations: []types.PatchOperation{
		replace("/*/*/caching/enabled", "true"), replace("/test/GET/throttling/burstLimit", "124"), replace("/*/*/throttling/burstLimit", "100"),
	}})
	require.NoError(t, err)
	assert.True(t, stage.MethodSettings["test/GET"].CachingEnabled, "a method begins with what holds for all")
	assert.EqualValues(t, 124, stage.MethodSettings["test/GET"].ThrottlingBurstLimit)

	_, err = w.client.UpdateMethodResponse(w.ctx(), &apigateway.UpdateMethodResponseInput{
		RestApiId: &api, ResourceId: aws.String("x"), HttpMethod: aws.String("GET"), StatusCode: aws.String("wrong"),
		PatchOperations: []types.PatchOperation{{Op: "wrong_op", Path: aws.String("/x")}},
	})
	w.refuses(err, 400, "ValidationException", "2 validation errors detected: Value 'wrong_op' at 'updateMethodResponseInput.patchOperations.1.member.op'")
	_, err = w.put("nosuch", "\x00{{{")
	w.badRequest(err, "Invalid OpenAPI input.")
	_, err = w.put("nosuch", mockDocument)
	w.notFound(err, "Invalid API identifier specified")
}

// TestDeletesAndRemovalsAsRecorded is what LocalStack recorded.
func TestDeletesAndRemovalsAsRecorded(t *testing.T) {
	s := newSingle(t)
	_, err := s.client.DeleteIntegrationResponse(s.ctx(), &apigateway.DeleteIntegrationResponseInput{RestApiId: s.api, ResourceId: s.root, HttpMethod: aws.String("POST"), StatusCode: aws.String("200")})
	s.notFound(err, "Invalid Integration identifier specified")
	out, err := s.integration(func(in *apigateway.PutIntegrationInput) {
		in.IntegrationHttpMethod, in.Uri = aws.String("POST"), aws.String("http://example.com")
	})
	require.NoError(t, err)
	assert.Nil(t, out.HttpMethod, "a mock has neither verb nor URI")
	assert.Nil(t, out.Uri)
	api, err := s.client.UpdateRestApi(s.ctx(), &apigateway.UpdateRestApiInput{RestApiId: s.api, PatchOperations: []types.PatchOperation{
		replace("/description", "gone"), {Op: types.OpRemove, Path: aws.String("/description")},
	}})
	require.NoError(t, err)
	assert.Nil(t, api.Description)
}
