package execution_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator/definition"
	"apigateway-maintenance/internal/emulator/execution"
)

// mockTemplate is a request template that chooses the default response.
const mockTemplate = `{"statusCode": 200}`

// mockMethod answers 503 with a header and a body by one template.
func mockMethod() *definition.Method {
	return &definition.Method{
		HTTPMethod:        "ANY",
		AuthorizationType: "NONE",
		Responses:         map[string]*definition.MethodResponse{"503": {StatusCode: "503"}},
		Integration: &definition.Integration{
			Type:                "MOCK",
			PassthroughBehavior: "NEVER",
			RequestTemplates:    map[string]string{"application/json": mockTemplate},
			Responses: map[string]*definition.IntegrationResponse{"503": {
				StatusCode:         "503",
				ResponseParameters: map[string]string{"method.response.header.X-Maintenance-Mode": "'on'"},
				ResponseTemplates:  map[string]string{"application/json": `{"message":"down"}`},
			}},
		},
	}
}

// proxyMethod passes everything to a backend.
func proxyMethod(uri string) *definition.Method {
	return &definition.Method{
		HTTPMethod: "ANY", AuthorizationType: "NONE",
		Integration: &definition.Integration{
			Type: "HTTP_PROXY", HTTPMethod: "ANY", URI: uri,
			RequestParameters: map[string]string{"integration.request.path.proxy": "method.request.path.proxy"},
		},
	}
}

// resources builds a tree of "VERB /path" to method.
func resources(methods map[string]*definition.Method) map[string]*definition.Resource {
	all := map[string]*definition.Resource{}
	for key, m := range methods {
		verb, path, _ := strings.Cut(key, " ")
		if all[path] == nil {
			all[path] = &definition.Resource{ID: "r" + path, Path: path, Methods: map[string]*definition.Method{}}
		}
		all[path].Methods[verb] = m
	}
	return all
}

// fixture is one API "api1" with stage "live", on api.example.com at its root,
// and behind its execute-api host.
type fixture struct {
	view     *definition.View
	snapshot *definition.Snapshot
	stage    *definition.Stage
	domain   *definition.DomainView
	config   execution.Config
	handler  http.Handler
}

func newFixture(methods map[string]*definition.Method) *fixture {
	f := &fixture{
		snapshot: &definition.Snapshot{APIID: "api1", EndpointType: "REGIONAL", Resources: resources(methods)},
		stage:    &definition.Stage{Name: "live", DeploymentID: "dep1"},
		domain: &definition.DomainView{
			Name: "api.example.com", Region: "eu-west-1", EndpointType: "REGIONAL",
			Mappings: map[string]definition.BasePathMapping{"": {RestAPIID: "api1", Stage: "live"}},
		},
	}
	f.view = &definition.View{
		Domains: map[string]*definition.DomainView{"api.example.com": f.domain},
		APIs: map[string]*definition.APIView{"api1": {
			ID: "api1", Region: "eu-west-1",
			Stages: map[string]*definition.StageView{"live": {Stage: f.stage, Snapshot: f.snapshot}},
		}},
	}
	f.config.View = func(*http.Request) *definition.View { return f.view }
	return f
}

// do sends one request to the handler.
func (f *fixture) do(r *http.Request) *http.Response {
	if f.handler == nil {
		f.handler = execution.New(f.config)
	}
	w := httptest.NewRecorder()
	f.handler.ServeHTTP(w, r)
	return w.Result()
}

func request(method, url, body string, headers ...string) *http.Request {
	r := httptest.NewRequest(method, url, strings.NewReader(body))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

func (f *fixture) get(url string, headers ...string) *http.Response {
	return f.do(request("GET", url, "", headers...))
}

func read(t testing.TB, response *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return string(body)
}

// whole is the mock as the kit builds it: root and everything below.
func whole() map[string]*definition.Method {
	return map[string]*definition.Method{"ANY /": mockMethod(), "ANY /{proxy+}": mockMethod()}
}
