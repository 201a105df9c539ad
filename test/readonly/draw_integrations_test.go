package readonly

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"apigateway-maintenance/test/harness"
)

// operationHeader tells which operation answered.
const operationHeader = "X-Operation"

// startBackend answers every request with what it was asked, and names the
// operation that is the first segment of the path.
func startBackend(t *testing.T) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		operation, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set(operationHeader, operation)
		w.WriteHeader(http.StatusAccepted)
		_ = json.NewEncoder(w).Encode(object{"method": r.Method, "path": r.URL.Path, "query": r.URL.RawQuery})
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// integrate draws what an operation calls. Whatever it is, its answers name it.
func (d *drawer) integrate(drawn object, op *operation, id string) {
	headers := object{operationHeader: object{"type": "string"}}
	if !d.live.swagger {
		headers = object{operationHeader: object{"schema": object{"type": "string"}}}
	}
	drawn["responses"] = object{"200": object{"description": "OK", "headers": headers}}
	switch kind := pick(d, "integration", "mock", "http", "http_proxy", "http_proxy"); kind {
	case "mock":
		mock := mockOperation(id)
		d.passthrough(mock, op)
		drawn[integrationKey] = mock
	default:
		called := object{"type": kind, "httpMethod": op.verb, "uri": d.backend + "/" + id}
		mapped := object{}
		for _, name := range variables(op.path) {
			called["uri"] = called["uri"].(string) + "/{" + name + "}"
			mapped["integration.request.path."+name] = "method.request.path." + name
		}
		called["requestParameters"] = mapped
		if kind == "http" {
			called["responses"] = object{"default": object{
				"statusCode":         "200",
				"responseParameters": object{"method.response.header." + operationHeader: "integration.response.header." + operationHeader},
			}}
			d.passthrough(called, op)
		}
		drawn[integrationKey] = called
	}
}

// mockOperation is an integration that answers with the operation's name.
func mockOperation(id string) object {
	return object{
		"type":             "mock",
		"requestTemplates": object{"application/json": harness.StatusBody},
		"responses": object{"default": object{
			"statusCode":         "200",
			"responseParameters": object{"method.response.header." + operationHeader: "'" + id + "'"},
			"responseTemplates":  object{"application/json": `{"operation": "` + id + `"}`},
		}},
	}
}

func (d *drawer) passthrough(integration object, op *operation) {
	behavior := pick(d, "passthrough", "", "when_no_match", "when_no_match", "when_no_templates", "NEVER")
	if behavior != "" {
		integration["passthroughBehavior"] = behavior
	}
	_, op.templated = integration["requestTemplates"]
	op.strict = behavior == "NEVER" || behavior == "when_no_templates" && op.templated
}

// closed draws what closes: the default, or a map over some of the paths.
func (d *drawer) closed(paths object) {
	d.live.Closed = "writes"
	// What the map adds is refused as the document says for all methods, where the
	// live API knows no such method: not drawn together.
	_, forAll := d.live.Document["security"]
	d.live.RequireAuthorization = !forAll && pick(d, "require authorization", false, false, true)
	if d.some("closes its writes") {
		return
	}
	words := append([]string{"writes", "ANY"}, harness.Methods...)
	closed := map[string][]string{}
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		if d.some("lists " + path) {
			closed[path] = rapid.SliceOfNDistinct(rapid.SampledFrom(words), 0, 3, rapid.ID).Draw(d.T, "closed at "+path)
		}
	}
	d.live.Closed = closed
}

// unsupported leaves the choice to the module where it is free to choose.
func (d *drawer) unsupported() {
	if d.live.conflicted() {
		d.live.UnsupportedMediaType = pick(d, "unsupported media type", "maintenance", "live")
		return
	}
	d.live.UnsupportedMediaType = pick[any](d, "unsupported media type", nil, nil, "maintenance", "live")
}
