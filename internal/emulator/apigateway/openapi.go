package apigateway

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"go.yaml.in/yaml/v3"

	"apigateway-maintenance/internal/emulator/awsproto"
	"apigateway-maintenance/internal/emulator/definition"
)

// maxDocumentSize is in bytes ("API definition file: 6 MB", fact F1).
const maxDocumentSize = 6 << 20

// openAPI is an OpenAPI 3.0 or Swagger 2 document, as much of it as makes a
// REST API. AWS has rules of its own for such documents, looser than the
// standard's in most places, so the standard's are not applied.
type openAPI struct {
	tree any // the whole document, for references
	// keepShared, where set, keeps the parameters that a path declares for all
	// its operations, and is told of each such path.
	keepShared func(path string)

	Swagger string
	OpenAPI string
	Info    struct {
		Title       string     `json:"title"`
		Description string     `json:"description"`
		Version     flexString `json:"version"`
	}
	Paths       map[string]map[string]json.RawMessage
	Security    []json.RawMessage
	Definitions map[string]json.RawMessage
	Components  struct {
		Schemas         map[string]json.RawMessage            `json:"schemas"`
		SecuritySchemes map[string]map[string]json.RawMessage `json:"securitySchemes"`
	}
	SecurityDefinitions map[string]map[string]json.RawMessage

	GatewayResponses map[string]struct {
		StatusCode         flexString        `json:"statusCode"`
		ResponseParameters map[string]string `json:"responseParameters"`
		ResponseTemplates  map[string]string `json:"responseTemplates"`
	} `json:"x-amazon-apigateway-gateway-responses"`
	BinaryMediaTypes []string        `json:"x-amazon-apigateway-binary-media-types"`
	APIKeySource     string          `json:"x-amazon-apigateway-api-key-source"`
	Policy           json.RawMessage `json:"x-amazon-apigateway-policy"`
	MinimumSize      *int            `json:"x-amazon-apigateway-minimum-compression-size"`
	Endpoint         *struct {
		DisableExecuteAPIEndpoint *bool    `json:"disableExecuteApiEndpoint"`
		VPCEndpointIDs            []string `json:"vpcEndpointIds"`
	} `json:"x-amazon-apigateway-endpoint-configuration"`
}

// flexString is a string that may be spelled as a number, as status codes in
// documents are (recorded by LocalStack's validated
// test_import_with_integer_http_status_code).
type flexString string

// UnmarshalJSON takes a string or a number.
func (s *flexString) UnmarshalJSON(raw []byte) error {
	if bytes.HasPrefix(raw, []byte(`"`)) {
		return json.Unmarshal(raw, (*string)(s))
	}
	var number json.Number
	if err := json.Unmarshal(raw, &number); err != nil {
		return err
	}
	*s = flexString(number)
	return nil
}

// invalidDocument is what AWS says of a document that it cannot read at all.
var invalidDocument = badRequest("Invalid OpenAPI input.")

// parseOpenAPI reads a document in JSON or YAML, and refuses what it asks for
// and the emulator does not have.
func parseOpenAPI(payload []byte) (*openAPI, error) {
	if len(payload) > maxDocumentSize {
		return nil, badRequest("The API definition has %d bytes; API Gateway takes at most %d", len(payload), maxDocumentSize)
	}
	var tree any
	if json.Unmarshal(payload, &tree) != nil {
		var fromYAML any
		if yaml.Unmarshal(payload, &fromYAML) != nil {
			return nil, invalidDocument
		}
		tree = jsonTree(fromYAML)
		encoded, err := json.Marshal(tree)
		if err != nil {
			return nil, invalidDocument
		}
		payload = encoded
	}
	root, isObject := tree.(map[string]any)
	document := &openAPI{tree: tree}
	if !isObject || json.Unmarshal(payload, document) != nil {
		return nil, invalidDocument
	}
	if !strings.HasPrefix(document.OpenAPI, "3.0") && document.Swagger != "2.0" {
		return nil, invalidDocument
	}
	return document, document.checkSupport(root)
}

// jsonTree turns what YAML gave into what JSON would have given: keys are
// strings, status codes included.
func jsonTree(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for key, member := range value {
			value[key] = jsonTree(member)
		}
	case map[any]any:
		object := make(map[string]any, len(value))
		for key, member := range value {
			object[fmt.Sprint(key)] = jsonTree(member)
		}
		return object
	case []any:
		for i, member := range value {
			value[i] = jsonTree(member)
		}
	}
	return value
}

