package vtl

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// javaRegex is a Java regular expression run by Go's engine. Only what means
// the same in both is taken.
type javaRegex struct {
	whole *regexp.Regexp // anchored, for matches()
	find  *regexp.Regexp
	// endAnchor tells that the expression has a $, which in Java also matches
	// before a final line end.
	endAnchor bool
}

// javaDot is what the dot of Java leaves out.
const (
	javaDot   = `[^\n\r\x{85}\x{2028}\x{2029}]`
	javaSpace = ` \t\n\x0B\f\r`
)

var regexCache sync.Map // expression -> *javaRegex

func compileJavaRegex(expression string) (*javaRegex, error) {
	if cached, ok := regexCache.Load(expression); ok {
		return cached.(*javaRegex), nil
	}
	translated, endAnchor, err := translateRegex(expression)
	if err != nil {
		return nil, err
	}
	find, err := regexp.Compile(translated)
	if err != nil {
		return nil, fmt.Errorf("the regular expression %q is not supported: %w", expression, err)
	}
	whole, err := regexp.Compile(`\A(?:` + translated + `)\z`)
	if err != nil {
		return nil, fmt.Errorf("the regular expression %q is not supported: %w", expression, err)
	}
	r := &javaRegex{whole: whole, find: find, endAnchor: endAnchor}
	regexCache.Store(expression, r)
	return r, nil
}

// translateRegex rewrites what Java spells otherwise and refuses what Go's
// engine lacks or takes otherwise: look-around, back references, possessive
// quantifiers, class arithmetic, flags, boundaries other than \b.
func translateRegex(expression string) (translated string, endAnchor bool, err error) {
	refuse := func(what string) (string, bool, error) {
		return "", false, fmt.Errorf("the regular expression %q is not supported: %s", expression, what)
	}
	var b strings.Builder
	inClass := false
	runes := []rune(expression)
	for i := 0; i < len(runes); i++ {
		c := runes[i]
		next := rune(0)
		if i+1 < len(runes) {
			next = runes[i+1]
		}
		switch {
		case c == '\\':
			piece, used, ok := translateEscape(runes[i+1:], inClass)
			if !ok {
				return refuse(fmt.Sprintf(`the escape \%c`, next))
			}
			b.WriteString(piece)
			i += used
		case inClass:
			if c == '[' || c == '&' && next == '&' {
				return refuse("a class inside a class")
			}
			inClass = c != ']'
			b.WriteRune(c)
		case c == '[':
			inClass = true
			b.WriteRune(c)
			if next == '^' {
				b.WriteRune(next)
				i++
			}
			if i+1 < len(runes) && runes[i+1] == ']' {
				return refuse("a class that begins with ]")
			}
		case c == '(' && next == '?':
			if i+2 >= len(runes) || runes[i+2] != ':' {
				return refuse("(? other than (?:")
			}
			b.WriteRune(c)
		case c == '.':
			b.WriteString(javaDot)
		case c == '$':
			endAnchor = true
			b.WriteRune(c)
		case (c == '*' || c == '+' || c == '?' || c == '}') && next == '+':
			return refuse("a possessive quantifier")
		default:
			b.WriteRune(c)
		}
	}
	return b.String(), endAnchor, nil
}

