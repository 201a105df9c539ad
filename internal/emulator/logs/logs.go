// Package logs is the emulator's Amazon CloudWatch Logs: groups with retention
// and tags, streams, and events that can be read back. Functions write their
// output here, and API Gateway its access logs.
package logs

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"apigateway-maintenance/internal/emulator/awsproto"
)

const (
	targetPrefix = "Logs_20140328."
	contentType  = "application/x-amz-json-1.1"
)

// Service answers CloudWatch Logs calls and holds the groups. It is safe for
// concurrent use.
type Service struct {
	now func() time.Time

	mu     sync.RWMutex
	groups map[groupKey]*group
}

type groupKey struct{ region, name string }

// New makes a Service without groups; now may be nil for time.Now.
func New(now func() time.Time) *Service {
	if now == nil {
		now = time.Now
	}
	return &Service{now: now, groups: map[groupKey]*group{}}
}

// Name is "logs".
func (*Service) Name() string { return "logs" }

// operation serves one call and returns what is to be written as JSON; nil for
// an empty answer.
type operation func(s *Service, r *awsproto.Request) (any, error)

var operations = map[string]operation{
	"CreateLogGroup":        (*Service).createLogGroup,
	"DescribeLogGroups":     (*Service).describeLogGroups,
	"DeleteLogGroup":        (*Service).deleteLogGroup,
	"PutRetentionPolicy":    (*Service).putRetentionPolicy,
	"DeleteRetentionPolicy": (*Service).deleteRetentionPolicy,
	"ListTagsForResource":   (*Service).listTags,
	"TagResource":           (*Service).tag,
	"UntagResource":         (*Service).untag,
	"CreateLogStream":       (*Service).createLogStream,
	"DescribeLogStreams":    (*Service).describeLogStreams,
	"DeleteLogStream":       (*Service).deleteLogStream,
	"PutLogEvents":          (*Service).putLogEvents,
	"GetLogEvents":          (*Service).getLogEvents,
	"FilterLogEvents":       (*Service).filterLogEvents,
}

// Operations are all that the service has.
func (*Service) Operations() []string { return slices.Collect(maps.Keys(operations)) }

// Operation reads the call's name from the X-Amz-Target header.
func (*Service) Operation(r *awsproto.Request) string {
	name, _ := strings.CutPrefix(r.Header.Get("X-Amz-Target"), targetPrefix)
	if operations[name] == nil {
		return ""
	}
	return name
}

// Serve answers the call.
func (s *Service) Serve(w http.ResponseWriter, r *awsproto.Request) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	output, err := operations[s.Operation(r)](s, r)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", contentType)
	if output == nil {
		return nil
	}
	return json.NewEncoder(w).Encode(output)
}

// WriteError writes an error in the JSON 1.1 protocol.
func (*Service) WriteError(w http.ResponseWriter, e *awsproto.Error, requestID string) {
	awsproto.JSON11.WriteError(w, e, requestID)
}

// Inventory counts what exists.
func (s *Service) Inventory() map[string]int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return map[string]int{"log_groups": len(s.groups)}
}

func decode(r *awsproto.Request, into any) error {
	if err := json.Unmarshal(r.Payload, into); err != nil {
		return awsproto.Errorf(http.StatusBadRequest, "SerializationException", "%v", err)
	}
	return nil
}

func invalid(format string, args ...any) error {
	return awsproto.Errorf(http.StatusBadRequest, "InvalidParameterException", format, args...)
}

func notFound(what string) error {
	return awsproto.Errorf(http.StatusBadRequest, "ResourceNotFoundException", "The specified %s does not exist.", what)
}
