package vtl

import (
	"errors"
	"fmt"
	"math"
	"sort"
	"strconv"
	"strings"
)

// A value is nil, absent, string, bool, int64, float64, character, *List, *Map,
// *entry or *loop.

// absent is what $input.path gives where there is nothing: it equals null and the
// empty string, and prints empty (recorded by LocalStack's validated
// test_input_path_template_formatting).
type absent struct{}

// List is a Java list, or an array, of values.
type List struct {
	items []any
	json  bool // of JSON: prints as JSON, as API Gateway's do
	array bool // a Java array, which prints as an address
}

// Map is a Java map with string keys.
type Map struct {
	keys   []string
	values map[string]any
	// api marks maps that API Gateway hands out: what they lack renders empty,
	// where Velocity would print the reference itself.
	api bool
}

type entry struct {
	key   string
	value any
}

// character is a java.lang.Character: it prints like a string of one, and does
// not equal() it.
type character string

func newMap(size int) *Map {
	return &Map{values: make(map[string]any, size), keys: make([]string, 0, size)}
}

// apiMap makes a map of API Gateway's from strings, in the keys' order.
func apiMap(from map[string]string) *Map {
	m := newMap(len(from))
	m.api = true
	for key, value := range from {
		m.keys = append(m.keys, key)
		m.values[key] = value
	}
	sort.Strings(m.keys)
	return m
}

func (m *Map) put(key string, value any) error {
	if len(m.keys) >= 100_000 {
		return errors.New("a map grows beyond 100000 keys")
	}
	if _, ok := m.values[key]; !ok {
		m.keys = append(m.keys, key)
	}
	m.values[key] = value
	return nil
}

func (m *Map) valueList() []any {
	values := make([]any, len(m.keys))
	for i, key := range m.keys {
		values[i] = m.values[key]
	}
	return values
}

func isString(v any) bool {
	_, ok := v.(string)
	return ok
}

func typeName(v any) string {
	switch v.(type) {
	case nil, absent:
		return "null"
	case string:
		return "a string"
	case bool:
		return "a boolean"
	case int64, float64:
		return "a number"
	case character:
		return "a character"
	case *List:
		return "a list"
	case *Map:
		return "a map"
	}
	return "an object"
}

// display is Java's toString().
func display(v any) (string, error) { return displayWithin(v, 0) }

func displayWithin(v any, depth int) (string, error) {
	if depth > maxDepth {
		return "", errors.New("a value contains itself, or is nested too deep to print")
	}
	switch v := v.(type) {
	case nil:
		return "null", nil
	case absent:
		return "", nil
	case string:
		return v, nil
	case character:
		return string(v), nil
	case bool:
		return strconv.FormatBool(v), nil
	case int64:
		return strconv.FormatInt(v, 10), nil
	case float64:
		return displayFloat(v), nil
	case *List:
		return displayList(v, depth)
	case *Map:
		parts := make([]string, len(v.keys))
		for i, key := range v.keys {
			text, err := displayWithin(v.values[key], depth+1)
			if err != nil {
				return "", err
			}
			parts[i] = key + "=" + text
		}
		return "{" + strings.Join(parts, ", ") + "}", nil
	case *entry:
		text, err := displayWithin(v.value, depth+1)
		return v.key + "=" + text, err
	}
	return "", fmt.Errorf("%s cannot be printed", typeName(v))
}

func displayList(l *List, depth int) (string, error) {
	if l.array {
		return "", errors.New("an array cannot be printed: Java would give its address")
	}
	if l.json {
		var b strings.Builder
		err := writeJSON(&b, l, depth)
		return b.String(), err
	}
	parts := make([]string, len(l.items))
	for i, item := range l.items {
		text, err := displayWithin(item, depth+1)
		if err != nil {
			return "", err
		}
		parts[i] = text
	}
	return "[" + strings.Join(parts, ", ") + "]", nil
}

// displayFloat is java.lang.Double.toString: plain between 1e-3 and 1e7, else
// with an exponent, and always with a fraction.
func displayFloat(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	}
	if abs := math.Abs(f); f == 0 || abs >= 1e-3 && abs < 1e7 {
		text := strconv.FormatFloat(f, 'f', -1, 64)
		if !strings.Contains(text, ".") {
			text += ".0"
		}
		return text
	}
	text := strconv.FormatFloat(f, 'e', -1, 64)
	mantissa, exponent, _ := strings.Cut(text, "e")
	if !strings.Contains(mantissa, ".") {
		mantissa += ".0"
	}
	n, _ := strconv.Atoi(exponent)
	return mantissa + "E" + strconv.Itoa(n)
}
