package test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// mappings asks what a base path without a mapping gets, and whether a mapping
// may point at a stage that is not there (facts H7, H8). The mapping is as it was
// when this returns.
func (a *awsTarget) mappings(t *testing.T, client *http.Client) []finding {
	t.Helper()
	gateway := apigateway.NewFromConfig(a.sdk)
	update := func(basePath string, patch types.PatchOperation) error {
		_, err := gateway.UpdateBasePathMapping(t.Context(), &apigateway.UpdateBasePathMappingInput{
			DomainName: aws.String(a.domain()), BasePath: aws.String(basePath), PatchOperations: []types.PatchOperation{patch},
		})
		return err
	}
	api, err := gateway.CreateRestApi(t.Context(), &apigateway.CreateRestApiInput{Name: aws.String("maintenance-probe-stageless"), EndpointConfiguration: regionalEndpoint()})
	require.NoError(t, err)
	defer (&probeAPI{gateway: gateway}).forget(t, *api.Id)
	before, err := gateway.GetBasePathMapping(t.Context(), &apigateway.GetBasePathMappingInput{DomainName: aws.String(a.domain()), BasePath: aws.String("(none)")})
	require.NoError(t, err)

	stageless := "taken"
	if err := update("(none)", replaced("/restapiId", *api.Id)); err != nil {
		stageless = "refused: " + err.Error()
	} else {
		require.NoError(t, update("(none)", replaced("/restapiId", *before.RestApiId)))
	}
	require.NoError(t, update("(none)", replaced("/basePath", "only")))
	unmapped := a.asked(t, client, a.domain(), observation{path: "/orders"})
	require.NoError(t, update("only", replaced("/basePath", "(none)")))
	return []finding{
		{"H8", "a mapping to an API without the stage", stageless},
		{"H7", "a base path without a mapping, at once after the last one moved", unmapped},
	}
}

// documents asks what becomes of parameters that a document declares at a path.
func (p *probeAPI) documents(t *testing.T) []finding {
	t.Helper()
	document := func(mapping string) []byte {
		return []byte(`{"openapi": "3.0.1", "info": {"title": "maintenance-probe-document", "description": "d", "version": "1"}, "paths": {"/{proxy+}": {
			"parameters": [{"name": "proxy", "in": "path", "required": true, "schema": {"type": "string"}}],
			"x-amazon-apigateway-any-method": {"responses": {}, "x-amazon-apigateway-integration": {"type": "http_proxy", "httpMethod": "ANY", "uri": "https://example.com/"` + mapping + `}}}}}`)
	}
	var findings []finding
	for _, q := range []struct{ question, mapping string }{
		{"parameters at a path, not used", ""},
		{"parameters at a path, mapped", `, "requestParameters": {"integration.request.header.x-path": "method.request.path.proxy"}`},
	} {
		findings = append(findings, finding{"J2", q.question, p.imported(t, document(q.mapping))})
	}
	return findings
}

func (p *probeAPI) imported(t *testing.T, document []byte) string {
	api, err := p.gateway.ImportRestApi(t.Context(), &apigateway.ImportRestApiInput{Body: document, Parameters: map[string]string{"endpointConfigurationTypes": "REGIONAL"}})
	if err != nil {
		return "refused: " + err.Error()
	}
	defer p.forget(t, *api.Id)
	resources, err := p.gateway.GetResources(t.Context(), &apigateway.GetResourcesInput{RestApiId: api.Id, Embed: []string{"methods"}})
	require.NoError(t, err)
	for _, resource := range resources.Items {
		if method, found := resource.ResourceMethods["ANY"]; found {
			return fmt.Sprintf("taken; the method has the parameters %v", method.RequestParameters)
		}
	}
	return "taken, without the method"
}

// forget deletes an API; on AWS one in 30 seconds may be deleted (fact F1).
func (p *probeAPI) forget(t *testing.T, api string) {
	patient := func(o *apigateway.Options) { o.RetryMaxAttempts = 12 }
	_, err := p.gateway.DeleteRestApi(context.WithoutCancel(t.Context()), &apigateway.DeleteRestApiInput{RestApiId: &api}, patient)
	assert.NoError(t, err, "delete the REST API %s by hand", api)
}
