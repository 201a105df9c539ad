package apigateway

import (
	"fmt"
	"regexp"

	"apigateway-maintenance/internal/emulator/definition"
	"apigateway-maintenance/internal/emulator/vtl"
)

// maxTemplateSize is in bytes ("Mapping template size: 300 KB", fact A6).
const maxTemplateSize = 300 * 1024

// The expressions of parameter mappings (developer guide, "Parameter mapping
// source examples"). A name is a header, query or path parameter name.
const (
	parameterName = "[A-Za-z0-9!#$%&'*+.^_`|~:-]+"
	literalSource = `'[^']*'`
	sharedSource  = `stageVariables\.[A-Za-z0-9_]+|context\.[A-Za-z0-9_.]+`
)

var (
	methodRequestKey       = regexp.MustCompile(`^method\.request\.(header|querystring|path)\.(` + parameterName + `)$`)
	methodResponseKey      = regexp.MustCompile(`^method\.response\.header\.` + parameterName + `$`)
	integrationRequestKey  = regexp.MustCompile(`^integration\.request\.(header|querystring|path)\.` + parameterName + `$`)
	gatewayResponseKey     = regexp.MustCompile(`^gatewayresponse\.header\.` + parameterName + `$`)
	methodRequestSource    = regexp.MustCompile(`^method\.request\.(multivalue)?(header|querystring|path)\.(` + parameterName + `)$`)
	integrationValue       = regexp.MustCompile(`^(` + literalSource + `|` + sharedSource + `|method\.request\.body(\..+)?)$`)
	integrationAnswerValue = regexp.MustCompile(`^(` + literalSource + `|` + sharedSource + `|integration\.response\.(multivalue)?header\.` + parameterName + `|integration\.response\.body(\..+)?)$`)
	gatewayResponseValue   = regexp.MustCompile(`^(` + literalSource + `|` + sharedSource + `|method\.request\.(header|querystring|path)\.` + parameterName + `)$`)
)

// invalidExpression is how AWS refuses a mapping that it cannot read.
func invalidExpression(expression string) error {
	return badRequest("Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: %s]", expression)
}

// undeclared is how AWS refuses a mapping from or to what the method does not
// declare.
func undeclared(parameter string) error {
	return badRequest("Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression parameter specified: %s]", parameter)
}

// checkMethodRequestParameters demands well-formed names, each only once.
func checkMethodRequestParameters(parameters map[string]bool) error {
	seen := map[string]bool{}
	for _, key := range sortedKeys(parameters) {
		parts := methodRequestKey.FindStringSubmatch(key)
		if parts == nil {
			return invalidExpression(key)
		}
		if seen[parts[2]] {
			return badRequest("Parameter names must be unique across querystring, header and path")
		}
		seen[parts[2]] = true
	}
	return nil
}

// checkIntegrationParameters checks what an integration maps into its request;
// declared are the method's request parameters.
func checkIntegrationParameters(parameters map[string]string, declared map[string]bool) error {
	for _, key := range sortedKeys(parameters) {
		value := parameters[key]
		if !integrationRequestKey.MatchString(key) {
			return invalidExpression(key)
		}
		if source := methodRequestSource.FindStringSubmatch(value); source != nil {
			if name := fmt.Sprintf("method.request.%s.%s", source[2], source[3]); !isKey(declared)(name) {
				return undeclared(value)
			}
			continue
		}
		if !integrationValue.MatchString(value) {
			return invalidExpression(value)
		}
	}
	return nil
}

// checkAnswerParameters checks what an integration response maps into the
// method's answer; declared are the headers of the method response.
func checkAnswerParameters(parameters map[string]string, declared map[string]bool) error {
	for _, key := range sortedKeys(parameters) {
		switch {
		case !methodResponseKey.MatchString(key):
			return invalidExpression(key)
		case !isKey(declared)(key):
			return undeclared(key)
		case !integrationAnswerValue.MatchString(parameters[key]):
			return invalidExpression(parameters[key])
		}
	}
	return nil
}

// checkTemplates demands media types as keys and mapping templates that the
// data plane can run.
func checkTemplates(templates definition.Templates) error {
	for _, key := range sortedKeys(templates) {
		if !mediaType.MatchString(key) {
			return badRequest("Validation Result: warnings : [], errors : [Invalid content type specified: %s]", key)
		}
		if size := len(templates[key]); size > maxTemplateSize {
			return badRequest("Invalid mapping template: the template for %s has %d bytes, the limit is %d", key, size, maxTemplateSize)
		}
		if _, err := vtl.Parse(templates[key]); err != nil {
			return badRequest("Invalid mapping template: %s: %s", key, err)
		}
	}
	return nil
}
