package readonly

import (
	"encoding/json"
	"maps"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"apigateway-maintenance/test/harness"
)

// TestTheComparisonSeesWhatIsWrong breaks what the module made of a document, a
// fault at a time, and demands that the comparison of drawn documents sees it.
func TestTheComparisonSeesWhatIsWrong(t *testing.T) {
	t.Parallel()
	backend := startBackend(t)
	l := everything(backend)
	s := harness.NewFixture(t, "documents", keepsShared, nil)
	rendered, mock := render(s, map[string]*live{"sample": l})
	w := newWorld(s, mock)

	sees := func(t *testing.T, document string) error {
		w := w.in(t)
		for seed := range 60 {
			requests := rapid.Custom(func(t *rapid.T) error { return w.compare(t, l, document, counts{}) })
			if err := requests.Example(seed); err != nil {
				return err
			}
		}
		return nil
	}
	require.NoError(t, sees(t, rendered["sample"]))
	for name, breaks := range map[string]func(document object){
		"a write is left open":                       func(d object) { methods(d, "/orders")["post"] = methods(l.Document, "/orders")["post"] },
		"a read is closed":                           func(d object) { methods(d, "/orders")["get"] = methods(d, "/orders")["post"] },
		"a write of the any-method is left open":     func(d object) { delete(methods(d, "/files/{proxy+}"), "put") },
		"an open method lost what it demands":        func(d object) { delete(methods(d, "/orders/{id}")["get"].(object), "security") },
		"a closed method demands credentials":        func(d object) { demand(methods(d, "/orders")["post"].(object)) },
		"a closed method's parameters are validated": func(d object) { delete(methods(d, "/orders")["post"].(object), validatorKey) },
		"a request to a closed method is no text":    func(d object) { delete(integration(d, "/orders", "post"), "contentHandling") },
		"the answer does not say that it is text":    func(d object) { delete(answered(d, "/orders", "post"), "contentHandling") },
		"a gateway response is missing":              func(d object) { delete(d[responsesKey].(object), unsupported) },
		"a gateway response of the document is gone": func(d object) { delete(d[responsesKey].(object), "DEFAULT_4XX") },
		"the probers' path is gone":                  func(d object) { delete(d["paths"].(object), probePath) },
		"a path is gone":                             func(d object) { delete(d["paths"].(object), "/orders/{id}") },
		"the answer lacks a header": func(d object) {
			delete(answered(d, "/orders", "post")["responseParameters"].(object), "method.response.header.Retry-After")
		},
	} {
		t.Run(name, func(t *testing.T) {
			var document object
			require.NoError(t, json.Unmarshal([]byte(rendered["sample"]), &document))
			breaks(document)
			broken, err := json.Marshal(document)
			require.NoError(t, err)
			require.NotEqual(t, rendered["sample"], string(broken), "nothing was broken")
			assert.Error(t, sees(t, string(broken)))
		})
	}
}

func methods(document object, path string) object {
	return document["paths"].(object)[path].(object)
}

func integration(document object, path, method string) object {
	return methods(document, path)[method].(object)[integrationKey].(object)
}

func answered(document object, path, method string) object {
	return integration(document, path, method)["responses"].(object)["default"].(object)
}

func demand(operation object) {
	delete(operation, authKey)
	operation["security"] = []object{{"key": []string{}}}
}

// everything has something of everything that a document can have.
func everything(backend string) *live {
	l := &live{Closed: "writes", UnsupportedMediaType: nil, operations: map[string]*operation{
		"op0": {path: "/orders", verb: "GET"}, "op1": {path: "/orders", verb: "POST"},
		"op2": {path: "/orders/{id}", verb: "GET", secured: true}, "op3": {path: "/files/{proxy+}", verb: "ANY"},
	}}
	proxy := func(id, verb string, more object) object {
		operation := object{integrationKey: object{"type": "http_proxy", "httpMethod": verb, "uri": backend + "/" + id}}
		maps.Copy(operation, more)
		return operation
	}
	query := object{"name": "tenant", "in": "query", "required": true, "schema": object{"type": "string"}}
	l.Document = object{
		"openapi": "3.0.1", "info": object{"title": "sample", "version": "1"},
		"components": object{"securitySchemes": object{"key": object{"type": "apiKey", "name": "x-api-key", "in": "header"}}},
		"paths": object{
			"/orders": object{
				"parameters": []object{query},
				"get":        proxy("op0", "GET", nil),
				"post":       proxy("op1", "POST", object{"parameters": []object{query}}),
			},
			"/orders/{id}":    object{"get": proxy("op2", "GET", object{"security": []object{{"key": []string{}}}})},
			"/files/{proxy+}": object{anyKey: proxy("op3", "ANY", nil)},
		},
		"x-amazon-apigateway-binary-media-types": []string{"*/*"},
		"x-amazon-apigateway-request-validators": object{"parameters": object{"validateRequestParameters": true, "validateRequestBody": false}},
		validatorKey:                             "parameters",
		responsesKey:                             object{"DEFAULT_4XX": object{"statusCode": "418"}},
	}
	return l
}
