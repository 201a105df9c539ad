package apigateway

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"apigateway-maintenance/internal/emulator/definition"
)

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
		if response.ResponseModels, err = d.modelsOf(given.Content); err != nil {
			return err
		}
		if err := checkMethodResponse(d.api, response); err != nil {
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
	PayloadVersion      string            `json:"payloadFormatVersion"` // of HTTP APIs, passed over
	CacheKeyParameters  []string          `json:"cacheKeyParameters"`
	RequestParameters   map[string]any    `json:"requestParameters"`
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
		RequestParameters: d.textParameters(given.RequestParameters, method.HTTPMethod, path), RequestTemplates: given.RequestTemplates,
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

// textParameters keeps the mappings that are text, and warns of the others
// (recorded by LocalStack's validated test_import_rest_api_with_base_path_oas30).
func (d *openAPI) textParameters(given map[string]any, verb, path string) map[string]string {
	if given == nil {
		return nil
	}
	parameters := map[string]string{}
	for _, name := range sortedKeys(given) {
		if text, isText := given[name].(string); isText {
			parameters[name] = text
			continue
		}
		d.warnings = append(d.warnings, fmt.Sprintf("Invalid format for 'requestParameters'. Expected type string for property '%s' of resource '%s' and method '%s' but got '%v'",
			name, d.base+path, verb, given[name]))
	}
	return parameters
}
