package plain

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// acts states the rule a second time, as the list of what does something to a
// terminal or hides in a text without being seen: ranges of the Unicode Standard
// 15, by their names there.
func acts(r rune) bool {
	for _, hidden := range [][2]rune{
		{0x0000, 0x001f}, {0x007f, 0x009f}, // C0, DEL and C1
		{0x00a0, 0x00a0}, {0x00ad, 0x00ad}, // no-break space, soft hyphen
		{0x034f, 0x034f}, {0x061c, 0x061c}, // grapheme joiner, Arabic letter mark
		{0x115f, 0x1160}, {0x1680, 0x1680}, // Hangul fillers, Ogham space
		{0x17b4, 0x17b5}, {0x180b, 0x180f}, // Khmer inherent vowels, Mongolian selectors
		{0x2000, 0x200f}, {0x2028, 0x202f}, // spaces, joiners, marks, separators, embeddings and overrides
		{0x205f, 0x206f}, {0x2800, 0x2800}, // word joiner, isolates, deprecated controls; blank braille
		{0x3000, 0x3000}, {0x3164, 0x3164}, // ideographic space, Hangul filler
		{0xd800, 0xf8ff}, {0xfe00, 0xfe0f}, // surrogates and private use, variation selectors
		{0xfeff, 0xfeff}, {0xffa0, 0xffa0}, // byte order mark, half-width Hangul filler
		{0xfff0, 0xfffb}, {0xfffe, 0xffff}, // specials
		{0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, // shorthand and musical controls
		{0xe0000, 0x10ffff}, // tags, selectors, private use
	} {
		if r >= hidden[0] && r <= hidden[1] {
			return true
		}
	}
	return false
}

// strange draws text that is rich in what must not come through.
func strange() *rapid.Generator[string] {
	part := rapid.OneOf(
		rapid.String(),
		rapid.SampledFrom([]string{"\x1b[2J", "\x1b]0;title\a", "\u009b31m", "\u202eevil", "\u2066x\u2069", "\r", "\n", "\t", "\x7f", "\u200b", "\ufeff", "\U000e0041", "\xff\xfe", "\xc2", "é", "日本", "\\x1b"}),
	)
	return rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOf(part).Draw(t, "parts"), "") })
}

func TestNothingThatActsComesThrough(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		given := strange().Draw(t, "given")
		for _, r := range Line(given) {
			if acts(r) {
				t.Fatalf("%q lets %U through", given, r)
			}
		}
		for _, r := range Text(given) {
			if acts(r) && r != '\n' {
				t.Fatalf("%q lets %U through", given, r)
			}
		}
		require.True(t, utf8.ValidString(Line(given)))
		require.Equal(t, Line(given), Line(Line(given)), "twice is once")
		require.LessOrEqual(t, utf8.RuneCountInString(Short(given, 20)), 20)
	})
}

func TestTheTwoStatementsAgreeOnEveryCharacter(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if seen(r) && acts(r) {
			t.Errorf("%U is seen by the one and acts by the other", r)
		}
		assigned := unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S) || r == ' '
		if assigned && !seen(r) && !acts(r) {
			t.Errorf("%U is a letter, mark, number, punctuation or symbol, and is escaped", r)
		}
	}
}

func TestTextThatCanBeSeenStaysAsItIs(t *testing.T) {
	for _, s := range []string{"", "is live (status 200)", "naïve Ünïcode – “quoted” … →", "日本語", `back\slash`, "module.a[\"/orders\"]", "🙂"} {
		assert.Equal(t, s, Line(s))
		assert.Equal(t, s, Text(s))
		assert.Equal(t, s, Short(s, 100))
	}
	assert.Equal(t, "a\nb", Text("a\nb"))
	assert.Equal(t, `a\nb\x1b[0m\u202e\U000e0041\xff`, Line("a\nb\x1b[0m\u202e\U000e0041\xff"))
	assert.Equal(t, "abcd…", Short("abcdefgh", 5))
	assert.Equal(t, `\x1…`, Short("\x1b[31mred", 4))
}

func TestJSONMeansTheSameAndHidesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		given := strings.ToValidUTF8(strings.ReplaceAll(strange().Draw(t, "given"), "@", ""), "?")
		text, err := JSON(map[string]string{"a": given})
		require.NoError(t, err)
		for _, r := range string(text) {
			if acts(r) {
				t.Fatalf("%q lets %U through", given, r)
			}
		}
		var back map[string]string
		require.NoError(t, json.Unmarshal(text, &back))
		require.Equal(t, given, back["a"])
	})
}

func TestAURLsPasswordIsNotRepeated(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secret := "planted" + rapid.StringMatching(`[ -~]{0,12}`).Draw(t, "secret")
		u := url.URL{Scheme: "https", User: url.UserPassword("robot", secret), Host: "api.example.com", Path: "/health"}
		for _, text := range []string{u.String(), "failed: " + u.String() + " is down", `Get "` + u.String() + `": EOF`} {
			require.NotContains(t, Line(text), "planted")
			require.Contains(t, Line(text), "api.example.com/health")
			asJSON, err := JSON(text)
			require.NoError(t, err)
			require.NotContains(t, string(asJSON), "planted")
			require.NotContains(t, Short(text, rapid.IntRange(1, 60).Draw(t, "length")), "planted")
		}
		bare, user, ok := SplitURL(u.String())
		require.True(t, ok)
		require.Equal(t, "https://api.example.com/health", bare)
		password, _ := user.Password()
		require.Equal(t, secret, password)
	})
	bare, user, ok := SplitURL("https://api.example.com/a@b?x=1")
	assert.Equal(t, "https://api.example.com/a@b?x=1", bare)
	assert.Nil(t, user)
	assert.True(t, ok)
	assert.Equal(t, "https://api.example.com/a@b", Line("https://api.example.com/a@b"), "no user's name")
	_, _, ok = SplitURL("https://robot:plan ted@api.example.com/")
	assert.False(t, ok)
}

func TestOnlyAHarmlessWordIsQuoted(t *testing.T) {
	assert.Equal(t, `"up"`, Quoted("up"))
	assert.Equal(t, `"a.example"`, Quoted("a.example"))
	for _, word := range []string{"token=hunter2", "hunter2", "https://robot:word@host", "a b", "", "\x1b[2J", strings.Repeat("a", 40)} {
		assert.NotContains(t, Quoted(word), `"`, word)
	}
}
