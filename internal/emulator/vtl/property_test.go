package vtl_test

import (
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"apigateway-maintenance/internal/emulator/vtl"
)

// TestTextWithoutSignsIsInert: what has no dollar, hash or backslash renders as
// itself.
func TestTextWithoutSignsIsInert(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.NewReplacer("$", "", "#", "", `\`, "").Replace(rapid.String().Draw(t, "text"))
		template, err := vtl.Parse(text)
		require.NoError(t, err)
		got, err := template.Execute(&vtl.Context{})
		require.NoError(t, err)
		assert.Equal(t, text, got)
	})
}

// TestUnparsedTextAndSingleQuotesAreInert: #[[ ]]# and single-quoted strings
// carry any text.
func TestUnparsedTextAndSingleQuotesAreInert(t *testing.T) {
	signs := rapid.SampledFrom([]string{"$", "#", `\`, "$foo", "#if(true)", "#set($a=1)", "##", "#*", "*#", "]]", "\n", "{", "é", `"`, "$!{x}", "#end"})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(signs).Draw(t, "text"), "")
		// What ends the unparsed text is not part of it, the brackets of a
		// final ]] included.
		if !strings.Contains(text+"]]#", "]]#") || strings.Index(text+"]]#", "]]#") < len(text) {
			t.Skip("text ends the block itself")
		}
		for _, source := range []string{"#[[" + text + "]]#", "#set($t = '" + text + "')$t"} {
			template, err := vtl.Parse(source)
			require.NoError(t, err, source)
			got, err := template.Execute(&vtl.Context{})
			require.NoError(t, err)
			assert.Equal(t, text, got, source)
		}
	})
}

// TestArithmeticAgreesWithGo holds the operators' precedence against Go's.
func TestArithmeticAgreesWithGo(t *testing.T) {
	template, err := vtl.Parse(`#set($a = $util.parseJson($input.json('$.a')))#set($b = $util.parseJson($input.json('$.b')))` +
		`#set($r = $a + $b * 2 - $a % 7)$r #if($a < $b || $a == $b)le#{else}gt#end`)
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.Int64Range(-1e6, 1e6).Draw(t, "a")
		b := rapid.Int64Range(-1e6, 1e6).Draw(t, "b")
		got, err := template.Execute(&vtl.Context{Body: `{"a":` + strconv.FormatInt(a, 10) + `,"b":` + strconv.FormatInt(b, 10) + `}`})
		require.NoError(t, err)
		order := "gt"
		if a <= b {
			order = "le"
		}
		assert.Equal(t, strconv.FormatInt(a+b*2-a%7, 10)+" "+order, got)
	})
}

func TestATemplateIsSafeForConcurrentUse(t *testing.T) {
	template, err := vtl.Parse(`#set($a = [])#foreach($i in [1..50])#set($x = $a.add($i))#end$a.size() "$context.requestId" $input.params('q')`)
	require.NoError(t, err)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 50 {
				got, err := template.Execute(context())
				assert.NoError(t, err)
				assert.Equal(t, `50 "id-1" 2`, got)
			}
		})
	}
	wait.Wait()
}

// FuzzParse: no text makes Parse or Execute panic, and every refusal says
// where.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`#set($a = "x$b")#if($a == 1)y#elseif(!$a)z#{else}w#end`, `#foreach($x in [1..3])$foreach.count#end`,
		`\\$a \$!{b} #[[x]]# ## c`, `$input.path('$.a[0]').b.get("c")[1] $util.urlEncode("x")`,
		`#set($context.responseOverride.header.X-Y = {"a":[1,-2.5,true]})`, `#set($a="$!{a.b.replaceAll('(.)','$1')}")$a`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		template, err := vtl.Parse(source)
		if err != nil {
			var refused *vtl.ParseError
			require.ErrorAs(t, err, &refused)
			assert.Positive(t, refused.Line)
			assert.Positive(t, refused.Column)
			assert.NotEmpty(t, refused.Reason)
			return
		}
		got, err := template.Execute(context())
		if err == nil && !utf8.ValidString(got) {
			t.Errorf("%q renders bytes that are no text: %q", source, got)
		}
	})
}
