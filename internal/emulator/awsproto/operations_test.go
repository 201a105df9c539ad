package awsproto_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"

	"apigateway-maintenance/internal/emulator/awsproto"
)

func TestOperationsAreFoundByVerbAndDecodedPath(t *testing.T) {
	var operations awsproto.Operations
	serve := func(_ http.ResponseWriter, r *awsproto.Request) error {
		return errors.New(r.PathValue("id") + " in " + r.Region)
	}
	operations.Add("GET /things/{id}", "GetThing", serve)
	operations.Add("PUT /things/{id}/part", "PutPart", serve)
	cases := map[string]struct{ method, path, operation, values string }{
		"a path":                          {"GET", "/things/a", "GetThing", "a in r"},
		"another verb":                    {"POST", "/things/a", "", ""},
		"a deeper path":                   {"PUT", "/things/a/part", "PutPart", "a in r"},
		"an encoded slash is no border":   {"GET", "/things/arn%3Aaws%2Fb", "GetThing", "arn:aws/b in r"},
		"encoded parentheses":             {"GET", "/things/%28none%29", "GetThing", "(none) in r"},
		"an empty segment":                {"GET", "/things/", "", ""},
		"a path that would be redirected": {"GET", "/things//a", "", ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			request := &awsproto.Request{Request: httptest.NewRequest(c.method, c.path, nil), Region: "r"}
			assert.Equal(t, c.operation, operations.Name(request))
			if c.operation != "" {
				assert.EqualError(t, operations.Serve(httptest.NewRecorder(), request), c.values)
			}
		})
	}
}
