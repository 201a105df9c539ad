package probe

import (
	"slices"
	"sync"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"apigateway-maintenance/internal/maintenance"
)

// What a timeline keeps is bounded, so that a run of days does not grow.
const (
	keptSamples = 50   // wrong ones at either end, and changes, of one URL
	keptBuckets = 3600 // then two neighbours become one
)

// Timeline keeps what a [Prober] saw: exact counts and moments, latency in
// histograms, and single samples only where they tell something (the first,
// the last, changes, wrong ones). It is safe for concurrent use.
type Timeline struct {
	mu       sync.Mutex
	started  time.Time
	timeout  time.Duration
	onSample func(Sample)
	tracks   []*track
	byURL    map[string]*track
	marks    []Moment
	phases   []*phase
	buckets  []Bucket
	width    time.Duration
	waiters  []*waiter
}

// Moment is a mark and its time.
type Moment struct {
	Name maintenance.Mark `json:"name"`
	At   time.Time        `json:"at"`
}

// Bucket counts the answers to requests that were due in one span of time.
type Bucket struct {
	// From is the span's beginning, since the timeline's.
	From        time.Duration `json:"from_ns"`
	Live        int           `json:"live"`
	Maintenance int           `json:"maintenance"`
	Wrong       int           `json:"wrong"`
	// Slowest answer of the span.
	Slowest time.Duration `json:"slowest_ns"`
}

// track is one URL's history, in the order in which requests were due. Answers
// that overtake an earlier one wait for it in pending.
type track struct {
	url         string
	next        int
	pending     map[int]Sample
	counts      map[Verdict]int
	first, last *Sample
	streak      int // answers since the verdict was another
	streakFrom  time.Time
	changes     []Change
	flips       int
	turn        *Change // the latest one
	wrongFirst  []Sample
	wrongLast   []Sample
}

// Change is where a URL's answers turned from one verdict to another.
type Change struct {
	// Before is the last sample of the old verdict, After the first of the new.
	Before Sample `json:"before"`
	After  Sample `json:"after"`
}

type phase struct {
	counts  map[Verdict]int
	latency *hdrhistogram.Histogram // microseconds
}

func newPhase(timeout time.Duration) *phase {
	return &phase{counts: map[Verdict]int{}, latency: hdrhistogram.New(1, max(timeout*2, time.Minute).Microseconds(), 2)}
}

func newTimeline(config Config) *Timeline {
	t := &Timeline{
		started:  time.Now(),
		timeout:  config.Timeout,
		onSample: config.OnSample,
		byURL:    map[string]*track{},
		phases:   []*phase{newPhase(config.Timeout)},
		width:    time.Second,
	}
	for _, url := range config.URLs {
		tr := &track{url: url, pending: map[int]Sample{}, counts: map[Verdict]int{}}
		t.tracks = append(t.tracks, tr)
		t.byURL[url] = tr
	}
	return t
}

func (t *Timeline) mark(name maintenance.Mark, at time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.marks = append(t.marks, Moment{Name: name, At: at})
	t.phases = append(t.phases, newPhase(t.timeout))
}

// add takes a sample in any order and accounts in due order.
func (t *Timeline) add(s Sample) {
	t.mu.Lock()
	defer t.mu.Unlock()
	tr := t.byURL[s.URL]
	tr.pending[s.sequence] = s
	for {
		next, ok := tr.pending[tr.next]
		if !ok {
			return
		}
		delete(tr.pending, tr.next)
		tr.next++
		if next.abandoned {
			continue
		}
		tr.see(next)
		t.account(next)
		for _, w := range t.waiters {
			if !next.Due.Before(w.since) {
				w.see(next)
			}
		}
		if t.onSample != nil {
			t.onSample(next)
		}
	}
}

