package readonly

import (
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"apigateway-maintenance/test/harness"
)

// object is a JSON object.
type object = map[string]any

const (
	anyKey         = "x-amazon-apigateway-any-method"
	integrationKey = "x-amazon-apigateway-integration"
	authKey        = "x-amazon-apigateway-auth"
	responsesKey   = "x-amazon-apigateway-gateway-responses"
	validatorKey   = "x-amazon-apigateway-request-validator"
	unsupported    = "UNSUPPORTED_MEDIA_TYPE"
)

// live is a live document as drawn, with what a test has to know of it.
type live struct {
	Document             object
	Closed               any // "writes", or a map from path to methods
	RequireAuthorization bool
	UnsupportedMediaType any // "maintenance", "live" or nil

	text       string // as it was written, where it was not drawn
	swagger    bool
	operations map[string]*operation // by id, which the answers name
}

// operation is a method of a document.
type operation struct {
	path, verb string // verb is ANY for the any-method
	secured    bool   // demands credentials, its own or the document's
	strict     bool   // has a 415 of its own
	templated  bool   // that is not for JSON
	added      bool   // not in the document: the map names it
}

// drawer draws one document.
type drawer struct {
	*rapid.T
	live    *live
	backend string
}

// drawLive draws documents whose operations reach the backend or are mocks.
func drawLive(backend string) *rapid.Generator[*live] {
	return rapid.Custom(func(t *rapid.T) *live {
		d := &drawer{T: t, backend: backend, live: &live{operations: map[string]*operation{}, swagger: rapid.Bool().Draw(t, "swagger")}}
		d.root()
		paths := object{}
		for _, path := range d.paths("", 0) {
			paths[path] = d.item(path)
		}
		d.live.Document["paths"] = paths
		d.closed(paths)
		d.unsupported()
		return d.live
	})
}

func (d *drawer) some(label string) bool { return rapid.Bool().Draw(d.T, label) }

func pick[V any](d *drawer, label string, from ...V) V {
	return rapid.SampledFrom(from).Draw(d.T, label)
}

// root draws what a document says outside its paths.
func (d *drawer) root() {
	schemas := object{"Order": object{"type": "object", "required": []string{"item"}, "properties": object{"item": object{"type": "string"}}}}
	schemes := object{
		"key":   object{"type": "apiKey", "name": "x-api-key", "in": "header"},
		"sigv4": object{"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "awsSigv4"},
		"pool": object{"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "cognito_user_pools", "x-amazon-apigateway-authorizer": object{
			"type": "cognito_user_pools", "providerARNs": []string{"arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_drawn"},
		}},
	}
	document := object{"info": object{"title": "drawn", "version": "1"}}
	if d.live.swagger {
		document["swagger"], document["definitions"], document["securityDefinitions"] = "2.0", schemas, schemes
	} else {
		document["openapi"] = pick(d, "version", "3.0.0", "3.0.1", "3.0.3")
		document["components"] = object{"schemas": schemas, "securitySchemes": schemes}
	}
	if d.some("with validators") {
		document["x-amazon-apigateway-request-validators"] = object{
			"all":        object{"validateRequestBody": true, "validateRequestParameters": true},
			"parameters": object{"validateRequestBody": false, "validateRequestParameters": true},
		}
		if d.some("for all methods") {
			document[validatorKey] = pick(d, "validator", "all", "parameters")
		}
	}
	if types := pick[[]string](d, "binary", nil, nil, []string{"image/png"}, []string{"*/*"}); types != nil {
		document["x-amazon-apigateway-binary-media-types"] = types
	}
	if pick(d, "key for all methods", false, false, true) {
		document["security"] = []object{{"key": []string{}}}
	}
	if responses := d.gatewayResponses(); len(responses) > 0 {
		document[responsesKey] = responses
	}
	d.live.Document = document
}

