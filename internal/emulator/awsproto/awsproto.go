// Package awsproto is what the emulated services share: requests with their
// credential scope, errors, the call log. A service knows nothing of HTTP
// listeners, signatures, faults or quotas: the front of the API endpoint deals
// with those before it asks a service.
package awsproto

import (
	"fmt"
	"net/http"
)

// Region and AccountID are what the emulator uses where nothing else is said.
const (
	DefaultRegion = "eu-west-1"
	AccountID     = "123456789012"
)

// Request is a signed management request, its body read.
type Request struct {
	*http.Request
	Service   string // of the credential scope: apigateway, route53, acm, sts
	Region    string // of the credential scope
	AccessKey string
	Payload   []byte
	ID        string // the request id that the answer bears
}

// Service answers the management calls of one AWS service.
type Service interface {
	// Name is the service's name in a credential scope.
	Name() string
	// Operation names the call, for example "UpdateBasePathMapping"; empty if
	// the service knows none such.
	Operation(*Request) string
	// Operations are the names of all that the service has.
	Operations() []string
	// Serve writes the answer. An error it returns is written by the caller in
	// the service's own protocol through WriteError.
	Serve(http.ResponseWriter, *Request) error
	// WriteError writes an error as AWS does for this service's protocol.
	WriteError(http.ResponseWriter, *Error, string)
}

// Error is an error answer of AWS.
type Error struct {
	Status  int    // HTTP status
	Code    string // error type, for example NotFoundException
	Message string
}

func (e *Error) Error() string { return fmt.Sprintf("%s: %s", e.Code, e.Message) }

// NotSupported is the code of the emulator's own refusals; no AWS error has it,
// nor the header that goes with it.
const (
	NotSupported       = "NotInEmbeddedAWS"
	NotSupportedHeader = "X-Embedded-Aws-Refusal"
)

// Unsupported refuses what AWS would take and the emulator cannot do: it must
// never look as if it had been done, nor as if AWS had refused it.
func Unsupported(format string, args ...any) *Error {
	return Errorf(http.StatusNotImplemented, NotSupported, "The embedded AWS does not do this: "+format, args...)
}

// Errorf makes an Error.
func Errorf(status int, code, format string, args ...any) *Error {
	return &Error{Status: status, Code: code, Message: fmt.Sprintf(format, args...)}
}
