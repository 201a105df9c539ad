// Package plain stands between what strangers wrote (a server's header, a
// certificate, Terraform's diagnostics, a file) and what shows it: a terminal,
// a generated script, a report. What it lets through is text that can be seen;
// all else is shown escaped, so that nobody but this program moves the cursor,
// turns the direction of writing round, or begins a line.
package plain

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Line is text for one line: line breaks are escaped like every other control,
// and no URL in it has a user or a password.
func Line(s string) string { return escaped(Redacted(s), false) }

// Text is text of several lines: it keeps its line breaks.
func Text(s string) string { return escaped(Redacted(s), true) }

// Short is [Line] of at most n characters, the rest told by an ellipsis: a
// stranger does not decide how much of him is repeated.
func Short(s string, n int) string {
	s = Redacted(s) // before it is cut, which could cut off what tells a password
	end := cutAt(s, n)
	line := Line(s[:end]) // escaping only lengthens: beyond the end nothing is shown
	if end < len(s) || utf8.RuneCountInString(line) > n {
		return line[:cutAt(line, n-1)] + "…"
	}
	return line
}

func escaped(s string, keepBreaks bool) string {
	if allSeen(s, keepBreaks) {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[0])
		case seen(r) || (keepBreaks && r == '\n'):
			b.WriteRune(r)
		default:
			b.WriteString(escape(r))
		}
		s = s[size:]
	}
	return b.String()
}

func allSeen(s string, keepBreaks bool) bool {
	if !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		if !seen(r) && (!keepBreaks || r != '\n') {
			return false
		}
	}
	return true
}

// seen says whether a character leaves a mark, or is the one space that all
// terminals agree on. Letters, marks, numbers, punctuation and symbols do (the
// Unicode Standard, section 4.5), but for those that Unicode wants ignored where
// they are not supported, and a blank braille cell.
func seen(r rune) bool {
	return unicode.IsPrint(r) && r != '\u2800' &&
		!unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

func escape(r rune) string {
	switch {
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r == '\t':
		return `\t`
	case r < utf8.RuneSelf:
		return fmt.Sprintf(`\x%02x`, r)
	case r <= 0xffff:
		return fmt.Sprintf(`\u%04x`, r)
	default:
		return fmt.Sprintf(`\U%08x`, r)
	}
}

// cutAt is where the first n characters end.
func cutAt(s string, n int) int {
	for i := range s {
		if n--; n < 0 {
			return i
		}
	}
	return len(s)
}
