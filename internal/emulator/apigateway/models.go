package apigateway

import (
	"encoding/json"
	"strings"

	"apigateway-maintenance/internal/emulator/definition"
)

// The models that API Gateway makes for every new API.
const (
	emptyModel = "Empty"
	errorModel = "Error"
)

func stockModels() map[string]*definition.Model {
	return map[string]*definition.Model{
		emptyModel: {
			ID: newID(resourceIDLength, never), Name: emptyModel, Description: "This is a default empty schema model", ContentType: "application/json",
			Schema: "{\n  \"$schema\": \"http://json-schema.org/draft-04/schema#\",\n  \"title\" : \"Empty Schema\",\n  \"type\" : \"object\"\n}",
		},
		errorModel: {
			ID: newID(resourceIDLength, never), Name: errorModel, Description: "This is a default error schema model", ContentType: "application/json",
			Schema: "{\n  \"$schema\" : \"http://json-schema.org/draft-04/schema#\",\n  \"title\" : \"Error Schema\",\n  \"type\" : \"object\",\n  \"properties\" : {\n    \"message\" : { \"type\" : \"string\" }\n  }\n}",
		},
	}
}

func never(string) bool { return false }

// model gives the API and the model that the path names; nobody's API has no
// model either (recorded by LocalStack's validated test_model_validation).
func (c *call) model() (*definition.API, *definition.Model, error) {
	name := c.PathValue("model_name")
	api := c.region.apis[c.PathValue("restapi_id")]
	if api == nil || api.Models[name] == nil {
		return nil, nil, notFound("Invalid model name specified: %s", name)
	}
	return api, api.Models[name], nil
}

func getModels(c *call) (answer, error) {
	api, err := c.api()
	if err != nil {
		return refused(err)
	}
	return page(c, sortedValues(api.Models))
}

func getModel(c *call) (answer, error) {
	_, model, err := c.model()
	if err != nil {
		return refused(err)
	}
	return ok(model)
}

func createModel(c *call) (answer, error) {
	model := &definition.Model{}
	if err := c.decode(model); err != nil {
		return refused(err)
	}
	api, err := c.api()
	if err != nil {
		return refused(err)
	}
	switch {
	case model.Name == "":
		return refused(badRequest("Model name must be non-empty"))
	case api.Models[model.Name] != nil:
		return refused(conflict("Model name already exists for this REST API"))
	case !modelNamePattern.MatchString(model.Name):
		return refused(badRequest("Model name must be alphanumeric: %s", model.Name))
	}
	if err := checkModel(model); err != nil {
		return refused(err)
	}
	model.ID = newID(resourceIDLength, never)
	api.Models[model.Name] = model
	return created(model)
}

// checkModel demands a schema that is JSON.
func checkModel(m *definition.Model) error {
	switch {
	case !mediaType.MatchString(m.ContentType):
		return badRequest("Invalid content type specified: %s", m.ContentType)
	case strings.TrimSpace(m.Schema) == "":
		return badRequest("Model schema must have at least 1 property or array items defined")
	case !json.Valid([]byte(m.Schema)):
		return badRequest("Invalid model specified: Validation Result: warnings : [], errors : [Invalid model schema specified. The schema is not JSON]")
	}
	return nil
}

func updateModel(c *call) (answer, error) {
	patches, err := c.patches("updateModelInput")
	if err != nil {
		return refused(err)
	}
	api, current, err := c.model()
	if err != nil {
		return refused(err)
	}
	model := *current
	for _, p := range patches {
		if err := patchNamed(p, patchTable{
			"/description": func(v *string) error { model.Description = text(v); return nil },
			"/schema":      func(v *string) error { model.Schema = text(v); return nil },
		}, "/description", "/schema"); err != nil {
			return refused(err)
		}
	}
	if err := checkModel(&model); err != nil {
		return refused(err)
	}
	api.Models[model.Name] = &model
	return ok(&model)
}

// deleteModel refuses what a method uses (recorded by LocalStack's validated
// test_put_method_model).
func deleteModel(c *call) (answer, error) {
	api, model, err := c.model()
	if err != nil {
		return refused(err)
	}
	if user := userOf(api, model.Name); user != "" {
		return refused(conflict("Cannot delete model '%s', is referenced in method %s", model.Name, user))
	}
	delete(api.Models, model.Name)
	return accepted()
}

// userOf names the last method, by path, that refers to a model.
func userOf(api *definition.API, model string) string {
	last, user := "", ""
	note := func(models map[string]string, place, path string) {
		for _, name := range models {
			if name == model && path >= last {
				last, user = path, place+": "+path
			}
		}
	}
	for _, resource := range api.Resources {
		for verb, method := range resource.Methods {
			path := resource.Path + "/" + verb
			note(method.RequestModels, "request", path)
			for _, response := range method.Responses {
				note(response.ResponseModels, "response", path)
			}
		}
	}
	return user
}

// checkModels demands models that the API has.
func checkModels(api *definition.API, models map[string]string) error {
	for _, key := range sortedKeys(models) {
		switch {
		case !mediaType.MatchString(key) && key != "$default":
			return badRequest("Validation Result: warnings : [], errors : [Invalid content type specified: %s]", key)
		case api.Models[models[key]] == nil:
			return badRequest("Invalid model identifier specified: %s", models[key])
		}
	}
	return nil
}
