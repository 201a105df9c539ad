package vtl_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator/vtl"
)

func context() *vtl.Context {
	return &vtl.Context{
		Body:   `{"name":"Ada","n":1.5,"big":12,"list":[{"a":1},"x",null],"o":{"k":"v","l":[1]},"t":true,"nil":null}`,
		Path:   map[string]string{"both": "path", "p": "1"},
		Query:  map[string]string{"both": "query", "q": "2"},
		Header: map[string]string{"both": "header", "Accept": "text/html", "h": "3"},
		Variable: func(name string) (string, bool) {
			value, ok := map[string]string{"requestId": "id-1", "identity.sourceIp": "192.0.2.1", "stage": "live"}[name]
			return value, ok
		},
		StageVariables: map[string]string{"color": "green"},
	}
}

func render(t *testing.T, source string) string {
	t.Helper()
	template, err := vtl.Parse(source)
	require.NoError(t, err)
	text, err := template.Execute(context())
	require.NoError(t, err)
	return text
}

func TestWhatAPIGatewayAddsToVelocity(t *testing.T) {
	cases := []struct{ name, template, want string }{
		{"a parameter comes from the path first", `$input.params('both')`, "path"},
		{"then from the query string", `$input.params("q")`, "2"},
		{"then from the headers", `$input.params('h')`, "3"},
		{"header names have a case", `[$input.params('accept')]`, "[]"},
		{"a parameter that is absent is empty", `#if($input.params('none') == "")empty#end`, "empty"},
		{"all parameters", `$input.params()`, "{path={both=path, p=1}, querystring={both=query, q=2}, header={Accept=text/html, both=header, h=3}}"},
		{"a map of parameters", `$input.params().header.get("Accept") $input.params().header.Accept $input.params().header['h']`, "text/html text/html 3"},
		{"an absent header is null and renders empty", `[$input.params().header.get("accept")]#if(!$input.params().header.get("accept"))null#end`, "[]null"},
		{"keys can be walked", `#foreach($k in $input.params().header.keySet())$k;#end`, "Accept;both;h;"},
		{"a header regardless of case", `#foreach($k in $input.params().header.keySet())#if($k.equalsIgnoreCase("ACCEPT"))$input.params().header.get($k)#end#end`, "text/html"},
		{"JSON", `$input.json('$.o') $input.json('$.name') $input.json('$.list[0].a') $input.json('$.none')`, `{"k":"v","l":[1]} "Ada" 1 ""`},
		{"JSON with keys in brackets", `$input.json("$['o']['k']")`, `"v"`},
		{"a path is a value", `$input.path('$.name').toUpperCase() $input.path('$').n $input.path('$.big')`, "ADA 1.5 12"},
		{"an object prints as a Java map, its lists as JSON", `$input.path('$.o') $input.path('$.list')`, `{k=v, l=[1]} [{"a":1},"x",null]`},
		{"what an object lacks renders empty", `#set($o = $input.path('$.o'))[$o.none][$!o.none][$input.path('$.none')]`, "[][][]"},
		{"context variables", `$context.requestId $context.identity.sourceIp.split("\.")[0] ${context.stage}x`, "id-1 192 livex"},
		{"a context variable without a value is empty", `[$context.identity.user][$context.authorizer.claims.sub]`, "[][]"},
		{"stage variables", `$stageVariables.color ${stageVariables['color']} $stageVariables.get("color") [$stageVariables.none]`, "green green green []"},
		{"URL coding", `$util.urlEncode("a b*~/é") $util.urlDecode("a+b%2F")`, "a+b*%7E%2F%C3%A9 a b/"},
		{"base64", `$util.base64Encode("hé") $util.base64Decode("aMOp")`, "aMOp hé"},
		{"escaping for JavaScript", `$util.escapeJavaScript("a'b\c/é")`, `a\'b\\c\/\u00E9`},
		{"parsing JSON", `#set($j = $util.parseJson('{"a":[1,{"b":2}]}'))$j.a[1].b $j.a.size()`, "2 2"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, render(t, c.template)) })
	}
}

func TestOverrides(t *testing.T) {
	template, err := vtl.Parse(`#set($context.responseOverride.status = 418)
#set($context.responseOverride.header.Access-Control-Allow-Origin = "https://a.example")
#set($context.responseOverride.header['X-Y'] = "z")
#set($context.requestOverride.header.H = 1)
#set($context.requestOverride.path.p = "p")
#set($context.requestOverride.querystring.q = "q")
$context.responseOverride.status $context.requestOverride.path.p`)
	require.NoError(t, err)
	c := context()
	text, err := template.Execute(c)
	require.NoError(t, err)
	assert.Equal(t, "418 p", text)
	assert.Equal(t, &vtl.Overrides{
		Status:         418,
		ResponseHeader: map[string]string{"Access-Control-Allow-Origin": "https://a.example", "X-Y": "z"},
		RequestHeader:  map[string]string{"H": "1"},
		RequestPath:    map[string]string{"p": "p"},
		RequestQuery:   map[string]string{"q": "q"},
	}, c.Overrides)
}

func TestAStatusThatIsNoneIsIgnored(t *testing.T) {
	for _, value := range []string{`"503"`, "99", "600", "5.5", "true"} {
		template, err := vtl.Parse(`#set($context.responseOverride.status = ` + value + `)`)
		require.NoError(t, err)
		c := context()
		_, err = template.Execute(c)
		require.NoError(t, err)
		assert.Zero(t, c.Overrides.Status, value)
	}
}

