package execution

import (
	"strings"

	"apigateway-maintenance/internal/emulator/vtl"
)

// substitute replaces $context.NAME, $stageVariables.NAME and
// $method.request.NAME. name cuts the longest name that counts from what
// follows the root; what is no reference stays as it is.
func substitute(source string, cut func(root, rest string) string, value func(root, name string) (string, bool)) string {
	if strings.IndexByte(source, '$') < 0 {
		return source
	}
	var b strings.Builder
	for {
		at := strings.IndexByte(source, '$')
		if at < 0 {
			b.WriteString(source)
			return b.String()
		}
		b.WriteString(source[:at])
		source = source[at:]
		consumed, text := reference(source, cut, value)
		if consumed == 0 {
			consumed, text = 1, "$"
		}
		b.WriteString(text)
		source = source[consumed:]
	}
}

var substituteRoots = map[string]string{
	"$context.": "context", "$stageVariables.": "stageVariables", "$method.request.": "method",
}

func reference(source string, cut func(root, rest string) string, value func(root, name string) (string, bool)) (int, string) {
	for prefix, root := range substituteRoots {
		rest, ok := strings.CutPrefix(source, prefix)
		if !ok {
			continue
		}
		name := cut(root, rest)
		if name == "" {
			return 0, ""
		}
		text, ok := value(root, name)
		if !ok {
			return 0, ""
		}
		return len(prefix) + len(name), text
	}
	return 0, ""
}

// anyName takes every name that is well formed: for access logs, which show
// "-" for one that means nothing.
func anyName(root, rest string) string {
	end := 0
	for end < len(rest) && isNameByte(rest[end], root == "method") {
		end++
	}
	return strings.TrimRight(rest[:end], ".")
}

// knownName takes the longest name that is a context variable: "$context.
// requestId." ends a sentence. Names of another root are taken whole.
func knownName(root, rest string) string {
	name := anyName(root, rest)
	if root != "context" {
		if root == "stageVariables" {
			name, _, _ = strings.Cut(name, ".")
		}
		return name
	}
	for name != "" && !vtl.IsContextVariable(name) {
		shorter := strings.LastIndexByte(name, '.')
		if shorter < 0 {
			return ""
		}
		name = name[:shorter]
	}
	return name
}

func isNameByte(c byte, hyphen bool) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '.' || hyphen && c == '-'
}
