package switchover

import (
	"context"
	"time"

	"apigateway-maintenance/internal/maintenance"
)

func (s *story) observe(ctx context.Context, modes urlModes) error {
	s.Probe = everywhere(s.Probe, modes)
	expected, err := expectations(s.Probe.URLs, modes, s.Direction)
	if err != nil {
		return err
	}
	if s.watch != nil {
		if s.watch.expect(expected) {
			return nil
		}
		s.watch.prober.Stop()
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
