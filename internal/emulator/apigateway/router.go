package apigateway

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"apigateway-maintenance/internal/emulator/awsproto"
)

// call is one management call on its way through the service; it holds the
// service's lock.
type call struct {
	*awsproto.Request
	service *Service
	region  *region
	params  map[string]string // of the path, decoded
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

// route binds a verb and a path to an operation. A segment in braces matches
// any one segment that is not empty.
type route struct {
	method    string
	segments  []string
	operation string
	handle    func(*call) (answer, error)
	query     [2]string // a name and the value that the query must give it; empty: any query
}

func newRoute(method, pattern, operation string, handle func(*call) (answer, error)) route {
	return route{method: method, segments: strings.Split(strings.Trim(pattern, "/"), "/"), operation: operation, handle: handle}
}

// with narrows the route to requests whose query says so.
func (r route) with(name, value string) route {
	r.query = [2]string{name, value}
	return r
}

// match gives the decoded path parameters if the route fits. Segments are
// split before they are decoded, since an ARN in a path has encoded slashes
// and the root's base path is spelled %28none%29.
func (r *route) match(method string, segments []string) (map[string]string, bool) {
	if method != r.method || len(segments) != len(r.segments) {
		return nil, false
	}
	params := map[string]string{}
	for i, want := range r.segments {
		name, isParameter := strings.CutPrefix(want, "{")
		if !isParameter {
			if segments[i] != want {
				return nil, false
			}
			continue
		}
		value, err := url.PathUnescape(segments[i])
		if err != nil || value == "" {
			return nil, false
		}
		params[strings.TrimSuffix(name, "}")] = value
	}
	return params, true
}

func find(r *awsproto.Request) (*route, map[string]string) {
	segments := strings.Split(strings.TrimPrefix(r.URL.EscapedPath(), "/"), "/")
	for i := range routes {
		wanted := routes[i].query
		if wanted[0] != "" && r.URL.Query().Get(wanted[0]) != wanted[1] {
			continue
		}
		if params, ok := routes[i].match(r.Method, segments); ok {
			return &routes[i], params
		}
	}
	return nil, nil
}

// Operation names the call; empty if the emulator does not have it.
func (*Service) Operation(r *awsproto.Request) string {
	route, _ := find(r)
	if route == nil {
		return ""
	}
	return route.operation
}

// Serve answers a call. It is the only place that takes the lock: calls are
// served one after another, as each publishes a whole view.
func (s *Service) Serve(w http.ResponseWriter, r *awsproto.Request) error {
	status, body, err := s.answer(r)
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

func (s *Service) answer(r *awsproto.Request) (int, []byte, error) {
	route, params := find(r)
	if route == nil {
		return 0, nil, notFound("No API Gateway operation at %s %s", r.Method, r.URL.Path)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	given, err := route.handle(&call{Request: r, service: s, region: s.regionOf(r.Region), params: params})
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
