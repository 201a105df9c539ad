package switchover

import (
	"context"
	"encoding/json"

	tfjson "github.com/hashicorp/terraform-json"

	"apigateway-maintenance/internal/guard"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/probe"
)

// early is what is found out while Terraform plans.
type early struct {
	workspace string
	urls      []string // nil where nothing may be asked before the plan is known
	err       error
}

// lookAhead reads the workspace's name and the URLs in the state's outputs. That
// starts no provider and takes no lock, so it goes on beside the plan.
func (s *story) lookAhead(ctx context.Context) <-chan early {
	found := make(chan early, 1)
	go func() {
		var e early
		e.workspace, e.err = s.Runner.Workspace(ctx)
		if e.err == nil {
			e.urls = s.earlyURLs(ctx)
		}
		found <- e
	}()
	return found
}

// earlyURLs are the URLs that can be asked before the plan is read. With a
// header or a password there are none: where these may go only the plan tells.
func (s *story) earlyURLs(ctx context.Context) []string {
	switch {
	case s.watch != nil, len(s.Probe.Header) > 0, len(s.Probe.Users) > 0:
		return nil
	case len(s.Probe.URLs) > 0:
		return s.Probe.URLs
	}
	outputs, err := s.Runner.Output(ctx)
	if err != nil {
		return nil // the plan's own error tells more
	}
	state := &tfjson.State{Values: &tfjson.StateValues{Outputs: map[string]*tfjson.StateOutput{}}}
	for name, output := range outputs {
		var value any
		if json.Unmarshal(output.Value, &value) == nil {
			state.Values.Outputs[name] = &tfjson.StateOutput{Value: value}
		}
	}
	var urls []string
	for _, e := range guard.Stored(state).Endpoints() {
		urls = append(urls, e.URL)
	}
	return urls
}

// probeEarly sends the first requests while the plan is read, which takes a
// start of the providers. Nothing is told of them until the plan is let through.
func (s *story) probeEarly(ctx context.Context, urls []string) {
	if len(urls) == 0 {
		return
	}
	w, err := newWatch(s.Probe, probe.All(probe.Any, urls), s.Emit)
	if err != nil {
		return // observe says so, if it is still so then
	}
	w.silent = true
	w.prober.Mark(maintenance.MarkPlan)
	if err := w.prober.Start(context.WithoutCancel(ctx)); err == nil {
		s.watch = w
	}
}

// forget drops what was asked early where the plan was not let through.
func (s *story) forget() {
	if s.watch != nil && s.watch.isSilent() {
		go s.watch.prober.Stop() // nobody waits for the answers that are due
		s.watch = nil
	}
}

func (w *watch) isSilent() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.silent
}