func (tr *track) see(s Sample) {
	tr.counts[s.Verdict]++
	if tr.overtaken(s) {
		tr.streak, tr.streakFrom = 0, s.Due // no flip, but nothing to confirm by either
		return
	}
	if tr.first == nil {
		tr.first = &s
	}
	if tr.last != nil && tr.last.Verdict != s.Verdict {
		tr.flips++
		tr.turn = &Change{Before: *tr.last, After: s}
		tr.changes = appendEnds(tr.changes, Change{Before: *tr.last, After: s})
	}
	if tr.last == nil || tr.last.Verdict != s.Verdict {
		tr.streak, tr.streakFrom = 0, s.Due
	}
	tr.streak++
	if s.Verdict == Wrong {
		if len(tr.wrongFirst) < keptSamples {
			tr.wrongFirst = append(tr.wrongFirst, s)
		} else {
			tr.wrongLast = appendLast(tr.wrongLast, s)
		}
	}
	tr.last = &s
}

// overtaken tells of an old answer to a request that was already under way when
// the first new answer came back: the two were served in an order that nobody
// can know, so it is no change back.
func (tr *track) overtaken(s Sample) bool {
	return tr.turn != nil && s.Verdict == tr.turn.Before.Verdict && s.Verdict != Wrong &&
		tr.last.Verdict == tr.turn.After.Verdict && s.Due.Before(tr.turn.After.Due.Add(tr.turn.After.Latency))
}

func appendLast[T any](kept []T, v T) []T {
	if len(kept) == keptSamples {
		kept = slices.Delete(kept, 0, 1)
	}
	return append(kept, v)
}

// appendEnds keeps as many of the first as of the last.
func appendEnds[T any](kept []T, v T) []T {
	if len(kept) == 2*keptSamples {
		kept = slices.Delete(kept, keptSamples, keptSamples+1)
	}
	return append(kept, v)
}

func (t *Timeline) account(s Sample) {
	current := 0
	for _, m := range t.marks {
		if !s.Due.Before(m.At) {
			current++
		}
	}
	ph := t.phases[current]
	ph.counts[s.Verdict]++
	if s.Status != 0 {
		us := min(max(s.Latency.Microseconds(), 1), ph.latency.HighestTrackableValue())
		_ = ph.latency.RecordValue(us) // in range by the line above
	}

	since := max(s.Due.Sub(t.started), 0)
	for int(since/t.width) >= keptBuckets {
		t.coarsen()
	}
	i := int(since / t.width)
	for len(t.buckets) <= i {
		t.buckets = append(t.buckets, Bucket{From: time.Duration(len(t.buckets)) * t.width})
	}
	b := &t.buckets[i]
	switch s.Verdict {
	case Live:
		b.Live++
	case Maintenance:
		b.Maintenance++
	default:
		b.Wrong++
	}
	b.Slowest = max(b.Slowest, s.Latency)
}

// coarsen makes one bucket of two.
func (t *Timeline) coarsen() {
	t.width *= 2
	merged := make([]Bucket, 0, keptBuckets)
	for pair := range slices.Chunk(t.buckets, 2) {
		b := pair[0]
		for _, other := range pair[1:] {
			b.Live += other.Live
			b.Maintenance += other.Maintenance
			b.Wrong += other.Wrong
			b.Slowest = max(b.Slowest, other.Slowest)
		}
		merged = append(merged, b)
	}
	t.buckets = merged
}

func (t *Timeline) watch(since time.Time, expected Expected, inARow int) *waiter {
	w := &waiter{
		expected: expected, inARow: inARow, since: since,
		counts: map[string]int{}, last: map[string]Sample{}, done: make(chan struct{}),
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, tr := range t.tracks {
		if want := expected[tr.url]; tr.last != nil && (want == Any || want == tr.last.Verdict) && !tr.streakFrom.Before(since) {
			w.counts[tr.url] = tr.streak
		}
	}
	w.settle()
	t.waiters = append(t.waiters, w)
	return w
}

func (t *Timeline) unwatch(w *waiter) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.waiters = slices.DeleteFunc(t.waiters, func(other *waiter) bool { return other == w })
}

func (t *Timeline) unconfirmed(w *waiter, cause error) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	e := &UnconfirmedError{Err: cause}
	for _, tr := range t.tracks {
		if _, watched := w.expected[tr.url]; !watched || w.counts[tr.url] >= w.inARow {
			continue
		}
		last, seen := w.last[tr.url]
		if !seen && tr.last != nil {
			last = *tr.last
		}
		last.URL = tr.url
		e.Last = append(e.Last, last)
	}
	return e
}
