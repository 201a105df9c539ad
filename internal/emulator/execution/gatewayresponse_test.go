package execution_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"apigateway-maintenance/internal/emulator/definition"
)

func gateway(kind, status, body string, parameters ...string) *definition.GatewayResponse {
	g := &definition.GatewayResponse{ResponseType: kind, StatusCode: status, ResponseParameters: map[string]string{}}
	if body != "" {
		g.ResponseTemplates = map[string]string{"application/json": body}
	}
	for i := 0; i < len(parameters); i += 2 {
		g.ResponseParameters["gatewayresponse.header."+parameters[i]] = parameters[i+1]
	}
	return g
}

func customise(f *fixture, all ...*definition.GatewayResponse) *fixture {
	f.snapshot.GatewayResponses = map[string]*definition.GatewayResponse{}
	for _, g := range all {
		f.snapshot.GatewayResponses[g.ResponseType] = g
	}
	return f
}

func TestGatewayResponseInheritanceIsAllOrNothing(t *testing.T) {
	all := gateway("DEFAULT_4XX", "503", `{"message":"all"}`, "X-Maintenance-Mode", "'on'")
	cases := []struct {
		name       string
		customised []*definition.GatewayResponse
		status     int
		body, mode string
	}{
		{"none is stock", nil, 415, `{"message":"Unsupported Media Type"}`, ""},
		{"DEFAULT_4XX gives status, body and headers", []*definition.GatewayResponse{all}, 503, `{"message":"all"}`, "on"},
		{"DEFAULT_4XX without a status keeps the type's", []*definition.GatewayResponse{gateway("DEFAULT_4XX", "", `{}`)}, 415, `{}`, ""},
		{"DEFAULT_5XX does not concern it", []*definition.GatewayResponse{gateway("DEFAULT_5XX", "503", `{}`)}, 415, `{"message":"Unsupported Media Type"}`, ""},
		{"its own inherits nothing", []*definition.GatewayResponse{all, gateway("UNSUPPORTED_MEDIA_TYPE", "", "", "X-Own", "'1'")}, 415, `{"message":"Unsupported Media Type"}`, ""},
		{"its own wins", []*definition.GatewayResponse{all, gateway("UNSUPPORTED_MEDIA_TYPE", "599", `own`)}, 599, `own`, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := customise(newFixture(whole()), c.customised...)
			response := f.do(request("POST", "https://api.example.com/", "x", "Content-Type", "text/xml"))
			assert.Equal(t, c.status, response.StatusCode)
			assert.Equal(t, c.body, read(t, response))
			assert.Equal(t, c.mode, response.Header.Get("X-Maintenance-Mode"))
			assert.Equal(t, []string{"BadRequestException"}, response.Header["x-amzn-ErrorType"])
			assert.Equal(t, "application/json", response.Header.Get("Content-Type"))
		})
	}
}

func TestA500OfTheMockIsCaughtByDefault5XX(t *testing.T) {
	methods := whole()
	methods["ANY /"].Integration.RequestTemplates["application/json"] = "nothing"
	f := customise(newFixture(methods), gateway("DEFAULT_5XX", "503", `{"message":"down"}`))
	response := f.get("https://api.example.com/")
	assert.Equal(t, 503, response.StatusCode)
	assert.Equal(t, `{"message":"down"}`, read(t, response))
}

func TestAFailedMethodLeavesNoHeadersOfItsOwn(t *testing.T) {
	methods := whole()
	methods["ANY /"].Integration.Responses["503"].ResponseTemplates["application/json"] = `#set($foo="x")$foo.substring(9)`
	response := newFixture(methods).get("https://api.example.com/")
	assert.Equal(t, 500, response.StatusCode)
	assert.Empty(t, response.Header.Get("X-Maintenance-Mode"))
}

func TestGatewayTemplatesAreSubstitutedNotRun(t *testing.T) {
	cases := []struct{ name, template, want string }{
		{"context", `$context.httpMethod $context.stage`, "TRACE live"},
		{"messages come quoted", `$context.error.messageString $context.error.message`, `"Missing Authentication Token" Missing Authentication Token`},
		{"the type does not", `$context.error.responseType`, "MISSING_AUTHENTICATION_TOKEN"},
		{"a full stop ends the name", `at $context.stage.`, "at live."},
		{"stage variables", `$stageVariables.color!`, "green!"},
		{"a header of the request", `$method.request.header.X-Who`, "me"},
		{"directives are text", `#set($a = 1)$a #if(true)x#end`, "#set($a = 1)$a #if(true)x#end"},
		{"other references are text", `$input.body $5 $ ${context.stage}`, "$input.body $5 $ ${context.stage}"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := customise(newFixture(whole()), gateway("DEFAULT_4XX", "503", c.template))
			f.stage.Variables = map[string]string{"color": "green"}
			response := f.do(request("TRACE", "https://api.example.com/", "", "X-Who", "me"))
			assert.Equal(t, c.want, read(t, response))
		})
	}
}

