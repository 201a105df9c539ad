package vtl

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// parseJSON reads a document and keeps the order of its keys.
func parseJSON(text string) (any, error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	value, err := decodeJSON(decoder, 0)
	if err != nil {
		return nil, fmt.Errorf("the text is no JSON: %w", err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, errors.New("the text is no JSON: something follows the value")
	}
	return value, nil
}

func decodeJSON(decoder *json.Decoder, depth int) (any, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("nested deeper than %d levels", maxDepth)
	}
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	switch t := token.(type) {
	case json.Number:
		if i, err := strconv.ParseInt(string(t), 10, 64); err == nil {
			return i, nil
		}
		if !strings.ContainsAny(string(t), ".eE") {
			return nil, fmt.Errorf("the integer %s is beyond 64 bits", t)
		}
		return t.Float64()
	case json.Delim:
		if t == '[' {
			return decodeArray(decoder, depth)
		}
		return decodeObject(decoder, depth)
	}
	return token, nil // string, bool, nil
}

func decodeArray(decoder *json.Decoder, depth int) (any, error) {
	list := &List{json: true}
	for decoder.More() {
		item, err := decodeJSON(decoder, depth+1)
		if err != nil {
			return nil, err
		}
		list.items = append(list.items, item)
	}
	_, err := decoder.Token()
	return list, err
}

func decodeObject(decoder *json.Decoder, depth int) (any, error) {
	m := newMap(0)
	m.api = true
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		value, err := decodeJSON(decoder, depth+1)
		if err != nil {
			return nil, err
		}
		if err := m.put(key.(string), value); err != nil {
			return nil, err
		}
	}
	_, err := decoder.Token()
	return m, err
}

func jsonText(v any) (any, error) {
	var b strings.Builder
	if err := writeJSON(&b, v, 0); err != nil {
		return nil, err
	}
	return b.String(), nil
}

func writeJSON(b *strings.Builder, v any, depth int) error {
	if depth > maxDepth {
		return errors.New("a value contains itself, or is nested too deep to print")
	}
	switch v := v.(type) {
	case nil:
		b.WriteString("null")
	case string:
		return writeJSONString(b, v)
	case *List:
		b.WriteByte('[')
		for i, item := range v.items {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := writeJSON(b, item, depth+1); err != nil {
				return err
			}
		}
		b.WriteByte(']')
	case *Map:
		b.WriteByte('{')
		for i, key := range v.keys {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := writeJSONString(b, key); err != nil {
				return err
			}
			b.WriteByte(':')
			if err := writeJSON(b, v.values[key], depth+1); err != nil {
				return err
			}
		}
		b.WriteByte('}')
	default:
		text, err := display(v)
		if err != nil {
			return err
		}
		b.WriteString(text)
	}
	return nil
}

func writeJSONString(b *strings.Builder, s string) error {
	var quoted strings.Builder
	encoder := json.NewEncoder(&quoted)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(s); err != nil {
		return err
	}
	b.WriteString(strings.TrimSuffix(quoted.String(), "\n"))
	return nil
}

// jsonPath is a path of keys and indexes: what templates mostly use.
type jsonPath []any // string or int

// parseJSONPath takes $, .key, ['key'] and [0], and refuses the rest of
// JSONPath (wildcards, slices, filters, recursive descent).
func parseJSONPath(expression string) (jsonPath, error) {
	refuse := fmt.Errorf("the JSONPath %q is not supported: only $, .key, ['key'] and [0] are", expression)
	rest, ok := strings.CutPrefix(expression, "$")
	if !ok {
		return nil, refuse
	}
	var path jsonPath
	for rest != "" {
		switch {
		case rest[0] == '.':
			end := strings.IndexAny(rest[1:], ".[")
			if end < 0 {
				end = len(rest) - 1
			}
			key := rest[1 : 1+end]
			if key == "" || strings.ContainsAny(key, "*?@()'\" ") {
				return nil, refuse
			}
			path = append(path, key)
			rest = rest[1+end:]
		case rest[0] == '[':
			end := strings.IndexByte(rest, ']')
			if end < 0 {
				return nil, refuse
			}
			inner := rest[1:end]
			if len(inner) >= 2 && (inner[0] == '\'' || inner[0] == '"') && inner[len(inner)-1] == inner[0] &&
				!strings.ContainsAny(inner[1:len(inner)-1], `'"\`) {
				path = append(path, inner[1:len(inner)-1])
			} else if i, err := strconv.Atoi(inner); err == nil && i >= 0 {
				path = append(path, i)
			} else {
				return nil, refuse
			}
			rest = rest[end+1:]
		default:
			return nil, refuse
		}
	}
	return path, nil
}

// find follows the path; absent if it leads nowhere.
func (p jsonPath) find(value any) any {
	for _, step := range p {
		switch step := step.(type) {
		case string:
			m, ok := value.(*Map)
			if !ok {
				return absent{}
			}
			if value, ok = m.values[step]; !ok {
				return absent{}
			}
		case int:
			list, ok := value.(*List)
			if !ok || step >= len(list.items) {
				return absent{}
			}
			value = list.items[step]
		}
	}
	return value
}
