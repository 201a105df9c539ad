package vtl_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator/vtl"
)

// TestPathsRenderAsRecorded: what API Gateway itself made of these templates, as
// LocalStack's validated test_input_path_template_formatting recorded it.
func TestPathsRenderAsRecorded(t *testing.T) {
	const (
		whole  = `#set($result = $input.path("$.json"))$result`
		nested = whole + `.nested`
		first  = whole + `[0]`
		text   = whole + `.toString()`
		null   = `{"body": $result, "nested": $result.nested, "isNull": #if( $result == $null )"true"#else"false"#end, "isEmptyString": #if( $result == "" )"true"#else"false"#end}`
		none   = `#set($result = $input.path("$.nonExisting"))` + null
		list   = `#set($result = $input.path("$.json.listValue"))` + null
	)
	for name, c := range map[string]struct{ template, body, want string }{
		"a map":                     {whole, `{"json":{"foo":"bar"}}`, `{foo=bar}`},
		"a list":                    {whole, `{"json":[{"foo":"bar"}]}`, `[{"foo":"bar"}]`},
		"a map in a map":            {nested, `{"json":{"nested":{"foo":"bar"}}}`, `{foo=bar}`},
		"a list in a map":           {nested, `{"json":{"nested":[{"foo":"bar"}]}}`, `[{"foo":"bar"}]`},
		"a map in a list":           {first, `{"json":[{"foo":"bar"}]}`, `{foo=bar}`},
		"a list in a list":          {first, `{"json":[[{"foo":"bar"}]]}`, `[{"foo":"bar"}]`},
		"a map with a list":         {whole, `{"json":{"foo":[{"nested":"bar"}]}}`, `{foo=[{"nested":"bar"}]}`},
		"a map of several":          {whole, `{"json":{"bigger":"dict","to":"test","with":"separators"}}`, `{bigger=dict, to=test, with=separators}`},
		"toString of a map":         {text, `{"json":{"foo":"bar"}}`, `{foo=bar}`},
		"toString of a nested list": {text, `{"json":{"list":[{"foo":"bar"}]}}`, `{list=[{"foo":"bar"}]}`},
		"what is not there":         {none, `{}`, `{"body": , "nested": , "isNull": "true", "isEmptyString": "true"}`},
		"an empty list":             {list, `{"json":{"listValue":[]}}`, `{"body": [], "nested": , "isNull": "false", "isEmptyString": "false"}`},
		"null":                      {list, `{"json":{"listValue":null}}`, `{"body": , "nested": , "isNull": "true", "isEmptyString": "true"}`},
	} {
		t.Run(name, func(t *testing.T) {
			template, err := vtl.Parse(c.template)
			require.NoError(t, err)
			got, err := template.Execute(&vtl.Context{Body: c.body})
			require.NoError(t, err)
			assert.Equal(t, c.want, got)
		})
	}
}

// TestOverridesAreAssignedByIndexAndPut as LocalStack's validated
// test_integration_mock_with_vtl_map_assignation did.
func TestOverridesAreAssignedByIndexAndPut(t *testing.T) {
	template, err := vtl.Parse(`#set($name = "foo")
#set($context.requestOverride.querystring[$name] = "bar")
#set($put = "putfoo")
$context.requestOverride.querystring.put($put, "putBar")
#set($context["requestOverride"].querystring["nestedfoo"] = "nestedFoo")
{"statusCode": 200}`)
	require.NoError(t, err)
	overrides := &vtl.Overrides{}
	got, err := template.Execute(&vtl.Context{Overrides: overrides})
	require.NoError(t, err)
	assert.Equal(t, `{"statusCode": 200}`, strings.TrimSpace(got))

	answer, err := vtl.Parse(`#set($a = $context.requestOverride.querystring["foo"])#set($b = $context.requestOverride.querystring["putfoo"])#set($c = $context.requestOverride.querystring["nestedfoo"])$a $b $c`)
	require.NoError(t, err)
	got, err = answer.Execute(&vtl.Context{Overrides: overrides})
	require.NoError(t, err)
	assert.Equal(t, "bar putBar nestedFoo", got)
}
