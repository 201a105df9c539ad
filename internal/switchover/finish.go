package switchover

import (
	"context"
	"errors"
	"fmt"
	"time"

	"apigateway-maintenance/internal/probe"
	"apigateway-maintenance/internal/terraform"
)

// finish ends the probing, saves, and tells the end. Its error is the story's,
// and that of saving where it failed.
func (s *story) finish(err error) error {
	s.forget()
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
	var (
		partly *ApplyError
		moves  *MoveError
	)
	switch {
	case errors.As(err, &partly), errors.As(err, &moves):
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
			failed = s.result.Unwritten(fmt.Errorf("%s was not saved: %w", s.Variable, err))
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
