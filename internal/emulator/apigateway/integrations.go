package apigateway

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"apigateway-maintenance/internal/emulator/definition"
)

// integrationTypes in the order in which AWS names them in its errors.
var integrationTypes = []string{"HTTP", "MOCK", "AWS_PROXY", "HTTP_PROXY", "AWS"}

func putIntegration(c *call) (answer, error) {
	var in struct {
		definition.Integration
		Credentials          string          `json:"credentials"`
		TLSConfig            json.RawMessage `json:"tlsConfig"`
		IntegrationTarget    string          `json:"integrationTarget"`
		ResponseTransferMode string          `json:"responseTransferMode"`
	}
	if err := c.decode(&in); err != nil {
		return refused(err)
	}
	var wrong violations
	wrong.enum(in.Type, "putIntegrationInput.type", integrationTypes...)
	wrong.enum(in.ConnectionType, "putIntegrationInput.connectionType", "INTERNET", "VPC_LINK")
	wrong.enum(in.ContentHandling, "putIntegrationInput.contentHandling", "CONVERT_TO_BINARY", "CONVERT_TO_TEXT")
	if err := wrong.err(); err != nil {
		return refused(err)
	}
	resource, method, err := c.method()
	if err != nil {
		return refused(err)
	}
	switch {
	case in.Type == "":
		return refused(badRequest("Enumeration value for type must be non-empty"))
	case in.Credentials != "":
		return refused(unsupported("credentials of an integration"))
	case len(in.TLSConfig) > 0 && !slices.Contains([]string{"null", "{}"}, string(in.TLSConfig)):
		return refused(unsupported("tlsConfig of an integration"))
	case in.IntegrationTarget != "":
		return refused(unsupported("integrationTarget, which belongs to VPC links"))
	case in.ResponseTransferMode != "" && in.ResponseTransferMode != "BUFFERED":
		return refused(unsupported("responseTransferMode %s", in.ResponseTransferMode))
	}
	integration := &in.Integration
	integration.HTTPMethod = strings.ToUpper(in.HTTPMethod)
	integration.Responses = map[string]*definition.IntegrationResponse{}
	if integration.CacheNamespace == "" {
		integration.CacheNamespace = resource.ID
	}
	if err := checkIntegration(integration, method); err != nil {
		return refused(err)
	}
	method.Integration = integration
	return created(integration)
}

// integration gives the method whose integration the path names.
func (c *call) integration() (*definition.Method, error) {
	_, method, err := c.method()
	if err != nil {
		return nil, err
	}
	if method.Integration == nil {
		return nil, notFound(noSuchIntegration)
	}
	return method, nil
}

func getIntegration(c *call) (answer, error) {
	method, err := c.integration()
	if err != nil {
		return refused(err)
	}
	return ok(method.Integration)
}

func deleteIntegration(c *call) (answer, error) {
	method, err := c.integration()
	if err != nil {
		return refused(err)
	}
	method.Integration = nil
	return noContent()
}

func updateIntegration(c *call) (answer, error) {
	patches, err := c.patches("updateIntegrationInput")
	if err != nil {
		return refused(err)
	}
	method, err := c.integration()
	if err != nil {
		return refused(err)
	}
	integration := method.Integration.Clone()
	for _, p := range patches {
		if err := patchIntegration(integration, p); err != nil {
			return refused(err)
		}
	}
	if err := checkIntegration(integration, method); err != nil {
		return refused(err)
	}
	method.Integration = integration
	return ok(integration)
}

func patchIntegration(i *definition.Integration, p patchOperation) error {
	set := func(field *string) func(*string) error {
		return func(v *string) error { *field = text(v); return nil }
	}
	switch {
	case strings.HasPrefix(*p.Path, "/requestParameters/"):
		return patchMember(&i.RequestParameters, p, asText, "Invalid parameter name specified")
	case strings.HasPrefix(*p.Path, "/requestTemplates/"):
		return patchMember(&i.RequestTemplates, p, asText, "Content-Type specified was not found")
	case strings.HasPrefix(*p.Path, "/cacheKeyParameters/"):
		return patchCacheKey(i, p)
	}
	return patchTable{
		"/uri":                 set(&i.URI),
		"/httpMethod":          set(&i.HTTPMethod),
		"/passthroughBehavior": set(&i.PassthroughBehavior),
		"/contentHandling":     set(&i.ContentHandling),
		"/cacheNamespace":      set(&i.CacheNamespace),
		"/connectionType":      set(&i.ConnectionType),
		"/timeoutInMillis": func(v *string) error {
			timeout, err := strconv.Atoi(text(v))
			if err != nil {
				return badRequest("Timeout should be between %d ms and %d ms", minTimeoutMillis, maxTimeoutMillis)
			}
			i.TimeoutInMillis = timeout
			return nil
		},
		"/credentials": func(v *string) error {
			if text(v) != "" {
				return unsupported("credentials of an integration")
			}
			return nil
		},
		"/connectionId": func(v *string) error {
			if text(v) != "" {
				return unsupported("VPC links")
			}
			return nil
		},
	}.apply(p)
}

