package execution_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"

	"apigateway-maintenance/internal/emulator/definition"
	"apigateway-maintenance/internal/emulator/execution"
)

// backend records the last request and answers.
type backend struct {
	*httptest.Server
	last *http.Request
	body string
}

func newBackend(t *testing.T, answer http.HandlerFunc) *backend {
	b := &backend{}
	b.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		b.last, b.body = r, string(body)
		answer(w, r)
	}))
	t.Cleanup(b.Close)
	return b
}

func TestHTTPProxyPassesRequestAndAnswer(t *testing.T) {
	b := newBackend(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Server", "backend")
		w.Header().Set("X-Own", "1")
		w.Header().Set("Content-Type", "text/plain")
		w.WriteHeader(418)
		_, _ = io.WriteString(w, "teapot")
	})
	f := newFixture(map[string]*definition.Method{"ANY /{proxy+}": proxyMethod(b.URL + "/base/{proxy}")})
	r := request("PUT", "https://api.example.com/a%2Fb/c%20d?x=1&y=a+b", "payload",
		"X-Client", "me", "Connection", "X-Hop", "X-Hop", "1", "X-Forwarded-For", "9.9.9.9")
	response := f.do(r)

	assert.Equal(t, 418, response.StatusCode)
	assert.Equal(t, "teapot", read(t, response))
	assert.Equal(t, "1", response.Header.Get("X-Own"))
	assert.Equal(t, []string{"backend"}, response.Header["x-amzn-Remapped-Server"])
	assert.Equal(t, "text/plain", response.Header.Get("Content-Type"))
	assert.NotEmpty(t, response.Header.Get("X-Amzn-Trace-Id"), "fact A7")

	assert.Equal(t, "PUT", b.last.Method)
	assert.Equal(t, "/base/a%2Fb/c%20d?x=1&y=a+b", b.last.RequestURI)
	assert.Equal(t, "payload", b.body)
	assert.Equal(t, "me", b.last.Header.Get("X-Client"))
	assert.Empty(t, b.last.Header.Get("X-Hop"))
	assert.Equal(t, "9.9.9.9, 192.0.2.1", b.last.Header.Get("X-Forwarded-For"))
	assert.Equal(t, "https", b.last.Header.Get("X-Forwarded-Proto"))
	assert.Equal(t, b.Listener.Addr().String(), b.last.Host)
}

func TestHTTPProxyFailures(t *testing.T) {
	slow := newBackend(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	dead := httptest.NewServer(nil)
	dead.Close()
	cases := []struct {
		name, uri string
		status    int
		body      string
	}{
		{"a backend that is too slow", slow.URL + "/{proxy}", 504, `{"message": "Endpoint request timed out"}`},
		{"a backend that is not there", dead.URL + "/{proxy}", 504, `{"message": "Network error communicating with endpoint"}`},
		{"a URI with a variable that nothing maps", slow.URL + "/{other}", 500, internalError},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m := proxyMethod(c.uri)
			m.Integration.TimeoutInMillis = 50
			response := newFixture(map[string]*definition.Method{"ANY /{proxy+}": m}).get("https://api.example.com/x")
			assert.Equal(t, c.status, response.StatusCode)
			assert.Equal(t, c.body, read(t, response))
		})
	}
}

