package lambda

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"

	"apigateway-maintenance/internal/emulator/awsproto"
)

// Result is what a function answered to one request.
type Result struct {
	RequestID string
	Payload   []byte
	// FunctionError is "Unhandled" where the function failed; Payload is then
	// its error object.
	FunctionError string
}

// Invoke runs a function with one request, on a warm process if there is one.
// It fails only where there is no such function or no process can be had: what
// the function itself does wrong is in the result.
func (s *Service) Invoke(arn string, payload []byte, traceID string) (Result, error) {
	for {
		f, err := s.lookup("", arn)
		if err != nil {
			return Result{}, err
		}
		result, err, current := s.run(f, payload, traceID)
		if current {
			return result, err
		}
	}
}

// run runs a function as it was looked up; false where it was replaced since.
func (s *Service) run(f *function, payload []byte, traceID string) (Result, error, bool) {
	id := uuid.NewString()
	var initTook time.Duration
	w, err, current := f.acquire(func() *pool {
		return newPool(func() (*worker, error) { return s.startWorker(f) })
	})
	if !current {
		return Result{}, nil, false
	}
	defer func() { f.pool.put(w) }()
	var broken *fault
	if errors.As(err, &broken) {
		log := s.newLog(f)
		log.line(fmt.Sprintf("RequestId: %s Error: %s", id, broken.ErrorMessage))
		return failed(id, broken), nil, true
	}
	if err != nil {
		return Result{}, err, true
	}
	cold := w.takeInit()
	if cold {
		w.log.initStart(f.runtime)
		if broken := w.initialised(); broken != nil {
			w.end()
			w.log.line(fmt.Sprintf("RequestId: %s Error: %s", id, broken.ErrorMessage))
			return failed(id, broken), nil, true
		}
		initTook = time.Since(w.started)
	}
	w.log.begin(id)
	begun := time.Now()
	o := w.run(&invocation{
		id: id, payload: payload, deadline: begun.Add(time.Duration(f.timeout) * time.Second), arn: f.arn(), traceID: traceID, outcome: make(chan outcome, 1),
	})
	w.log.report(id, time.Since(begun), initTook, f.memory)
	if o.fault == nil {
		return Result{RequestID: id, Payload: o.payload}, nil, true
	}
	if o.fault.ErrorType == timedOut {
		o.fault.ErrorMessage = fmt.Sprintf("Task timed out after %d.00 seconds", f.timeout)
	}
	w.log.line(fmt.Sprintf("RequestId: %s Error: %s", id, o.fault.ErrorMessage))
	return failed(id, o.fault), nil, true
}

func failed(id string, f *fault) Result {
	payload := f.raw
	if payload == nil {
		payload, _ = json.Marshal(fault{ErrorType: f.ErrorType, ErrorMessage: "RequestId: " + id + " Error: " + f.ErrorMessage})
	}
	return Result{RequestID: id, Payload: payload, FunctionError: "Unhandled"}
}

func (s *Service) startWorker(f *function) (*worker, error) {
	s.mu.RLock()
	closed := s.closed
	s.mu.RUnlock()
	if closed {
		return nil, errClosed
	}
	return startWorker(f, s.newLog(f))
}

// invoke serves the API call of that name.
func (s *Service) invoke(w http.ResponseWriter, r *awsproto.Request) error {
	f, err := s.named(r)
	if err != nil {
		return err
	}
	if len(r.Payload) > 0 && !json.Valid(r.Payload) {
		return awsproto.Errorf(http.StatusBadRequest, "InvalidRequestContentException", "Could not parse request body into json")
	}
	if len(r.Payload) > maxPayload {
		return awsproto.Errorf(http.StatusRequestEntityTooLarge, "RequestTooLargeException", "Request must be smaller than %d bytes for the InvokeFunction operation", maxPayload)
	}
	payload := r.Payload
	if len(payload) == 0 {
		payload = []byte("{}")
	}
	switch kind := r.Header.Get("X-Amz-Invocation-Type"); kind {
	case "", "RequestResponse":
	case "DryRun":
		w.WriteHeader(http.StatusNoContent)
		return nil
	default:
		return unsupported("invocation type %s", kind)
	}
	result, err := s.Invoke(f.arn(), payload, "")
	if err != nil {
		return err
	}
	header := w.Header()
	header.Set("X-Amz-Executed-Version", latest) // a log tail is not given
	header.Set("Content-Type", "application/json")
	if result.FunctionError != "" {
		header.Set("X-Amz-Function-Error", result.FunctionError)
	}
	_, err = w.Write(result.Payload)
	return err
}
