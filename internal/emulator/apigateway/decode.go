package apigateway

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
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
		return serialization(fmt.Sprintf("class %s can not be converted to an %s", javaClass(mismatch.Value), javaName(mismatch.Type.Kind())))
	}
	return serialization(err.Error())
}

func serialization(message string) error {
	return awsproto.Errorf(http.StatusBadRequest, "SerializationException", "%s", message)
}

// javaClass and javaName name types as API Gateway's own decoder does (recorded
// by LocalStack's validated test_put_integration_request_parameter_bool_type and
// test_integration_response_invalid_responsetemplates).
func javaClass(jsonValue string) string {
	kind, _, _ := strings.Cut(jsonValue, " ")
	switch kind {
	case "bool":
		return "java.lang.Boolean"
	case "number":
		return "com.amazon.coral.value.json.numbers.TruncatingBigNumber"
	case "string":
		return "java.lang.String"
	case "array":
		return "java.util.ArrayList"
	default:
		return "java.util.LinkedHashMap"
	}
}

func javaName(kind reflect.Kind) string {
	switch kind {
	case reflect.String:
		return "String"
	case reflect.Bool:
		return "Boolean"
	case reflect.Int, reflect.Float64:
		return "Number"
	case reflect.Slice:
		return "List"
	default:
		return "Map"
	}
}
