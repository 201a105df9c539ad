package apigateway

import (
	"encoding/json"
	"strings"

	"apigateway-maintenance/internal/emulator/definition"
)

// securityScheme is a scheme of a document, as far as API Gateway reads it.
type securityScheme struct {
	Type       string          `json:"type"`
	Name       string          `json:"name"`
	AuthType   string          `json:"x-amazon-apigateway-authtype"`
	Authorizer json.RawMessage `json:"x-amazon-apigateway-authorizer"`
}

// securityRequirement has the names of schemes as keys.
type securityRequirement map[string]json.RawMessage

// secure applies the requirements of a method, or else those of the document
// (recorded by LocalStack's validated test_import_with_global_api_key_authorizer).
func (d *openAPI) secure(method *definition.Method, own []securityRequirement) {
	requirements := d.Security
	if own != nil {
		requirements = own
	}
	for _, requirement := range requirements {
		for _, name := range sortedKeys(requirement) {
			scheme, found := d.SecurityDefinitions[name]
			if !found {
				scheme = d.Components.SecuritySchemes[name]
			}
			switch {
			case len(scheme.Authorizer) > 0:
				method.AuthorizationType, method.AuthorizerID = "CUSTOM", d.authorizerID(name)
				if strings.EqualFold(scheme.AuthType, "cognito_user_pools") {
					method.AuthorizationType = "COGNITO_USER_POOLS"
				}
			case strings.EqualFold(scheme.AuthType, "awsSigv4"):
				method.AuthorizationType = "AWS_IAM"
			case scheme.Type == "apiKey" && strings.EqualFold(scheme.Name, "x-api-key"):
				method.APIKeyRequired = true
			}
		}
	}
}

// authorizerID finds the authorizer of a name, or makes it.
func (d *openAPI) authorizerID(name string) string {
	for id, taken := range d.api.Authorizers {
		if taken == name {
			return id
		}
	}
	id := newID(resourceIDLength, isKey(d.api.Authorizers))
	d.api.Authorizers[id] = name
	return id
}
