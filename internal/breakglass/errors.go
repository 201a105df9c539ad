package breakglass

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Error is a failed call, told in one sentence.
type Error struct {
	Summary string
	// Blocked says that the caller stands outside: without credentials, or
	// throttled.
	Blocked bool
	// Hopeless says that no further call can do better.
	Hopeless bool
	Err      error
}

func (e *Error) Error() string { return e.Summary }

func (e *Error) Unwrap() error { return e.Err }

// refusedKeys are the codes with which AWS refuses a signature; noCredentials is
// how the SDK says that it found none to sign with.
var (
	refusedKeys   = regexp.MustCompile(`^(UnrecognizedClient|InvalidSignature|ExpiredToken|MissingAuthenticationToken|IncompleteSignature|InvalidClientTokenId|SignatureDoesNotMatch)`)
	noCredentials = regexp.MustCompile(`get identity: get credentials|failed to refresh cached credentials|no valid providers in chain`)
)

// explain tells what a call's error means.
func explain(err error) error {
	var (
		refusal  smithy.APIError
		response *smithyhttp.ResponseError
	)
	if !errors.As(err, &refusal) {
		if noCredentials.MatchString(err.Error()) {
			return &Error{Summary: "there are no AWS credentials; sign in and repeat", Blocked: true, Hopeless: true, Err: err}
		}
		return &Error{Summary: fmt.Sprintf("AWS could not be asked: %v", root(err)), Err: err}
	}
	code := refusal.ErrorCode()
	switch {
	case code == "AccessDeniedException":
		return &Error{Summary: "AWS does not allow these credentials what is needed: " + refusal.ErrorMessage(), Hopeless: true, Err: err}
	case refusedKeys.MatchString(code):
		return &Error{Summary: "the AWS credentials are wrong or expired; sign in again and repeat", Blocked: true, Hopeless: true, Err: err}
	case code == "TooManyRequestsException":
		return &Error{Summary: "AWS throttled the calls until the retries ran out; wait a little and repeat", Blocked: true, Err: err}
	case errors.As(err, &response) && response.HTTPStatusCode() >= http.StatusInternalServerError:
		return &Error{Summary: fmt.Sprintf("AWS answered %d until the retries ran out", response.HTTPStatusCode()), Err: err}
	default:
		return &Error{Summary: fmt.Sprintf("AWS refused: %s (%s)", refusal.ErrorMessage(), code), Err: err}
	}
}

// root is what the SDK's layers are wrapped around.
func root(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}