func TestHTTPIntegrationMapsBothWays(t *testing.T) {
	b := newBackend(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Count", "3")
		_, _ = io.WriteString(w, `{"items":[1,2]}`)
	})
	m := &definition.Method{
		Responses: map[string]*definition.MethodResponse{"200": {StatusCode: "200"}},
		Integration: &definition.Integration{
			Type: "HTTP", HTTPMethod: "POST", URI: b.URL + "/{where}", PassthroughBehavior: "WHEN_NO_MATCH",
			RequestParameters: map[string]string{
				"integration.request.path.where":    "method.request.querystring.to",
				"integration.request.querystring.k": "'v'",
				"integration.request.header.X-Who":  "method.request.header.X-Client",
			},
			RequestTemplates: map[string]string{"application/json": `{"wrapped":$input.json('$.a')}`},
			Responses: map[string]*definition.IntegrationResponse{"200": {
				StatusCode:         "200",
				ResponseParameters: map[string]string{"method.response.header.X-Total": "integration.response.header.X-Count", "method.response.header.WWW-Authenticate": "'Basic'"},
				ResponseTemplates:  map[string]string{"application/json": `$input.path('$.items').size()`},
			}},
		},
	}
	response := newFixture(map[string]*definition.Method{"POST /": m}).do(
		request("POST", "https://api.example.com/?to=there&x=1", `{"a":{"b":[1,"z"]}}`, "X-Client", "me", "X-Other", "no"))
	assert.Equal(t, "2", read(t, response))
	assert.Equal(t, "3", response.Header.Get("X-Total"))
	assert.Equal(t, []string{"Basic"}, response.Header["x-amzn-Remapped-WWW-Authenticate"], "fact C1")
	assert.Equal(t, "POST", b.last.Method)
	assert.Equal(t, "/there?k=v", b.last.RequestURI)
	assert.Equal(t, `{"wrapped":{"b":[1,"z"]}}`, b.body)
	assert.Equal(t, "me", b.last.Header.Get("X-Who"))
	assert.Empty(t, b.last.Header.Get("X-Other"))
}

func TestHeaderNamesAsTheAPISeesThem(t *testing.T) {
	template := `#foreach($n in $input.params().header.keySet())#if($n.toLowerCase() == "x-mixed-name")$n#end#end`
	cases := []struct {
		name, endpoint string
		proto          int
		raw            []string
		want           string
	}{
		{"EDGE capitalises", "EDGE", 1, []string{"x-miXed-name"}, "X-Mixed-Name"},
		{"REGIONAL keeps what was sent", "REGIONAL", 1, []string{"x-miXed-name"}, "x-miXed-name"},
		{"REGIONAL over HTTP/2 is lower case", "REGIONAL", 2, nil, "x-mixed-name"},
		{"REGIONAL without the names is canonical", "REGIONAL", 1, nil, "X-Mixed-Name"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			methods := whole()
			methods["ANY /"].Integration.Responses["503"].ResponseTemplates["application/json"] = template
			f := newFixture(methods)
			f.domain.EndpointType = c.endpoint
			r := request("GET", "https://api.example.com/", "", "X-Mixed-Name", "1")
			r.ProtoMajor = c.proto
			r = r.WithContext(execution.WithRawHeaderNames(r.Context(), c.raw))
			assert.Equal(t, c.want, read(t, f.do(r)))
		})
	}
}

func TestEdgeAnswersBearCloudFrontHeaders(t *testing.T) {
	f := newFixture(whole())
	f.domain.EndpointType = "EDGE"
	header := f.get("https://api.example.com/").Header
	assert.Equal(t, "Miss from cloudfront", header.Get("X-Cache"))
	for _, name := range []string{"Via", "X-Amz-Cf-Id", "X-Amz-Cf-Pop"} {
		assert.NotEmpty(t, header.Get(name), name)
	}
}

func TestAccessLog(t *testing.T) {
	f := newFixture(whole())
	f.stage.AccessLog = &definition.AccessLog{Format: `$context.httpMethod $context.path $context.status $context.responseLength $context.identity.user $context.error.responseType`}
	var lines []string
	f.config.AccessLog = func(_, line string) { lines = append(lines, line) }
	f.get("https://api.example.com/a/b?c=d")
	f.do(request("TRACE", "https://api.example.com/", ""))
	assert.Equal(t, []string{"GET /a/b 503 18 - -", "TRACE / 403 42 - MISSING_AUTHENTICATION_TOKEN"}, lines)
}

func TestCredentialsThatAMethodWants(t *testing.T) {
	for kind, status := range map[string]int{"NONE": 503, "AWS_IAM": 403, "CUSTOM": 401, "COGNITO_USER_POOLS": 401} {
		methods := whole()
		methods["ANY /"].AuthorizationType = kind
		assert.Equal(t, status, newFixture(methods).get("https://api.example.com/").StatusCode, kind)
	}
	methods := whole()
	methods["ANY /"].APIKeyRequired = true
	assert.Equal(t, 403, newFixture(methods).get("https://api.example.com/").StatusCode)
}
