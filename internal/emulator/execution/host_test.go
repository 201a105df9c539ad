package execution_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"apigateway-maintenance/internal/emulator/definition"
)

const (
	forbidden    = `{"message":"Forbidden"}`
	missingToken = `{"message":"Missing Authentication Token"}`
)

// echoPath is a mock whose body tells which method answered, with what path.
func echoPath(label string) *definition.Method {
	m := mockMethod()
	m.Integration.Responses["503"].ResponseTemplates["application/json"] = label + `|$input.params('proxy')|$input.params('id')`
	return m
}

func TestDomainRouting(t *testing.T) {
	mapping := func(api, stage string) definition.BasePathMapping {
		return definition.BasePathMapping{RestAPIID: api, Stage: stage}
	}
	named := map[string]definition.BasePathMapping{
		"orders": mapping("api1", "live"), "orders/v2": mapping("api1", "live"), "pick": mapping("api1", ""),
		"gone": mapping("nope", "live"), "nostage": mapping("api1", "other"),
	}
	cases := []struct {
		name, url string
		status    int
		body      string
	}{
		{"a base path is stripped", "https://api.example.com/orders/a/b", 503, "below|a/b|"},
		{"a base path alone is the root", "https://api.example.com/orders", 503, "root||"},
		{"the longest base path wins", "https://api.example.com/orders/v2/x", 503, "below|x|"},
		{"a base path ends on a segment border", "https://api.example.com/ordersx", 403, forbidden},
		{"base paths have a case", "https://api.example.com/Orders", 403, forbidden},
		{"an unmapped path is forbidden", "https://api.example.com/", 403, forbidden},
		{"a mapping without stage takes the first segment", "https://api.example.com/pick/live/y", 503, "below|y|"},
		{"a stage that does not exist is forbidden", "https://api.example.com/pick/dead/y", 403, forbidden},
		{"a mapped stage that is gone is forbidden", "https://api.example.com/nostage", 403, forbidden},
		{"a mapped API that is gone is forbidden", "https://api.example.com/gone", 403, forbidden},
		{"host names have no case and no port", "https://API.Example.COM:8443/orders", 503, "root||"},
		{"an unknown host is forbidden", "https://other.example.com/orders", 403, forbidden},
		{"ping is the service's own", "https://api.example.com/ping", 200, "Healthy Connection"},
		{"sping is the service's own", "https://api.example.com/sping", 200, "Healthy Connection"},
		{"ping below is not", "https://api.example.com/orders/ping", 503, "below|ping|"},
		{"execute-api takes the stage from the path", "https://api1.execute-api.eu-west-1.amazonaws.com/live/z", 503, "below|z|"},
		{"execute-api with an unknown stage is forbidden", "https://api1.execute-api.eu-west-1.amazonaws.com/nope/z", 403, forbidden},
		{"execute-api without a stage is forbidden", "https://api1.execute-api.eu-west-1.amazonaws.com/", 403, forbidden},
		{"execute-api of another region is forbidden", "https://api1.execute-api.us-east-1.amazonaws.com/live", 403, forbidden},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := newFixture(map[string]*definition.Method{"ANY /": echoPath("root"), "ANY /{proxy+}": echoPath("below")})
			f.domain.Mappings = named
			response := f.get(c.url)
			assert.Equal(t, c.status, response.StatusCode)
			assert.Equal(t, c.body, read(t, response))
			if c.body == forbidden {
				assert.Equal(t, []string{"ForbiddenException"}, response.Header["x-amzn-ErrorType"])
			}
		})
	}
}

func TestTheEmptyBasePathCatchesAllButTheNamedOnes(t *testing.T) {
	f := newFixture(map[string]*definition.Method{"ANY /{proxy+}": echoPath("below")})
	f.domain.Mappings["orders"] = definition.BasePathMapping{RestAPIID: "api1", Stage: "live"}
	assert.Equal(t, "below|x|", read(t, f.get("https://api.example.com/orders/x")))
	assert.Equal(t, "below|other/x|", read(t, f.get("https://api.example.com/other/x")))
}

