package planfile

import (
	"bytes"
	"slices"

	"github.com/vmihailenco/msgpack/v5"
	"github.com/vmihailenco/msgpack/v5/msgpcode"
)

// value is a Terraform value as `show -json` prints it: known without what is
// unknown, and unknown with true in the place of that (false, or an object or
// a list without true, where there is none).
type value struct{ known, unknown any }

func dynamicValue(into *value) reader {
	return message(func(src []byte) error { return decode("a value", src, fields{1: msgpackValue(into)}) })
}

// msgpackValue reads Terraform's encoding of values in MessagePack
// (github.com/zclconf/go-cty, docs/json-and-msgpack.md there): what is unknown
// is an extension, and what has a dynamic type is a pair of its type, the only
// binary string that the encoding knows, and itself.
func msgpackValue(into *value) reader {
	return message(func(src []byte) (err error) {
		rest := bytes.NewReader(src)
		if *into, err = readValue(msgpack.NewDecoder(rest)); err != nil {
			return unfamiliar("a value: %v", err)
		}
		return nil
	})
}

func readValue(d *msgpack.Decoder) (value, error) {
	code, err := d.PeekCode()
	switch {
	case err != nil:
		return value{}, err
	case msgpcode.IsExt(code):
		return value{nil, true}, d.Skip()
	case msgpcode.IsFixedMap(code) || code == msgpcode.Map16 || code == msgpcode.Map32:
		return readMap(d)
	case msgpcode.IsFixedArray(code) || code == msgpcode.Array16 || code == msgpcode.Array32:
		return readArray(d)
	case msgpcode.IsBin(code):
		return value{}, unfamiliar("bytes")
	case msgpcode.IsString(code) || code == msgpcode.Nil || code == msgpcode.True || code == msgpcode.False:
		v, err := d.DecodeInterface()
		return value{v, false}, err
	default:
		n, err := d.DecodeFloat64()
		return value{n, false}, err
	}
}

func readMap(d *msgpack.Decoder) (value, error) {
	n, err := d.DecodeMapLen()
	if err != nil {
		return value{}, err
	}
	known, unknown := map[string]any{}, map[string]any{}
	for range n {
		key, err := d.DecodeString()
		if err != nil {
			return value{}, err
		}
		v, err := readValue(d)
		if err != nil {
			return value{}, err
		}
		if v.unknown != true {
			known[key] = v.known
		}
		if v.unknown != false {
			unknown[key] = v.unknown
		}
	}
	return value{known, unknown}, nil
}

func readArray(d *msgpack.Decoder) (value, error) {
	n, err := d.DecodeArrayLen()
	if err != nil {
		return value{}, err
	}
	if code, err := d.PeekCode(); n == 2 && err == nil && msgpcode.IsBin(code) {
		if _, err := d.DecodeBytes(); err != nil {
			return value{}, err
		}
		return readValue(d)
	}
	known, unknown := []any{}, []any{}
	for range n {
		v, err := readValue(d)
		if err != nil {
			return value{}, err
		}
		known, unknown = append(known, v.known), append(unknown, v.unknown)
	}
	return value{known, unknown}, nil
}

func hasUnknown(unknown any) bool {
	switch u := unknown.(type) {
	case bool:
		return u
	case []any:
		return slices.ContainsFunc(u, hasUnknown)
	case map[string]any:
		for _, child := range u {
			if hasUnknown(child) {
				return true
			}
		}
	}
	return false
}
