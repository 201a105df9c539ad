package execution

import (
	"net/textproto"
	"strings"
)

// literal gives the text of a source in single quotes.
func literal(source string) (string, bool) {
	if len(source) >= 2 && source[0] == '\'' && source[len(source)-1] == '\'' {
		return source[1 : len(source)-1], true
	}
	return "", false
}

// requestSource evaluates a source that a request or a gateway response may
// map from: a literal, method.request.header|querystring|path.NAME, context.*
// or stageVariables.* (fact B4). What is absent maps to nothing. Header names
// are compared without case, which AWS documents for mappings and nobody
// recorded for gateway responses.
func (c *call) requestSource(source string) (string, bool) {
	if text, ok := literal(source); ok {
		return text, true
	}
	if name, ok := strings.CutPrefix(source, "stageVariables."); ok {
		value, ok := c.place.stage.Stage.Variables[name]
		return value, ok
	}
	if name, ok := strings.CutPrefix(source, "context."); ok {
		value, ok := c.variable(name)
		return value, ok && value != ""
	}
	rest, ok := strings.CutPrefix(source, "method.request.")
	if !ok {
		return "", false
	}
	if rest == "body" {
		return string(c.body), true
	}
	location, name, _ := strings.Cut(rest, ".")
	switch location {
	case "header", "multivalueheader":
		return c.requestHeader(name)
	case "querystring", "multivaluequerystring":
		value, ok := c.queryValues()[name]
		return value, ok
	case "path":
		value, ok := c.pathValues()[name]
		return value, ok
	}
	return "", false
}

func (c *call) requestHeader(name string) (string, bool) {
	if strings.EqualFold(name, "Host") {
		return c.r.Host, true
	}
	values := c.r.Header.Values(name)
	if len(values) == 0 || unseen[textproto.CanonicalMIMEHeaderKey(name)] {
		return "", false
	}
	return values[len(values)-1], true
}

// responseSource evaluates the source of an integration response's header:
// what a request has but for method.request, and what the integration
// answered.
func (c *call) responseSource(source string, answer *backendAnswer) (string, bool) {
	rest, ok := strings.CutPrefix(source, "integration.response.")
	if !ok {
		if strings.HasPrefix(source, "method.request.") {
			return "", false
		}
		return c.requestSource(source)
	}
	if rest == "body" {
		return string(answer.body), true
	}
	location, name, _ := strings.Cut(rest, ".")
	if location != "header" && location != "multivalueheader" {
		return "", false
	}
	values := answer.header.Values(name)
	switch {
	case len(values) == 0:
		return "", false
	case location == "multivalueheader":
		return strings.Join(values, ","), true
	}
	return values[len(values)-1], true
}
