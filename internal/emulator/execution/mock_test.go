package execution_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"apigateway-maintenance/internal/emulator/definition"
)

const internalError = `{"message": "Internal server error"}`

func TestMockAnswersOnEveryPathAndVerb(t *testing.T) {
	f := newFixture(whole())
	for _, path := range []string{"/", "/a", "/a/b/c", "/a/", "/%2F/x", "//", "/ü?q=1"} {
		for _, verb := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"} {
			response := f.do(request(verb, "https://api.example.com"+path, ""))
			assert.Equal(t, 503, response.StatusCode, "%s %s", verb, path)
			assert.Equal(t, "on", response.Header.Get("X-Maintenance-Mode"))
			assert.Equal(t, "application/json", response.Header.Get("Content-Type"))
			assert.NotEmpty(t, response.Header["x-amzn-RequestId"])
			assert.NotEmpty(t, response.Header["x-amz-apigw-id"])
			assert.Empty(t, response.Header["x-amzn-ErrorType"])
			assert.Empty(t, response.Header["X-Amzn-Trace-Id"], "MOCK has no trace id (fact A7)")
			if verb != "HEAD" {
				assert.Equal(t, `{"message":"down"}`, read(t, response))
			}
		}
	}
}

// TestPassthroughTable is the table of fact A2.
func TestPassthroughTable(t *testing.T) {
	const unsupported = `{"message":"Unsupported Media Type"}`
	cases := []struct {
		name, contentType, passthrough string
		status                         int
		body                           string
	}{
		{"absent runs the template", "", "WHEN_NO_MATCH", 503, `{"message":"down"}`},
		{"absent runs the template with NEVER", "", "NEVER", 503, `{"message":"down"}`},
		{"JSON runs the template", "application/json", "NEVER", 503, `{"message":"down"}`},
		{"parameters do not count", "application/json; charset=utf-8", "NEVER", 503, `{"message":"down"}`},
		{"XML with WHEN_NO_MATCH goes through raw", "text/xml", "WHEN_NO_MATCH", 500, internalError},
		{"XML with WHEN_NO_TEMPLATES is refused", "text/xml", "WHEN_NO_TEMPLATES", 415, unsupported},
		{"XML with NEVER is refused", "text/xml", "NEVER", 415, unsupported},
		{"a form with NEVER is refused", "application/x-www-form-urlencoded", "NEVER", 415, unsupported},
	}
	for _, verb := range []string{"GET", "POST", "OPTIONS"} {
		for _, c := range cases {
			t.Run(verb+" "+c.name, func(t *testing.T) {
				methods := whole()
				methods["ANY /"].Integration.PassthroughBehavior = c.passthrough
				var headers []string
				if c.contentType != "" {
					headers = []string{"Content-Type", c.contentType}
				}
				response := newFixture(methods).do(request(verb, "https://api.example.com/", "<x/>", headers...))
				assert.Equal(t, c.status, response.StatusCode)
				assert.Equal(t, c.body, read(t, response))
				assert.Equal(t, "application/json", response.Header.Get("Content-Type"))
				switch c.status {
				case 415:
					assert.Equal(t, []string{"BadRequestException"}, response.Header["x-amzn-ErrorType"])
				case 500:
					assert.Equal(t, []string{"InternalServerErrorException"}, response.Header["x-amzn-ErrorType"])
				}
			})
		}
	}
}

func TestPassedThroughBodyDrivesTheMock(t *testing.T) {
	methods := whole()
	methods["ANY /"].Integration.PassthroughBehavior = "WHEN_NO_MATCH"
	response := newFixture(methods).do(request("POST", "https://api.example.com/", `{"statusCode":200}`, "Content-Type", "text/plain"))
	assert.Equal(t, 503, response.StatusCode)
}

func TestStatusCodeOfTheRequestTemplate(t *testing.T) {
	cases := []struct {
		name, template string
		status         int
	}{
		{"an integer chooses", `{"statusCode": 200}`, 503},
		{"keys need no quotes", `{statusCode: 200}`, 503},
		{"other keys do not disturb", `{"a": {"statusCode": "x", "b": [1,{}]}, "c": "}", statusCode: 5}`, 503},
		{"zero is an integer", `{"statusCode": 0}`, 503},
		{"a negative one is an integer", `{"statusCode": -1}`, 503},
		{"a string is refused", `{"statusCode": "200"}`, 500},
		{"a fraction is refused", `{"statusCode": 200.0}`, 500},
		{"nothing is refused", ``, 500},
		{"an object without it is refused", `{}`, 500},
		{"a nested one does not count", `{"a":{"statusCode":200}}`, 500},
		{"a list is refused", `[{"statusCode":200}]`, 500},
		{"an open object is refused", `{"statusCode":200`, 500},
		{"something after it is refused", `{"statusCode":200}x`, 500},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			methods := whole()
			methods["ANY /"].Integration.RequestTemplates["application/json"] = c.template
			response := newFixture(methods).get("https://api.example.com/")
			assert.Equal(t, c.status, response.StatusCode)
		})
	}
}

