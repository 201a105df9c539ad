package lambda

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// runtimeAPI serves one process (Lambda guide, "Using the Lambda runtime API for
// custom runtimes").
func (w *worker) runtimeAPI() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", w.next)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/response", w.response)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/error", w.failed)
	mux.HandleFunc("POST /2018-06-01/runtime/init/error", w.initFailed)
	return mux
}

func (w *worker) next(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	select {
	case <-w.polled:
	default:
		close(w.polled)
	}
	w.mu.Unlock()
	w.readyOnce.Do(func() { close(w.ready) })
	select {
	case i := <-w.work:
		header := rw.Header()
		header.Set("Lambda-Runtime-Aws-Request-Id", i.id)
		header.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(i.deadline.UnixMilli(), 10))
		header.Set("Lambda-Runtime-Invoked-Function-Arn", i.arn)
		if i.traceID != "" {
			header.Set("Lambda-Runtime-Trace-Id", i.traceID)
		}
		header.Set("Content-Type", "application/json")
		_, _ = rw.Write(i.payload)
	case <-r.Context().Done():
	}
}

func (w *worker) response(rw http.ResponseWriter, r *http.Request) {
	if mode := r.Header.Get("Lambda-Runtime-Function-Response-Mode"); mode != "" && mode != "buffered" {
		w.answer(rw, r, outcome{fault: &fault{ErrorType: "Runtime.NotSupported", ErrorMessage: "the embedded AWS does not do this: streamed responses"}})
		return
	}
	payload, err := readPayload(r.Body)
	if err != nil {
		w.answer(rw, r, outcome{fault: &fault{ErrorType: "Function.ResponseSizeTooLarge", ErrorMessage: "Response payload size exceeded maximum allowed payload size (6291556 bytes)."}})
		return
	}
	w.answer(rw, r, outcome{payload: payload})
}

func (w *worker) failed(rw http.ResponseWriter, r *http.Request) {
	w.answer(rw, r, outcome{fault: readFault(r)})
}

// answer gives an outcome to whoever waits for this request id.
func (w *worker) answer(rw http.ResponseWriter, r *http.Request, o outcome) {
	w.mu.Lock()
	i := w.current
	w.mu.Unlock()
	if i == nil || i.id != r.PathValue("id") {
		rw.WriteHeader(http.StatusBadRequest)
		_ = json.NewEncoder(rw).Encode(fault{ErrorType: "InvalidRequestID", ErrorMessage: "Invalid request ID"})
		return
	}
	select {
	case i.outcome <- o:
	default: // it has answered already
	}
	rw.WriteHeader(http.StatusAccepted)
	_, _ = rw.Write([]byte(`{"status":"OK"}`))
}

func (w *worker) initFailed(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	w.initFault = readFault(r)
	w.mu.Unlock()
	w.readyOnce.Do(func() { close(w.ready) })
	rw.WriteHeader(http.StatusAccepted)
	_, _ = rw.Write([]byte(`{"status":"OK"}`))
}

// readFault takes a function's error as it is.
func readFault(r *http.Request) *fault {
	text, err := readPayload(r.Body)
	f := &fault{ErrorType: r.Header.Get("Lambda-Runtime-Function-Error-Type")}
	if err == nil && json.Unmarshal(text, f) == nil {
		f.raw = text
	}
	return f
}
