package switchover

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

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
	initialised, err := s.Runner.EnsureInit(ctx)
	if err != nil {
		return err
	}
	if initialised {
		s.emit(EventInitialised, "the root was not initialised; ran init")
	}

	if s.result.Workspace, err = s.Runner.Workspace(ctx); err != nil {
		return err
	}

	// Plans hold secrets in the clear: ours stays in a folder only we can read.
	dir, err := os.MkdirTemp("", "maintenance-*")
	if err != nil {
		return fmt.Errorf("make a folder for the plan: %w", err)
	}
	defer os.RemoveAll(dir)
	planFile := filepath.Join(dir, "switch.tfplan")

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
	if err := s.apply(ctx, planFile); err != nil {
		return err
	}
	return s.confirm(ctx)
}

// check lets the plan through or says why not; nothing is applied before it.
// observe begins to probe, so that the answers before the switch are known.
// afterFailure asks the state and the last answers what a failed apply had done.
// drain waits until the last request that the old API took can have ended.
// finish ends the probing, saves, and tells the end. Its error is the story's,
// and that of saving where it failed.
// interruption says how things stand after Ctrl-C. An apply that was
// interrupted has told what it did.
// tellPlaces saves, if asked to, and names what will switch back.
