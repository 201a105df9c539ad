package definition

import "encoding/json"

// Maps that were given empty are answered empty, and those that were not given
// are left out, hence omitzero (recorded by LocalStack's validated
// test_lifecycle_method_response and test_put_integration_responses).

// Method is a verb (or ANY) on a resource.
type Method struct {
	HTTPMethod        string                     `json:"httpMethod"`
	AuthorizationType string                     `json:"authorizationType"`
	AuthorizerID      string                     `json:"authorizerId,omitempty"`
	APIKeyRequired    bool                       `json:"apiKeyRequired"`
	OperationName     string                     `json:"operationName,omitempty"`
	ValidatorID       string                     `json:"requestValidatorId,omitempty"`
	RequestParameters map[string]bool            `json:"requestParameters,omitzero"` // "method.request.path.proxy" -> required
	RequestModels     map[string]string          `json:"requestModels,omitzero"`     // media type -> model name
	Responses         map[string]*MethodResponse `json:"methodResponses,omitempty"`
	Integration       *Integration               `json:"methodIntegration,omitempty"`
}

// MethodResponse declares a status and the headers that an integration
// response may map for it.
type MethodResponse struct {
	StatusCode         string            `json:"statusCode"`
	ResponseParameters map[string]bool   `json:"responseParameters,omitzero"` // "method.response.header.X" -> required
	ResponseModels     map[string]string `json:"responseModels,omitzero"`     // media type -> model name
}

// Integration is what a method calls.
type Integration struct {
	Type                string                          `json:"type"` // MOCK, HTTP, HTTP_PROXY, AWS_PROXY
	HTTPMethod          string                          `json:"httpMethod,omitempty"`
	URI                 string                          `json:"uri,omitempty"`
	ConnectionType      string                          `json:"connectionType,omitempty"`
	ConnectionID        string                          `json:"connectionId,omitempty"`
	PassthroughBehavior string                          `json:"passthroughBehavior"` // WHEN_NO_MATCH, WHEN_NO_TEMPLATES, NEVER
	ContentHandling     string                          `json:"contentHandling,omitempty"`
	TimeoutInMillis     int                             `json:"timeoutInMillis"`
	CacheNamespace      string                          `json:"cacheNamespace"`
	CacheKeyParameters  []string                        `json:"cacheKeyParameters"`
	RequestParameters   map[string]string               `json:"requestParameters,omitzero"`
	RequestTemplates    Templates                       `json:"requestTemplates,omitzero"`
	Responses           map[string]*IntegrationResponse `json:"integrationResponses,omitempty"`
}

// IntegrationResponse turns an integration's answer into the method's. One
// without a pattern, or with an empty one, is the default.
type IntegrationResponse struct {
	StatusCode         string            `json:"statusCode"`
	SelectionPattern   *string           `json:"selectionPattern,omitempty"`
	ContentHandling    string            `json:"contentHandling,omitempty"`
	ResponseParameters map[string]string `json:"responseParameters,omitzero"` // "method.response.header.X" -> "'literal'" or a source expression
	ResponseTemplates  Templates         `json:"responseTemplates,omitzero"`
}

// Pattern is the selection pattern; empty for the default.
func (r *IntegrationResponse) Pattern() string {
	if r.SelectionPattern == nil {
		return ""
	}
	return *r.SelectionPattern
}

// Templates are mapping templates by media type. An empty one is null in JSON
// (recorded by LocalStack's validated test_put_integration_response_templates).
type Templates map[string]string

// MarshalJSON writes null for an empty template.
func (t Templates) MarshalJSON() ([]byte, error) {
	document := make(map[string]*string, len(t))
	for mediaType, template := range t {
		document[mediaType] = nil
		if template != "" {
			document[mediaType] = &template
		}
	}
	return json.Marshal(document)
}

// GatewayResponse is a customised answer for what never reaches a method.
type GatewayResponse struct {
	ResponseType       string            `json:"responseType"`
	StatusCode         string            `json:"statusCode,omitempty"` // empty: the type's own status
	ResponseParameters map[string]string `json:"responseParameters"`   // "gatewayresponse.header.X" -> "'literal'" or a source expression
	ResponseTemplates  map[string]string `json:"responseTemplates"`
	DefaultResponse    bool              `json:"defaultResponse"` // true only in answers: nobody customised it
}
