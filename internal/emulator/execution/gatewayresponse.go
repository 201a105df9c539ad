package execution

import (
	"cmp"
	"encoding/json"
	"strconv"
	"strings"

	"apigateway-maintenance/internal/emulator/definition"
)

// failure is why a request gets a gateway response.
type failure struct {
	kind    string // one of the 21 types
	message string // empty: the type's own
	status  int    // for a kind that has none by itself
}

func fail(kind string) *failure { return &failure{kind: kind} }

func (f *failure) text() string { return cmp.Or(f.message, stocks[f.kind].message) }

// stock is what a type says by itself (facts B1, A3, F2; the texts of types
// without a recording are AWS's documented ones).
type stock struct {
	message   string
	errorType string
	body      string // where it is not the stock template
}

var stocks = map[string]stock{
	"API_CONFIGURATION_ERROR": {"Internal server error", "InternalServerErrorException",
		`{"message": "Internal server error"}`}, // 36 bytes, the blank included (fact A3)
	"AUTHORIZER_CONFIGURATION_ERROR": {"Internal server error", "AuthorizerConfigurationException", ""},
	"BAD_REQUEST_BODY":               {"Invalid request body", "BadRequestException", ""},
	"BAD_REQUEST_PARAMETERS":         {"", "BadRequestException", ""},
	"DEFAULT_5XX": {"Internal server error", "InternalServerErrorException",
		`{"message": "Internal server error"}`},
	"INTEGRATION_FAILURE": {"Network error communicating with endpoint", "InternalServerErrorException",
		`{"message": "Network error communicating with endpoint"}`},
	"INTEGRATION_TIMEOUT": {"Endpoint request timed out", "InternalServerErrorException",
		`{"message": "Endpoint request timed out"}`},
	"INVALID_API_KEY":              {"Forbidden", "ForbiddenException", ""},
	"MISSING_AUTHENTICATION_TOKEN": {"Missing Authentication Token", "MissingAuthenticationTokenException", ""},
	"THROTTLED":                    {"Too Many Requests", "TooManyRequestsException", ""},
	"UNAUTHORIZED":                 {"Unauthorized", "UnauthorizedException", ""},
	"UNSUPPORTED_MEDIA_TYPE":       {"Unsupported Media Type", "BadRequestException", ""},
}

const stockTemplate = `{"message":$context.error.messageString}`

// variable gives $context.error.*; a nil failure has none.
func (f *failure) variable(name string) (string, bool) {
	if f == nil {
		return "", false
	}
	switch name {
	case "error.message":
		return f.text(), true
	case "error.messageString": // with its quotes (fact B4)
		quoted, _ := json.Marshal(f.text()) // a string always marshals
		return string(quoted), true
	case "error.responseType":
		return f.kind, true
	}
	return "", false
}

// gatewayAnswer is the answer of one type, inheritance settled.
type gatewayAnswer struct {
	status    int
	headers   []mapping
	templates templates
	custom    bool
}

// compileGateways settles inheritance, which is all or nothing: a customised
// type takes nothing from a customised DEFAULT_4XX or DEFAULT_5XX, and one
// that is not takes all (fact B3). REQUEST_TOO_LARGE can be put like the rest
// and is never asked for: the frontend refuses such bodies (fact A10).
func compileGateways(customised map[string]*definition.GatewayResponse) map[string]*gatewayAnswer {
	answers := make(map[string]*gatewayAnswer, len(definition.GatewayResponseDefaults))
	for kind, status := range definition.GatewayResponseDefaults {
		own := customised[kind]
		if own == nil && status != "" {
			own = customised["DEFAULT_"+status[:1]+"XX"]
		}
		answers[kind] = compileGateway(own, status)
	}
	return answers
}

func compileGateway(own *definition.GatewayResponse, status string) *gatewayAnswer {
	if own == nil {
		own = &definition.GatewayResponse{}
		code, _ := strconv.Atoi(status)
		return &gatewayAnswer{status: code}
	}
	if own.StatusCode != "" {
		status = own.StatusCode
	}
	code, _ := strconv.Atoi(status)
	answer := &gatewayAnswer{status: code, custom: true, headers: compileMappings("gatewayresponse.", own.ResponseParameters)}
	answer.templates.byType = map[string]*template{}
	for _, media := range sortedKeys(own.ResponseTemplates) {
		// Not VTL: parsed stays nil (fact B4).
		t := &template{mediaType: media, source: own.ResponseTemplates[media]}
		answer.templates.byType[strings.ToLower(media)] = t
		if answer.templates.first == nil || media == jsonType {
			answer.templates.first = t
		}
	}
	return answer
}

// gatewayResponse answers what never got an answer of a method. Which of
// several templates is taken is expected to go by Accept (fact B4).
func (c *call) gatewayResponse(f *failure) {
	c.failure = f
	answer, text := c.program.gateways[f.kind], stocks[f.kind]
	header := c.w.Header()
	clear(header)
	if text.errorType != "" {
		header["x-amzn-ErrorType"] = []string{text.errorType}
	}
	source := stockTemplate
	chosen := answer.templates.forAccept(c.acceptType())
	switch {
	case chosen != nil:
		source = chosen.source
		header["Content-Type"] = []string{chosen.mediaType}
	case !answer.custom && text.body != "":
		source = text.body
	}
	for _, m := range answer.headers {
		if value, ok := c.requestSource(m.source); ok && m.location == "header" {
			setResponseHeader(header, m.name, value, true)
		}
	}
	status := answer.status
	if status == 0 {
		status = f.status
	}
	c.write(status, []byte(c.substituteGateway(source)))
}

// substituteGateway fills a gateway response's template: plain substitution,
// no VTL (fact B4).
func (c *call) substituteGateway(source string) string {
	return substitute(source, knownName, func(root, name string) (string, bool) {
		switch root {
		case "context":
			value, _ := c.variable(name)
			return value, true
		case "stageVariables":
			return c.place.stage.Stage.Variables[name], true
		}
		value, _ := c.requestSource("method.request." + name)
		return value, true
	})
}

// forbidden is the domain's own answer where no API is chosen, so no gateway
// response applies (fact D2).
func (c *call) forbidden() {
	header := c.w.Header()
	header["x-amzn-ErrorType"] = []string{"ForbiddenException"}
	header[requestIDHeader] = []string{c.requestID}
	header["x-amz-apigw-id"] = []string{c.extendedID}
	c.edgeHeaders(true)
	c.writePlain(403, jsonType, `{"message":"Forbidden"}`)
}