func patchCacheKey(i *definition.Integration, p patchOperation) error {
	segments := pointer(*p.Path)
	if len(segments) != 2 || segments[1] == "" {
		return invalidPath(p)
	}
	at := slices.Index(i.CacheKeyParameters, segments[1])
	switch {
	case p.Op == "add" && at < 0:
		i.CacheKeyParameters = append(i.CacheKeyParameters, segments[1])
	case p.Op == "add":
	case p.Op == "remove" && at >= 0:
		i.CacheKeyParameters = slices.Delete(i.CacheKeyParameters, at, at+1)
	case p.Op == "remove":
		return notFound("Invalid parameter name specified")
	default:
		return badRequest("Invalid patch operation specified. Must be 'add'|'remove'")
	}
	return nil
}

func putIntegrationResponse(c *call) (answer, error) {
	response := &definition.IntegrationResponse{}
	if err := c.decode(response); err != nil {
		return refused(err)
	}
	if err := c.checkStatusCode(); err != nil {
		return refused(err)
	}
	method, err := c.integration()
	if err != nil {
		return refused(err)
	}
	response.StatusCode = c.PathValue("status_code")
	if err := checkIntegrationResponse(response, method); err != nil {
		return refused(err)
	}
	method.Integration.Responses[response.StatusCode] = response
	return created(response)
}

// integrationResponse gives the method and the integration response that the
// path names.
func (c *call) integrationResponse() (*definition.Method, *definition.IntegrationResponse, error) {
	if err := c.checkStatusCode(); err != nil {
		return nil, nil, err
	}
	method, err := c.integration()
	if err != nil {
		return nil, nil, err
	}
	response := method.Integration.Responses[c.PathValue("status_code")]
	if response == nil {
		return nil, nil, notFound(noSuchResponse)
	}
	return method, response, nil
}

func getIntegrationResponse(c *call) (answer, error) {
	_, response, err := c.integrationResponse()
	if err != nil {
		return refused(err)
	}
	return ok(response)
}

func deleteIntegrationResponse(c *call) (answer, error) {
	// Here a method that is not there is an integration that is not there
	// (recorded by LocalStack's validated test_delete_integration_response_errors).
	if _, resource, err := c.resource(); err == nil && resource.Methods[c.PathValue("http_method")] == nil {
		return refused(notFound(noSuchIntegration))
	}
	method, response, err := c.integrationResponse()
	if err != nil {
		return refused(err)
	}
	delete(method.Integration.Responses, response.StatusCode)
	return noContent()
}

func updateIntegrationResponse(c *call) (answer, error) {
	patches, err := c.patches("updateIntegrationResponseInput")
	if err != nil {
		return refused(err)
	}
	method, current, err := c.integrationResponse()
	if err != nil {
		return refused(err)
	}
	response := current.Clone()
	for _, p := range patches {
		if err := patchIntegrationResponse(response, p); err != nil {
			return refused(err)
		}
	}
	if err := checkIntegrationResponse(response, method); err != nil {
		return refused(err)
	}
	method.Integration.Responses[response.StatusCode] = response
	return ok(response)
}

func patchIntegrationResponse(r *definition.IntegrationResponse, p patchOperation) error {
	switch {
	case strings.HasPrefix(*p.Path, "/responseParameters/"):
		return patchMember(&r.ResponseParameters, p, asText, "Invalid parameter name specified")
	case strings.HasPrefix(*p.Path, "/responseTemplates/"):
		return patchMember(&r.ResponseTemplates, p, asText, "Content-Type specified was not found")
	}
	return patchTable{
		"/selectionPattern": func(v *string) error { r.SelectionPattern = v; return nil },
		"/contentHandling":  func(v *string) error { r.ContentHandling = text(v); return nil },
	}.apply(p)
}
