package logs

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"apigateway-maintenance/internal/emulator/awsproto"
)

// maxEvents of a stream are kept; older ones go. The account's own limit is its
// bill, ours is memory.
const maxEvents = 10_000

type stream struct {
	name    string
	created time.Time
	events  []event
	dropped int // events that went, so that tokens stay true
}

type event struct {
	Timestamp     int64  `json:"timestamp"` // milliseconds since 1970
	IngestionTime int64  `json:"ingestionTime"`
	Message       string `json:"message"`
}

func (s *stream) add(e event) {
	s.events = append(s.events, e)
	if len(s.events) > maxEvents {
		gone := len(s.events) - maxEvents
		s.events, s.dropped = slices.Delete(s.events, 0, gone), s.dropped+gone
	}
}

// Write adds a line to a stream, making the stream where there is none, and the
// group too. It is how the emulator's own services log; whether they may is
// theirs to ask.
func (s *Service) Write(region, groupName, streamName, line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := groupKey{region, groupName}
	g := s.groups[key]
	if g == nil {
		g = s.newGroup(key)
	}
	st := g.streams[streamName]
	if st == nil {
		st = &stream{name: streamName, created: s.now()}
		g.streams[streamName] = st
	}
	now := s.now().UnixMilli()
	st.add(event{Timestamp: now, IngestionTime: now, Message: line})
}

// Exists says whether a group is there.
func (s *Service) Exists(region, groupName string) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.groups[groupKey{region, groupName}] != nil
}

type streamInput struct {
	LogGroupName        string   `json:"logGroupName"`
	LogGroupIdentifier  string   `json:"logGroupIdentifier"`
	LogStreamName       string   `json:"logStreamName"`
	LogStreamNamePrefix string   `json:"logStreamNamePrefix"`
	LogStreamNames      []string `json:"logStreamNames"`
	LogEvents           []event  `json:"logEvents"`
	StartTime           *int64   `json:"startTime"`
	EndTime             *int64   `json:"endTime"`
	Limit               int      `json:"limit"`
	NextToken           string   `json:"nextToken"`
	StartFromHead       bool     `json:"startFromHead"`
	FilterPattern       string   `json:"filterPattern"`
}

func (s *Service) streamed(r *awsproto.Request, needsStream bool) (*group, *stream, streamInput, error) {
	var in streamInput
	if err := decode(r, &in); err != nil {
		return nil, nil, in, err
	}
	name := in.LogGroupName
	if _, named, found := strings.Cut(in.LogGroupIdentifier, ":log-group:"); found {
		name = named
	}
	g, err := s.group(r.Region, cmp.Or(name, in.LogGroupIdentifier))
	if err != nil {
		return nil, nil, in, err
	}
	st := g.streams[in.LogStreamName]
	if needsStream && st == nil {
		return nil, nil, in, notFound("log stream")
	}
	return g, st, in, nil
}

func (s *Service) createLogStream(r *awsproto.Request) (any, error) {
	g, st, in, err := s.streamed(r, false)
	switch {
	case err != nil:
		return nil, err
	case in.LogStreamName == "" || strings.ContainsAny(in.LogStreamName, ":*"):
		return nil, invalid("1 validation error detected: Value '%s' at 'logStreamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [^:*]*", in.LogStreamName)
	case st != nil:
		return nil, awsproto.Errorf(http.StatusBadRequest, "ResourceAlreadyExistsException", "The specified log stream already exists")
	}
	g.streams[in.LogStreamName] = &stream{name: in.LogStreamName, created: s.now()}
	return nil, nil
}

func (s *Service) deleteLogStream(r *awsproto.Request) (any, error) {
	g, st, _, err := s.streamed(r, true)
	if err != nil {
		return nil, err
	}
	delete(g.streams, st.name)
	return nil, nil
}

type streamJSON struct {
	ARN                 string `json:"arn"`
	CreationTime        int64  `json:"creationTime"`
	FirstEventTimestamp int64  `json:"firstEventTimestamp,omitempty"`
	LastEventTimestamp  int64  `json:"lastEventTimestamp,omitempty"`
	LastIngestionTime   int64  `json:"lastIngestionTime,omitempty"`
	LogStreamName       string `json:"logStreamName"`
	StoredBytes         int    `json:"storedBytes"`
}

