package probe

import (
	"maps"
	"slices"
	"time"

	"apigateway-maintenance/internal/maintenance"
)

// Summary is a picture of a timeline, for reports. Durations are nanoseconds.
type Summary struct {
	Started time.Time `json:"started"`
	// Counts of all answers by verdict.
	Counts map[Verdict]int `json:"counts"`
	URLs   []URLSummary    `json:"urls"`
	Marks  []Moment        `json:"marks"`
	// Phases are the spans between marks: one more than there are marks.
	Phases []Phase `json:"phases"`
	Span   Span    `json:"span"`
}

// Span holds the answers over time in equal buckets.
type Span struct {
	// Width of a bucket: a second, doubled each time a run outgrows an hour.
	Width   time.Duration `json:"width_ns"`
	Buckets []Bucket      `json:"buckets"`
}

// URLSummary is what one URL answered.
type URLSummary struct {
	URL    string          `json:"url"`
	Counts map[Verdict]int `json:"counts"`
	// First and Last sample; nil before the first answer.
	First *Sample `json:"first"`
	Last  *Sample `json:"last"`
	// Flips counts the changes of verdict; Changes holds those of both ends. Of
	// requests under way at the same time nobody knows which was served first,
	// so between them there is one change at most.
	Flips   int      `json:"flips"`
	Changes []Change `json:"changes"`
	// WrongFirst and WrongLast are the wrong samples of both ends; how many
	// there were is in Counts.
	WrongFirst []Sample `json:"wrong_first"`
	WrongLast  []Sample `json:"wrong_last"`
}

// Phase is the span from one mark to the next; requests belong to the phase in
// which they were due.
type Phase struct {
	// Name of the mark that begins it; empty before the first.
	Name   maintenance.Mark `json:"name"`
	From   time.Time        `json:"from"`
	Counts map[Verdict]int  `json:"counts"`
	// Percentiles of the latency of requests that got an answer, within 1 %.
	P50 time.Duration `json:"p50_ns"`
	P90 time.Duration `json:"p90_ns"`
	P99 time.Duration `json:"p99_ns"`
	Max time.Duration `json:"max_ns"`
}

// Summary copies what the timeline holds now.
func (t *Timeline) Summary() Summary {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := Summary{
		Started: t.started,
		Counts:  map[Verdict]int{},
		Marks:   slices.Clone(t.marks),
		Span:    Span{Width: t.width, Buckets: slices.Clone(t.buckets)},
	}
	for _, tr := range t.tracks {
		for verdict, n := range tr.counts {
			s.Counts[verdict] += n
		}
		s.URLs = append(s.URLs, tr.summary())
	}
	for i, ph := range t.phases {
		p := Phase{From: t.started, Counts: maps.Clone(ph.counts)}
		if i > 0 {
			p.Name, p.From = t.marks[i-1].Name, t.marks[i-1].At
		}
		if ph.latency.TotalCount() > 0 {
			at := func(q float64) time.Duration { return time.Duration(ph.latency.ValueAtQuantile(q)) * time.Microsecond }
			p.P50, p.P90, p.P99, p.Max = at(50), at(90), at(99), at(100)
		}
		s.Phases = append(s.Phases, p)
	}
	return s
}

func (tr *track) summary() URLSummary {
	u := URLSummary{
		URL:        tr.url,
		Counts:     maps.Clone(tr.counts),
		Flips:      tr.flips,
		Changes:    slices.Clone(tr.changes),
		WrongFirst: slices.Clone(tr.wrongFirst),
		WrongLast:  slices.Clone(tr.wrongLast),
	}
	if tr.first != nil {
		first, last := *tr.first, *tr.last
		u.First, u.Last = &first, &last
	}
	return u
}
