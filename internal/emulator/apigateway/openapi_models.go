package apigateway

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	"apigateway-maintenance/internal/emulator/definition"
)

// modelBase is how one model names another (recorded by LocalStack's validated
// test_import_with_circular_models).
const modelBase = "https://apigateway.amazonaws.com/restapis/"

type mediaTypeObject struct {
	Schema json.RawMessage `json:"schema"`
}

// importModels makes models of the document's schemas. Overwriting leaves no
// other, not even those that every new API has (recorded by LocalStack's
// validated test_import_and_validate_rest_api).
func (d *openAPI) importModels(overwrite bool) error {
	if overwrite {
		d.api.Models = map[string]*definition.Model{}
	}
	for _, schemas := range []map[string]json.RawMessage{d.Components.Schemas, d.Definitions} {
		for _, name := range sortedKeys(schemas) {
			if !modelNamePattern.MatchString(name) {
				return importError("Unable to create model '" + name + "': Model name must be alphanumeric")
			}
			if err := d.addModel(name, schemas[name]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *openAPI) addModel(name string, raw json.RawMessage) error {
	var schema any
	if json.Unmarshal(raw, &schema) != nil {
		return invalidDocument
	}
	encoded, err := json.Marshal(d.withModelReferences(schema))
	if err != nil {
		return err
	}
	model := &definition.Model{ID: newID(resourceIDLength, never), Name: name, Schema: string(encoded), ContentType: "application/json"}
	if object, isObject := schema.(map[string]any); isObject {
		model.Description, _ = object["description"].(string)
	}
	d.api.Models[name] = model
	return nil
}

// withModelReferences turns references within the document into ones to models.
func (d *openAPI) withModelReferences(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for key, member := range value {
			if text, isText := member.(string); isText && key == "$ref" && strings.HasPrefix(text, "#/") {
				value[key] = modelBase + d.api.ID + "/models/" + text[strings.LastIndex(text, "/")+1:]
				continue
			}
			value[key] = d.withModelReferences(member)
		}
	case []any:
		for i, member := range value {
			value[i] = d.withModelReferences(member)
		}
	}
	return value
}

// modelsOf gives the models of a body, by media type; nil if it has none.
func (d *openAPI) modelsOf(content map[string]mediaTypeObject) (map[string]string, error) {
	var models map[string]string
	for _, mediaType := range sortedKeys(content) {
		if len(content[mediaType].Schema) == 0 {
			continue
		}
		model, err := d.modelOf(content[mediaType].Schema)
		if err != nil {
			return nil, err
		}
		if models == nil {
			models = map[string]string{}
		}
		models[mediaType] = model
	}
	return models, nil
}

// modelOf gives the name of the model that a schema refers to. One that is
// written out becomes a model of its own, whose name is not verified on AWS.
func (d *openAPI) modelOf(raw json.RawMessage) (string, error) {
	var schema struct {
		Ref string `json:"$ref"`
	}
	if json.Unmarshal(raw, &schema) != nil {
		return "", invalidDocument
	}
	if schema.Ref != "" {
		return schema.Ref[strings.LastIndex(schema.Ref, "/")+1:], nil
	}
	sum := sha256.Sum256(raw)
	name := "MODEL" + hex.EncodeToString(sum[:3])
	return name, d.addModel(name, raw)
}
