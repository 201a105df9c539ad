package apigateway

import (
	"regexp"
	"slices"
	"strings"

	"apigateway-maintenance/internal/emulator/definition"
)

var verbs = []string{"GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD", "ANY"}

// Limits and defaults of integrations ("Timeout: 50 milliseconds - 29
// seconds", developer guide, quotas).
const (
	minTimeoutMillis     = 50
	maxTimeoutMillis     = 29000
	defaultTimeoutMillis = 29000
)

// checkMethod applies the rules of PutMethod, whether a single call or a
// document made the method.
func checkMethod(api *definition.API, m *definition.Method) error {
	if !slices.Contains(verbs, m.HTTPMethod) {
		return badRequest("Invalid HttpMethod specified. Valid options are %s", strings.Join(verbs, ","))
	}
	m.AuthorizationType = strings.ToUpper(m.AuthorizationType)
	switch m.AuthorizationType {
	case "NONE", "AWS_IAM":
	case "CUSTOM", "COGNITO_USER_POOLS":
		if api.Authorizers[m.AuthorizerID] == "" {
			return badRequest("Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.")
		}
	default:
		return badRequest("Invalid authorization type specified. Valid options are NONE, AWS_IAM, CUSTOM, COGNITO_USER_POOLS")
	}
	if m.ValidatorID != "" && api.Validators[m.ValidatorID] == nil {
		return badRequest(noSuchValidator)
	}
	if err := checkMethodRequestParameters(m.RequestParameters); err != nil {
		return err
	}
	return checkModels(api, m.RequestModels)
}

func checkMethodResponse(api *definition.API, r *definition.MethodResponse) error {
	for _, key := range sortedKeys(r.ResponseParameters) {
		if !methodResponseKey.MatchString(key) {
			return invalidExpression(key)
		}
	}
	return checkModels(api, r.ResponseModels)
}

// modelNamePattern: "Must be an alphanumeric string" (API reference, Model).
var modelNamePattern = regexp.MustCompile(`^[A-Za-z0-9]+$`)

var httpEndpoint = regexp.MustCompile(`^https?://[^/\s]+(/\S*)?$`)

// checkIntegration applies the rules of PutIntegration; m is its method.
func checkIntegration(i *definition.Integration, m *definition.Method) error {
	switch i.Type {
	case "MOCK":
		i.URI, i.HTTPMethod = "", "" // recorded by LocalStack's validated test_put_integration_validation and test_integration_mock_with_path_param
	case "HTTP", "HTTP_PROXY":
		switch {
		case i.HTTPMethod == "":
			return badRequest("Enumeration value for HttpMethod must be non-empty")
		case !slices.Contains(verbs, i.HTTPMethod):
			return badRequest("Invalid HttpMethod specified. Valid options are %s", strings.Join(verbs, ","))
		case i.ConnectionType == "VPC_LINK":
			return unsupported("VPC links")
		case !httpEndpoint.MatchString(i.URI):
			return badRequest("Invalid HTTP endpoint specified for URI")
		}
		i.ConnectionType = "INTERNET"
	case "AWS_PROXY":
		if err := checkFunction(i); err != nil {
			return err
		}
	case "AWS":
		return unsupported("integrations of type AWS (MOCK, HTTP, HTTP_PROXY and AWS_PROXY are)")
	}
	if i.PassthroughBehavior == "" {
		i.PassthroughBehavior = "WHEN_NO_MATCH" // fact A1
	}
	if i.CacheKeyParameters == nil {
		i.CacheKeyParameters = []string{}
	}
	if i.TimeoutInMillis == 0 {
		i.TimeoutInMillis = defaultTimeoutMillis
	}
	switch {
	case !slices.Contains([]string{"WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"}, i.PassthroughBehavior):
		return badRequest("Invalid passthrough behavior specified. Valid options are WHEN_NO_MATCH, WHEN_NO_TEMPLATES, NEVER")
	case i.TimeoutInMillis < minTimeoutMillis || i.TimeoutInMillis > maxTimeoutMillis:
		return badRequest("Timeout should be between %d ms and %d ms", minTimeoutMillis, maxTimeoutMillis)
	}
	if err := checkContentHandling(i.ContentHandling); err != nil {
		return err
	}
	if err := checkIntegrationParameters(i.RequestParameters, m.RequestParameters); err != nil {
		return err
	}
	return checkTemplates(i.RequestTemplates)
}

// functionURI names a Lambda function, or leaves that to a stage variable.
var functionURI = regexp.MustCompile(`^arn:aws[a-z-]*:apigateway:[a-z0-9-]+:lambda:path/2015-03-31/functions/(arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[^/]+|[^/]*\$\{stageVariables\.[^/]+)/invocations$`)

// checkFunction takes any verb, though Lambda answers to POST alone: that shows
// when a request comes (fact J9).
func checkFunction(i *definition.Integration) error {
	switch {
	case i.HTTPMethod == "":
		return badRequest("Enumeration value for HttpMethod must be non-empty")
	case !slices.Contains(verbs, i.HTTPMethod):
		return badRequest("Invalid HttpMethod specified. Valid options are %s", strings.Join(verbs, ","))
	case i.ConnectionType == "VPC_LINK":
		return unsupported("VPC links")
	case !strings.HasPrefix(i.URI, "arn:"):
		return badRequest("Invalid ARN specified in the request")
	case !strings.Contains(i.URI, ":lambda:path/"):
		return badRequest("Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.")
	case !functionURI.MatchString(i.URI):
		return unsupported("AWS_PROXY integrations whose URI is %s; it is …:lambda:path/2015-03-31/functions/FUNCTION_ARN/invocations", i.URI)
	}
	return nil
}

func checkContentHandling(value string) error {
	if !slices.Contains([]string{"", "CONVERT_TO_BINARY", "CONVERT_TO_TEXT"}, value) {
		return badRequest("Invalid content handling specified. Valid options are CONVERT_TO_BINARY, CONVERT_TO_TEXT")
	}
	return nil
}

// checkIntegrationResponse applies the rules of PutIntegrationResponse; m is
// its method, which must declare the headers. The templates are
// looked at first (recorded by LocalStack's validated
// test_integration_response_invalid_responsetemplates).
func checkIntegrationResponse(r *definition.IntegrationResponse, m *definition.Method) error {
	if err := checkTemplates(r.ResponseTemplates); err != nil {
		return err
	}
	if _, err := regexp.Compile(r.Pattern()); err != nil {
		return badRequest("Invalid selection pattern specified: %s", r.Pattern())
	}
	if err := checkContentHandling(r.ContentHandling); err != nil {
		return err
	}
	// A status that the method does not declare is taken (recorded by LocalStack's
	// validated test_lifecycle_integration_response); only headers need one.
	declared := m.Responses[r.StatusCode]
	switch {
	case len(r.ResponseParameters) == 0:
		return nil
	case declared == nil:
		return badRequest("Invalid mapping expression specified: Validation Result: warnings : [], errors : [No method response exists for method.]")
	}
	return checkAnswerParameters(r.ResponseParameters, declared.ResponseParameters)
}
