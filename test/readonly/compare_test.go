package readonly

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"apigateway-maintenance/test/harness"
)

// world is an AWS into which documents are imported.
type world struct {
	t       *testing.T
	stage   *harness.Stage
	client  *http.Client
	gateway *apigateway.Client
	mock    string // URL of the mock
}

func newWorld(stage *harness.Stage, mock string) *world {
	w := &world{t: stage.T, stage: stage, client: stage.Emulator.HTTPClient(), gateway: apigateway.NewFromConfig(stage.Config())}
	w.mock = w.deploy(mock)
	return w
}

// in is the same world under another test's name.
func (w *world) in(t *testing.T) *world {
	other := *w
	other.t = t
	return &other
}

// deploy makes an API of a document and returns its stage's URL.
func (w *world) deploy(document string) string {
	w.t.Helper()
	api, err := w.gateway.ImportRestApi(w.t.Context(), &apigateway.ImportRestApiInput{
		Body: []byte(document), Parameters: map[string]string{"endpointConfigurationTypes": "REGIONAL"},
	})
	require.NoError(w.t, err, "%s", document)
	_, err = w.gateway.CreateDeployment(w.t.Context(), &apigateway.CreateDeploymentInput{RestApiId: api.Id, StageName: aws.String("s")})
	require.NoError(w.t, err, "%s", document)
	return fmt.Sprintf("https://%s.execute-api.%s.amazonaws.com/s", aws.ToString(api.Id), w.stage.Config().Region)
}

// deployJSON is deploy for a document that is not yet text.
func (w *world) deployJSON(document object) string {
	w.t.Helper()
	text, err := json.Marshal(document)
	require.NoError(w.t, err)
	return w.deploy(string(text))
}

// request is what all APIs are asked.
type request struct {
	Method, Path, Body string
	Header             map[string]string
}

func (w *world) ask(base string, r request) harness.Answer {
	w.t.Helper()
	sent, err := http.NewRequestWithContext(w.t.Context(), r.Method, base+r.Path, strings.NewReader(r.Body))
	require.NoError(w.t, err)
	for name, value := range r.Header {
		sent.Header.Set(name, value)
	}
	response, err := w.client.Do(sent)
	require.NoError(w.t, err, "%+v", r)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(w.t, err, "%+v", r)
	return harness.Answer{Status: response.StatusCode, Header: response.Header, Body: string(body)}
}

// differing are the headers that two answers to the same request may differ in:
// they are the request's own. So is a problem document's instance.
var (
	differing = []string{"Date", "X-Amz-Apigw-Id", "X-Amzn-Requestid", "X-Amzn-Trace-Id", "X-Amzn-Remapped-Date"}
	instance  = regexp.MustCompile(`urn:uuid:[0-9a-f-]{36}`)
)

// difference tells how two answers differ; empty if they do not.
func difference(want, got harness.Answer) string {
	if want.Status != got.Status {
		return fmt.Sprintf("status %d, not %d", got.Status, want.Status)
	}
	for _, name := range slices.Sorted(maps.Keys(mergedHeaders(want, got))) {
		if !slices.Contains(differing, name) && !slices.Equal(want.Header[name], got.Header[name]) {
			return fmt.Sprintf("%s: %q, not %q", name, got.Header[name], want.Header[name])
		}
	}
	if a, b := instance.ReplaceAllString(want.Body, ""), instance.ReplaceAllString(got.Body, ""); a != b {
		return fmt.Sprintf("body %q, not %q", b, a)
	}
	return ""
}

func mergedHeaders(a, b harness.Answer) http.Header {
	all := a.Header.Clone()
	maps.Copy(all, b.Header)
	return all
}

// twin is the document, with the methods that the map adds, as mocks that name
// their operation and that everybody may call: it tells where requests go.
func (l *live) twin() (object, map[string]*operation) {
	paths := object{}
	for path := range l.Document["paths"].(object) {
		paths[path] = object{}
	}
	operations := maps.Clone(l.operations)
	for i, op := range l.added() {
		operations[fmt.Sprintf("added%d", i)] = op
	}
	for id, op := range operations {
		key := strings.ToLower(op.verb)
		if op.verb == "ANY" {
			key = anyKey
		}
		paths[op.path].(object)[key] = object{
			"responses":    object{"200": object{"description": "OK", "headers": object{operationHeader: object{"schema": object{"type": "string"}}}}},
			integrationKey: mockOperation(id),
		}
	}
	return object{"openapi": "3.0.1", "info": object{"title": "twin", "version": "1"}, "paths": paths}, operations
}

// drawRequest draws how a path and method are asked for.
func drawRequest(t *rapid.T, path, method string) request {
	r := request{Method: method, Path: path, Header: map[string]string{"User-Agent": "compare"}}
	from := func(label string, values ...string) string { return rapid.SampledFrom(values).Draw(t, label) }
	r.Path += from("query", "", "", "?q=1", "?q=1&tenant=a")
	for name, value := range map[string]string{
		"Content-Type":                  from("content type", "", "application/json", "text/xml", "image/png", "application/x-unheard-of"),
		"Accept":                        from("accept", "", "*/*", "application/json", "text/html", "image/png"),
		"Origin":                        from("origin", "", "https://app.example.com"),
		"Authorization":                 from("authorization", "", "", "Bearer token"),
		"X-Api-Key":                     from("key", "", "wrong"),
		"Access-Control-Request-Method": from("preflight", "", "POST"),
	} {
		if value != "" {
			r.Header[name] = value
		}
	}
	r.Body = from("body", "", `{"item": "tea"}`, `{"statusCode": 200}`)
	return r
}

// concrete is a path that a client asks for.
func concrete(path string) string {
	return strings.NewReplacer("{id}", "42", "{proxy+}", "some/where").Replace(path)
}

// probePath is one that the read-only API has beside those of the document.
const probePath = "/maintenance-probe"

// counts say how often each verdict was compared, that none is missed.
type counts map[verdict]int

// compare asks the live and the read-only API for each path and method, and
// reports the first difference; each request is drawn.
func (w *world) compare(t *rapid.T, l *live, readOnly string, seen counts) error {
	document, operations := l.twin()
	twin, original, rendered := w.deployJSON(document), w.deployJSON(l.Document), w.deploy(readOnly)
	for _, path := range append(slices.Sorted(maps.Keys(l.Document["paths"].(object))), "/no/where/at/all") {
		for _, method := range append(slices.Clone(harness.Methods), "PROPFIND") {
			r := drawRequest(t, concrete(path), method)
			op := operations[w.ask(twin, request{Method: method, Path: concrete(path)}).Header.Get(operationHeader)]
			got := w.ask(rendered, r)
			expected := l.expect(op, method, r.Header["Content-Type"])
			seen[expected]++
			found := ""
			switch expected {
			case likeLive:
				found = difference(w.ask(original, r), got)
			case likeMaintenance:
				found = difference(w.ask(w.mock, r), got)
			case closed415, open415:
				if got.Header.Get(operationHeader) != "" || got.Status < 400 {
					found = fmt.Sprintf("reached %s: %d", got.Header.Get(operationHeader), got.Status)
				}
			}
			if found != "" {
				return fmt.Errorf("%+v (%s) must be answered like %s, but has %s", r, path, expected, found)
			}
		}
	}
	probe := request{Method: "GET", Path: probePath}
	if found := difference(w.ask(w.mock, probe), w.ask(rendered, probe)); found != "" {
		return fmt.Errorf("%s must be answered like the mock, but has %s", probePath, found)
	}
	return nil
}
