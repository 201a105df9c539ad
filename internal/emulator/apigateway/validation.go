package apigateway

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"apigateway-maintenance/internal/emulator/awsproto"
)

// violations collects what the service's model refuses before any rule of the
// operation is looked at; AWS lists all of them in one ValidationException.
type violations []string

// enum demands one of the values; an empty value was not given.
func (v *violations) enum(value, member string, allowed ...string) {
	if value == "" || slices.Contains(allowed, value) {
		return
	}
	*v = append(*v, fmt.Sprintf("Value '%s' at '%s' failed to satisfy constraint: Member must satisfy enum value set: [%s]",
		value, member, strings.Join(allowed, ", ")))
}

// enums demands that each value be one of the allowed.
func (v *violations) enums(values []string, member string, allowed ...string) {
	if !slices.ContainsFunc(values, func(value string) bool { return !slices.Contains(allowed, value) }) {
		return
	}
	*v = append(*v, fmt.Sprintf("Value '[%s]' at '%s' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [%s]]",
		strings.Join(values, ", "), member, strings.Join(allowed, ", ")))
}

var statusCodePattern = regexp.MustCompile(`^[1-5]\d\d$`)

// statusCode demands three digits (recorded by LocalStack's validated tests of
// the integration response).
func (v *violations) statusCode(value, member string) {
	if value == "" || statusCodePattern.MatchString(value) {
		return
	}
	*v = append(*v, fmt.Sprintf(`Value '%s' at '%s' failed to satisfy constraint: Member must satisfy regular expression pattern: [1-5]\d\d`, value, member))
}

func (v violations) err() error {
	if len(v) == 0 {
		return nil
	}
	noun := "error"
	if len(v) > 1 {
		noun = "errors"
	}
	return awsproto.Errorf(http.StatusBadRequest, "ValidationException", "%d validation %s detected: %s", len(v), noun, strings.Join(v, "; "))
}
