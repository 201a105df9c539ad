package switchover

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	tfjson "github.com/hashicorp/terraform-json"

	"apigateway-maintenance/internal/guard"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/probe"
	"apigateway-maintenance/internal/terraform"
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

	plan, err := s.plan(ctx, planFile)
	if err != nil {
		return err
	}
	if err := s.check(ctx, plan); err != nil {
		return err
	}
	if err := s.observe(ctx); err != nil {
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

func (s *story) plan(ctx context.Context, planFile string) (*tfjson.Plan, error) {
	options := s.Plan
	options.Out = planFile
	options.Vars = append(append([]string{}, options.Vars...), fmt.Sprintf("%s=%t", s.Variable, s.value()))
	if s.OnlySwitch {
		state, err := s.Runner.State(ctx)
		if err != nil {
			return nil, err
		}
		for _, m := range guard.StateMappings(state) {
			options.Targets = append(options.Targets, m.Address)
		}
		if len(options.Targets) == 0 {
			return nil, refused("--only-switch has nothing to switch: the state holds no base path mapping")
		}
	}
	s.emit(EventPlanning, "planning with %s = %t", s.Variable, s.value())
	if _, err := s.Runner.Plan(ctx, options); err != nil {
		return nil, err
	}
	return s.Runner.ShowPlan(ctx, planFile)
}

// check lets the plan through or says why not; nothing is applied before it.
func (s *story) check(ctx context.Context, plan *tfjson.Plan) error {
	result, err := guard.Check(plan, s.Direction)
	if err != nil {
		if !s.AllowOtherChanges {
			return &RefusedError{Why: err.Error(), Err: err}
		}
		result = guard.Unchecked(plan)
	}
	p := preview(plan, s.Direction, result)
	s.result.Plan = &p
	places, err := findPlaces(s.Runner, s.Plan, plan, s.Variable, s.value())
	if err != nil {
		return err
	}
	s.result.Places = places

	window := openWindow(plan, time.Now())
	if s.Direction == maintenance.Off && window == "" {
		if where := s.hiddenWindow(ctx, plan); where != "" {
			window = where + " is open"
		}
	}
	switch {
	case len(p.Violations) > 0 && !s.AllowOtherChanges:
		err = &RefusedError{
			Why:        "the plan does more than switch; nothing was applied. Deploy these changes first, or plan the mappings alone (--only-switch), or let everything through (--allow-other-changes):",
			Violations: p.Violations,
		}
	case s.Direction == maintenance.Off && window != "":
		err = refused("%s: a deploy inside it switches on again. End it first (set it to null or give it an earlier end; where a variable of the root holds it, --var NAME=null does so here), then switch off", window)
	case !p.switchesAny():
		err = refused("with %s = %t no base path would be %s: each has a maintenance_mode of its own or does not follow this variable (name another with --variable)", s.Variable, s.value(), verdictOf(s.Direction.Mode()))
	}
	if err != nil {
		s.emitData(EventRefused, p, "%s", err)
		return err
	}
	s.emitData(EventPlanned, p, "planned, and let through by the guard: %s", p)
	if s.OnPlan != nil {
		return s.OnPlan(p)
	}
	return nil
}

// observe begins to probe, so that the answers before the switch are known.
func (s *story) observe(ctx context.Context) error {
	expected, err := expectations(s.Probe.URLs, s.result.Plan.View, s.Direction)
	if err != nil {
		return err
	}
	s.watch, err = newWatch(s.Probe, expected, s.Emit)
	if err != nil {
		return err
	}
	s.watch.prober.Mark(maintenance.MarkPlan)
	s.emit(EventProbing, "probing %d URLs", len(expected))
	return s.watch.prober.Start(context.WithoutCancel(ctx))
}

func (s *story) already(ctx context.Context) error {
	s.emit(EventAlready, "Terraform has nothing to change: it is %s already", s.Direction)
	s.watch.applying()
	return s.confirm(ctx)
}

func (s *story) approve(ctx context.Context) error {
	if s.Approve == nil {
		return nil
	}
	yes, err := s.Approve(ctx, *s.result.Plan)
	if err != nil {
		return err
	}
	if !yes {
		return ErrDeclined
	}
	return nil
}

func (s *story) preflight(ctx context.Context) error {
	if s.Direction != maintenance.Off {
		return nil
	}
	if len(s.Preflight) == 0 {
		return nil
	}
	elsewhere := s.Probe // the header may be a secret of the API's own hosts
	elsewhere.URLs, elsewhere.Header = s.Preflight, nil
	stranger, err := probe.New(elsewhere)
	if err != nil {
		return err
	}
	defer stranger.Stop()
	for _, url := range s.Preflight {
		asker := stranger
		if s.watch.knows(url) {
			asker = s.watch.prober
		}
		sample := asker.Ask(ctx, url)
		if sample.Verdict != probe.Live {
			return refused("the backend is not well, so it was not reopened: %s %s", url, sample.Answer())
		}
		s.emit(EventPreflight, "%s %s", url, sample.Answer())
	}
	return nil
}

func (s *story) apply(ctx context.Context, planFile string) error {
	s.watch.baseline(ctx)
	s.emit(EventApplying, "applying")
	s.watch.applying()
	err := s.Runner.Apply(ctx, planFile, terraform.ApplyOptions{LockTimeout: s.Plan.LockTimeout, ExtraArgs: s.Plan.ExtraArgs})
	s.watch.prober.Mark(maintenance.MarkApplied)
	if err != nil {
		return s.afterFailure(ctx, err)
	}
	s.applied = true
	s.emit(EventApplied, "applied in %s", round(time.Since(s.watch.applied)))
	return nil
}

// afterFailure asks the state and the last answers what a failed apply had done.
func (s *story) afterFailure(ctx context.Context, cause error) error {
	failure := &ApplyError{Err: cause}
	s.watch.prober.Burst(confirmBurst) // reading the state takes longer than these answers
	state, err := s.Runner.State(context.WithoutCancel(ctx))
	if err != nil {
		return failure
	}
	failure.Known = true
	now := map[string]maintenance.Mapping{}
	for _, m := range guard.StateMappings(state) {
		now[m.Address] = m
	}
	for _, planned := range s.result.Plan.Switches {
		switch {
		case now[planned.Address].Target != planned.Target:
			failure.Unmoved = append(failure.Unmoved, planned.Mapping)
		case s.watch.answersAsExpected(planned.Mapping):
			failure.Moved = append(failure.Moved, planned.Mapping)
		default:
			failure.Doubtful = append(failure.Doubtful, planned.Mapping)
		}
	}
	return failure
}

func (s *story) confirm(ctx context.Context) error {
	if err := s.watch.confirm(ctx, s.Confirm, s.Timeout); err != nil {
		s.emit(EventUnconfirmed, "%v", err)
		return err
	}
	s.confirmed = true
	s.watch.prober.Mark(maintenance.MarkConfirmed)
	s.emit(EventConfirmed, "confirmed: %d right answers in a row on every URL, %s after the apply began", s.Confirm, round(time.Since(s.watch.applied)))
	return s.drain(ctx)
}

// drain waits until the last request that the old API took can have ended.
func (s *story) drain(ctx context.Context) error {
	if s.Drain == 0 || s.result.Plan.NothingToDo() {
		return nil
	}
	var last time.Duration
	for _, a := range s.watch.answers() {
		last = max(last, a.OldFor)
	}
	s.result.DrainedAt = s.watch.applied.Add(last).Add(s.Drain)
	s.emit(EventDraining, "requests that were under way can run until %s", s.result.DrainedAt.Format(time.TimeOnly))
	select {
	case <-time.After(time.Until(s.result.DrainedAt)):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// finish ends the probing, saves, and tells the end. Its error is the story's,
// and that of saving where it failed.
func (s *story) finish(err error) error {
	if s.watch != nil {
		s.watch.prober.Stop()
		summary := s.watch.prober.Timeline().Summary()
		s.result.Timeline = &summary
		s.result.Answers = s.watch.answers()
	}
	s.result.Outcome = s.outcome(err)
	if s.result.Outcome == Interrupted {
		err = s.interruption(err)
	}
	if o := s.result.Outcome; o == Done || o == Already || o == Unconfirmed || s.applied {
		err = errors.Join(err, s.tellPlaces())
	}
	if err != nil {
		s.result.Error = err.Error()
	}
	s.result.Finished = time.Now()
	s.emitData(EventResult, s.result, "%s: %s", s.Direction, s.result.Outcome)
	return err
}

// interruption says how things stand after Ctrl-C. An apply that was
// interrupted has told what it did.
func (s *story) interruption(err error) error {
	var partly *ApplyError
	switch {
	case errors.As(err, &partly):
		return err
	case s.confirmed:
		return fmt.Errorf("interrupted while draining; it is switched %s and confirmed: %w", s.Direction, err)
	case s.applied:
		return fmt.Errorf("interrupted before it was confirmed; it is applied: %w", err)
	default:
		return fmt.Errorf("interrupted; nothing was applied: %w", err)
	}
}

// tellPlaces saves, if asked to, and names what will switch back.
func (s *story) tellPlaces() error {
	var failed error
	if s.Save {
		path, err := savePlace(s.Runner.Dir, s.Variable, s.value())
		if err == nil {
			s.emit(EventSaved, "wrote %s = %t to %s", s.Variable, s.value(), path)
			s.result.Places = markSaved(s.result.Places, s.value())
		} else {
			failed = fmt.Errorf("switched, but %s was not saved: %w", s.Variable, err)
		}
	}
	for _, p := range s.result.Places {
		if !p.Agrees {
			s.emitData(EventPlace, p, "%s", p)
		}
	}
	return failed
}

func (s *story) outcome(err error) string {
	var (
		refusal     *RefusedError
		unconfirmed *probe.UnconfirmedError
	)
	switch {
	case err == nil && s.result.Plan.NothingToDo():
		return Already
	case err == nil:
		return Done
	case errors.Is(err, context.Canceled) || terraform.KindOf(err) == terraform.KindInterrupted:
		return Interrupted
	case errors.As(err, &refusal):
		return Refused
	case errors.Is(err, ErrDeclined):
		return Declined
	case errors.As(err, &unconfirmed):
		return Unconfirmed
	default:
		return Failed
	}
}
