package readonly

import (
	"slices"

	"apigateway-maintenance/test/harness"
)

// What the module's README promises, written without a look at how the module
// does it.

// closes says whether a method closes at a path of the document that routes it.
func (l *live) closes(path, method string) bool {
	list := []string{"writes"}
	if closed, isMap := l.Closed.(map[string][]string); isMap {
		if given, listed := closed[path]; listed {
			list = given
		}
	}
	switch method {
	case "POST", "PUT", "PATCH", "DELETE":
		if slices.Contains(list, "writes") {
			return true
		}
	}
	return slices.Contains(list, method) || slices.Contains(list, "ANY")
}

// added are the methods that the map names at a path where the document has
// none: they close too, wherever the document would route them.
func (l *live) added() []*operation {
	closed, _ := l.Closed.(map[string][]string)
	var all []*operation
	for path, list := range closed {
		for _, method := range list {
			if slices.Contains(harness.Methods, method) && !l.has(path, method) {
				all = append(all, &operation{path: path, verb: method, added: true})
			}
		}
	}
	return all
}

func (l *live) has(path, method string) bool {
	for _, op := range l.operations {
		if op.path == path && (op.verb == method || op.verb == "ANY") {
			return true
		}
	}
	return false
}

// verdict is which API a request to the read-only one must be answered like.
type verdict string

const (
	likeLive        verdict = "the live API"
	likeMaintenance verdict = "the mock"
	// Where API Gateway has one 415 for open and closed methods, and the choice
	// went against this one.
	closed415 verdict = "the live API's 415"
	open415   verdict = "the mock's 415"
)

// expect judges a request. op is the operation that the document, with what the
// map adds, routes it to; nil if there is none.
func (l *live) expect(op *operation, method, contentType string) verdict {
	if op == nil {
		return likeLive
	}
	closed := l.closes(op.path, method)
	known := contentType == "" || slices.Contains(harness.RequestTypes, contentType)
	asJSON := contentType == "" || contentType == "application/json"
	switch {
	case closed && l.RequireAuthorization && op.secured:
		return likeLive
	case closed && !known && l.UnsupportedMediaType == "live":
		return closed415
	case closed:
		return likeMaintenance
	case op.strict && !(asJSON && op.templated) && !op.secured && l.UnsupportedMediaType != "live":
		return open415
	}
	return likeLive
}

// conflicted says whether the mock's 415 would change an answer of the live API,
// so that the module wants to be told which it is to be.
func (l *live) conflicted() bool {
	if responses, given := l.Document[responsesKey].(object); given && responses[unsupported] != nil {
		return true
	}
	for _, op := range l.operations {
		if op.strict && l.reachable(op) {
			return true
		}
	}
	return false
}

// reachable says whether any of an operation's methods stays open.
func (l *live) reachable(op *operation) bool {
	verbs := []string{op.verb}
	if op.verb == "ANY" {
		verbs = harness.Methods
	}
	return slices.ContainsFunc(verbs, func(verb string) bool { return !l.closes(op.path, verb) })
}