func TestChoosingTheIntegrationResponse(t *testing.T) {
	answers := func(patterns map[string]string) map[string]*definition.IntegrationResponse {
		all := map[string]*definition.IntegrationResponse{}
		for code, pattern := range patterns {
			all[code] = &definition.IntegrationResponse{StatusCode: code, SelectionPattern: &pattern}
		}
		return all
	}
	cases := []struct {
		name     string
		patterns map[string]string
		code     string
		status   int
	}{
		{"the default catches all", map[string]string{"503": ""}, "418", 503},
		{"the response's own code is sent", map[string]string{"204": ""}, "200", 204},
		{"a pattern comes before the default", map[string]string{"503": "", "204": `2\d\d`}, "200", 204},
		{"a pattern must match the whole code", map[string]string{"503": "", "204": `20`}, "200", 503},
		{"of several the one with the code wins", map[string]string{"500": `.*`, "204": `2..`}, "204", 204},
		{"of several the one with the code wins, even the last", map[string]string{"200": `.*`, "503": `5..`}, "503", 503},
		{"nothing matches and no default", map[string]string{"204": `3..`}, "200", 500},
		{"no responses at all", nil, "200", 500},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			methods := whole()
			m := methods["ANY /"]
			m.Integration.RequestTemplates["application/json"] = `{"statusCode":` + c.code + `}`
			m.Integration.Responses = answers(c.patterns)
			for code := range c.patterns {
				m.Responses[code] = &definition.MethodResponse{StatusCode: code}
			}
			response := newFixture(methods).get("https://api.example.com/")
			assert.Equal(t, c.status, response.StatusCode)
		})
	}
}

func TestAResponseThatTheMethodDoesNotDeclareIsAnError(t *testing.T) {
	methods := whole()
	methods["ANY /"].Responses = nil
	response := newFixture(methods).get("https://api.example.com/")
	assert.Equal(t, 500, response.StatusCode)
	assert.Equal(t, internalError, read(t, response))
}

func TestOverridesOfTheRequestTemplateWin(t *testing.T) {
	for _, template := range []string{`{"message":"down"}`, ""} {
		methods := whole()
		m := methods["ANY /"]
		m.Integration.RequestTemplates["application/json"] = `#set($context.responseOverride.status = 444)` +
			`#set($context.responseOverride.header.X-Foo = "bar")#set($context.requestOverride.path.p = "from request")` + mockTemplate
		m.Integration.Responses["503"].ResponseTemplates = map[string]string{"application/json": template}
		response := newFixture(methods).get("https://api.example.com/")
		assert.Equal(t, 444, response.StatusCode)
		assert.Equal(t, "bar", response.Header.Get("X-Foo"))
	}
}

func TestRequestOverridesReachTheResponseTemplate(t *testing.T) {
	methods := whole()
	m := methods["ANY /"]
	m.Integration.RequestTemplates["application/json"] = `#set($context.requestOverride.path.p = "carried")` + mockTemplate
	m.Integration.Responses["503"].ResponseTemplates["application/json"] = `$context.requestOverride.path.p|$input.body`
	response := newFixture(methods).do(request("POST", "https://api.example.com/", `{"a":1}`))
	assert.Equal(t, `carried|{}`, read(t, response), "neither the request's nor the rendered body is visible (fact A4)")
}

// TestWhatIsNoOverrideReachesTheResponseTemplate is recorded by LocalStack.
func TestWhatIsNoOverrideReachesTheResponseTemplate(t *testing.T) {
	methods := whole()
	m := methods["ANY /"]
	m.Integration.RequestTemplates["application/json"] = `#set($context.responseOverride.status = 444)#set($context.responseOverride.custom = "handed on")` + mockTemplate
	m.Integration.Responses["503"].ResponseTemplates["application/json"] = `$context.responseOverride.status $context.responseOverride.custom`
	response := newFixture(methods).get("https://api.example.com/")
	assert.Equal(t, 444, response.StatusCode)
	assert.Equal(t, "444 handed on", read(t, response))
}

func TestAnOverrideThatIsSetTwiceIsAnError(t *testing.T) {
	methods := whole()
	methods["ANY /"].Integration.Responses["503"].ResponseTemplates["application/json"] =
		`#set($context.responseOverride.header.A = "1")#set($context.responseOverride.header.A = "2")`
	response := newFixture(methods).get("https://api.example.com/")
	assert.Equal(t, 500, response.StatusCode)
	assert.Empty(t, response.Header.Get("A"))
}