func TestADisabledExecuteAPIEndpointIsForbiddenAndTheDomainIsNot(t *testing.T) {
	f := newFixture(whole())
	f.snapshot.DisableExecuteAPIEndpoint = true
	response := f.get("https://api1.execute-api.eu-west-1.amazonaws.com/live")
	assert.Equal(t, 403, response.StatusCode)
	assert.Equal(t, forbidden, read(t, response))
	assert.Equal(t, 503, f.get("https://api.example.com/").StatusCode)
}

func TestResourceRouting(t *testing.T) {
	methods := map[string]*definition.Method{
		"GET /":               echoPath("root"),
		"GET /pets":           echoPath("pets"),
		"GET /pets/{id}":      echoPath("pet"),
		"GET /pets/{id}/toys": echoPath("toys"),
		"GET /pets/mine":      echoPath("mine"),
		"ANY /{proxy+}":       echoPath("greedy"),
		"OPTIONS /pets":       echoPath("options"),
		"ANY /pets/{id}/x/y":  echoPath("xy"),
	}
	cases := []struct {
		name, verb, path string
		status           int
		body             string
	}{
		{"static", "GET", "/pets", 503, "pets||"},
		{"a slash at the end does not count", "GET", "/pets/", 503, "pets||"},
		{"variable", "GET", "/pets/7", 503, "pet||7"},
		{"variables are decoded for templates", "GET", "/pets/a%20b", 503, "pet||a b"},
		{"static before variable", "GET", "/pets/mine", 503, "mine||"},
		{"a static sibling without the child yields to the variable", "GET", "/pets/mine/toys", 503, "toys||mine"},
		{"below a variable", "GET", "/pets/7/toys", 503, "toys||7"},
		{"greedy takes what nothing else does", "GET", "/pets/7/toys/1", 503, "greedy|pets/7/toys/1|"},
		{"a resource that lacks the verb yields to greedy", "POST", "/pets", 503, "greedy|pets|"},
		{"OPTIONS has its own method", "OPTIONS", "/pets", 503, "options||"},
		{"OPTIONS falls into ANY elsewhere", "OPTIONS", "/cats", 503, "greedy|cats|"},
		{"greedy needs a segment", "POST", "/", 403, missingToken},
		{"TRACE is none of ANY", "TRACE", "/cats", 403, missingToken},
		{"PROPFIND is none of ANY", "PROPFIND", "/cats", 403, missingToken},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			response := newFixture(methods).do(request(c.verb, "https://api.example.com"+c.path, ""))
			assert.Equal(t, c.status, response.StatusCode)
			assert.Equal(t, c.body, read(t, response))
			if c.status == 403 {
				assert.Equal(t, []string{"MissingAuthenticationTokenException"}, response.Header["x-amzn-ErrorType"])
				assert.EqualValues(t, 42, response.ContentLength, "fact B1")
			}
		})
	}
}

func TestMethodOverrideHeaderChangesTheRoutedVerb(t *testing.T) {
	f := newFixture(map[string]*definition.Method{"OPTIONS /": echoPath("options"), "POST /": echoPath("post")})
	response := f.do(request("POST", "https://api.example.com/", "", "X-HTTP-Method-Override", "OPTIONS"))
	assert.Equal(t, "options||", read(t, response))
}

// FuzzRouting checks that no path breaks the mock: what net/http lets through
// gets exactly the maintenance answer.
func FuzzRouting(f *testing.F) {
	for _, path := range []string{"/", "/a", "//", "/a//b", "/%2e%2e/", "/{proxy+}", "/a%00b", "/ü"} {
		f.Add(path, "GET")
	}
	fx := newFixture(whole())
	f.Fuzz(func(t *testing.T, path, verb string) {
		if !strings.HasPrefix(path, "/") || path == "/ping" || path == "/sping" || len(path) > 5000 {
			t.Skip("not a path that the mock answers")
		}
		r := request("GET", "https://api.example.com/", "")
		r.URL.Path, r.URL.RawPath, r.Method = path, "", verb
		if len(r.URL.RequestURI()) > 10240 {
			t.Skip("longer than API Gateway takes")
		}
		want := 403
		switch verb {
		case "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT":
			want = 503
		}
		assert.Equal(t, want, fx.do(r).StatusCode)
	})
}
