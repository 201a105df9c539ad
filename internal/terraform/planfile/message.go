package planfile

import "google.golang.org/protobuf/encoding/protowire"

// fields of a message that are known, by number. One whose reader is nil may
// be there and is of no interest.
type fields map[protowire.Number]reader

// reader takes a field: value of one with a length, or number of a varint.
type reader struct {
	message func(value []byte) error
	number  func(n uint64) error
}

var ignored = reader{}

func message(read func([]byte) error) reader { return reader{message: read} }

func text(into *string) reader {
	return message(func(value []byte) error {
		*into = string(value)
		return nil
	})
}

func number(into *uint64) reader {
	return reader{number: func(n uint64) error {
		*into = n
		return nil
	}}
}

// decode reads a message (protobuf.dev/programming-guides/encoding) strictly:
// what is not in known is unfamiliar.
func decode(what string, src []byte, known fields) error {
	for len(src) > 0 {
		id, kind, n := protowire.ConsumeTag(src)
		if n < 0 {
			return unfamiliar("%s: %v", what, protowire.ParseError(n))
		}
		src = src[n:]
		read, ok := known[id]
		if !ok {
			return unfamiliar("%s has a field %d", what, id)
		}
		var err error
		switch {
		case kind == protowire.BytesType && read.number == nil:
			var value []byte
			if value, n = protowire.ConsumeBytes(src); n >= 0 && read.message != nil {
				err = read.message(value)
			}
		case kind == protowire.VarintType && read.message == nil:
			var value uint64
			if value, n = protowire.ConsumeVarint(src); n >= 0 && read.number != nil {
				err = read.number(value)
			}
		default:
			return unfamiliar("%s has a field %d of another type", what, id)
		}
		if n < 0 {
			return unfamiliar("%s: %v", what, protowire.ParseError(n))
		}
		if err != nil {
			return err
		}
		src = src[n:]
	}
	return nil
}
