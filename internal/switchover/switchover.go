package switchover

import (
	"context"
	"fmt"
	"time"

	"apigateway-maintenance/internal/file"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/probe"
)

// Outcomes of a switch.
const (
	Done        = "done"
	Already     = "already"
	Refused     = "refused"
	Declined    = "declined"
	Unconfirmed = "unconfirmed"
	Interrupted = "interrupted"
	Failed      = "failed"
)

// Result is what became of a switch, as far as it went.
type Result struct {
	Direction maintenance.Direction `json:"direction"`
	Outcome   string                `json:"outcome"`
	Started   time.Time             `json:"started"`
	Finished  time.Time             `json:"finished"`
	Workspace string                `json:"workspace"`
	// Plan is nil where there was none.
	Plan *Preview `json:"plan"`
	// Answers from the apply on, a URL each.
	Answers []Answers `json:"answers"`
	// Timeline is nil where nothing was probed.
	Timeline *probe.Summary `json:"timeline"`
	// Places where the variable is set, with whether they agree.
	Places []Place `json:"places"`
	// DrainedAt is when the last request that was under way can have ended;
	// zero without a drain time.
	DrainedAt time.Time `json:"drained_at,omitzero"`
	// Error is empty unless it failed.
	Error string `json:"error,omitempty"`
}

type story struct {
	Options
	result Result
	watch  *watch
	// applied and confirmed say how far it came.
	applied, confirmed bool
}

// Run switches. Its result tells how far it came whatever the error; errors
// are [*RefusedError], [*ApplyError], [*probe.UnconfirmedError],
// [*terraform.Error], [ErrDeclined], or an interruption's.
func Run(ctx context.Context, options Options) (Result, error) {
	s := &story{Options: options.withDefaults(), result: Result{Direction: options.Direction, Started: time.Now()}}
	stopTelling := context.AfterFunc(ctx, func() {
		s.emit(EventInterrupted, "interrupted: if Terraform runs, it is asked to stop, writes its state and releases its lock")
	})
	err := s.run(ctx)
	stopTelling()
	err = s.finish(err)
	return s.result, err
}

func (s *story) emit(event, format string, args ...any) {
	s.emitData(event, nil, format, args...)
}

func (s *story) emitData(event string, data any, format string, args ...any) {
	s.Emit(Event{Time: time.Now(), Event: event, Message: fmt.Sprintf(format, args...), Data: data})
}

func (s *story) run(ctx context.Context) error {
	s.sweep()
	runner := *s.Runner // its caller's stays as it is
	runner.Stopping = func(waited time.Duration) {
		s.emit(EventStopping, "Terraform was asked to stop and has not yet, after %d s", int(waited.Seconds()))
	}
	s.Runner = &runner
	initialised, err := s.Runner.EnsureInit(ctx)
	if err != nil {
		return err
	}
	if initialised {
		s.emit(EventInitialised, "the root was not initialised; ran init")
	}

	// Plans hold secrets in the clear: ours stays in a folder only we can read.
	scratch, err := file.NewScratch()
	if err != nil {
		return err
	}
	defer scratch.Remove()
	planFile := scratch.Path("switch.tfplan")

	if err := s.prepare(ctx, planFile); err != nil {
		return err
	}
	if s.result.Plan.NothingToDo() {
		return s.already(ctx)
	}
	if err := s.approve(ctx); err != nil {
		return err
	}
	if err := s.preflight(ctx); err != nil {
		return err
	}
	if err := s.apply(ctx, planFile, scratch.Path("provider.log")); err != nil {
		return err
	}
	return s.confirm(ctx)
}

// sweep removes the folders of runs that were killed, which hold secrets.
func (s *story) sweep() {
	for _, dir := range file.SweepScratch() {
		s.emit(EventSwept, swept, dir)
	}
}

const swept = "removed %s, which an earlier run that was killed had left behind"