func (s *Service) describeLogStreams(r *awsproto.Request) (any, error) {
	g, _, in, err := s.streamed(r, false)
	if err != nil {
		return nil, err
	}
	list := []streamJSON{}
	for _, st := range g.streams {
		if !strings.HasPrefix(st.name, in.LogStreamNamePrefix) {
			continue
		}
		shown := streamJSON{ARN: g.arn() + ":log-stream:" + st.name, CreationTime: st.created.UnixMilli(), LogStreamName: st.name}
		if n := len(st.events); n > 0 {
			shown.FirstEventTimestamp, shown.LastEventTimestamp, shown.LastIngestionTime = st.events[0].Timestamp, st.events[n-1].Timestamp, st.events[n-1].IngestionTime
		}
		list = append(list, shown)
	}
	slices.SortFunc(list, func(a, b streamJSON) int { return cmp.Compare(a.LogStreamName, b.LogStreamName) })
	return map[string]any{"logStreams": list}, nil
}

func (s *Service) putLogEvents(r *awsproto.Request) (any, error) {
	_, st, in, err := s.streamed(r, true)
	if err != nil {
		return nil, err
	}
	for i, e := range in.LogEvents {
		if i > 0 && e.Timestamp < in.LogEvents[i-1].Timestamp {
			return nil, invalid("Log events in a single PutLogEvents request must be in chronological order.")
		}
	}
	now := s.now().UnixMilli()
	for _, e := range in.LogEvents {
		st.add(event{Timestamp: e.Timestamp, IngestionTime: now, Message: e.Message})
	}
	return map[string]any{"nextSequenceToken": "0"}, nil
}

func (in streamInput) covers(e event) bool {
	return (in.StartTime == nil || e.Timestamp >= *in.StartTime) && (in.EndTime == nil || e.Timestamp < *in.EndTime)
}

// getLogEvents gives everything from a forward token on, or the newest events.
func (s *Service) getLogEvents(r *awsproto.Request) (any, error) {
	_, st, in, err := s.streamed(r, true)
	if err != nil {
		return nil, err
	}
	from := 0
	if in.NextToken != "" {
		if _, err := fmt.Sscanf(in.NextToken, "f/%d", &from); err != nil {
			return nil, invalid("The specified nextToken is invalid.")
		}
	}
	list, end := []event{}, st.dropped
	for i, e := range st.events {
		end = st.dropped + i + 1
		if end > from && in.covers(e) {
			list = append(list, e)
		}
	}
	return map[string]any{"events": list, "nextForwardToken": fmt.Sprintf("f/%d", max(end, from)), "nextBackwardToken": "b/0"}, nil
}

type filteredEvent struct {
	event
	EventID       string `json:"eventId"`
	LogStreamName string `json:"logStreamName"`
}

// filterLogEvents looks for plain words: of filter patterns only quoted or bare
// terms are understood, all of which have to be in the message.
func (s *Service) filterLogEvents(r *awsproto.Request) (any, error) {
	g, _, in, err := s.streamed(r, false)
	if err != nil {
		return nil, err
	}
	if strings.ContainsAny(in.FilterPattern, "{}[]?%") || strings.Contains(" "+in.FilterPattern, " -") {
		return nil, awsproto.Errorf(http.StatusNotImplemented, "NotImplemented", "the embedded AWS does not do this: of filter patterns it knows terms alone")
	}
	terms := strings.Fields(strings.ReplaceAll(in.FilterPattern, `"`, ""))
	list := []filteredEvent{}
	for _, st := range g.streams {
		if !strings.HasPrefix(st.name, in.LogStreamNamePrefix) || len(in.LogStreamNames) > 0 && !slices.Contains(in.LogStreamNames, st.name) {
			continue
		}
		for i, e := range st.events {
			missing := slices.ContainsFunc(terms, func(term string) bool { return !strings.Contains(e.Message, term) })
			if in.covers(e) && !missing {
				list = append(list, filteredEvent{e, fmt.Sprintf("%s/%d", st.name, st.dropped+i), st.name})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b filteredEvent) int { return cmp.Compare(a.Timestamp, b.Timestamp) })
	return map[string]any{"events": list, "searchedLogStreams": []any{}}, nil
}
