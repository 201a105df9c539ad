package vtl

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

var utilFunctions = map[string]function{
	"escapeJavaScript": {minArgs: 1, maxArgs: 1},
	"parseJson":        {minArgs: 1, maxArgs: 1},
	"urlEncode":        {minArgs: 1, maxArgs: 1},
	"urlDecode":        {minArgs: 1, maxArgs: 1},
	"base64Encode":     {minArgs: 1, maxArgs: 1},
	"base64Decode":     {minArgs: 1, maxArgs: 1},
}

func callUtil(x *execution, step part) (any, error) {
	arg, err := step.args[0].value(x)
	if err != nil {
		return nil, err
	}
	if arg == nil {
		return nil, fmt.Errorf("$util.%s of a value that is null is not supported: what API Gateway does with it is not known", step.name)
	}
	text, err := display(arg)
	if err != nil {
		return nil, err
	}
	switch step.name {
	case "escapeJavaScript":
		return escapeJavaScript(text), nil
	case "parseJson":
		return parseJSON(text)
	case "urlEncode":
		return urlEncode(text), nil
	case "urlDecode":
		return url.QueryUnescape(text)
	case "base64Encode":
		return base64.StdEncoding.EncodeToString([]byte(text)), nil
	}
	return base64Decode(text)
}

func base64Decode(text string) (any, error) {
	decoded, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, err
	}
	if !utf8.Valid(decoded) {
		return nil, fmt.Errorf("the decoded bytes are no UTF-8 text")
	}
	return string(decoded), nil
}

// escapeJavaScript escapes as the Apache Commons function that Velocity users
// know: quotes of both kinds, the slash, controls, and everything beyond ASCII
// as \uXXXX.
func escapeJavaScript(s string) string {
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune(s)) {
		switch {
		case unit == '\'' || unit == '"' || unit == '\\' || unit == '/':
			b.WriteByte('\\')
			b.WriteByte(byte(unit))
		case unit < 0x20 && strings.IndexByte("\b\n\t\f\r", byte(unit)) >= 0:
			b.WriteByte('\\')
			b.WriteByte("bntfr"[strings.IndexByte("\b\n\t\f\r", byte(unit))])
		case unit < 0x20 || unit > 0x7f:
			fmt.Fprintf(&b, `\u%04X`, unit)
		default:
			b.WriteByte(byte(unit))
		}
	}
	return b.String()
}

// urlEncode is java.net.URLEncoder: as a form, but with * plain and ~ escaped.
func urlEncode(s string) string {
	return strings.NewReplacer("%2A", "*", "~", "%7E").Replace(url.QueryEscape(s))
}
