package apigateway

import (
	"encoding/json"
	"strings"

	"apigateway-maintenance/internal/emulator/definition"
)

const (
	anyMethodKey     = "x-amazon-apigateway-any-method"
	integrationKey   = "x-amazon-apigateway-integration"
	authorizationKey = "x-amazon-apigateway-auth"
	validatorKey     = "x-amazon-apigateway-request-validator"
)

// operation is a method in a document.
type operation struct {
	OperationID string                     `json:"operationId"`
	Parameters  []json.RawMessage          `json:"parameters"`
	Responses   map[string]json.RawMessage `json:"responses"`
	RequestBody json.RawMessage            `json:"requestBody"`
	Security    []securityRequirement      `json:"security"`
	Validator   *string                    `json:"x-amazon-apigateway-request-validator"`
	Integration json.RawMessage            `json:"x-amazon-apigateway-integration"`
	Auth        *struct {
		Type string `json:"type"`
	} `json:"x-amazon-apigateway-auth"`
}

var operationExtensions = map[string]bool{integrationKey: true, authorizationKey: true, validatorKey: true}

// importPaths makes resources and methods of the document's paths. A path that
// was there before keeps its resource's id.
func (d *openAPI) importPaths(overwrite bool) error {
	api := d.api
	former := map[string]string{} // path -> resource id
	for id, resource := range api.Resources {
		former[resource.Path] = id
	}
	if overwrite {
		root := &definition.Resource{ID: api.RootResourceID, Path: "/", Methods: map[string]*definition.Method{}}
		api.Resources = map[string]*definition.Resource{root.ID: root}
	}
	for _, path := range sortedKeys(d.Paths) {
		if !strings.HasPrefix(path, "/") {
			return importError("Unable to create resource at path '" + path + "': a path must begin with a slash")
		}
		resource, err := resourceAt(api, d.base+path, former)
		if err != nil {
			return wrapImport(err, "create resource", "ANY", path)
		}
		if err := d.importMethods(resource, path); err != nil {
			return err
		}
	}
	return nil
}

// resourceAt finds the resource of a path or makes it, with all above it.
func resourceAt(api *definition.API, path string, former map[string]string) (*definition.Resource, error) {
	resource := api.Resources[api.RootResourceID]
	for _, part := range strings.Split(strings.Trim(path, "/"), "/") {
		if part == "" {
			continue
		}
		child := childOf(api, resource, part)
		if child == nil {
			made, err := newChild(api, resource, part)
			if err != nil {
				return nil, err
			}
			if id := former[made.Path]; id != "" && api.Resources[id] == nil {
				delete(api.Resources, made.ID)
				made.ID = id
				api.Resources[id] = made
			}
			child = made
		}
		resource = child
	}
	return resource, nil
}

func childOf(api *definition.API, parent *definition.Resource, part string) *definition.Resource {
	for _, resource := range api.Resources {
		if resource.ParentID == parent.ID && resource.PathPart == part {
			return resource
		}
	}
	return nil
}

func (d *openAPI) importMethods(resource *definition.Resource, path string) error {
	item := d.Paths[path]
	if err := checkExtensions(item, map[string]bool{anyMethodKey: true}, path); err != nil {
		return err
	}
	shared, err := d.sharedParameters(path)
	if err != nil {
		return err
	}
	for _, key := range sortedKeys(item) {
		verb := strings.ToUpper(key)
		switch key {
		case "get", "put", "post", "delete", "options", "head", "patch":
		case anyMethodKey:
			verb = "ANY"
		case "trace", "$ref":
			return unsupported("%s at path %s of the document", key, path)
		default:
			continue // summary, description, servers, foreign extensions
		}
		method, err := d.method(item[key], verb, path, shared)
		if err != nil {
			return err
		}
		resource.Methods[verb] = method
		if method.Integration != nil && method.Integration.CacheNamespace == "" {
			method.Integration.CacheNamespace = resource.ID
		}
	}
	return nil
}

// sharedParameters are those that a path declares for all its operations. AWS
// may drop them: a report says that they are gone after an import (fact J2).
// So a mapping that refers to one fails here, unless they are to be kept.
func (d *openAPI) sharedParameters(path string) ([]json.RawMessage, error) {
	var shared []json.RawMessage
	raw := d.Paths[path]["parameters"]
	if raw == nil {
		return nil, nil
	}
	if json.Unmarshal(raw, &shared) != nil {
		return nil, invalidDocument
	}
	if d.keepShared == nil || len(shared) == 0 {
		return nil, nil
	}
	d.keepShared(path)
	return shared, nil
}

func (d *openAPI) method(raw json.RawMessage, verb, path string, shared []json.RawMessage) (*definition.Method, error) {
	var keys map[string]json.RawMessage
	var op operation
	if json.Unmarshal(raw, &keys) != nil || json.Unmarshal(raw, &op) != nil {
		return nil, invalidDocument
	}
	if err := checkExtensions(keys, operationExtensions, verb+" "+path); err != nil {
		return nil, err
	}
	validator := d.Validator
	if op.Validator != nil {
		validator = *op.Validator
	}
	method := &definition.Method{HTTPMethod: verb, AuthorizationType: "NONE", OperationName: op.OperationID, ValidatorID: d.validatorID(validator)}
	d.secure(method, op.Security)
	if op.Auth != nil && op.Auth.Type != "" {
		method.AuthorizationType = strings.ToUpper(op.Auth.Type)
	}
	for _, parameter := range append(append([]json.RawMessage{}, shared...), op.Parameters...) {
		if err := d.addParameter(method, parameter); err != nil {
			return nil, err
		}
	}
	if err := d.addRequestModels(method, op.RequestBody); err != nil {
		return nil, err
	}
	if err := checkMethod(d.api, method); err != nil {
		return nil, wrapImport(err, "put method", verb, path)
	}
	if err := d.addResponses(method, op.Responses, path); err != nil {
		return nil, err
	}
	if len(op.Integration) > 0 {
		if err := d.addIntegration(method, op.Integration, path); err != nil {
			return nil, err
		}
	}
	return method, nil
}

func (d *openAPI) addParameter(method *definition.Method, raw json.RawMessage) error {
	raw, err := d.resolve(raw)
	if err != nil {
		return err
	}
	var parameter struct {
		Name     string          `json:"name"`
		In       string          `json:"in"`
		Required bool            `json:"required"`
		Schema   json.RawMessage `json:"schema"`
	}
	if json.Unmarshal(raw, &parameter) != nil {
		return invalidDocument
	}
	place := map[string]string{"path": "path", "query": "querystring", "header": "header"}[parameter.In]
	switch {
	case place != "":
		if method.RequestParameters == nil {
			method.RequestParameters = map[string]bool{}
		}
		method.RequestParameters["method.request."+place+"."+parameter.Name] = parameter.Required
	case parameter.In == "body" && len(parameter.Schema) > 0:
		model, err := d.modelOf(parameter.Schema)
		if err != nil {
			return err
		}
		method.RequestModels = map[string]string{"application/json": model}
	}
	return nil // cookies and forms have no counterpart in a REST API
}

func (d *openAPI) addRequestModels(method *definition.Method, raw json.RawMessage) error {
	if len(raw) == 0 {
		return nil
	}
	raw, err := d.resolve(raw)
	if err != nil {
		return err
	}
	var body struct {
		Content map[string]mediaTypeObject `json:"content"`
	}
	if json.Unmarshal(raw, &body) != nil {
		return invalidDocument
	}
	models, err := d.modelsOf(body.Content)
	if models != nil {
		method.RequestModels = models
	}
	return err
}
