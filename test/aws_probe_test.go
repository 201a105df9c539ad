package test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/stretchr/testify/require"
)

// pixel is a PNG of one pixel.
var pixel = must(base64.StdEncoding.DecodeString("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="))

func must(data []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return data
}

func zipped(text string) string {
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	_, _ = writer.Write([]byte(text))
	_ = writer.Close()
	return packed.String()
}

// probeAPI is an API of the suite's own: a mock for each question that needs one.
type probeAPI struct {
	*awsTarget
	gateway *apigateway.Client
	api     string
	root    string
	ids     map[string]string // of resources, by path part
	refused map[string]string // what AWS said to the mock of a question
}

// mockQuestion is asked of a mock that is made for it.
type mockQuestion struct {
	part, about, question string
	request, response     string // templates; mockTemplate if empty
	header                string // a literal for Retry-After
	status                string // 200 if empty
	templates             int    // request templates besides
	ask                   observation
}

const jsonMock = `{"statusCode": 200}`

func mockQuestions() []mockQuestion {
	return []mockQuestion{
		{part: "compare", about: "J2", question: "compareTo on texts in a template", response: `#set($a = "a")#if($a.compareTo("b") < 0)before#{else}after#end`},
		{part: "split", about: "J2", question: "foreach over split() in a template", response: `#set($all = "a-b")#foreach($part in $all.split("-"))[$part]#end`},
		{part: "keys", about: "J2", question: "a loop over keySet() in a template", response: `#foreach($name in $input.params().header.keySet())#if($name == "X-Probe")found#end#end`, ask: observation{header: map[string]string{"X-Probe": "1"}}},
		{part: "text", about: "J2", question: "a message that is not ASCII", response: `{"message": "Zurück um 18 Uhr – 日本"}`},
		{part: "date", about: "J2", question: "an HTTP date as a static header", header: "'Wed, 21 Oct 2026 07:28:00 GMT'"},
		{part: "empty", about: "J2", question: "a 204 with an empty template", status: "204", response: ""},
		{part: "many", about: "J2", question: "35 request templates", templates: 34},
		{part: "bytes", about: "J2", question: "a body that is not UTF-8", request: `{"statusCode": 200, "length": "$input.body.length()"}`, ask: observation{method: "POST", body: "\"\xff\xfe\"", header: map[string]string{"Content-Type": "application/json"}}},
		{part: "gzip", about: "J2", question: "a gzip body with Content-Encoding", ask: observation{method: "POST", body: zipped(`{"a":1}`), header: map[string]string{"Content-Type": "application/json", "Content-Encoding": "gzip"}}},
		{part: "png", about: "H1", question: "a PNG to a mock with NEVER", ask: observation{method: "POST", body: string(pixel), header: map[string]string{"Content-Type": "image/png"}}},
		{part: "busy", about: "H2", question: "429 through DEFAULT_4XX as 503 (a method throttled to 0)"},
	}
}

// probe makes the API, asks, and deletes it.
func (a *awsTarget) probe(t *testing.T, client *http.Client) []finding {
	t.Helper()
	p := &probeAPI{awsTarget: a, gateway: apigateway.NewFromConfig(a.sdk), ids: map[string]string{}, refused: map[string]string{}}
	api, err := p.gateway.CreateRestApi(t.Context(), &apigateway.CreateRestApiInput{Name: aws.String("maintenance-probe"), EndpointConfiguration: regionalEndpoint()})
	require.NoError(t, err)
	p.api, p.root = *api.Id, *api.RootResourceId
	defer p.forget(t, p.api)
	for _, q := range mockQuestions() {
		if err := p.mock(t.Context(), q); err != nil {
			p.refused[q.part] = err.Error()
		}
	}
	_, err = p.gateway.PutGatewayResponse(t.Context(), &apigateway.PutGatewayResponseInput{
		RestApiId: &p.api, ResponseType: types.GatewayResponseTypeDefault4xx, StatusCode: aws.String("503"),
		ResponseParameters: map[string]string{"gatewayresponse.header.X-Origin": "method.request.header.Origin"},
		ResponseTemplates:  map[string]string{"application/json": `{"by":"DEFAULT_4XX"}`, "text/html": "<p>DEFAULT_4XX</p>"},
	})
	require.NoError(t, err)
	p.deploy(t)

	var findings []finding
	for _, q := range mockQuestions() {
		answer := "refused: " + p.refused[q.part]
		if p.refused[q.part] == "" {
			q.ask.path = "/probe/" + q.part
			answer = p.asked(t, client, p.host(), q.ask)
		}
		findings = append(findings, finding{q.about, q.question, answer})
	}
	for _, q := range []struct {
		about, question string
		ask             observation
	}{
		{"H2", "403 through DEFAULT_4XX as 503", observation{path: "/probe/nosuch"}},
		{"H2", "415 through DEFAULT_4XX as 503", observation{method: "POST", path: "/probe/text", header: map[string]string{"Content-Type": "text/xml"}, body: "<a/>"}},
		{"H4", "a gateway response with two templates, Accept: text/html", observation{path: "/probe/nosuch", header: map[string]string{"Accept": "text/html"}}},
		{"H10", "a gateway response that maps Origin, none sent", observation{path: "/probe/nosuch"}},
		{"H10", "a gateway response that maps Origin, sent in lower case (HTTP/1.1)", observation{path: "/probe/nosuch", header: map[string]string{"origin": "https://app.example.com"}}},
	} {
		findings = append(findings, finding{q.about, q.question, p.asked(t, client, p.host(), q.ask)})
	}
	return append(append(findings, p.documents(t)...), finding{"J3", "TLS versions of execute-api", a.tlsVersions(p.host())})
}

