package apigateway

import (
	"encoding/json"
	"strings"
	"time"

	"apigateway-maintenance/internal/emulator/definition"
)

// timestamp is written as seconds since 1970, as REST-JSON has it.
type timestamp time.Time

// MarshalJSON writes whole seconds.
func (t timestamp) MarshalJSON() ([]byte, error) { return json.Marshal(time.Time(t).Unix()) }

type restAPIDoc struct {
	ID                        string                   `json:"id"`
	Name                      string                   `json:"name"`
	Description               string                   `json:"description,omitempty"`
	Version                   string                   `json:"version,omitempty"`
	CreatedDate               timestamp                `json:"createdDate"`
	BinaryMediaTypes          []string                 `json:"binaryMediaTypes,omitempty"`
	APIKeySource              string                   `json:"apiKeySource"`
	EndpointConfiguration     endpointConfigurationDoc `json:"endpointConfiguration"`
	Policy                    string                   `json:"policy,omitempty"`
	Tags                      map[string]string        `json:"tags,omitempty"`
	DisableExecuteAPIEndpoint bool                     `json:"disableExecuteApiEndpoint"`
	RootResourceID            string                   `json:"rootResourceId"`
}

func restAPIDocOf(api *definition.API) restAPIDoc {
	return restAPIDoc{
		ID: api.ID, Name: api.Name, Description: api.Description, Version: api.Version,
		CreatedDate:               timestamp(api.CreatedDate),
		BinaryMediaTypes:          api.BinaryMediaTypes,
		APIKeySource:              api.APIKeySource,
		EndpointConfiguration:     endpointConfigurationDoc{Types: []string{api.EndpointType}, IPAddressType: api.IPAddressType},
		Policy:                    escapedPolicy(api.Policy),
		Tags:                      api.Tags,
		DisableExecuteAPIEndpoint: api.DisableExecuteAPIEndpoint,
		RootResourceID:            api.RootResourceID,
	}
}

// escapedPolicy escapes a policy once more than JSON needs: API Gateway gives
// it back so, and clients undo it (the provider's flattenAPIPolicy).
func escapedPolicy(policy string) string {
	if policy == "" {
		return ""
	}
	encoded, err := json.Marshal(policy)
	if err != nil {
		return policy
	}
	return strings.TrimSuffix(strings.TrimPrefix(string(encoded), `"`), `"`)
}

type resourceDoc struct {
	ID              string         `json:"id"`
	ParentID        string         `json:"parentId,omitempty"`
	PathPart        string         `json:"pathPart,omitempty"`
	Path            string         `json:"path"`
	ResourceMethods map[string]any `json:"resourceMethods,omitempty"`
}

// resourceDocOf shows the methods themselves only if they are asked for; else
// each is an empty object.
func resourceDocOf(r *definition.Resource, withMethods bool) resourceDoc {
	doc := resourceDoc{ID: r.ID, ParentID: r.ParentID, PathPart: r.PathPart, Path: r.Path}
	if len(r.Methods) == 0 {
		return doc
	}
	doc.ResourceMethods = map[string]any{}
	for verb, method := range r.Methods {
		doc.ResourceMethods[verb] = struct{}{}
		if withMethods {
			doc.ResourceMethods[verb] = methodDocOf(method)
		}
	}
	return doc
}

type methodDoc struct {
	HTTPMethod        string                       `json:"httpMethod"`
	AuthorizationType string                       `json:"authorizationType"`
	APIKeyRequired    bool                         `json:"apiKeyRequired"`
	OperationName     string                       `json:"operationName,omitempty"`
	RequestParameters map[string]bool              `json:"requestParameters,omitempty"`
	RequestModels     map[string]string            `json:"requestModels,omitempty"`
	MethodResponses   map[string]methodResponseDoc `json:"methodResponses,omitempty"`
	MethodIntegration *integrationDoc              `json:"methodIntegration,omitempty"`
}

