package vtl

import (
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Java counts strings in UTF-16 code units. Everything here does, with a short
// cut for ASCII.

// stringMethod wraps a method of strings whose arguments are strings too.
func stringMethod(args int, run func(s string, args []string) (any, error)) *method {
	return &method{minArgs: args, maxArgs: args, run: func(receiver any, values []any) (any, error) {
		s, ok := receiver.(string)
		if !ok {
			return nil, nil
		}
		texts := make([]string, len(values))
		for i, value := range values {
			text, ok, err := stringArg(value)
			if !ok {
				return nil, err
			}
			texts[i] = text
		}
		return run(s, texts)
	}}
}

func regexMethod(args int, run func(s string, args []string) (any, error)) *method {
	m := stringMethod(args, run)
	m.regex = true
	return m
}

// stringArg gives a string argument; null is Java's NullPointerException, and
// any other type finds no such method, which Velocity takes for null.
func stringArg(v any) (string, bool, error) {
	if v == nil {
		return "", false, fmt.Errorf("an argument is null")
	}
	s, ok := v.(string)
	return s, ok, nil
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func javaLength(s string) int64 {
	if isASCII(s) {
		return int64(len(s))
	}
	return int64(len(utf16.Encode([]rune(s))))
}

// javaSubstring cuts by code units. Half a surrogate pair is an error: Java
// would carry it and print a question mark.
func javaSubstring(s string, from, to int64) (string, error) {
	if isASCII(s) {
		if from < 0 || to > int64(len(s)) || from > to {
			return "", fmt.Errorf("range %d to %d is outside a string of length %d", from, to, len(s))
		}
		return s[from:to], nil
	}
	units := utf16.Encode([]rune(s))
	if from < 0 || to > int64(len(units)) || from > to {
		return "", fmt.Errorf("range %d to %d is outside a string of length %d", from, to, len(units))
	}
	if splitsPair(units, from) || splitsPair(units, to) {
		return "", fmt.Errorf("range %d to %d cuts a character in half", from, to)
	}
	return string(utf16.Decode(units[from:to])), nil
}

func splitsPair(units []uint16, at int64) bool {
	return at > 0 && at < int64(len(units)) && utf16.IsSurrogate(rune(units[at-1])) &&
		units[at-1] < 0xDC00 && units[at] >= 0xDC00 && units[at] <= 0xDFFF
}

func methodSubstring(receiver any, args []any) (any, error) {
	s, ok := receiver.(string)
	if !ok {
		return nil, nil
	}
	from, ok := args[0].(int64)
	if !ok {
		return nil, nil
	}
	to := javaLength(s)
	if len(args) == 2 {
		if to, ok = args[1].(int64); !ok {
			return nil, nil
		}
	}
	return javaSubstring(s, from, to)
}

func methodCharAt(receiver any, args []any) (any, error) {
	s, ok := receiver.(string)
	if !ok {
		return nil, nil
	}
	i, ok := args[0].(int64)
	if !ok {
		return nil, nil
	}
	c, err := javaSubstring(s, i, i+1)
	if err != nil {
		return nil, err
	}
	return character(c), nil
}

// methodIndexOf finds a string from an optional start, or an item of a list.
func methodIndexOf(receiver any, args []any) (any, error) {
	switch v := receiver.(type) {
	case string:
		sub, ok, err := stringArg(args[0])
		if !ok {
			return nil, err
		}
		var from int64
		if len(args) == 2 {
			if from, ok = args[1].(int64); !ok {
				return nil, nil
			}
		}
		return javaIndex(v, sub, from)
	case *List:
		if len(args) == 2 || v.array {
			return nil, nil
		}
		for i, item := range v.items {
			if javaEquals(item, args[0]) {
				return int64(i), nil
			}
		}
		return int64(-1), nil
	}
	return nil, nil
}

func javaIndex(s, sub string, from int64) (any, error) {
	length := javaLength(s)
	from = max(from, 0)
	if from > length {
		return int64(-1), nil
	}
	head, err := javaSubstring(s, 0, from)
	if err != nil {
		return nil, err
	}
	at := strings.Index(s[len(head):], sub)
	if at < 0 {
		return int64(-1), nil
	}
	return javaLength(s[:len(head)+at]), nil
}

func methodLastIndexOf(receiver any, args []any) (any, error) {
	switch v := receiver.(type) {
	case string:
		sub, ok, err := stringArg(args[0])
		if !ok {
			return nil, err
		}
		at := strings.LastIndex(v, sub)
		if at < 0 {
			return int64(-1), nil
		}
		return javaLength(v[:at]), nil
	case *List:
		if v.array {
			return nil, nil
		}
		for i := len(v.items) - 1; i >= 0; i-- {
			if javaEquals(v.items[i], args[0]) {
				return int64(i), nil
			}
		}
		return int64(-1), nil
	}
	return nil, nil
}

// methodCompareTo orders strings by code unit, and numbers of one type.
func methodCompareTo(receiver any, args []any) (any, error) {
	switch v := receiver.(type) {
	case string:
		other, ok, err := stringArg(args[0])
		if !ok {
			return nil, err
		}
		return compareStrings(v, other), nil
	case int64:
		if other, ok := args[0].(int64); ok {
			order, _ := compareNumbers(v, other)
			return int64(order), nil
		}
	}
	return nil, nil
}

func compareStrings(a, b string) int64 {
	l, r := utf16.Encode([]rune(a)), utf16.Encode([]rune(b))
	for i := 0; i < min(len(l), len(r)); i++ {
		if l[i] != r[i] {
			return int64(l[i]) - int64(r[i])
		}
	}
	return int64(len(l)) - int64(len(r))
}

func equalsIgnoreCase(a, b string) bool       { return strings.EqualFold(a, b) }
func toLower(s string) string                 { return strings.ToLower(s) }
func toUpper(s string) string                 { return strings.ToUpper(s) }
func hasPrefix(s, prefix string) bool         { return strings.HasPrefix(s, prefix) }
func hasSuffix(s, suffix string) bool         { return strings.HasSuffix(s, suffix) }
func containsString(s, substring string) bool { return strings.Contains(s, substring) }

// trim drops what Java's trim does: everything up to the blank.
func trim(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return r <= ' ' })
}

func replaceLiteral(s string, args []string) (any, error) {
	if int64(strings.Count(s, args[0]))*int64(len(args[1])) > maxOutputBytes {
		return nil, fmt.Errorf("the result is longer than 10 MB")
	}
	return strings.ReplaceAll(s, args[0], args[1]), nil
}