func (p *probeAPI) host() string { return p.api + ".execute-api." + p.sdk.Region + ".amazonaws.com" }

func regionalEndpoint() *types.EndpointConfiguration {
	return &types.EndpointConfiguration{Types: []types.EndpointType{types.EndpointTypeRegional}}
}

// mock makes a question's resource, method and integration.
func (p *probeAPI) mock(ctx context.Context, q mockQuestion) error {
	resource, err := p.gateway.CreateResource(ctx, &apigateway.CreateResourceInput{RestApiId: &p.api, ParentId: &p.root, PathPart: &q.part})
	if err != nil {
		return err
	}
	p.ids[q.part] = *resource.Id
	any, status, request := aws.String("ANY"), aws.String("200"), q.request
	if q.status != "" {
		status = &q.status
	}
	if request == "" {
		request = strings.Replace(jsonMock, "200", *status, 1)
	}
	if _, err := p.gateway.PutMethod(ctx, &apigateway.PutMethodInput{RestApiId: &p.api, ResourceId: resource.Id, HttpMethod: any, AuthorizationType: aws.String("NONE")}); err != nil {
		return err
	}
	if _, err := p.gateway.PutMethodResponse(ctx, &apigateway.PutMethodResponseInput{
		RestApiId: &p.api, ResourceId: resource.Id, HttpMethod: any, StatusCode: status, ResponseParameters: map[string]bool{"method.response.header.Retry-After": false},
	}); err != nil {
		return err
	}
	templates := map[string]string{"application/json": request}
	for i := range q.templates {
		templates[fmt.Sprintf("application/vnd.probe-%d", i)] = request
	}
	if _, err := p.gateway.PutIntegration(ctx, &apigateway.PutIntegrationInput{
		RestApiId: &p.api, ResourceId: resource.Id, HttpMethod: any, Type: types.IntegrationTypeMock, PassthroughBehavior: aws.String("NEVER"), RequestTemplates: templates,
	}); err != nil {
		return err
	}
	answer := &apigateway.PutIntegrationResponseInput{RestApiId: &p.api, ResourceId: resource.Id, HttpMethod: any, StatusCode: status, ResponseTemplates: map[string]string{"application/json": q.response}}
	if q.header != "" {
		answer.ResponseParameters = map[string]string{"method.response.header.Retry-After": q.header}
	}
	_, err = p.gateway.PutIntegrationResponse(ctx, answer)
	return err
}

// deploy makes the stage probe, on which the path busy takes no request at all.
func (p *probeAPI) deploy(t *testing.T) {
	t.Helper()
	for _, part := range mockQuestions() {
		if p.refused[part.part] != "" && p.ids[part.part] != "" {
			id := p.ids[part.part]
			_, err := p.gateway.DeleteResource(t.Context(), &apigateway.DeleteResourceInput{RestApiId: &p.api, ResourceId: &id})
			require.NoError(t, err)
		}
	}
	_, err := p.gateway.CreateDeployment(t.Context(), &apigateway.CreateDeploymentInput{RestApiId: &p.api, StageName: aws.String("probe")})
	require.NoError(t, err)
	_, err = p.gateway.UpdateStage(t.Context(), &apigateway.UpdateStageInput{RestApiId: &p.api, StageName: aws.String("probe"), PatchOperations: []types.PatchOperation{
		replaced("/~1busy/ANY/throttling/rateLimit", "0"), replaced("/~1busy/ANY/throttling/burstLimit", "0"),
	}})
	require.NoError(t, err)
}

func replaced(path, value string) types.PatchOperation {
	return types.PatchOperation{Op: types.OpReplace, Path: &path, Value: &value}
}
