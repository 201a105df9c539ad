package apigateway

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"apigateway-maintenance/internal/emulator/awsproto"
)

// decode reads the call's JSON body. A member that the emulator does not know
// is refused: to pass over it would be to pretend that it was heeded.
func (c *call) decode(into any) error {
	decoder := json.NewDecoder(bytes.NewReader(c.Payload))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(into)
	if err == nil || errors.Is(err, io.EOF) {
		return nil
	}
	if field, found := strings.CutPrefix(err.Error(), "json: unknown field "); found {
		return unsupported("the member %s of this request", field)
	}
	var mismatch *json.UnmarshalTypeError
	if errors.As(err, &mismatch) {
		return serialization(fmt.Sprintf("%s can not be converted to %s (member %s)", mismatch.Value, mismatch.Type, mismatch.Field))
	}
	return serialization(err.Error())
}

func serialization(message string) error {
	return awsproto.Errorf(http.StatusBadRequest, "SerializationException", "%s", message)
}
