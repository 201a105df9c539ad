package execution_test

import (
	"encoding/json"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator/definition"
	"apigateway-maintenance/internal/emulator/lambda"
)

const (
	ordersARN = "arn:aws:lambda:eu-west-1:123456789012:function:orders"
	ordersURI = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/" + ordersARN + "/invocations"
)

// functions is a Lambda with one function that answers what a test says.
type functions struct {
	answer string
	failed bool
	delay  time.Duration
	refuse bool

	event  []byte
	source string
	ended  atomic.Bool
}

func (f *functions) Invoke(_ string, payload []byte, _ string) (lambda.Result, error) {
	time.Sleep(f.delay)
	f.event = payload
	f.ended.Store(true)
	result := lambda.Result{Payload: []byte(f.answer)}
	if f.failed {
		result.FunctionError = "Unhandled"
	}
	return result, nil
}

func (f *functions) MayInvoke(arn, service, source string) bool {
	f.source = source
	return !f.refuse && arn == ordersARN && service == "apigateway.amazonaws.com"
}

func lambdaMethod() *definition.Method {
	return &definition.Method{
		HTTPMethod: "ANY", AuthorizationType: "NONE",
		Integration: &definition.Integration{Type: "AWS_PROXY", HTTPMethod: "POST", URI: ordersURI},
	}
}

// lambdaFixture is the fixture's API with a function behind everything.
func lambdaFixture(f *functions) *fixture {
	x := newFixture(map[string]*definition.Method{"ANY /": lambdaMethod(), "ANY /orders/{id}": lambdaMethod(), "ANY /{proxy+}": lambdaMethod()})
	x.config.Functions = f
	return x
}

func TestLambdaSeesTheEvent(t *testing.T) { // fact J9
	t.Parallel()
	f := &functions{answer: `{}`}
	x := lambdaFixture(f)
	x.stage.Variables = map[string]string{"table": "orders"}
	x.domain.Mappings = map[string]definition.BasePathMapping{"shop": {RestAPIID: "api1", Stage: "live"}}
	r := request("POST", "https://api.example.com/shop/orders/a%20b?x=1&x=2&y=%2B", `{"item":"tea"}`, "Content-Type", "application/json", "User-Agent", "test")
	r.Header.Add("X-Many", "one")
	r.Header.Add("X-Many", "two")
	require.Equal(t, http.StatusOK, x.do(r).StatusCode)

	var event events.APIGatewayProxyRequest
	require.NoError(t, json.Unmarshal(f.event, &event))
	assert.Equal(t, "/orders/{id}", event.Resource)
	assert.Equal(t, "/shop/orders/a%20b", event.Path, "a domain's base path is in it")
	assert.Equal(t, "POST", event.HTTPMethod)
	assert.Equal(t, "two", event.Headers["X-Many"])
	assert.Equal(t, []string{"one", "two"}, event.MultiValueHeaders["X-Many"])
	assert.Equal(t, "api.example.com", event.Headers["Host"])
	assert.Equal(t, "https", event.Headers["X-Forwarded-Proto"])
	assert.NotEmpty(t, event.Headers["X-Amzn-Trace-Id"])
	assert.Equal(t, map[string]string{"x": "2", "y": "+"}, event.QueryStringParameters)
	assert.Equal(t, map[string][]string{"x": {"1", "2"}, "y": {"+"}}, event.MultiValueQueryStringParameters)
	assert.Equal(t, map[string]string{"id": "a b"}, event.PathParameters)
	assert.Equal(t, map[string]string{"table": "orders"}, event.StageVariables)
	assert.JSONEq(t, `{"item":"tea"}`, event.Body)
	assert.False(t, event.IsBase64Encoded)
	about := event.RequestContext
	assert.Equal(t, []string{"123456789012", "api1", "live", "api.example.com", "api", "POST", "/shop/orders/a%20b", "/orders/{id}", "192.0.2.1", "test"},
		[]string{about.AccountID, about.APIID, about.Stage, about.DomainName, about.DomainPrefix, about.HTTPMethod, about.Path, about.ResourcePath, about.Identity.SourceIP, about.Identity.UserAgent})
	assert.NotEmpty(t, about.RequestID)
	assert.NotZero(t, about.RequestTimeEpoch)
	assert.Equal(t, "arn:aws:execute-api:eu-west-1:123456789012:api1/live/ANY/orders/{id}", f.source)
}

func TestWhatIsEmptyInAnEventIsNull(t *testing.T) { // fact J9
	t.Parallel()
	f := &functions{answer: `{}`}
	x := lambdaFixture(f)
	x.get("https://api1.execute-api.eu-west-1.amazonaws.com/live/")
	var event map[string]any
	require.NoError(t, json.Unmarshal(f.event, &event))
	for _, name := range []string{"body", "queryStringParameters", "multiValueQueryStringParameters", "pathParameters", "stageVariables"} {
		value, there := event[name]
		assert.True(t, there && value == nil, "%s is %v", name, value)
	}
	assert.Equal(t, "/", event["path"], "without the stage")
	assert.Equal(t, "/live/", event["requestContext"].(map[string]any)["path"], "with the stage")
}

