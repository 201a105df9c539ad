package execution

import (
	"bytes"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"apigateway-maintenance/internal/emulator/definition"
)

// validation is what a method's validator asks of a request.
type validation struct {
	parameters []mapping                     // that must not be missing, by location
	body       bool                          // the body is validated
	schemas    map[string]*jsonschema.Schema // by media type; nil if it is no schema
}

// compileValidation is nil where nothing is validated.
func compileValidation(s *definition.Snapshot, m *definition.Method) *validation {
	validator := s.Validators[m.ValidatorID]
	if validator == nil {
		return nil
	}
	v := &validation{body: validator.ValidateBody, schemas: map[string]*jsonschema.Schema{}}
	if validator.ValidateParameters {
		for _, name := range sortedKeys(m.RequestParameters) {
			location, parameter, _ := strings.Cut(strings.TrimPrefix(name, "method.request."), ".")
			if m.RequestParameters[name] {
				v.parameters = append(v.parameters, mapping{location: location, name: parameter})
			}
		}
	}
	for mediaType, model := range m.RequestModels {
		v.schemas[strings.ToLower(mediaType)] = compileModel(s, model)
	}
	return v
}

// compileModel reads a model as the draft 4 schema that it is, with the models
// that it refers to.
func compileModel(s *definition.Snapshot, name string) *jsonschema.Schema {
	const base = "https://apigateway.amazonaws.com/restapis/"
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft4)
	for _, model := range s.Models {
		document, err := jsonschema.UnmarshalJSON(strings.NewReader(model.Schema))
		if err != nil || compiler.AddResource(base+s.APIID+"/models/"+model.Name, document) != nil {
			return nil
		}
	}
	schema, err := compiler.Compile(base + s.APIID + "/models/" + name)
	if err != nil {
		return nil
	}
	return schema
}

// validate refuses what the method's validator refuses (recorded by LocalStack's
// validated test_api_gateway_request_validator). A body whose type has no model
// is not looked at.
func (c *call) validate() *failure {
	v := c.method.validation
	if v == nil {
		return nil
	}
	var missing []string
	for _, p := range v.parameters {
		if value, _ := c.requestSource("method.request." + p.location + "." + p.name); strings.TrimSpace(value) == "" {
			missing = append(missing, p.name)
		}
	}
	if len(missing) > 0 {
		return &failure{kind: "BAD_REQUEST_PARAMETERS", message: "Missing required request parameters: [" + strings.Join(missing, ", ") + "]"}
	}
	schema, hasModel := v.schemas[c.requestType()]
	if !v.body || !hasModel {
		return nil
	}
	body, err := jsonschema.UnmarshalJSON(bytes.NewReader(c.body))
	if err != nil || schema == nil || schema.Validate(body) != nil {
		return fail("BAD_REQUEST_BODY")
	}
	return nil
}
