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
	for _, url := range s.Preflight {
		sample := s.watch.prober.Ask(ctx, url)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if sample.Verdict != probe.Live {
			return refused("the backend is not well, so it was not reopened: %s %s", url, sample.Answer())
		}
		s.emit(EventPreflight, "%s %s", url, sample.Answer())
	}
	return nil
}

func (s *story) apply(ctx context.Context, planFile, log string) error {
	s.watch.baseline(ctx)
	s.emit(EventApplying, "applying")
	s.watch.applying()
	progress := terraform.NewProgress()
	stop := s.tellProgress(progress)
	err := s.Runner.Apply(ctx, planFile, terraform.ApplyOptions{
		LockTimeout: s.Plan.LockTimeout, ExtraArgs: s.Plan.ExtraArgs,
		Timeout: s.ApplyTimeout, Progress: progress, Log: log,
	})
	stop()
	s.watch.prober.Mark(maintenance.MarkApplied)
	if err != nil {
		return s.afterFailure(ctx, err, progress.Steps())
	}
	s.applied = true
	s.emit(EventApplied, "applied in %s", round(time.Since(s.watch.applied)))
	return nil
}

// stateTimeout is how long a backend may take to say what an apply had done.
const stateTimeout = time.Minute

// afterFailure finds out what a failed apply had done, by what Terraform said
// while it ran, by the state, and by the last answers.
func (s *story) afterFailure(ctx context.Context, cause error, steps map[string]terraform.Step) error {
	failure := &ApplyError{Err: cause, Others: s.othersOf(steps)}
	s.watch.prober.Burst(confirmBurst) // reading the state takes longer than these answers
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stateTimeout)
	defer cancel()
	state, err := s.Runner.State(ctx)
	failure.Known = err == nil
	now := map[string]maintenance.Mapping{}
	for _, m := range guard.StateMappings(state) {
		now[m.Address] = m
	}
	for _, planned := range s.result.Plan.Switches {
		switch {
		case steps[planned.Address].Stage == terraform.StageDone, s.watch.switched(planned.Mapping):
			failure.Moved = append(failure.Moved, planned.Mapping)
		case !failure.Known, now[planned.Address].Target != planned.Target:
			failure.Unmoved = append(failure.Unmoved, planned.Mapping)
		case s.watch.answersAsExpected(planned.Mapping):
			failure.Moved = append(failure.Moved, planned.Mapping)
		default:
			failure.Doubtful = append(failure.Doubtful, planned.Mapping)
		}
	}
	return failure
}

// othersOf are the changes beside the switch, by what became of them.
func (s *story) othersOf(steps map[string]terraform.Step) Others {
	others := Others{Of: len(s.result.Plan.others())}
	for _, address := range s.result.Plan.others() {
		switch steps[address].Stage {
		case terraform.StageDone:
			others.Made = append(others.Made, address)
		case terraform.StageBegun, terraform.StageFailed:
			others.Doubtful = append(others.Doubtful, address)
		}
	}
	return others
}
