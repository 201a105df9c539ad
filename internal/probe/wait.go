package probe

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Expected is the verdict that each URL is to give.
type Expected map[string]Verdict

// All expects the same of every URL.
func All(verdict Verdict, urls []string) Expected {
	expected := Expected{}
	for _, url := range urls {
		expected[url] = verdict
	}
	return expected
}

// UnconfirmedError says that the answers did not become what was expected
// while there was time.
type UnconfirmedError struct {
	// Last unexpected sample of each URL that had not given enough right
	// answers in a row; its Verdict is empty for a URL without any sample.
	Last []Sample
	// Err is the context's: the deadline, or an interruption.
	Err error
}

func (e *UnconfirmedError) Error() string {
	parts := make([]string, len(e.Last))
	for i, s := range e.Last {
		parts[i] = s.URL + " " + s.Answer()
	}
	return "not confirmed: " + strings.Join(parts, "; ")
}

func (e *UnconfirmedError) Unwrap() error { return e.Err }

// Answer tells the verdict in words.
func (s Sample) Answer() string {
	switch s.Verdict {
	case "":
		return "gave no answer yet"
	case Wrong:
		return "answered wrongly: " + s.Reason
	case Maintenance:
		return fmt.Sprintf("is in maintenance (status %d)", s.Status)
	default:
		return fmt.Sprintf("is live (status %d)", s.Status)
	}
}

// waiter counts right answers in a row, over all URLs, from a moment on.
type waiter struct {
	expected Expected
	inARow   int
	since    time.Time
	counts   map[string]int
	last     map[string]Sample
	done     chan struct{}
	complete bool
}

func (w *waiter) see(s Sample) {
	want, watched := w.expected[s.URL]
	if !watched || w.complete {
		return
	}
	if want != Any && s.Verdict != want {
		w.counts[s.URL], w.last[s.URL] = 0, s
		return
	}
	w.counts[s.URL]++
	w.settle()
}

func (w *waiter) settle() {
	for url := range w.expected {
		if w.counts[url] < w.inARow {
			return
		}
	}
	w.complete = true
	close(w.done)
}

// WaitFor returns when the latest inARow answers of every URL in expected, to
// requests due from now on, are as expected: any other answer makes its URL
// start over, so flapping does not confirm. When ctx ends first it returns an
// [*UnconfirmedError].
func (p *Prober) WaitFor(ctx context.Context, expected Expected, inARow int) error {
	return p.WaitSince(ctx, time.Now(), expected, inARow)
}

// WaitSince is [Prober.WaitFor] with answers counting from an earlier moment
// on, if they have been right ever since they first were.
func (p *Prober) WaitSince(ctx context.Context, since time.Time, expected Expected, inARow int) error {
	for url := range expected {
		if !slices.Contains(p.config.URLs, url) {
			return fmt.Errorf("cannot wait for %s: it is not probed", url)
		}
	}
	w := p.timeline.watch(since, expected, max(inARow, 1))
	defer p.timeline.unwatch(w)
	select {
	case <-w.done:
		return nil
	case <-ctx.Done():
	}
	// When both ended at once, the answers were there in time.
	select {
	case <-w.done:
		return nil
	default:
		return p.timeline.unconfirmed(w, ctx.Err())
	}
}
