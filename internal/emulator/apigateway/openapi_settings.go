package apigateway

import (
	"cmp"
	"encoding/json"
	"strings"

	"apigateway-maintenance/internal/emulator/definition"
)

// importInto makes the API what the document says. Overwriting resets what the
// document does not mention, gateway responses included (facts B4, E6).
func (d *openAPI) importAll(overwrite, ignoreDocumentation bool) error {
	if strings.TrimSpace(d.Info.Title) == "" && overwrite {
		return importError("Unable to update the API: the document has no info.title")
	}
	if err := d.importSettings(d.api, overwrite); err != nil {
		return err
	}
	if err := d.importModels(overwrite); err != nil {
		return err
	}
	d.importValidators(overwrite)
	if overwrite {
		d.api.Authorizers = map[string]string{}
	}
	if !ignoreDocumentation {
		if err := d.importDocumentation(overwrite); err != nil {
			return err
		}
	}
	if err := d.importGatewayResponses(d.api, overwrite); err != nil {
		return err
	}
	return d.importPaths(overwrite)
}

func (d *openAPI) importValidators(overwrite bool) {
	if overwrite {
		d.api.Validators = map[string]*definition.RequestValidator{}
	}
	for _, name := range sortedKeys(d.Validators) {
		validator := &definition.RequestValidator{
			ID: newID(resourceIDLength, isKey(d.api.Validators)), Name: name,
			ValidateBody: d.Validators[name].ValidateBody, ValidateParameters: d.Validators[name].ValidateParameters,
		}
		d.api.Validators[validator.ID] = validator
	}
}

// validatorID finds the validator of a name; empty if there is none of it.
func (d *openAPI) validatorID(name string) string {
	for id, validator := range d.api.Validators {
		if name != "" && validator.Name == name {
			return id
		}
	}
	return ""
}

func (d *openAPI) importDocumentation(overwrite bool) error {
	if overwrite {
		d.api.DocumentationParts = map[string]*definition.DocumentationPart{}
	}
	if d.Documentation == nil {
		return nil
	}
	for _, part := range d.Documentation.Parts {
		if err := addDocumentationPart(d.api, &definition.DocumentationPart{Location: part.Location, Properties: string(part.Properties)}); err != nil {
			return err
		}
	}
	return nil
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
		if err := setPolicy(api, d.region, policyText(d.Policy)); err != nil {
			return err
		}
	}
	if overwrite || d.MinimumSize != nil {
		if err := checkCompression(d.MinimumSize); err != nil {
			return err
		}
		api.MinimumCompressionSize = d.MinimumSize
	}
	api.SecurityPolicy = cmp.Or(d.SecurityPolicy, api.SecurityPolicy)
	api.EndpointAccessMode = cmp.Or(d.EndpointAccessMode, api.EndpointAccessMode)
	if d.Endpoint == nil {
		return nil
	}
	if len(d.Endpoint.VPCEndpointIDs) > 0 {
		if api.Endpoint.Type() != private {
			return badRequest("VPCEndpoints can only be specified with PRIVATE apis.")
		}
		api.Endpoint.VPCEndpointIDs = d.Endpoint.VPCEndpointIDs
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
