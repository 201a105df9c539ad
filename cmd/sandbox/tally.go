package main

import (
	"sync"
	"time"

	"apigateway-maintenance/internal/probe"
)

// tally counts the answers that clients were owed: from the first live one
// until destroying begins.
type tally struct {
	mu     sync.Mutex
	open   bool
	closed time.Time
	first  time.Time
	last   time.Time

	all    int
	counts map[probe.Verdict]int
	wrong  []probe.Sample
}

func newTally() *tally { return &tally{counts: map[probe.Verdict]int{}} }

func (t *tally) see(s probe.Sample) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.all++
	if !t.open && s.Verdict == probe.Live {
		t.open, t.first = true, s.Due
	}
	if !t.open || (!t.closed.IsZero() && s.Due.After(t.closed)) {
		return
	}
	t.last = s.Due
	t.counts[s.Verdict]++
	if s.Verdict == probe.Wrong && len(t.wrong) < 5 {
		t.wrong = append(t.wrong, s)
	}
}

// close ends the count; what is due later owes nothing.
func (t *tally) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = time.Now()
}

// rate is requests a second while counting.
func (t *tally) rate() float64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	span := t.last.Sub(t.first).Seconds()
	if span <= 0 {
		return 0
	}
	return float64(t.counts[probe.Live]+t.counts[probe.Maintenance]+t.counts[probe.Wrong]) / span
}
