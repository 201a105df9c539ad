package switchover

import (
	"cmp"
	"context"
	"fmt"
	"time"

	tfjson "github.com/hashicorp/terraform-json"

	"apigateway-maintenance/internal/guard"
	"apigateway-maintenance/internal/maintenance"
)

func (s *story) plan(ctx context.Context, planFile string) (*guard.Plan, error) {
	options := s.Plan
	options.Out, options.NoRefresh = planFile, s.NoRefresh
	options.Switch = fmt.Sprintf("%s=%t", s.Variable, s.value())
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
	ahead := s.lookAhead(ctx)
	_, err := s.Runner.Plan(ctx, options)
	found := <-ahead
	if err := cmp.Or(err, found.err); err != nil {
		return nil, err
	}
	s.result.Workspace = found.workspace
	s.probeEarly(ctx, found.urls)
	return guard.Show(ctx, s.Runner, planFile)
}

// check lets the plan through or says why not; nothing is applied before it.
func (s *story) check(ctx context.Context, shown *guard.Plan, plan *tfjson.Plan) error {
	p := preview(plan, s.Direction, guard.Check(shown, s.Direction))
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