func TestGatewayHeaders(t *testing.T) {
	f := customise(newFixture(whole()), gateway("MISSING_AUTHENTICATION_TOKEN", "404", `{}`,
		"Access-Control-Allow-Origin", "method.request.header.Origin", "X-Q", "method.request.querystring.q",
		"X-Stage", "context.stage", "X-Color", "stageVariables.color", "X-Absent", "method.request.header.Nope", "Retry-After", "'60'"))
	f.stage.Variables = map[string]string{"color": "green"}
	response := f.do(request("TRACE", "https://api.example.com/?q=7", "", "Origin", "https://a.example"))
	assert.Equal(t, 404, response.StatusCode)
	for name, want := range map[string]string{
		"Access-Control-Allow-Origin": "https://a.example", "X-Q": "7", "X-Stage": "live", "X-Color": "green", "Retry-After": "60",
	} {
		assert.Equal(t, want, response.Header.Get(name), name)
	}
	assert.NotContains(t, response.Header, "X-Absent")
}

func TestABodyOverTenMegabytesIsRefusedByTheFrontend(t *testing.T) {
	f := customise(newFixture(whole()), gateway("REQUEST_TOO_LARGE", "503", `{}`), gateway("DEFAULT_4XX", "503", `{}`))
	body := string(bytes.Repeat([]byte("x"), 10_485_760))
	assert.Equal(t, 503, f.do(request("POST", "https://api.example.com/", body)).StatusCode, "exactly 10 MB reach the API")

	for _, known := range []bool{true, false} {
		r := request("POST", "https://api.example.com/", body+"x")
		if !known {
			r.ContentLength = -1
		}
		response := f.do(r)
		assert.Equal(t, 413, response.StatusCode)
		assert.Equal(t, "text; charset=utf-8", response.Header.Get("Content-Type"))
		assert.Equal(t, "HTTP content length exceeded 10485760 bytes.", read(t, response))
		assert.NotContains(t, response.Header, "x-amzn-RequestId")
	}
}

func TestFrontendLimits(t *testing.T) {
	f := newFixture(whole())
	assert.Equal(t, 503, f.get("https://api.example.com/"+strings.Repeat("a", 9000)).StatusCode)
	assert.Equal(t, 414, f.get("https://api.example.com/"+strings.Repeat("a", 10240)).StatusCode)
	assert.Equal(t, 431, f.get("https://api.example.com/", "X-Long", strings.Repeat("a", 10241)).StatusCode)
	f.domain.EndpointType = "EDGE"
	response := f.get("https://api.example.com/" + strings.Repeat("a", 9000))
	assert.Equal(t, 414, response.StatusCode, "EDGE takes 8192")
	assert.Equal(t, "Error from cloudfront", response.Header.Get("X-Cache"))
}

func TestThrottling(t *testing.T) {
	setting := func(rate float64, burst int) *definition.MethodSetting {
		return &definition.MethodSetting{ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst}
	}
	cases := []struct {
		name     string
		settings map[string]*definition.MethodSetting
		allowed  int // of five requests
	}{
		{"no setting", nil, 5},
		{"none", map[string]*definition.MethodSetting{"*/*": setting(-1, -1)}, 5},
		{"zero refuses all", map[string]*definition.MethodSetting{"*/*": setting(0, 0)}, 0},
		{"a burst of two", map[string]*definition.MethodSetting{"*/*": setting(0.001, 2)}, 2},
		{"the method's wins", map[string]*definition.MethodSetting{"*/*": setting(0, 0), "~1pets/ANY": setting(0.001, 3)}, 3},
		{"another method's does not count", map[string]*definition.MethodSetting{"pets/GET": setting(0, 0)}, 5},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := newFixture(map[string]*definition.Method{"ANY /pets": mockMethod()})
			f.stage.MethodSettings = c.settings
			allowed := 0
			for range 5 {
				response := f.get("https://api.example.com/pets")
				if response.StatusCode == 503 {
					allowed++
					continue
				}
				assert.Equal(t, 429, response.StatusCode)
				assert.Equal(t, `{"message":"Too Many Requests"}`, read(t, response))
			}
			assert.Equal(t, c.allowed, allowed)
		})
	}
}
