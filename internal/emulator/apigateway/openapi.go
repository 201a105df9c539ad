package apigateway

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

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
	api        *definition.API // into which it is imported
	region     string
	base       string   // before all paths
	warnings   []string // of the import

	Swagger string
	OpenAPI string
	Info    struct {
		Title       string     `json:"title"`
		Description string     `json:"description"`
		Version     flexString `json:"version"`
	}
	BasePath string
	Servers  []struct {
		URL       string `json:"url"`
		Variables map[string]struct {
			Default string `json:"default"`
		} `json:"variables"`
	}
	Paths       map[string]map[string]json.RawMessage
	Security    []securityRequirement
	Definitions map[string]json.RawMessage
	Components  struct {
		Schemas         map[string]json.RawMessage `json:"schemas"`
		SecuritySchemes map[string]securityScheme  `json:"securitySchemes"`
	}
	SecurityDefinitions map[string]securityScheme

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
	SecurityPolicy     string `json:"x-amazon-apigateway-security-policy"`
	EndpointAccessMode string `json:"x-amazon-apigateway-endpoint-access-mode"`
	Validators         map[string]struct {
		ValidateBody       bool `json:"validateRequestBody"`
		ValidateParameters bool `json:"validateRequestParameters"`
	} `json:"x-amazon-apigateway-request-validators"`
	Validator     string `json:"x-amazon-apigateway-request-validator"`
	Documentation *struct {
		Parts []struct {
			Location   definition.DocumentationLocation `json:"location"`
			Properties json.RawMessage                  `json:"properties"`
		} `json:"documentationParts"`
	} `json:"x-amazon-apigateway-documentation"`
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
	return document, checkExtensions(root, rootExtensions, "the document's root")
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
	"x-amazon-apigateway-request-validators":       true,
	validatorKey:                                   true,
	"x-amazon-apigateway-documentation":            true,
	"x-amazon-apigateway-security-policy":          true,
	"x-amazon-apigateway-endpoint-access-mode":     true,
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
