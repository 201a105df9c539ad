package awsproto

import (
	"context"
	"net/http"
	"slices"
)

// Operations finds the operations of a REST service by verb and path. The zero
// value has none.
type Operations struct {
	mux   http.ServeMux
	names []string
}

// Add names an operation and serves it. The pattern is one of http.ServeMux,
// which decodes a path segment by segment: an ARN in it keeps its slashes.
func (o *Operations) Add(pattern, name string, serve func(http.ResponseWriter, *Request) error) {
	o.mux.Handle(pattern, operation{name, serve})
	if !slices.Contains(o.names, name) {
		o.names = append(o.names, name)
	}
}

// Names are those of all operations, in the order in which they were added.
func (o *Operations) Names() []string { return slices.Clone(o.names) }

// Name gives the operation of a request; empty if there is none.
func (o *Operations) Name(r *Request) string {
	handler, _ := o.mux.Handler(r.Request)
	found, _ := handler.(operation)
	return found.name
}

// Serve answers a request that has an operation. The path's variables are the
// request's PathValues then.
func (o *Operations) Serve(w http.ResponseWriter, r *Request) error {
	call := &pendingCall{request: r}
	o.mux.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), pendingKey{}, call)))
	return call.err
}

// operation is what a pattern leads to.
type operation struct {
	name  string
	serve func(http.ResponseWriter, *Request) error
}

// pendingCall goes through the mux in the context: a handler gets neither the
// credential scope nor a way to return an error.
type pendingCall struct {
	request *Request
	err     error
}

type pendingKey struct{}

func (o operation) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	call := r.Context().Value(pendingKey{}).(*pendingCall)
	call.request.Request = r
	call.err = o.serve(w, call.request)
}
