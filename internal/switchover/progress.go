package switchover

import (
	"fmt"
	"strings"
	"time"

	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/plain"
	"apigateway-maintenance/internal/terraform"
)

// Progress is how far an apply has come.
type Progress struct {
	Moved int `json:"moved"`
	Of    int `json:"of"`
	// Waiting for what, and how long; empty where nothing has begun.
	Waiting string        `json:"waiting"`
	For     time.Duration `json:"for_ns"`
	// Also is how many others are waited for.
	Also int `json:"also"`
	// Attempt of the call that AWS has not done so far, and the Status that it
	// answered; the attempt is zero where none failed, the status where AWS did
	// not answer.
	Attempt int `json:"attempt"`
	Status  int `json:"status"`
}

func (p Progress) String() string {
	text := fmt.Sprintf("apply: %d of %d moved, waiting %d s for ", p.Moved, p.Of, int(p.For.Seconds()))
	if p.Waiting == "" {
		return text + "Terraform"
	}
	text += plain.Line(p.Waiting)
	switch {
	case p.Attempt > 0 && p.Status > 0:
		text += fmt.Sprintf(", AWS answered %d (attempt %d)", p.Status, p.Attempt)
	case p.Attempt > 0:
		text += fmt.Sprintf(", AWS did not answer (attempt %d)", p.Attempt)
	}
	if p.Also > 0 {
		text += fmt.Sprintf(", and %d more", p.Also)
	}
	return text
}

// How often progress is told: of a failed attempt soon, unless it was made good
// at once; of mere waiting now and then, and the less the longer it takes.
const (
	lookEvery    = 500 * time.Millisecond
	attemptEvery = 2 * time.Second
	waitingEvery = 10 * time.Second
	waitingMost  = time.Minute
)

// due says whether progress is to be told again, so long after the last time.
func (p Progress) due(told Progress, since time.Duration) bool {
	failed := p.Attempt > 0 && (p.Attempt != told.Attempt || p.Waiting != told.Waiting)
	return since >= min(max(waitingEvery, p.For/6), waitingMost) || (failed && p.For >= attemptEvery && since >= attemptEvery)
}

// tellProgress tells how far an apply has come until stop is called.
func (s *story) tellProgress(apply *terraform.Progress) (stop func()) {
	end, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(lookEvery)
		defer tick.Stop()
		told, last := Progress{}, time.Now()
		begun := last
		for {
			select {
			case <-end:
				return
			case now := <-tick.C:
				p := s.progress(apply, begun, now)
				if p.due(told, now.Sub(last)) {
					s.emitData(EventProgress, p, "%s", p)
					told, last = p, now
				}
			}
		}
	}()
	return func() {
		close(end)
		<-done
	}
}

// progress is what can be told now: the mapping that is waited for longest, and
// what AWS said of it.
func (s *story) progress(apply *terraform.Progress, begun, now time.Time) Progress {
	steps, attempts := apply.Steps(), apply.Attempts()
	p := Progress{Of: len(s.result.Plan.Switches), For: now.Sub(begun)}
	since := now
	wait := func(what string, step terraform.Step, attempt terraform.Attempt) {
		if step.Stage != terraform.StageBegun {
			return
		}
		p.Also++
		if step.Begun.Before(since) {
			since = step.Begun
			p.Waiting, p.For, p.Attempt, p.Status = what, now.Sub(since), attempt.Number, attempt.Status
		}
	}
	for _, m := range s.result.Plan.Switches {
		step := steps[m.Address]
		if step.Stage == terraform.StageDone {
			p.Moved++
		}
		wait(m.URL(), step, attempts[callPath(m.Mapping)])
	}
	for _, address := range s.result.Plan.others() {
		wait(address, steps[address], terraform.Attempt{})
	}
	p.Also = max(p.Also-1, 0)
	return p
}

// callPath is the path of the call that moves a mapping (facts E1).
func callPath(m maintenance.Mapping) string {
	path := strings.TrimPrefix(m.Path, "/")
	if path == "" {
		path = "(none)"
	}
	return "/domainnames/" + m.Domain + "/basepathmappings/" + path
}