// Extensions of a document's root that are understood, or say nothing that an
// API's behaviour depends on.
var rootExtensions = map[string]bool{
	"x-amazon-apigateway-gateway-responses":        true,
	"x-amazon-apigateway-binary-media-types":       true,
	"x-amazon-apigateway-api-key-source":           true,
	"x-amazon-apigateway-policy":                   true,
	"x-amazon-apigateway-minimum-compression-size": true,
	"x-amazon-apigateway-endpoint-configuration":   true,
	"x-amazon-apigateway-importexport-version":     true,
}

func (d *openAPI) checkSupport(root map[string]any) error {
	if err := checkExtensions(root, rootExtensions, "the document's root"); err != nil {
		return err
	}
	for _, schemas := range []map[string]json.RawMessage{d.Components.Schemas, d.Definitions} {
		for _, name := range sortedKeys(schemas) {
			if name != emptyModel && name != errorModel {
				return unsupported("models other than Empty and Error (the document defines %s)", name)
			}
		}
	}
	for _, schemes := range []map[string]map[string]json.RawMessage{d.Components.SecuritySchemes, d.SecurityDefinitions} {
		for _, name := range sortedKeys(schemes) {
			if isKey(schemes[name])("x-amazon-apigateway-authorizer") {
				return unsupported("authorizers (the document defines %s)", name)
			}
		}
	}
	if len(d.Security) > 0 {
		return unsupported("security requirements of an API")
	}
	return checkCompression(d.MinimumSize)
}

// checkExtensions refuses an extension of API Gateway's that is not among the
// known ones: to pass over it would be to pretend that it was heeded.
func checkExtensions[V any](object map[string]V, known map[string]bool, where string) error {
	for _, key := range sortedKeys(object) {
		if strings.HasPrefix(key, "x-amazon-apigateway-") && !known[key] {
			return unsupported("the extension %s at %s", key, where)
		}
	}
	return nil
}

// resolve follows a reference within the document.
func (d *openAPI) resolve(raw json.RawMessage) (json.RawMessage, error) {
	var reference struct {
		Ref string `json:"$ref"`
	}
	for range 10 { // more is a circle
		if json.Unmarshal(raw, &reference) != nil || reference.Ref == "" {
			return raw, nil
		}
		node := d.tree
		for _, segment := range pointer(strings.TrimPrefix(reference.Ref, "#")) {
			object, isObject := node.(map[string]any)
			if !isObject || object[segment] == nil {
				return nil, badRequest("Unable to resolve the reference %s of the document", reference.Ref)
			}
			node = object[segment]
		}
		encoded, err := json.Marshal(node)
		if err != nil {
			return nil, err
		}
		raw, reference.Ref = encoded, ""
	}
	return nil, badRequest("Unable to resolve the references of the document: they go round in a circle")
}

func putRestAPI(c *call) (answer, error) {
	current, err := c.api()
	if err != nil {
		return refused(err)
	}
	query := c.URL.Query()
	var wrong violations
	wrong.enum(query.Get("mode"), "mode", "merge", "overwrite")
	if err := wrong.err(); err != nil {
		return refused(err)
	}
	if err := checkImportParameters(c); err != nil {
		return refused(err)
	}
	document, err := parseOpenAPI(c.Payload)
	if err != nil {
		return refused(err)
	}
	document.keepShared = c.service.keepShared(current.ID)
	api := current.Clone()
	// "merge" is the API's own default; the provider asks for overwrite.
	if err := document.importInto(api, query.Get("mode") == "overwrite"); err != nil {
		return refused(err)
	}
	c.region.apis[api.ID] = api
	return ok(updated(api))
}

func isImport(r *awsproto.Request) bool { return r.URL.Query().Get("mode") == "import" }

func importRestAPI(c *call) (answer, error) {
	if err := checkImportParameters(c); err != nil {
		return refused(err)
	}
	document, err := parseOpenAPI(c.Payload)
	if err != nil {
		return refused(err)
	}
	api := c.service.newAPI(c.region, document.Info.Title)
	document.keepShared = c.service.keepShared(api.ID)
	query := c.URL.Query()
	if kind := query.Get("endpointConfigurationTypes"); kind != "" {
		if err := (&endpointInput{Types: strings.Split(kind, ",")}).applyTo(api); err != nil {
			return refused(err)
		}
	}
	if err := document.importInto(api, true); err != nil {
		return refused(err)
	}
	c.region.apis[api.ID] = api
	return created(api)
}

// keepShared is nil unless the emulator is to keep parameters of paths.
func (s *Service) keepShared(api string) func(path string) {
	if s.config.PathParameters == nil {
		return nil
	}
	return func(path string) { s.config.PathParameters(api, path) }
}