func TestFailuresAtRunTime(t *testing.T) {
	cases := []struct{ name, template, reason string }{
		{"a status twice", `#set($context.responseOverride.status = 500)#set($context.responseOverride.status = 501)`, "set twice"},
		{"a header twice", `#set($context.responseOverride.header.A = "1")#set($context.responseOverride.header.A = "1")`, "set twice"},
		{"a header twice in another case", `#set($context.responseOverride.header.A = "1")#set($context.responseOverride.header.a = "1")`, "set twice"},
		{"more than 1000 iterations", `#foreach($i in [1..1001])x#end`, "at most 1000"},
		{"a body that is no JSON", `#set($t = "x")$util.parseJson($t)`, "no JSON"},
		{"an index outside", `#set($l = [1])$l.get(1)`, "outside"},
		{"a substring outside", `#set($s = "abc")$s.substring(4)`, "outside"},
		{"half a character", `#set($s = "😀")$s.substring(1)`, "in half"},
		{"a null argument", `#set($s = "abc")$s.concat($none)#if(false)#set($none=1)#end`, "null"},
		{"a list in itself", `#set($l = [])#set($x = $l.add($l))$l`, "contains itself"},
		{"an integer beyond 64 bits", `#set($n = 9223372036854775807 + 1)`, "64 bits"},
		{"an array that is printed", `#set($s = "a,b")$s.split(",")`, "array"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			template, err := vtl.Parse(c.template)
			require.NoError(t, err)
			_, err = template.Execute(context())
			require.ErrorContains(t, err, c.reason)
		})
	}
}

func TestWhatIsRefused(t *testing.T) {
	cases := []struct{ name, template, err string }{
		{"an unknown directive", "a\n #iff(true)", "2:2: unknown directive #iff"},
		{"#macro", `#macro(x)y#end`, "1:1: the directive #macro is not supported"},
		{"#parse", `#parse("x")`, "#parse is not supported"},
		{"#evaluate", `#evaluate("x")`, "#evaluate is not supported"},
		{"#stop", `#stop`, "#stop is not supported"},
		{"an unknown variable", "ü\nx$nothing", "2:2: unknown reference $nothing"},
		{"an unknown function of $input", `$input.foo('x')`, "unknown function $input.foo"},
		{"an unknown function of $util", `$util.toJson("x")`, "unknown function $util.toJson"},
		{"an unknown context variable", `$context.nope`, "unknown context variable $context.nope"},
		{"$context by itself", `$context`, "unknown context variable"},
		{"$input by itself", `$input`, "$input by itself"},
		{"setting $input", `#set($input = 1)`, "$input cannot be set"},
		{"setting a context variable", `#set($context.stage = "x")`, "neither responseOverride.status"},
		{"an unknown method", `#set($s = "x")$s.codePointAt(0)`, "unknown method .codePointAt()"},
		{"a method with too many arguments", `#set($s = "x")$s.length(1)`, ".length() does not take 1 arguments"},
		{"#if without #end", "x#if(true)", "1:2: #if without its #end"},
		{"#end without #if", "x#end", "1:2: #end without a directive"},
		{"two #else", "#if(true)#{else}#{else}#end", "a second #else"},
		{"a quiet reference to set", "#set($!x = 1)", "cannot be set"},
		{"JSONPath beyond the simple", `$input.json('$..a')`, "JSONPath"},
		{"look-ahead in a regular expression", `#set($s = "x")$s.matches("(?=x)")`, "(? other than (?:"},
		{"a back reference", `#set($s = "x")$s.replaceAll("(x)\1", "")`, `the escape \1`},
		{"a possessive quantifier", `#set($s = "x")$s.split("x++")`, "possessive"},
		{"a string that is not closed", `#set($s = "x)`, "not closed"},
		{"an open comment", `a #* b`, "not closed by *#"},
		{"open unparsed text", `a #[[ b`, "not closed by ]]#"},
		{"a minus sign that Velocity misreads", `#set($a = 5)#set($a = $a -3)`, "put a blank after the minus sign"},
		{"inside a string", `#set($a = "x $nothing")`, "1:14: unknown reference $nothing"},
		{"too long", strings.Repeat("x", vtl.MaxTemplateBytes+1), "at most 307200"},
		{"nested too deep", strings.Repeat("#if(true)", 1000), "nested deeper"},
		{"bytes that are no text", "\xff", "not valid UTF-8"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := vtl.Parse(c.template)
			require.Error(t, err)
			assert.Contains(t, err.Error(), c.err)
			assert.IsType(t, &vtl.ParseError{}, err)
		})
	}
}

func TestRegularExpressionsMeanWhatTheyMeanInJava(t *testing.T) {
	cases := []struct{ name, template, want string }{
		{"the dot leaves out line ends", "#set($s = 'a\rb')$s.matches('a.b')", "false"},
		{"\\s knows the vertical tab", "#set($s = 'a\vb')$s.matches('a\\sb')", "true"},
		{"groups in replacements", `#set($s = 'ab')$s.replaceAll('(a)(b)', '$2$1$12')`, "baa2"},
		{"an escaped dollar in replacements", `#set($s = 'ab')$s.replaceAll('b', '\$x')`, "a$x"},
		{"an end anchor", `#set($s = 'a/')$s.replaceAll('/$', '')`, "a"},
		{"alternatives are whole", `#set($s = 'ab')$s.matches('a|b')`, "false"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, render(t, c.template)) })
	}
}
