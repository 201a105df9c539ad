package switchover

import (
	"fmt"
	"time"

	"apigateway-maintenance/internal/probe"
)

// Answers tell what clients of one URL got from the beginning of the apply on.
// Durations are nanoseconds and as exact as the rate of probing.
type Answers struct {
	URL      string        `json:"url"`
	Expected probe.Verdict `json:"expected"`
	// OldFor is from the apply's beginning to the last answer that was right
	// before and is not now; zero where the expected answer did not change.
	OldFor time.Duration `json:"old_for_ns"`
	// NewAfter is from the apply's beginning to the first expected answer;
	// zero where there was none or it did not change.
	NewAfter time.Duration `json:"new_after_ns"`
	// Old, New and Wrong count the answers of either kind from then on.
	Old   int `json:"old"`
	New   int `json:"new"`
	Wrong int `json:"wrong"`
	// Flips count the changes of verdict; a clean switch has one.
	Flips int `json:"flips"`
	// Last answer.
	Last *probe.Sample `json:"last"`
}

func (a Answers) String() string {
	switch {
	case a.Old+a.New+a.Wrong == 0:
		return fmt.Sprintf("%s: no answer since the apply began", a.URL)
	case a.New == 0:
		return fmt.Sprintf("%s: never %s; %d old and %d wrong answers", a.URL, a.Expected, a.Old, a.Wrong)
	case a.Old == 0 && a.OldFor == 0 && a.NewAfter == 0:
		return fmt.Sprintf("%s: %s throughout (%d answers), %d wrong", a.URL, a.Expected, a.New, a.Wrong)
	default:
		return fmt.Sprintf("%s: the old answer for %s, %s after %s, %d wrong of %d",
			a.URL, round(a.OldFor), a.Expected, round(a.NewAfter), a.Wrong, a.Old+a.New+a.Wrong)
	}
}

func round(d time.Duration) time.Duration { return d.Round(10 * time.Millisecond) }

// tally counts one URL's samples while they come, since a summary keeps counts
// for the whole run only.
type tally struct {
	Answers
	applied time.Time
	before  probe.Verdict
}

func (t *tally) see(s probe.Sample) (changed bool) {
	changed = t.Last != nil && t.Last.Verdict != s.Verdict
	t.Last = &s
	if t.applied.IsZero() || s.Due.Before(t.applied) {
		t.before = s.Verdict
		return changed
	}
	if changed {
		t.Flips++
	}
	since := s.Due.Sub(t.applied)
	switch s.Verdict {
	case t.Expected:
		if t.New == 0 && t.before != t.Expected {
			t.NewAfter = since
		}
		t.New++
	case probe.Wrong:
		t.Wrong++
	default:
		t.Old++
		t.OldFor = since
	}
	return changed
}
