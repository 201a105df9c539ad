package switchover

import (
	"context"
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"

	"apigateway-maintenance/internal/guard"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/probe"
)

// askedAtOnce bounds the requests of a look at the base paths that are not
// probed.
const askedAtOnce = 16

// prepare plans and checks the plan, and begins to probe. A plan without a
// refresh holds only if clients get what the state believes.
func (s *story) prepare(ctx context.Context, planFile string) error {
	given := s.Probe
	shown, err := s.plan(ctx, planFile)
	if err != nil {
		return err
	}
	plan, err := shown.Decoded()
	if err != nil {
		return fmt.Errorf("read the plan: %w", err)
	}
	if err := s.check(ctx, shown, plan); err != nil {
		return err
	}
	if err := s.observe(ctx, s.result.Plan.View, ownURLs(s.result.Plan.View)); err != nil {
		return err
	}
	if !s.NoRefresh {
		return nil
	}
	why := s.disagreement(ctx, guard.Prior(plan))
	if why == "" {
		return nil
	}
	s.emit(EventRefreshing, "%s: planning again with a refresh", why)
	s.NoRefresh, s.Probe = false, given
	return s.prepare(ctx, planFile)
}

// disagreement says where clients get something else than the state believes;
// empty where they do not.
func (s *story) disagreement(ctx context.Context, believed *guard.View) string {
	s.watch.baseline(ctx)
	for _, a := range s.watch.answers() {
		mode := believed.ModeOfURL(a.URL)
		switch {
		case mode == "":
			continue // not of this root: its answer says nothing of the state
		case a.Last == nil:
			return fmt.Sprintf("the state says that %s is %s, and it gave no answer yet", a.URL, mode)
		case a.Last.Verdict != verdictOf(mode):
			return fmt.Sprintf("the state says that %s is %s, and it %s", a.URL, mode, a.Last.Answer())
		}
	}
	return s.unprobedDisagreement(ctx, believed)
}

// unprobedDisagreement asks once where nothing is probed. What a base path's
// root answers while it is live is nobody's business there: only that it is, or
// is not, the maintenance answer tells.
func (s *story) unprobedDisagreement(ctx context.Context, believed *guard.View) string {
	ctx, cancel := context.WithTimeout(ctx, baselineWait)
	defer cancel()
	var (
		mu  sync.Mutex
		why string
		all errgroup.Group
	)
	all.SetLimit(askedAtOnce)
	for _, m := range believed.Mappings {
		mode := believed.ModeOf(m)
		if mode == "" || s.watch.serves(m) {
			continue
		}
		all.Go(func() error {
			sample := s.watch.prober.Ask(ctx, m.URL())
			if (sample.Verdict == probe.Maintenance) != (mode == maintenance.ModeMaintenance) {
				mu.Lock()
				defer mu.Unlock()
				why = fmt.Sprintf("the state says that %s is %s, and it %s", m.URL(), mode, sample.Answer())
			}
			return nil
		})
	}
	_ = all.Wait() // its functions return no error
	return why
}

// serves says whether any URL that is probed is at or below a mapping's.
func (w *watch) serves(m maintenance.Mapping) bool {
	for url := range w.expected {
		if served(m, url) {
			return true
		}
	}
	return false
}