// translateEscape translates what follows a backslash; used counts its runes.
func translateEscape(rest []rune, inClass bool) (piece string, used int, ok bool) {
	if len(rest) == 0 {
		return "", 0, false
	}
	switch c := rest[0]; {
	case strings.ContainsRune("dDwWtnrf", c):
		return `\` + string(c), 1, true
	case c == 's' && inClass:
		return javaSpace, 1, true
	case c == 's':
		return "[" + javaSpace + "]", 1, true
	case c == 'S' && !inClass:
		return "[^" + javaSpace + "]", 1, true
	case c == 'b' && !inClass:
		return `\b`, 1, true
	case c == 'u' && len(rest) >= 5 && isHex(rest[1:5]):
		return `\x{` + string(rest[1:5]) + `}`, 5, true
	case c == 'x' && len(rest) >= 3 && isHex(rest[1:3]):
		return `\x` + string(rest[1:3]), 3, true
	case c < 0x80 && !isIdentifierStart(byte(c)) && !isDigit(byte(c)) && c != '\n' && c > ' ', c == '_':
		return regexp.QuoteMeta(string(c)), 1, true
	}
	return "", 0, false
}

func isHex(runes []rune) bool {
	for _, r := range runes {
		if !strings.ContainsRune("0123456789abcdefABCDEF", r) {
			return false
		}
	}
	return true
}

// finder gives the expression for searching in s.
func (r *javaRegex) finder(s string) (*regexp.Regexp, error) {
	if r.endAnchor && s != "" && strings.ContainsAny(s[len(s)-1:], "\r\n") {
		return nil, fmt.Errorf("$ in a regular expression is not supported on text that ends with a line end")
	}
	return r.find, nil
}

func methodMatches(s string, args []string) (any, error) {
	r, err := compileJavaRegex(args[0])
	if err != nil {
		return nil, err
	}
	return r.whole.MatchString(s), nil
}

func methodReplaceAll(s string, args []string) (any, error) {
	r, err := compileJavaRegex(args[0])
	if err != nil {
		return nil, err
	}
	find, err := r.finder(s)
	if err != nil {
		return nil, err
	}
	template, err := translateReplacement(args[1], find.NumSubexp())
	if err != nil {
		return nil, err
	}
	var out []byte
	last := 0
	for _, match := range find.FindAllStringSubmatchIndex(s, -1) {
		out = append(out, s[last:match[0]]...)
		out = find.ExpandString(out, template, s, match)
		last = match[1]
		if len(out) > maxOutputBytes {
			return nil, fmt.Errorf("the result is longer than 10 MB")
		}
	}
	return string(append(out, s[last:]...)), nil
}

// translateReplacement rewrites Java's replacement text for Expand: $12 is
// group 12 if there are so many, else group 1 and a 2; a backslash makes the
// next character plain.
func translateReplacement(text string, groups int) (string, error) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\':
			i++
			if i == len(text) {
				return "", fmt.Errorf("the replacement %q ends with a backslash", text)
			}
			if text[i] == '$' {
				b.WriteString("$$")
				continue
			}
			b.WriteByte(text[i])
		case c == '$':
			i++
			if i == len(text) || !isDigit(text[i]) {
				return "", fmt.Errorf("the replacement %q has a $ without a group number", text)
			}
			group := int(text[i] - '0')
			for i+1 < len(text) && isDigit(text[i+1]) && group*10+int(text[i+1]-'0') <= groups {
				i++
				group = group*10 + int(text[i]-'0')
			}
			if group > groups {
				return "", fmt.Errorf("the replacement %q names group %d of %d", text, group, groups)
			}
			fmt.Fprintf(&b, "${%d}", group)
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), nil
}

// methodSplit is Java's split: no trailing empty strings, and no leading one
// from a match of nothing.
func methodSplit(s string, args []string) (any, error) {
	r, err := compileJavaRegex(args[0])
	if err != nil {
		return nil, err
	}
	find, err := r.finder(s)
	if err != nil {
		return nil, err
	}
	result := &List{array: true}
	last := 0
	for _, match := range find.FindAllStringIndex(s, -1) {
		if match[1] == 0 || match[0] == match[1] && match[0] == len(s) {
			continue
		}
		result.items = append(result.items, s[last:match[0]])
		last = match[1]
	}
	if result.items == nil {
		result.items = []any{s}
		return result, nil
	}
	result.items = append(result.items, s[last:])
	for len(result.items) > 0 && result.items[len(result.items)-1] == "" {
		result.items = result.items[:len(result.items)-1]
	}
	return result, nil
}