func methodDocOf(m *definition.Method) methodDoc {
	doc := methodDoc{
		HTTPMethod: m.HTTPMethod, AuthorizationType: m.AuthorizationType, APIKeyRequired: m.APIKeyRequired,
		OperationName: m.OperationName, RequestParameters: m.RequestParameters, RequestModels: m.RequestModels,
	}
	if len(m.Responses) > 0 {
		doc.MethodResponses = map[string]methodResponseDoc{}
		for status, response := range m.Responses {
			doc.MethodResponses[status] = methodResponseDocOf(response)
		}
	}
	if m.Integration != nil {
		integration := integrationDocOf(m.Integration)
		doc.MethodIntegration = &integration
	}
	return doc
}

type methodResponseDoc struct {
	StatusCode         string            `json:"statusCode"`
	ResponseParameters map[string]bool   `json:"responseParameters,omitempty"`
	ResponseModels     map[string]string `json:"responseModels,omitempty"`
}

func methodResponseDocOf(r *definition.MethodResponse) methodResponseDoc {
	return methodResponseDoc{StatusCode: r.StatusCode, ResponseParameters: r.ResponseParameters, ResponseModels: r.ResponseModels}
}

type integrationDoc struct {
	Type                string                            `json:"type"`
	HTTPMethod          string                            `json:"httpMethod,omitempty"`
	URI                 string                            `json:"uri,omitempty"`
	ConnectionType      string                            `json:"connectionType,omitempty"`
	PassthroughBehavior string                            `json:"passthroughBehavior"`
	ContentHandling     string                            `json:"contentHandling,omitempty"`
	TimeoutInMillis     int                               `json:"timeoutInMillis"`
	CacheNamespace      string                            `json:"cacheNamespace"`
	CacheKeyParameters  []string                          `json:"cacheKeyParameters"`
	RequestParameters   map[string]string                 `json:"requestParameters,omitempty"`
	RequestTemplates    map[string]*string                `json:"requestTemplates,omitempty"`
	Responses           map[string]integrationResponseDoc `json:"integrationResponses,omitempty"`
}

func integrationDocOf(i *definition.Integration) integrationDoc {
	doc := integrationDoc{
		Type: i.Type, HTTPMethod: i.HTTPMethod, URI: i.URI, ConnectionType: i.ConnectionType,
		PassthroughBehavior: i.PassthroughBehavior, ContentHandling: i.ContentHandling, TimeoutInMillis: i.TimeoutInMillis,
		CacheNamespace: i.CacheNamespace, CacheKeyParameters: i.CacheKeyParameters,
		RequestParameters: i.RequestParameters, RequestTemplates: templatesDoc(i.RequestTemplates),
	}
	if doc.CacheKeyParameters == nil {
		doc.CacheKeyParameters = []string{}
	}
	if len(i.Responses) > 0 {
		doc.Responses = map[string]integrationResponseDoc{}
		for status, response := range i.Responses {
			doc.Responses[status] = integrationResponseDocOf(response)
		}
	}
	return doc
}

type integrationResponseDoc struct {
	StatusCode         string             `json:"statusCode"`
	SelectionPattern   string             `json:"selectionPattern,omitempty"`
	ContentHandling    string             `json:"contentHandling,omitempty"`
	ResponseParameters map[string]string  `json:"responseParameters,omitempty"`
	ResponseTemplates  map[string]*string `json:"responseTemplates,omitempty"`
}

func integrationResponseDocOf(r *definition.IntegrationResponse) integrationResponseDoc {
	return integrationResponseDoc{
		StatusCode: r.StatusCode, SelectionPattern: r.SelectionPattern, ContentHandling: r.ContentHandling,
		ResponseParameters: r.ResponseParameters, ResponseTemplates: templatesDoc(r.ResponseTemplates),
	}
}

// templatesDoc writes an empty template as null (recorded by LocalStack's
// validated test_put_integration_response_templates).
func templatesDoc(templates map[string]string) map[string]*string {
	if len(templates) == 0 {
		return nil
	}
	doc := make(map[string]*string, len(templates))
	for mediaType, template := range templates {
		doc[mediaType] = nil
		if template != "" {
			doc[mediaType] = &template
		}
	}
	return doc
}
