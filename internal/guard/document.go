package guard

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// What an OpenAPI document may consist of and be sure to be a mock's. Anything
// else could be a way to a backend, an authorizer, a policy or a model.
var (
	documentFields    = []string{"info", "openapi", "paths", "x-amazon-apigateway-gateway-responses", "x-amazon-apigateway-security-policy"}
	infoFields        = []string{"description", "title", "version"}
	pathFields        = []string{"delete", "description", "get", "head", "options", "parameters", "patch", "post", "put", "summary", "trace", "x-amazon-apigateway-any-method"}
	proseFields       = []string{"description", "parameters", "summary"}
	methodFields      = []string{"description", "operationId", "parameters", "responses", "summary", "tags", "x-amazon-apigateway-integration"}
	integrationFields = []string{"contentHandling", "passthroughBehavior", "requestTemplates", "responses", "type"}
	answerFields      = []string{"contentHandling", "responseParameters", "responseTemplates", "statusCode"}
)

var (
	failing       = regexp.MustCompile(`^[45][0-9][0-9]$`)
	staticValue   = regexp.MustCompile(`^'[^']*'$`)
	methodHeader  = regexp.MustCompile(`^method\.response\.header\.[A-Za-z0-9-]+$`)
	gatewayHeader = regexp.MustCompile(`^gatewayresponse\.header\.[A-Za-z0-9-]+$`)
	// Of the context a template may name the request and set headers; anything
	// else of it could set the status.
	harmlessContext = regexp.MustCompile(`\$context\.(requestId|responseOverride\.header\.[A-Za-z0-9-]+)`)
	anyContext      = regexp.MustCompile(`\$[!{]*context|responseOverride`)
	quoted          = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)
)

// notAMock says why an API with this body is not proved to answer everything
// with a status of 400 to 599 by mock integrations, but for CORS preflights;
// empty if it is. Of several reasons it gives the first in order of text.
func notAMock(body any) string {
	text, ok := body.(string)
	if !ok {
		return "it is not known"
	}
	value, err := decode([]byte(text))
	root, isObject := value.(object)
	if err != nil || !isObject {
		return "it is no JSON object"
	}
	if keys(text) != fields(value) {
		return "it has a key twice"
	}
	d := &document{}
	d.root(root)
	if len(d.problems) == 0 {
		return ""
	}
	return slices.Min(d.problems)
}

// keys counts the keys in a JSON text, each of which has a colon outside quotes,
// and fields those in what was read: of a key that is there twice every reader
// takes another.
func keys(text string) int { return strings.Count(quoted.ReplaceAllString(text, ""), ":") }

func fields(value any) (count int) {
	visit(value, func(inner any) {
		o, _ := inner.(object)
		count += len(o)
	})
	return count
}

// document collects what is wrong with one.
type document struct{ problems []string }

func (d *document) add(format string, args ...any) {
	d.problems = append(d.problems, fmt.Sprintf(format, args...))
}

// only wants an object with no other fields than the known ones.
func (d *document) only(where string, value any, known []string) (object, bool) {
	o, ok := value.(object)
	if !ok {
		d.add("%s is no object", where)
		return nil, false
	}
	for name := range o {
		if !slices.Contains(known, name) {
			d.add("%s has %s", where, name)
		}
	}
	return o, true
}

func (d *document) root(root object) {
	d.only("it", root, documentFields)
	if !strings.HasPrefix(textIn(root, "openapi"), "3.0") {
		d.add("it is no OpenAPI 3.0")
	}
	if info, ok := d.only("info", root["info"], infoFields); ok {
		for name, value := range info {
			if _, text := value.(string); !text {
				d.add("info.%s is no text", name)
			}
		}
	}
	if _, text := root["x-amazon-apigateway-security-policy"].(string); isSet(root, "x-amazon-apigateway-security-policy") && !text {
		d.add("x-amazon-apigateway-security-policy is no text")
	}
	paths := objectIn(root, "paths")
	if len(paths) == 0 {
		d.add("it has no paths")
	}
	for path, item := range paths {
		if !strings.HasPrefix(path, "/") {
			d.add("paths has %s", path)
		}
		d.path(path, item)
	}
	if isSet(root, "x-amazon-apigateway-gateway-responses") {
		responses, ok := root["x-amazon-apigateway-gateway-responses"].(object)
		if !ok {
			d.add("gateway responses are no object")
		}
		for kind, raw := range responses {
			d.gatewayResponse("gateway response "+kind, raw)
		}
	}
}

