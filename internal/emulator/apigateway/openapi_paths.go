package apigateway

import (
	"bytes"
	"encoding/json"
	"strings"

	"apigateway-maintenance/internal/emulator/definition"
)

const (
	anyMethodKey     = "x-amazon-apigateway-any-method"
	integrationKey   = "x-amazon-apigateway-integration"
	authorizationKey = "x-amazon-apigateway-auth"
)

// operation is a method in a document.
type operation struct {
	OperationID string                     `json:"operationId"`
	Parameters  []json.RawMessage          `json:"parameters"`
	Responses   map[string]json.RawMessage `json:"responses"`
	RequestBody json.RawMessage            `json:"requestBody"`
	Security    []json.RawMessage          `json:"security"`
	Integration json.RawMessage            `json:"x-amazon-apigateway-integration"`
	Auth        *struct {
		Type string `json:"type"`
	} `json:"x-amazon-apigateway-auth"`
}

var operationExtensions = map[string]bool{integrationKey: true, authorizationKey: true}

// schemaRef is a schema as far as it names a model.
type schemaRef struct {
	Ref string `json:"$ref"`
}

type mediaTypeObject struct {
	Schema json.RawMessage `json:"schema"`
}

// importPaths makes resources and methods of the document's paths. A path that
// was there before keeps its resource's id.
func (d *openAPI) importPaths(api *definition.API, overwrite bool) error {
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
		resource, err := resourceAt(api, path, former)
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
	if len(op.Security) > 0 {
		return nil, unsupported("security requirements of a method (%s %s)", verb, path)
	}
	method := &definition.Method{HTTPMethod: verb, AuthorizationType: "NONE", OperationName: op.OperationID}
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
	if err := checkMethod(method); err != nil {
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
		model, err := modelName(parameter.Schema)
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
	models, err := modelsOf(body.Content)
	if err != nil {
		return err
	}
	if models != nil {
		method.RequestModels = models
	}
	return nil
}

func modelsOf(content map[string]mediaTypeObject) (map[string]string, error) {
	var models map[string]string
	for _, mediaType := range sortedKeys(content) {
		if len(content[mediaType].Schema) == 0 {
			continue
		}
		model, err := modelName(content[mediaType].Schema)
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

// modelName reads the model that a schema refers to. A schema that is written
// out would become a model of its own.
func modelName(raw json.RawMessage) (string, error) {
	var schema schemaRef
	if json.Unmarshal(raw, &schema) != nil {
		return "", invalidDocument
	}
	if schema.Ref == "" {
		return "", unsupported("schemas of bodies that do not refer to the model Empty or Error")
	}
	return schema.Ref[strings.LastIndex(schema.Ref, "/")+1:], nil
}

func (d *openAPI) addResponses(method *definition.Method, responses map[string]json.RawMessage, path string) error {
	method.Responses = map[string]*definition.MethodResponse{}
	for _, status := range sortedKeys(responses) {
		if status == "default" || strings.HasPrefix(status, "x-") {
			continue // a method response has a status
		}
		if !statusCodePattern.MatchString(status) {
			return importError("Unable to put method response on '" + method.HTTPMethod + "' for resource at path '" + path + "': Invalid status code " + status)
		}
		raw, err := d.resolve(responses[status])
		if err != nil {
			return err
		}
		var given struct {
			Headers map[string]json.RawMessage `json:"headers"`
			Content map[string]mediaTypeObject `json:"content"`
			Schema  json.RawMessage            `json:"schema"`
		}
		if json.Unmarshal(raw, &given) != nil {
			return invalidDocument
		}
		response := &definition.MethodResponse{StatusCode: status}
		for name := range given.Headers {
			if response.ResponseParameters == nil {
				response.ResponseParameters = map[string]bool{}
			}
			response.ResponseParameters["method.response.header."+name] = false
		}
		if len(given.Schema) > 0 {
			given.Content = map[string]mediaTypeObject{"application/json": {Schema: given.Schema}}
		}
		if response.ResponseModels, err = modelsOf(given.Content); err != nil {
			return err
		}
		if err := checkMethodResponse(response); err != nil {
			return wrapImport(err, "put method response", method.HTTPMethod, path)
		}
		method.Responses[status] = response
	}
	return nil
}

// integrationObject is the extension x-amazon-apigateway-integration.
type integrationObject struct {
	Type                string            `json:"type"`
	HTTPMethod          string            `json:"httpMethod"`
	URI                 string            `json:"uri"`
	ConnectionType      string            `json:"connectionType"`
	ConnectionID        string            `json:"connectionId"`
	Credentials         string            `json:"credentials"`
	PassthroughBehavior string            `json:"passthroughBehavior"`
	ContentHandling     string            `json:"contentHandling"`
	TimeoutInMillis     int               `json:"timeoutInMillis"`
	CacheNamespace      string            `json:"cacheNamespace"`
	CacheKeyParameters  []string          `json:"cacheKeyParameters"`
	RequestParameters   map[string]string `json:"requestParameters"`
	RequestTemplates    map[string]string `json:"requestTemplates"`
	Responses           map[string]struct {
		StatusCode         flexString        `json:"statusCode"`
		ContentHandling    string            `json:"contentHandling"`
		ResponseParameters map[string]string `json:"responseParameters"`
		ResponseTemplates  map[string]string `json:"responseTemplates"`
	} `json:"responses"`
}

func (d *openAPI) addIntegration(method *definition.Method, raw json.RawMessage, path string) error {
	raw, err := d.resolve(raw)
	if err != nil {
		return err
	}
	var given integrationObject
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&given); err != nil {
		if field, unknown := strings.CutPrefix(err.Error(), "json: unknown field "); unknown {
			return unsupported("the member %s of %s at %s %s", field, integrationKey, method.HTTPMethod, path)
		}
		return invalidDocument
	}
	if given.Credentials != "" {
		return unsupported("credentials of an integration")
	}
	integration := &definition.Integration{
		Type: strings.ToUpper(given.Type), HTTPMethod: strings.ToUpper(given.HTTPMethod), URI: given.URI,
		ConnectionType: given.ConnectionType, ConnectionID: given.ConnectionID,
		PassthroughBehavior: strings.ToUpper(given.PassthroughBehavior), ContentHandling: strings.ToUpper(given.ContentHandling),
		TimeoutInMillis: given.TimeoutInMillis, CacheNamespace: given.CacheNamespace, CacheKeyParameters: given.CacheKeyParameters,
		RequestParameters: given.RequestParameters, RequestTemplates: given.RequestTemplates,
		Responses: map[string]*definition.IntegrationResponse{},
	}
	var wrong violations
	wrong.enum(integration.Type, "putIntegrationInput.type", integrationTypes...)
	if integration.Type == "" {
		return importError("Unable to put integration on '" + method.HTTPMethod + "' for resource at path '" + path + "': Enumeration value for type must be non-empty")
	}
	if err := wrong.err(); err != nil {
		return wrapImport(err, "put integration", method.HTTPMethod, path)
	}
	if err := checkIntegration(integration, method); err != nil {
		return wrapImport(err, "put integration", method.HTTPMethod, path)
	}
	for _, pattern := range sortedKeys(given.Responses) {
		answer := given.Responses[pattern]
		response := &definition.IntegrationResponse{
			StatusCode: string(answer.StatusCode), SelectionPattern: patternOf(pattern), ContentHandling: strings.ToUpper(answer.ContentHandling),
			ResponseParameters: answer.ResponseParameters, ResponseTemplates: answer.ResponseTemplates,
		}
		if err := checkIntegrationResponse(response, method); err != nil {
			return wrapImport(err, "put integration response", method.HTTPMethod, path)
		}
		// Responses are kept by status: of two with the same, one would be lost.
		if integration.Responses[response.StatusCode] != nil {
			return importError("Unable to put integration response on '" + method.HTTPMethod + "' for resource at path '" + path +
				"': two responses have the status code " + response.StatusCode)
		}
		integration.Responses[response.StatusCode] = response
	}
	method.Integration = integration
	return nil
}

// patternOf reads the key of a response; that of the default has no pattern.
func patternOf(key string) *string {
	if key == "default" {
		return nil
	}
	return &key
}
