package execution_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"apigateway-maintenance/internal/emulator/definition"
)

// validated is one method that answers what passes a validator with 503.
func validated(change func(*definition.Method)) *fixture {
	method := mockMethod()
	method.ValidatorID = "v"
	method.Integration.RequestTemplates["application/xml"] = mockTemplate
	change(method)
	f := newFixture(map[string]*definition.Method{"ANY /": method})
	f.snapshot.Validators = map[string]*definition.RequestValidator{"v": {ID: "v", ValidateBody: true, ValidateParameters: true}}
	f.snapshot.Models = map[string]*definition.Model{
		"Pet":  {Name: "Pet", Schema: `{"type":"object","required":["name"],"properties":{"name":{"type":"string"}}}`},
		"Pets": {Name: "Pets", Schema: `{"type":"array","items":{"$ref":"https://apigateway.amazonaws.com/restapis/api1/models/Pet"}}`},
	}
	return f
}

func TestBodiesAreValidated(t *testing.T) { // recorded by LocalStack
	f := validated(func(m *definition.Method) { m.RequestModels = map[string]string{"application/json": "Pets"} })
	for body, status := range map[string]int{`[{"name":"Rex"}]`: 503, `[]`: 503, `[{"name":1}]`: 400, `[{}]`: 400, `{}`: 400, `not JSON`: 400, ``: 400} {
		response := f.do(request("POST", "https://api.example.com/", body, "Content-Type", "application/json"))
		assert.Equal(t, status, response.StatusCode, body)
		if status == 400 {
			assert.Equal(t, `{"message":"Invalid request body"}`, read(t, response), body)
			assert.Equal(t, []string{"BadRequestException"}, response.Header["x-amzn-ErrorType"])
		}
	}
	xml := f.do(request("POST", "https://api.example.com/", "<pet/>", "Content-Type", "application/xml"))
	assert.Equal(t, 503, xml.StatusCode, "a type without a model is not validated")
}

func TestParametersAreValidated(t *testing.T) { // recorded by LocalStack
	f := validated(func(m *definition.Method) {
		m.RequestParameters = map[string]bool{"method.request.querystring.issuer": true, "method.request.header.X-Test": true, "method.request.header.X-Free": false}
	})
	response := f.get("https://api.example.com/")
	assert.Equal(t, 400, response.StatusCode)
	assert.Equal(t, `{"message":"Missing required request parameters: [X-Test, issuer]"}`, read(t, response))
	assert.Equal(t, 503, f.get("https://api.example.com/?issuer=1", "X-Test", "1").StatusCode)
}

func TestAMethodThatDemandsAnAPIKeyGetsOne(t *testing.T) {
	f := validated(func(m *definition.Method) { m.APIKeyRequired, m.ValidatorID = true, "" })
	f.view.APIs["api1"].Stages["live"].APIKeys = map[string]bool{"secret": true}
	for key, status := range map[string]int{"": 403, "other": 403, "secret": 503} {
		response := f.get("https://api.example.com/", "X-Api-Key", key)
		assert.Equal(t, status, response.StatusCode, key)
		if status == 403 {
			assert.Equal(t, `{"message":"Forbidden"}`, read(t, response), key)
		}
	}
}
