package guard

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"math/big"
	"slices"
)

// object is a JSON object as it was read: what a plan says beyond what any
// struct has fields for must not get lost before it is judged.
type object = map[string]any

// decode reads one JSON value and nothing after it. Numbers stay as they are
// written, so that large ones do not become equal by rounding.
func decode(text []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is something after its end")
	}
	return value, nil
}

func objectIn(o object, name string) object {
	found, _ := o[name].(object)
	return found
}

func listIn(o object, name string) []any {
	found, _ := o[name].([]any)
	return found
}

func textIn(o object, name string) string {
	found, _ := o[name].(string)
	return found
}

// isSet says that a field is there and not null. Terraform leaves out what it
// has nothing to say of, and a null says as little.
func isSet(o object, name string) bool { return o[name] != nil }

// texts are the elements of a list of texts; ok is false for anything else.
func texts(value any) (all []string, ok bool) {
	list, ok := value.([]any)
	if !ok {
		return nil, false
	}
	for _, element := range list {
		text, ok := element.(string)
		if !ok {
			return nil, false
		}
		all = append(all, text)
	}
	return all, true
}

// stranger is the first field of an object that is not among the known ones.
func stranger(o object, known []string) (field string, found bool) {
	for _, name := range slices.Sorted(maps.Keys(o)) {
		if !slices.Contains(known, name) {
			return name, true
		}
	}
	return "", false
}

// same compares two JSON values, numbers by what they are worth.
func same(a, b any) bool {
	switch a := a.(type) {
	case object:
		b, ok := b.(object)
		if !ok || len(a) != len(b) {
			return false
		}
		for name, value := range a {
			other, there := b[name]
			if !there || !same(value, other) {
				return false
			}
		}
		return true
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, same)
	case json.Number:
		b, ok := b.(json.Number)
		return ok && sameNumber(a, b)
	default:
		return a == b
	}
}

func sameNumber(a, b json.Number) bool {
	if a == b {
		return true
	}
	x, _, err1 := big.ParseFloat(a.String(), 10, 64, big.ToNearestEven)
	y, _, err2 := big.ParseFloat(b.String(), 10, 64, big.ToNearestEven)
	return err1 == nil && err2 == nil && x.Cmp(y) == 0
}

// unknown says that a mask of Terraform's (after_unknown, before_sensitive and
// their like) marks anything. What a mask does not say with false or null or
// by leaving it out counts as marked.
func unknown(mask any) bool {
	switch mask := mask.(type) {
	case nil:
		return false
	case bool:
		return mask
	case object:
		for _, value := range mask {
			if unknown(value) {
				return true
			}
		}
		return false
	case []any:
		return slices.ContainsFunc(mask, unknown)
	default:
		return true
	}
}

// visit calls a function for a value and all that is in it.
func visit(value any, with func(any)) {
	with(value)
	switch value := value.(type) {
	case object:
		for _, inner := range value {
			visit(inner, with)
		}
	case []any:
		for _, inner := range value {
			visit(inner, with)
		}
	}
}