func TestLambdaAnswers(t *testing.T) { // fact J9
	t.Parallel()
	const internal = `{"message": "Internal server error"}`
	tests := map[string]struct {
		f      *functions
		status int
		body   string
	}{
		"as it says":                      {&functions{answer: `{"statusCode":201,"body":"made"}`}, 201, "made"},
		"with a status that is text":      {&functions{answer: `{"statusCode":"404"}`}, 404, ""},
		"with nothing at all":             {&functions{answer: `{}`}, 200, ""},
		"with nulls":                      {&functions{answer: `{"statusCode":200,"headers":null,"multiValueHeaders":null,"body":null}`}, 200, ""},
		"with a member too many":          {&functions{answer: `{"statusCode":200,"status":"ok"}`}, 502, internal},
		"with another case of a member":   {&functions{answer: `{"statuscode":201}`}, 502, internal},
		"with text":                       {&functions{answer: `"hello"`}, 502, internal},
		"with null":                       {&functions{answer: `null`}, 502, internal},
		"with a body that is an object":   {&functions{answer: `{"statusCode":200,"body":{}}`}, 502, internal},
		"with a header that is a number":  {&functions{answer: `{"headers":{"X-A":1}}`}, 502, internal},
		"with a status that is none":      {&functions{answer: `{"statusCode":"fine"}`}, 502, internal},
		"with an error":                   {&functions{answer: `{"errorMessage":"no such table"}`, failed: true}, 502, internal},
		"not, for it may not be invoked":  {&functions{refuse: true}, 500, internal},
		"not in time":                     {&functions{answer: `{}`, delay: 200 * time.Millisecond}, 504, `{"message": "Endpoint request timed out"}`},
		"with base64 that nobody accepts": {&functions{answer: `{"body":"AAE=","isBase64Encoded":true}`}, 200, "AAE="},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := lambdaFixture(test.f)
			if test.f.delay > 0 {
				x.snapshot.Resources["/{proxy+}"].Methods["ANY"].Integration.TimeoutInMillis = 50
			}
			got := x.get("https://api.example.com/a")
			assert.Equal(t, test.status, got.StatusCode)
			assert.Equal(t, test.body, read(t, got))
			if test.f.delay > 0 {
				assert.Eventually(t, test.f.ended.Load, 10*time.Second, 5*time.Millisecond, "the function goes on")
			}
		})
	}
}

func TestLambdaAnswerHeaders(t *testing.T) { // fact J9
	t.Parallel()
	f := &functions{answer: `{"headers":{"X-One":"1","Set-Cookie":"c=3","X-Flag":true,"Date":"today"},"multiValueHeaders":{"Set-Cookie":["a=1","b=2"],"X-One":["1"]}}`}
	got := lambdaFixture(f).get("https://api.example.com/")
	assert.Equal(t, []string{"a=1", "b=2", "c=3"}, got.Header["Set-Cookie"])
	assert.Equal(t, []string{"1"}, got.Header["X-One"], "a value that is in both counts once")
	assert.Equal(t, "true", got.Header.Get("X-Flag"))
	assert.Equal(t, []string{"today"}, got.Header["x-amzn-Remapped-Date"])
	assert.Equal(t, "application/json", got.Header.Get("Content-Type"))
}

func TestBinaryMediaWithLambda(t *testing.T) { // facts A8, J9
	t.Parallel()
	f := &functions{answer: `{"headers":{"Content-Type":"image/png"},"body":"AAE=","isBase64Encoded":true}`}
	x := lambdaFixture(f)
	x.snapshot.BinaryMediaTypes = []string{"image/png"}
	got := x.do(request("PUT", "https://api.example.com/picture", "\x00\x01", "Content-Type", "image/png", "Accept", "image/png, */*"))
	assert.Equal(t, "\x00\x01", read(t, got))
	var event events.APIGatewayProxyRequest
	require.NoError(t, json.Unmarshal(f.event, &event))
	assert.Equal(t, "AAE=", event.Body)
	assert.True(t, event.IsBase64Encoded)

	got = x.do(request("GET", "https://api.example.com/picture", "", "Accept", "*/*, image/png"))
	assert.Equal(t, "AAE=", read(t, got), "the first type that is accepted decides")
}

func TestLambdaIsInvokedByPOSTAlone(t *testing.T) { // fact J9
	t.Parallel()
	x := lambdaFixture(&functions{answer: `{}`})
	x.snapshot.Resources["/"].Methods["ANY"].Integration.HTTPMethod = "GET"
	assert.Equal(t, http.StatusInternalServerError, x.get("https://api.example.com/").StatusCode)
}

func TestFunctionsNamedByStageVariables(t *testing.T) {
	t.Parallel()
	x := lambdaFixture(&functions{answer: `{"statusCode":202}`})
	x.snapshot.Resources["/"].Methods["ANY"].Integration.URI = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:${stageVariables.function}/invocations"
	x.stage.Variables = map[string]string{"function": "orders"}
	assert.Equal(t, http.StatusAccepted, x.get("https://api.example.com/").StatusCode)
	x.stage.Variables["function"] = "other"
	assert.Equal(t, http.StatusInternalServerError, x.get("https://api.example.com/").StatusCode)
}

func TestFailuresOfLambdaTakeTheDefaultGatewayResponse(t *testing.T) { // facts B2, J9
	t.Parallel()
	x := lambdaFixture(&functions{answer: `?`})
	x.snapshot.GatewayResponses = map[string]*definition.GatewayResponse{"DEFAULT_5XX": {
		ResponseType: "DEFAULT_5XX", ResponseTemplates: map[string]string{"application/json": `{"sorry":$context.error.messageString}`},
	}}
	got := x.get("https://api.example.com/")
	assert.Equal(t, http.StatusBadGateway, got.StatusCode)
	assert.JSONEq(t, `{"sorry":"Internal server error"}`, read(t, got))
}
