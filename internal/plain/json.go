package plain

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode/utf16"
)

// JSON is v as JSON on one line, of the same value to who parses it and plain
// to who looks at it: what cannot be seen is written as \u escapes, and no URL
// has a user or a password.
func JSON(v any) ([]byte, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	text = userinfo.ReplaceAll(text, []byte(redacted))
	if allSeen(string(text), false) {
		return text, nil
	}
	var b bytes.Buffer
	for _, r := range string(text) {
		switch high, low := utf16.EncodeRune(r); {
		case seen(r):
			b.WriteRune(r)
		case r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		}
	}
	return b.Bytes(), nil
}
