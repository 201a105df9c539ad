package switchover

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"apigateway-maintenance/internal/guard"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/probe"
)

// observe begins to probe, so that the answers before the switch are known. The
// header goes to the hosts of own URLs, and to those that were named.
func (s *story) observe(ctx context.Context, modes urlModes, own []string) error {
	s.Probe = everywhere(s.Probe, modes)
	s.Probe.HeaderFor = slices.Concat(s.Probe.URLs, own)
	expected, err := expectations(s.Probe.URLs, modes, s.Direction)
	if err != nil {
		return err
	}
	if s.watch != nil && s.watch.expect(expected) {
		s.watch.speak()
		return nil
	}
	if s.watch != nil {
		s.watch.prober.Stop()
	}
	s.watch, err = newWatch(s.Probe, expected, s.Emit)
	if err != nil {
		return err
	}
	s.watch.prober.Mark(maintenance.MarkPlan)
	s.watch.silent = true
	s.watch.speak()
	tellWithheld(s.watch, s.Probe, s.Emit)
	return s.watch.prober.Start(context.WithoutCancel(ctx))
}

// ownURLs are those of the mappings themselves. What an output says is not.
func ownURLs(view *guard.View) []string {
	var urls []string
	for _, m := range view.Mappings {
		urls = append(urls, m.URL())
	}
	return urls
}

// tellWithheld names the URLs that do not get the header, whose answers may be
// other than expected.
func tellWithheld(w *watch, config probe.Config, emit func(Event)) {
	if len(config.Header) == 0 {
		return
	}
	for _, url := range slices.Sorted(maps.Keys(w.expected)) {
		if why := config.Withheld(url); why != "" {
			emit(Event{Time: time.Now(), Event: EventHeaders, Message: fmt.Sprintf("the headers of --header-file do not go to %s: %s", url, why)})
		}
	}
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
