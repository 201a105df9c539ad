package apigateway

import (
	"bytes"
	"encoding/json"
	"net/http"

	"apigateway-maintenance/internal/emulator/awsproto"
)

// call is one management call on its way through the service; it holds the
// service's lock.
type call struct {
	*awsproto.Request
	service *Service
	region  *region
}

// answer is what a call is answered with.
type answer struct {
	status int
	body   any // nil: no body
}

func ok(body any) (answer, error)       { return answer{http.StatusOK, body}, nil }
func created(body any) (answer, error)  { return answer{http.StatusCreated, body}, nil }
func accepted() (answer, error)         { return answer{status: http.StatusAccepted}, nil }
func noContent() (answer, error)        { return answer{status: http.StatusNoContent}, nil }
func refused(err error) (answer, error) { return answer{}, err }

// Operation names the call; empty if the emulator does not have it. Creating an
// API and importing one differ in the query alone.
func (s *Service) Operation(r *awsproto.Request) string {
	name := s.operations.Name(r)
	if name == "CreateRestApi" && isImport(r) {
		return "ImportRestApi"
	}
	return name
}

// Operations are all that the service has.
func (s *Service) Operations() []string { return append(s.operations.Names(), "ImportRestApi") }

// Serve answers a call.
func (s *Service) Serve(w http.ResponseWriter, r *awsproto.Request) error {
	return s.operations.Serve(w, r)
}

// serve is the only place that takes the lock: calls are served one after
// another, as each publishes a whole view.
func (s *Service) serve(w http.ResponseWriter, r *awsproto.Request, handle func(*call) (answer, error)) error {
	status, body, err := s.answer(r, handle)
	if err != nil {
		return err
	}
	if body != nil {
		w.Header().Set("Content-Type", "application/json")
	}
	w.WriteHeader(status)
	// The client went away: there is nobody to tell.
	_, _ = w.Write(body)
	return nil
}

func (s *Service) answer(r *awsproto.Request, handle func(*call) (answer, error)) (int, []byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	given, err := handle(&call{Request: r, service: s, region: s.regionOf(r.Region)})
	if err != nil {
		return 0, nil, err
	}
	if r.Method != http.MethodGet {
		s.publish()
	}
	if given.body == nil {
		return given.status, nil, nil
	}
	// Encoded while the lock is held: answers share maps with the state.
	var encoded bytes.Buffer
	encoder := json.NewEncoder(&encoded)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(given.body); err != nil {
		return 0, nil, err
	}
	return given.status, encoded.Bytes(), nil
}

func (s *Service) regionOf(name string) *region {
	if name == "" {
		name = awsproto.DefaultRegion
	}
	known := s.regions[name]
	if known == nil {
		known = newRegion(name)
		s.regions[name] = known
	}
	return known
}