func (d *drawer) gatewayResponses() object {
	responses := object{}
	for kind, status := range map[string]int{"DEFAULT_4XX": 418, "DEFAULT_5XX": 599, "MISSING_AUTHENTICATION_TOKEN": 404, "INVALID_API_KEY": 401, unsupported: 406} {
		if pick(d, kind, false, false, true) {
			responses[kind] = object{
				"statusCode":         status,
				"responseParameters": object{"gatewayresponse.header.X-Kind": "'" + kind + "'"},
				"responseTemplates":  object{"application/json": `{"kind":"` + kind + `","why":$context.error.messageString}`},
			}
		}
	}
	return responses
}

// paths draws a tree of resources: at most one of a parent's children is a
// variable, and nothing lies below a greedy one (fact B1).
func (d *drawer) paths(parent string, depth int) []string {
	var paths []string
	if path := parent; d.some("has methods") || depth == 0 {
		if path == "" {
			path = "/"
		}
		paths = append(paths, path)
	}
	if depth == 3 {
		return paths
	}
	children := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"orders", "search", "v1", "export.csv"}), 0, 2, rapid.ID).Draw(d.T, "children of "+parent)
	variable := pick(d, "variable below "+parent, "", "{id}", "{proxy+}")
	if variable != "" && !strings.HasSuffix(parent, "{id}") {
		children = append(children, variable)
	}
	for _, child := range children {
		path := parent + "/" + child
		if child == "{proxy+}" {
			paths = append(paths, path)
			continue
		}
		paths = append(paths, d.paths(path, depth+1)...)
	}
	return paths
}

// item draws a path's methods.
func (d *drawer) item(path string) object {
	item := object{}
	if d.some("shared query parameter") {
		item["parameters"] = []object{d.parameter("tenant", "query", d.some("required"))}
	}
	verbs := rapid.SliceOfNDistinct(rapid.SampledFrom(harness.Methods), 0, 4, rapid.ID).Draw(d.T, "methods of "+path)
	if pick(d, "any-method", false, false, true) {
		verbs = append(verbs, "ANY")
	}
	for _, verb := range verbs {
		key := strings.ToLower(verb)
		if verb == "ANY" {
			key = anyKey
		}
		item[key] = d.operation(path, verb)
	}
	return item
}

func (d *drawer) parameter(name, in string, required bool) object {
	p := object{"name": name, "in": in, "required": required}
	if d.live.swagger {
		p["type"] = "string"
	} else {
		p["schema"] = object{"type": "string"}
	}
	return p
}

func (d *drawer) operation(path, verb string) object {
	id := fmt.Sprintf("op%d", len(d.live.operations))
	op := &operation{path: path, verb: verb}
	d.live.operations[id] = op
	drawn := object{"operationId": id}
	var parameters []object
	for _, variable := range variables(path) {
		parameters = append(parameters, d.parameter(variable, "path", true))
	}
	if d.some("query parameter") {
		parameters = append(parameters, d.parameter("q", "query", d.some("required")))
	}
	if len(parameters) > 0 {
		drawn["parameters"] = parameters
	}
	if _, defined := d.live.Document["x-amazon-apigateway-request-validators"]; defined && d.some("own validator") {
		drawn[validatorKey] = pick(d, "validator", "all", "parameters")
	}
	if !d.live.swagger && slices.Contains([]string{"POST", "PUT", "PATCH"}, verb) {
		drawn["requestBody"] = object{"content": object{"application/json": object{"schema": object{"$ref": "#/components/schemas/Order"}}}}
	}
	d.secure(drawn, op)
	d.integrate(drawn, op, id)
	return drawn
}

func (d *drawer) secure(drawn object, op *operation) {
	_, op.secured = d.live.Document["security"]
	switch security := pick(d, "security", "document's", "document's", "nobody's", "key", "sigv4", "pool"); security {
	case "document's":
	case "nobody's":
		drawn["security"], op.secured = []object{}, false
	default:
		drawn["security"], op.secured = []object{{security: []string{}}}, true
	}
}

func variables(path string) []string {
	var names []string
	for _, segment := range strings.Split(path, "/") {
		if name, found := strings.CutPrefix(segment, "{"); found {
			names = append(names, strings.TrimSuffix(strings.TrimSuffix(name, "}"), "+"))
		}
	}
	return names
}
