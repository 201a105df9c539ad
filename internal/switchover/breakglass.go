package switchover

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"apigateway-maintenance/internal/breakglass"
	"apigateway-maintenance/internal/guard"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/runbook"
)

// Breakglass switches by API Gateway's own calls what a runbook names, and
// probes and confirms as [Run] does. Of the options, those of Terraform and
// Save have no meaning here. Errors are [*MoveError], [*breakglass.Error],
// [*RefusedError], [*probe.UnconfirmedError], [ErrDeclined], or an
// interruption's.
func Breakglass(ctx context.Context, options Options, gateway breakglass.Gateway, book runbook.Runbook) (Result, error) {
	s := &story{Options: options.withDefaults(), result: Result{Direction: options.Direction, Started: time.Now(), Workspace: book.Workspace}}
	stopTelling := context.AfterFunc(ctx, func() {
		s.emit(EventInterrupted, "interrupted: calls under way come to their end, and no more are made")
	})
	err := s.breakglass(ctx, breakglass.New(gateway, book), book)
	stopTelling()
	err = s.finish(err)
	return s.result, err
}

func (s *story) breakglass(ctx context.Context, switcher *breakglass.Switcher, book runbook.Runbook) error {
	s.emit(EventPlanning, "asking AWS where the base paths point")
	found, err := switcher.Look(ctx, s.Direction)
	if err != nil {
		return err
	}
	p := foundPreview(found, book, s.Direction)
	s.result.Plan = &p
	s.emitData(EventPlanned, p, "%s", found)
	if err := s.observe(ctx, bookModes{book, p}, urlsOf(book)); err != nil {
		return err
	}
	if len(found.Moves) == 0 {
		s.emit(EventAlready, "there is nothing to move")
		s.watch.applying()
	} else if err := s.move(ctx, switcher, found); err != nil {
		return err
	}
	if err := s.confirm(ctx); err != nil {
		return err
	}
	s.emit(EventDrift, "%s", book.Unrecorded(s.Direction))
	return leftAlone(found)
}

// move asks, and makes the moves.
func (s *story) move(ctx context.Context, switcher *breakglass.Switcher, found breakglass.Found) error {
	if err := s.approve(ctx); err != nil {
		return err
	}
	if err := s.preflight(ctx); err != nil {
		return err
	}
	s.watch.baseline(ctx)
	s.emit(EventApplying, "moving %d base paths", len(found.Moves))
	s.watch.applying()
	var moved []string
	err := switcher.Move(ctx, found.Moves, func(m breakglass.Move) { moved = append(moved, m.URL()) })
	s.watch.prober.Mark(maintenance.MarkApplied)
	if err != nil {
		if err := s.afterMoves(ctx, switcher, found, moved, err); err != nil {
			return err
		}
	}
	s.applied = true
	s.emit(EventApplied, "moved in %s", round(time.Since(s.watch.applied)))
	return nil
}

// afterMoves asks AWS once more what has moved: of a call whose answer did not
// come nobody else can tell. It is nil where all has moved all the same.
func (s *story) afterMoves(ctx context.Context, switcher *breakglass.Switcher, before breakglass.Found, moved []string, cause error) error {
	failure := &MoveError{Of: len(before.Moves), Moved: len(moved), Err: cause}
	after, err := switcher.Look(context.WithoutCancel(ctx), s.Direction)
	if err != nil {
		return failure
	}
	failure.Known = true
	for _, m := range after.Moves {
		failure.Unmoved = append(failure.Unmoved, m.URL())
	}
	failure.Moved = failure.Of - len(failure.Unmoved)
	if failure.Moved == failure.Of {
		return ctx.Err()
	}
	return failure
}

// leftAlone is the error of a switch that is confirmed for all base paths but
// those that point elsewhere.
func leftAlone(found breakglass.Found) error {
	if len(found.Strangers) == 0 {
		return nil
	}
	failure := &MoveError{Of: len(found.Moves) + len(found.There) + len(found.Strangers), Moved: len(found.Moves) + len(found.There), Known: true}
	var reasons []string
	for _, stranger := range found.Strangers {
		failure.Unmoved = append(failure.Unmoved, stranger.URL())
		reasons = append(reasons, stranger.String())
	}
	failure.Err = errors.New(strings.Join(reasons, "; "))
	return failure
}

// MoveError says that not every base path was moved.
type MoveError struct {
	// Moved of so many; at least so many where it is not Known.
	Moved, Of int
	// Unmoved are the URLs of the others, where AWS could be asked.
	Unmoved []string
	Known   bool
	Err     error
}

func (e *MoveError) Error() string {
	switch {
	case !e.Known:
		return fmt.Sprintf("%v; at least %d of %d base paths moved, and what became of the others AWS could not be asked: repeat the command", e.Err, e.Moved, e.Of)
	case e.Moved == 0:
		return fmt.Sprintf("%v; nothing was switched", e.Err)
	default:
		return fmt.Sprintf("%v; %d of %d base paths are switched, these are not: %s", e.Err, e.Moved, e.Of, strings.Join(e.Unmoved, ", "))
	}
}

func (e *MoveError) Unwrap() error { return e.Err }

// foundPreview tells what was found as [Run] tells a plan.
func foundPreview(found breakglass.Found, book runbook.Runbook, direction maintenance.Direction) Preview {
	p := Preview{Direction: direction, Region: book.Region}
	for _, m := range found.Moves {
		p.Switches = append(p.Switches, guard.Switch{From: m.From, Mapping: maintenance.Mapping{Domain: m.Domain, Path: m.Path, Target: m.To}})
	}
	strange := map[string]bool{}
	for _, stranger := range found.Strangers {
		strange[stranger.URL()] = true
		p.Violations = append(p.Violations, guard.Violation{Address: stranger.Domain + stranger.Path, Action: "left alone", Why: stranger.String()})
	}
	for _, m := range book.Mappings {
		if !strange[m.URL()] {
			p.Endpoints = append(p.Endpoints, guard.Endpoint{URL: m.URL(), Domain: m.Domain, Path: m.Path, Mode: m.ModeAfter(direction)})
		}
	}
	return p
}

func urlsOf(book runbook.Runbook) []string {
	var urls []string
	for _, m := range book.Mappings {
		urls = append(urls, m.URL())
	}
	return urls
}

// bookModes are the URLs of a runbook.
type bookModes struct {
	book    runbook.Runbook
	preview Preview
}

func (b bookModes) Endpoints() []guard.Endpoint { return b.preview.Endpoints }

func (b bookModes) ModeOfURL(raw string) maintenance.Mode {
	return b.book.ModeOfURL(raw, b.preview.Direction)
}