func checkImportParameters(c *call) error {
	query := c.URL.Query()
	for _, name := range sortedKeys(query) {
		switch name {
		case "mode", "failonwarnings":
		case "basepath":
			if query.Get(name) != "ignore" {
				return unsupported("basepath=%s in an import (ignore is)", query.Get(name))
			}
		case "ignore":
			if query.Get(name) != "documentation" {
				return unsupported("ignore=%s in an import", query.Get(name))
			}
		case "endpointConfigurationTypes":
			if kind := query.Get(name); kind != edge && kind != regional {
				return unsupported("endpointConfigurationTypes=%s in an import", kind)
			}
		default:
			return unsupported("the parameter %s of an import", name)
		}
	}
	return nil
}

// importInto makes the API what the document says. Overwriting resets what the
// document does not mention, gateway responses included (facts B4, E6).
func (d *openAPI) importInto(api *definition.API, overwrite bool) error {
	if strings.TrimSpace(d.Info.Title) == "" && overwrite {
		return importError("Unable to update the API: the document has no info.title")
	}
	if err := d.importSettings(api, overwrite); err != nil {
		return err
	}
	if err := d.importGatewayResponses(api, overwrite); err != nil {
		return err
	}
	return d.importPaths(api, overwrite)
}

func (d *openAPI) importSettings(api *definition.API, overwrite bool) error {
	if overwrite || d.Info.Title != "" {
		api.Name = d.Info.Title
	}
	if overwrite || d.Info.Description != "" {
		api.Description = d.Info.Description
	}
	if overwrite || d.Info.Version != "" {
		api.Version = string(d.Info.Version)
	}
	types := d.BinaryMediaTypes
	if !overwrite {
		types = union(api.BinaryMediaTypes, types)
	}
	if err := setBinaryMediaTypes(api, types); err != nil {
		return err
	}
	switch d.APIKeySource {
	case "HEADER", "AUTHORIZER":
		api.APIKeySource = d.APIKeySource
	case "":
		if overwrite {
			api.APIKeySource = "HEADER"
		}
	default:
		return importError("Invalid API key source specified: " + d.APIKeySource)
	}
	if overwrite || len(d.Policy) > 0 {
		if err := setPolicy(api, policyText(d.Policy)); err != nil {
			return err
		}
	}
	if d.Endpoint == nil {
		return nil
	}
	if len(d.Endpoint.VPCEndpointIDs) > 0 {
		return unsupported("VPC endpoints of private APIs")
	}
	if d.Endpoint.DisableExecuteAPIEndpoint != nil {
		api.DisableExecuteAPIEndpoint = *d.Endpoint.DisableExecuteAPIEndpoint
	}
	return nil
}

// policyText takes a policy as an object, or as a string that holds one.
func policyText(raw json.RawMessage) string {
	var quoted string
	if json.Unmarshal(raw, &quoted) == nil {
		return quoted
	}
	return string(raw)
}

func union(a, b []string) []string {
	seen := map[string]bool{}
	var all []string
	for _, item := range append(append([]string{}, a...), b...) {
		if !seen[item] {
			seen[item] = true
			all = append(all, item)
		}
	}
	return all
}

func (d *openAPI) importGatewayResponses(api *definition.API, overwrite bool) error {
	if overwrite {
		api.GatewayResponses = map[string]*definition.GatewayResponse{}
	}
	for _, kind := range sortedKeys(d.GatewayResponses) {
		if !isKey(definition.GatewayResponseDefaults)(kind) {
			return importError("Invalid gateway response type specified: " + kind)
		}
		given := d.GatewayResponses[kind]
		var wrong violations
		wrong.statusCode(string(given.StatusCode), "statusCode")
		if err := wrong.err(); err != nil {
			return wrapImport(err, "put gateway response", kind, "")
		}
		response, err := newGatewayResponse(kind, string(given.StatusCode), given.ResponseParameters, given.ResponseTemplates)
		if err != nil {
			return wrapImport(err, "put gateway response", kind, "")
		}
		api.GatewayResponses[kind] = response
	}
	return nil
}

func importError(message string) error {
	return badRequest("Errors found during import:\n\t%s", message)
}

// wrapImport puts a refusal of a single object into the frame in which AWS
// reports on imports. What the emulator does not support stays as it is.
func wrapImport(err error, action, what, path string) error {
	refusal, isRefusal := err.(*awsproto.Error)
	if !isRefusal || refusal.Code == awsproto.NotSupported {
		return err
	}
	where := ""
	if path != "" {
		where = fmt.Sprintf(" for resource at path '%s'", path)
	}
	return awsproto.Errorf(http.StatusBadRequest, "BadRequestException", "Errors found during import:\n\tUnable to %s on '%s'%s: %s",
		action, what, where, refusal.Message)
}
