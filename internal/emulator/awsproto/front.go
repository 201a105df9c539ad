package awsproto

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
)

// maxPayload is more than any management call may carry: Lambda takes packages
// of up to 50 MB, in base64, and API Gateway API definitions of 6 MB (fact F1).
const maxPayload = 70 << 20

// Gate decides what happens to a call before its service sees it: permissions,
// quotas and injected faults are gates.
type Gate interface {
	// Pass returns nil to let the call through, an *Error that the caller is to
	// get, ErrDropConnection, or ErrAnswerLost or ErrAnswerCut to let it through
	// without a gate after it. It may block to simulate latency; it returns early
	// when the request's context ends.
	Pass(r *Request, operation string) error
}

// What a Gate can do to the caller's connection: close it before the call takes
// effect, or after, when the answer was not sent or was sent in part. They are
// the error codes in the log.
var (
	ErrDropConnection = errors.New("ConnectionDropped")
	ErrAnswerLost     = errors.New("AnswerLost")
	ErrAnswerCut      = errors.New("AnswerCut")
)

// broken gives the one of these that err is; nil if it is none.
func broken(err error) error {
	for _, known := range []error{ErrDropConnection, ErrAnswerLost, ErrAnswerCut} {
		if errors.Is(err, known) {
			return known
		}
	}
	return nil
}

// Front is the HTTP handler of the API endpoint: it checks the signature,
// finds the service by the credential scope, asks the gates and keeps the log.
type Front struct {
	// Secret gives the secret key of an access key; false if nobody has it.
	Secret   func(accessKey string) (secret string, known bool)
	Services []Service
	Gates    []Gate
	Notices  *Notices // nil: none are listed
	Log      *CallLog
	Now      func() time.Time
}

// statusRecorder remembers what was answered, for the log.
type statusRecorder struct {
	http.ResponseWriter
	status int
}

func (s *statusRecorder) WriteHeader(status int) {
	if s.status == 0 {
		s.status = status
	}
	s.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController flush.
func (s *statusRecorder) Unwrap() http.ResponseWriter { return s.ResponseWriter }

func (s *statusRecorder) Write(b []byte) (int, error) {
	if s.status == 0 {
		s.status = http.StatusOK
	}
	return s.ResponseWriter.Write(b)
}

func (f *Front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if f.Notices != nil && r.Method == http.MethodGet && r.URL.Path == NoticesPath {
		f.Notices.ServeHTTP(w, r)
		return
	}
	started := f.Now()
	requestID := uuid.NewString()
	w.Header().Set("X-Amzn-Requestid", requestID)
	recorder := &statusRecorder{ResponseWriter: w}

	call := Call{Time: started, Method: r.Method, Path: r.URL.EscapedPath()}
	err := f.serve(recorder, r, requestID, &call)
	call.Status, call.Duration = recorder.status, f.Now().Sub(started)
	var refusal *Error
	if errors.As(err, &refusal) {
		call.ErrorCode = refusal.Code
	}
	if end := broken(err); end != nil {
		call.ErrorCode = end.Error()
		f.Log.Add(call)
		panic(http.ErrAbortHandler)
	}
	f.Log.Add(call)
}

// serve answers the request and returns the error that it answered with, for
// the log.
func (f *Front) serve(w http.ResponseWriter, r *http.Request, requestID string, call *Call) error {
	payload, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxPayload))
	if err != nil {
		refusal := Errorf(http.StatusRequestEntityTooLarge, "RequestEntityTooLargeException", "the request's body cannot be read: %v", err)
		guessProtocol(r, nil).WriteError(w, refusal, requestID)
		return refusal
	}
	r.Body = io.NopCloser(bytes.NewReader(payload))

	auth, err := parseAuthorization(r.Header.Get("Authorization"))
	if err != nil {
		protocol := guessProtocol(r, payload)
		refusal := protocol.signatureError(err)
		protocol.WriteError(w, refusal, requestID)
		return refusal
	}
	call.Service, call.Region = auth.service, auth.region

	service := f.service(auth.service)
	if service == nil {
		refusal := Unsupported("the service %q (asked: %s %s); it has %s", auth.service, r.Method, r.URL.Path, f.serviceNames())
		guessProtocol(r, payload).WriteError(w, refusal, requestID)
		return refusal
	}
	request := &Request{Request: r, Service: auth.service, Region: auth.region, AccessKey: auth.accessKey, Payload: payload, ID: requestID}
	err = f.dispatch(w, service, request, auth, call)
	if err == nil || broken(err) != nil {
		return err
	}
	refusal := asError(err)
	service.WriteError(w, refusal, requestID)
	return refusal
}

func (f *Front) dispatch(w http.ResponseWriter, service Service, r *Request, auth authorization, call *Call) error {
	secret, known := f.Secret(auth.accessKey)
	if !known {
		return protocolOf(service.Name()).signatureError(errUnknownKey)
	}
	if err := auth.verify(r.Request, r.Payload, secret, f.Now()); err != nil {
		return protocolOf(service.Name()).signatureError(err)
	}
	operation := service.Operation(r)
	if operation == "" {
		return Unsupported("the operation of %s at %s %s%s", service.Name(), r.Method, r.URL.Path, operationHint(r))
	}
	call.Operation = operation
	for _, gate := range f.Gates {
		err := gate.Pass(r, operation)
		if errors.Is(err, ErrAnswerLost) || errors.Is(err, ErrAnswerCut) {
			return serveUnheard(w, service, r, err)
		}
		if err != nil {
			return err
		}
	}
	return service.Serve(w, r)
}

// operationHint names the operation of the protocols whose path says nothing.
func operationHint(r *Request) string {
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		return " (" + target + ")"
	}
	if action := QueryAction(r); action != "" {
		return " (" + action + ")"
	}
	return ""
}

func (f *Front) service(name string) Service {
	for _, s := range f.Services {
		if s.Name() == name {
			return s
		}
	}
	return nil
}

func (f *Front) serviceNames() string {
	names := make([]string, len(f.Services))
	for i, s := range f.Services {
		names[i] = s.Name()
	}
	return strings.Join(names, ", ")
}

// asError makes an internal failure visible instead of hiding it: a service
// that returns anything but an *Error has a fault of its own.
func asError(err error) *Error {
	var refusal *Error
	if errors.As(err, &refusal) {
		return refusal
	}
	slog.Error("emulator: internal failure", "error", err)
	return Errorf(http.StatusInternalServerError, "InternalFailure", "the embedded emulator failed: %v", err)
}
