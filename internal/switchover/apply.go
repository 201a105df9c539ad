package switchover

import (
	"context"
	"time"

	"apigateway-maintenance/internal/guard"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/probe"
	"apigateway-maintenance/internal/terraform"
)

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