func (d *document) path(path string, raw any) {
	item, _ := d.only(path, raw, pathFields)
	for name, value := range item {
		where := path + " " + name
		if slices.Contains(proseFields, name) {
			d.inert(where, value)
			continue
		}
		if slices.Contains(pathFields, name) {
			d.method(where, name, value)
		}
	}
}

func (d *document) method(where, name string, raw any) {
	method, ok := d.only(where, raw, methodFields)
	if !ok {
		return
	}
	for field, value := range method {
		if field != "x-amazon-apigateway-integration" {
			d.inert(where+" "+field, value)
		}
	}
	integration, ok := d.only(where+" integration", method["x-amazon-apigateway-integration"], integrationFields)
	if !ok {
		return
	}
	if kind := textIn(integration, "type"); kind != "mock" && kind != "MOCK" {
		d.add("%s is no mock integration", where)
	}
	if behavior := textIn(integration, "passthroughBehavior"); behavior != "never" && behavior != "NEVER" {
		d.add("%s passes requests through", where)
	}
	d.templates(where+" requestTemplates", integration["requestTemplates"])
	answers := objectIn(integration, "responses")
	if len(answers) == 0 {
		d.add("%s has no responses", where)
	}
	for pattern, value := range answers {
		at := where + " response " + pattern
		answer, ok := d.only(at, value, answerFields)
		if !ok {
			continue
		}
		if status := textIn(answer, "statusCode"); !failing.MatchString(status) && !preflight(name, pattern, answer, integration) {
			d.add("%s answers with the status %q", at, status)
		}
		d.headers(at, answer["responseParameters"], methodHeader)
		d.templates(at, answer["responseTemplates"])
	}
}

// preflight says that an answer is the one to a CORS preflight: 204, for OPTIONS
// alone, chosen by the request header that makes an OPTIONS a preflight, with
// the header that makes the answer one, beside a default that is none.
func preflight(method, pattern string, answer, integration object) bool {
	_, allows := objectIn(answer, "responseParameters")["method.response.header.Access-Control-Allow-Methods"]
	_, otherwise := objectIn(integration, "responses")["default"]
	templates := objectIn(integration, "requestTemplates")
	for _, value := range templates {
		if template, _ := value.(string); !strings.Contains(strings.ToLower(template), "access-control-request-method") {
			return false
		}
	}
	return method == "options" && pattern == "204" && textIn(answer, "statusCode") == "204" && allows && otherwise && len(templates) > 0
}

func (d *document) gatewayResponse(where string, raw any) {
	response, ok := d.only(where, raw, answerFields)
	if !ok {
		return
	}
	if status := textIn(response, "statusCode"); !failing.MatchString(status) {
		d.add("%s answers with the status %q", where, status)
	}
	d.headers(where, response["responseParameters"], gatewayHeader)
	d.templates(where, response["responseTemplates"])
}

// headers wants none but headers with fixed values.
func (d *document) headers(where string, raw any, name *regexp.Regexp) {
	parameters, ok := raw.(object)
	if raw != nil && !ok {
		d.add("%s has headers that are no object", where)
	}
	for parameter, value := range parameters {
		if text, _ := value.(string); !name.MatchString(parameter) || !staticValue.MatchString(text) {
			d.add("%s sets %s from something", where, parameter)
		}
	}
}

// templates wants none that could set the status or reach into the context.
func (d *document) templates(where string, raw any) {
	templates, ok := raw.(object)
	if raw != nil && !ok {
		d.add("%s has templates that are no object", where)
	}
	for kind, value := range templates {
		template, ok := value.(string)
		if !ok {
			d.add("%s has a template for %s that is no text", where, kind)
		}
		if anyContext.MatchString(harmlessContext.ReplaceAllString(template, " ")) {
			d.add("%s has a template for %s that could set the status", where, kind)
		}
	}
}

// inert wants a value that declares something and does nothing.
func (d *document) inert(where string, value any) {
	visit(value, func(inner any) {
		o, _ := inner.(object)
		for name := range o {
			if strings.HasPrefix(name, "x-amazon-") || strings.HasPrefix(name, "$") {
				d.add("%s has %s", where, name)
			}
		}
	})
}
