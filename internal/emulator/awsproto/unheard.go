package awsproto

import (
	"bytes"
	"errors"
	"net/http"
	"strconv"
)

// unheard keeps an answer that its caller is not to get, or not all of it.
type unheard struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (u *unheard) Header() http.Header { return u.header }

func (u *unheard) WriteHeader(status int) { u.status = status }

func (u *unheard) Write(b []byte) (int, error) { return u.body.Write(b) }

// serveUnheard lets a call take effect, and sends none or half of its answer.
// A call that the service refuses has no effect, and its refusal is told.
func serveUnheard(w http.ResponseWriter, service Service, r *Request, end error) error {
	answer := &unheard{header: w.Header(), status: http.StatusOK}
	if err := service.Serve(answer, r); err != nil {
		return err
	}
	if errors.Is(end, ErrAnswerLost) || answer.body.Len() == 0 {
		return end
	}
	w.Header().Set("Content-Length", strconv.Itoa(answer.body.Len()))
	w.WriteHeader(answer.status)
	// Without the flush it would be the connection's end alone that is seen.
	_, _ = w.Write(answer.body.Bytes()[:answer.body.Len()/2])
	_ = http.NewResponseController(w).Flush()
	return end
}
