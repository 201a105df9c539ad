package test

import (
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/test/harness"
)

// TestAnswer checks what is served, from methods and from gateway responses,
// against the component that docs/answer.md gives to write clients by.
func TestAnswer(t *testing.T) {
	t.Parallel()
	problem := problemSchema(t)
	s := harness.NewFixture(t, "answers", emulator.Config{}, nil)
	s.SetOnly(map[string]any{})
	s.Apply(nil)
	var urls map[string]string
	s.Output("invoke_urls", &urls)
	require.Len(t, urls, 4)

	members := map[string][]string{
		"plain": nil, "seconds": {"retry_after"}, "moment": {"retry_at"}, "window": {"retry_at", "starts", "ends"},
	}
	for name, url := range urls {
		for _, header := range []http.Header{
			{"Accept": {"application/json"}}, {"Accept": {"application/problem+json"}}, {"Content-Type": {"application/x-unheard-of"}},
		} {
			got := s.Ask(http.MethodPost, url+"/deep", header, "x")
			document, err := jsonschema.UnmarshalJSON(strings.NewReader(got.Body))
			require.NoError(t, err, "%s: %s", name, got.Body)
			require.NoError(t, problem.Validate(document), "%s %v: %s", name, header, got.Body)
			object := document.(map[string]any)
			assert.Equal(t, "urn:uuid:"+got.Header.Get("x-amzn-RequestId"), object["instance"], name)
			for _, member := range []string{"retry_after", "retry_at", "starts", "ends"} {
				assert.Equal(t, slices.Contains(members[name], member), object[member] != nil, "%s of %s", member, name)
			}
			assert.Equal(t, "nosniff", got.Header.Get("X-Content-Type-Options"), name)
		}
	}

	window := s.Ask(http.MethodGet, urls["window"], http.Header{"Accept": {"text/html"}}, "")
	assert.Equal(t, `<https://status.example.com/?team=orders&lang=en>; rel="status"`, window.Header.Get("Link"))
	assert.Equal(t, "Fri, 31 Jan 2127 04:30:00 GMT", window.Header.Get("Retry-After"))
	assert.Contains(t, window.Body, `<a href="https://status.example.com/?team=orders&amp;lang=en">`)
	for _, moment := range []string{"2127-01-31T03:00:00Z", "2127-01-31T04:30:00Z"} {
		assert.Contains(t, window.Body, `<time datetime="`+moment+`">`)
	}
	text := s.Ask(http.MethodGet, urls["window"], http.Header{"Accept": {"text/plain"}}, "").Body
	assert.Contains(t, text, "\nStatus: https://status.example.com/?team=orders&lang=en")

	wrong, err := jsonschema.UnmarshalJSON(strings.NewReader(`{"type":"about:blank","title":"Service Unavailable","status":503,"detail":"x","message":"x"}`))
	require.NoError(t, err)
	require.Error(t, problem.Validate(wrong), "an outage must not pass for maintenance")
	s.Removed()
	s.RequireEmpty()
}

var yamlBlock = regexp.MustCompile("(?s)```yaml\n(.*?)```")

// problemSchema reads the component's schema out of the document.
func problemSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile("../docs/answer.md")
	require.NoError(t, err)
	blocks := yamlBlock.FindAllSubmatch(text, -1)
	require.Len(t, blocks, 1)
	var component any
	require.NoError(t, yaml.Unmarshal(blocks[0][1], &component))
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	require.NoError(t, compiler.AddResource("answer.json", component))
	schema, err := compiler.Compile("answer.json#/components/schemas/Maintenance")
	require.NoError(t, err)
	return schema
}