func TestChoosingTheResponseTemplate(t *testing.T) {
	cases := []struct {
		name, accept, want string
	}{
		{"none is JSON", "", "json"},
		{"anything is JSON", "*/*", "json"},
		{"HTML", "text/html", "html"},
		{"only the first type counts", "text/html,application/json;q=0.9", "html"},
		{"even if another matched", "image/png,text/html", "json"},
		{"parameters do not count", "text/html; charset=utf-8", "html"},
		{"unknown is JSON", "image/png", "json"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			methods := whole()
			methods["ANY /"].Integration.Responses["503"].ResponseTemplates = map[string]string{
				"application/json": "json", "text/html": "html", "application/aaa": "first by name",
			}
			response := newFixture(methods).get("https://api.example.com/", "Accept", c.accept)
			assert.Equal(t, c.want, read(t, response))
			assert.Equal(t, "application/json", response.Header.Get("Content-Type"), "a template's key does not set the type (fact A6)")
		})
	}
}

func TestNoResponseTemplateIsAnEmptyBody(t *testing.T) {
	methods := whole()
	methods["ANY /"].Integration.Responses["503"].ResponseTemplates = nil
	response := newFixture(methods).get("https://api.example.com/")
	assert.Equal(t, 503, response.StatusCode)
	assert.Equal(t, "on", response.Header.Get("X-Maintenance-Mode"))
	assert.Empty(t, read(t, response))
}

func TestBinaryMediaTypesBreakMapping(t *testing.T) {
	f := newFixture(whole())
	f.snapshot.BinaryMediaTypes = []string{"*/*"}
	assert.Equal(t, 500, f.get("https://api.example.com/").StatusCode)

	methods := whole()
	methods["ANY /"].Integration.ContentHandling = "CONVERT_TO_TEXT"
	f = newFixture(methods)
	f.snapshot.BinaryMediaTypes = []string{"*/*"}
	assert.Equal(t, 500, f.get("https://api.example.com/").StatusCode, "the answer is taken for base64")

	methods["ANY /"].Integration.Responses["503"].ContentHandling = "CONVERT_TO_TEXT"
	f = newFixture(methods)
	f.snapshot.BinaryMediaTypes = []string{"*/*"}
	assert.Equal(t, 503, f.get("https://api.example.com/").StatusCode)
}

func TestATextForABinaryAcceptIsDecoded(t *testing.T) {
	methods := whole()
	methods["ANY /"].Integration.Responses["503"].ResponseTemplates = map[string]string{"application/json": "aGVsbG8="}
	f := newFixture(methods)
	f.snapshot.BinaryMediaTypes = []string{"image/png"}
	assert.Equal(t, "aGVsbG8=", read(t, f.get("https://api.example.com/")))
	assert.Equal(t, "hello", read(t, f.get("https://api.example.com/", "Accept", "image/png")))
}

func TestMappedHeaders(t *testing.T) {
	methods := whole()
	m := methods["ANY /{proxy+}"]
	m.Integration.Responses["503"].ResponseParameters = map[string]string{
		"method.response.header.Content-Type":      "'text/html'",
		"method.response.header.X-Stage":           "stageVariables.color",
		"method.response.header.X-Path":            "context.resourcePath",
		"method.response.header.X-Nothing":         "integration.response.header.Nope",
		"method.response.header.Date":              "'yesterday'",
		"method.response.header.Transfer-Encoding": "'chunked'",
		"method.response.header.Retry-After":       "'120'",
	}
	f := newFixture(methods)
	f.stage.Variables = map[string]string{"color": "green"}
	header := f.get("https://api.example.com/x").Header
	assert.Equal(t, "text/html", header.Get("Content-Type"))
	assert.Equal(t, "green", header.Get("X-Stage"))
	assert.Equal(t, "/{proxy+}", header.Get("X-Path"))
	assert.NotContains(t, header, "X-Nothing")
	assert.Equal(t, []string{"yesterday"}, header["x-amzn-Remapped-Date"], "fact C1")
	assert.NotContains(t, header, "Transfer-Encoding")
	assert.Equal(t, "120", header.Get("Retry-After"))
}

func TestQueryParameters(t *testing.T) {
	methods := whole()
	methods["ANY /"].Integration.Responses["503"].ResponseTemplates["application/json"] = `$input.params().querystring`
	f := newFixture(methods)
	for query, want := range map[string]string{
		"":              "{}",
		"a=1&b=x+y%21":  "{a=1, b=x y!}",
		"a=1&a=2":       "{a=2}",
		"a=1;b=2":       "{a=1, b=2}",
		"ok=1&bad=%zz":  "{ok=1}",
		"no-value&e=":   "{e=, no-value=}",
		"q=%24%7Binput": "{q=${input}",
	} {
		assert.Equal(t, want, read(t, f.get("https://api.example.com/?"+query)), query)
	}
}
