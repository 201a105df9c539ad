package apigateway

import (
	"slices"
	"strings"

	"apigateway-maintenance/internal/emulator/definition"
)

// stockTemplate is the body of every gateway response that nobody customised
// (fact B2).
const stockTemplate = `{"message":$context.error.messageString}`

// gatewayResponseTypes in the order in which AWS names them in its errors.
var gatewayResponseTypes = []string{
	"REQUEST_TOO_LARGE", "RESOURCE_NOT_FOUND", "AUTHORIZER_CONFIGURATION_ERROR", "MISSING_AUTHENTICATION_TOKEN", "BAD_REQUEST_BODY",
	"INVALID_SIGNATURE", "INVALID_API_KEY", "BAD_REQUEST_PARAMETERS", "AUTHORIZER_FAILURE", "UNAUTHORIZED", "INTEGRATION_TIMEOUT",
	"ACCESS_DENIED", "DEFAULT_4XX", "DEFAULT_5XX", "WAF_FILTERED", "QUOTA_EXCEEDED", "THROTTLED", "API_CONFIGURATION_ERROR",
	"UNSUPPORTED_MEDIA_TYPE", "INTEGRATION_FAILURE", "EXPIRED_TOKEN",
}

// effective shows what is in effect: a type that is not customised inherits from
// a customised DEFAULT_4XX or DEFAULT_5XX (fact B3).
func effective(api *definition.API, kind string) definition.GatewayResponse {
	shown := definition.GatewayResponse{
		ResponseType: kind, StatusCode: definition.GatewayResponseDefaults[kind], DefaultResponse: true,
		ResponseParameters: map[string]string{}, ResponseTemplates: map[string]string{"application/json": stockTemplate},
	}
	from := api.GatewayResponses[kind]
	shown.DefaultResponse = from == nil
	if from == nil && shown.StatusCode != "" {
		from = api.GatewayResponses["DEFAULT_"+shown.StatusCode[:1]+"XX"]
	}
	if from == nil {
		return shown
	}
	if from.StatusCode != "" {
		shown.StatusCode = from.StatusCode
	}
	if from.ResponseParameters != nil {
		shown.ResponseParameters = from.ResponseParameters
	}
	shown.ResponseTemplates = from.ResponseTemplates
	return shown
}

// newGatewayResponse makes a customised response: what is left out is the
// type's own default, not what another response says (fact B3).
func newGatewayResponse(kind, status string, parameters, templates map[string]string) (*definition.GatewayResponse, error) {
	if status == "" {
		status = definition.GatewayResponseDefaults[kind]
	}
	if len(templates) == 0 {
		templates = map[string]string{"application/json": stockTemplate}
	}
	for _, key := range sortedKeys(parameters) {
		switch {
		case !gatewayResponseKey.MatchString(key):
			return nil, invalidExpression(key)
		case !gatewayResponseValue.MatchString(parameters[key]):
			return nil, invalidExpression(parameters[key])
		}
	}
	for _, key := range sortedKeys(templates) {
		switch {
		case !mediaType.MatchString(key):
			return nil, badRequest("Validation Result: warnings : [], errors : [Invalid content type specified: %s]", key)
		case len(templates[key]) > maxTemplateSize:
			return nil, badRequest("Invalid mapping template: the template for %s has %d bytes, the limit is %d", key, len(templates[key]), maxTemplateSize)
		}
	}
	return &definition.GatewayResponse{ResponseType: kind, StatusCode: status, ResponseParameters: parameters, ResponseTemplates: templates}, nil
}

// gatewayResponse gives the API and the response type that the path names.
func (c *call) gatewayResponse() (*definition.API, string, error) {
	kind := c.PathValue("response_type")
	var wrong violations
	wrong.enum(kind, "responseType", gatewayResponseTypes...)
	if err := wrong.err(); err != nil {
		return nil, "", err
	}
	api, err := c.api()
	return api, kind, err
}

func putGatewayResponse(c *call) (answer, error) {
	api, kind, err := c.gatewayResponse()
	if err != nil {
		return refused(err)
	}
	var in definition.GatewayResponse
	if err := c.decode(&in); err != nil {
		return refused(err)
	}
	var wrong violations
	wrong.statusCode(in.StatusCode, "putGatewayResponseInput.statusCode")
	if err := wrong.err(); err != nil {
		return refused(err)
	}
	response, err := newGatewayResponse(kind, in.StatusCode, in.ResponseParameters, in.ResponseTemplates)
	if err != nil {
		return refused(err)
	}
	api.GatewayResponses[kind] = response
	return created(effective(api, kind))
}

func getGatewayResponse(c *call) (answer, error) {
	api, kind, err := c.gatewayResponse()
	if err != nil {
		return refused(err)
	}
	return ok(effective(api, kind))
}

func getGatewayResponses(c *call) (answer, error) {
	api, err := c.api()
	if err != nil {
		return refused(err)
	}
	all := []definition.GatewayResponse{}
	for _, kind := range slices.Sorted(slices.Values(gatewayResponseTypes)) {
		all = append(all, effective(api, kind))
	}
	return ok(list[definition.GatewayResponse]{Items: all})
}

func deleteGatewayResponse(c *call) (answer, error) {
	api, kind, err := c.gatewayResponse()
	if err != nil {
		return refused(err)
	}
	if api.GatewayResponses[kind] == nil {
		return refused(notFound("Gateway response type not defined on api"))
	}
	delete(api.GatewayResponses, kind)
	return accepted()
}

func updateGatewayResponse(c *call) (answer, error) {
	patches, err := c.patches("updateGatewayResponseInput")
	if err != nil {
		return refused(err)
	}
	api, kind, err := c.gatewayResponse()
	if err != nil {
		return refused(err)
	}
	response := &definition.GatewayResponse{ResponseType: kind}
	if current := api.GatewayResponses[kind]; current != nil {
		response = current.Clone()
	}
	for _, p := range patches {
		if err := patchGatewayResponse(response, p); err != nil {
			return refused(err)
		}
	}
	response, err = newGatewayResponse(kind, response.StatusCode, response.ResponseParameters, response.ResponseTemplates)
	if err != nil {
		return refused(err)
	}
	api.GatewayResponses[kind] = response
	return ok(effective(api, kind))
}

func patchGatewayResponse(response *definition.GatewayResponse, p patchOperation) error {
	switch {
	case *p.Path == "/statusCode" && p.Op == "replace":
		var wrong violations
		wrong.statusCode(p.value(), "statusCode")
		response.StatusCode = p.value()
		return wrong.err()
	case strings.HasPrefix(*p.Path, "/responseParameters/"):
		return patchMember(&response.ResponseParameters, p, notEmpty("responseParameters"), "Invalid parameter name specified")
	case strings.HasPrefix(*p.Path, "/responseTemplates/"):
		return patchMember(&response.ResponseTemplates, p, notEmpty("responseTemplates"), "Invalid parameter name specified")
	default:
		return invalidPath(p)
	}
}

// notEmpty refuses a null or an empty value.
func notEmpty(member string) func(string, *string) (string, error) {
	return func(_ string, value *string) (string, error) {
		if text(value) == "" {
			return "", badRequest("Invalid null or empty value in %s", member)
		}
		return *value, nil
	}
}
