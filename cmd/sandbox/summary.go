package main

import (
	"errors"
	"fmt"
	"time"

	"apigateway-maintenance/internal/console"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/probe"
	"apigateway-maintenance/internal/switchover"
)

// summary is what the demo ends with. All of it was measured on the embedded
// AWS.
type summary struct {
	On  switchover.Result `json:"on"`
	Off switchover.Result `json:"off"`
	// Answers to clients while the two switches went on, by verdict.
	Answers map[probe.Verdict]int `json:"answers"`
	// Left is what destroy left behind of what Terraform made.
	Left    map[string]int                   `json:"left"`
	Reports map[maintenance.Direction]string `json:"reports"`
	Total   time.Duration                    `json:"total_ns"`
}

func (d *demo) sum(on, off switchover.Result) *summary {
	s := &summary{
		On: on, Off: off, Answers: map[probe.Verdict]int{}, Left: d.left(), Total: time.Since(d.started),
		Reports: map[maintenance.Direction]string{maintenance.On: d.reportOf(maintenance.On), maintenance.Off: d.reportOf(maintenance.Off)},
	}
	for _, r := range []switchover.Result{on, off} {
		for verdict, n := range r.Timeline.Counts {
			s.Answers[verdict] += n
		}
	}
	return s
}

// left is what there still is, but for the zone and the certificate, which are
// the stage's.
func (d *demo) left() map[string]int {
	left := map[string]int{}
	for kind, count := range d.stage.Emulator.Inventory() {
		if count > 0 && kind != "hosted_zones" && kind != "certificates" && kind != "resource_record_sets" {
			left[kind] = count
		}
	}
	return left
}

func (s *summary) show(c *console.Console) {
	c.Heading("Summary (measured on the embedded AWS, not on a real account)")
	c.Line("  Resources changed:  %d to switch on, %d to switch off", changed(s.On), changed(s.Off))
	c.Line("  Answers:            %d live, %d maintenance, %d wrong", s.Answers[probe.Live], s.Answers[probe.Maintenance], s.Answers[probe.Wrong])
	c.Line("  Time:               %.1f s", s.Total.Seconds())
	c.Line("  Reports:            %s\n                      %s", s.Reports[maintenance.On], s.Reports[maintenance.Off])
}

func changed(r switchover.Result) int {
	return len(r.Plan.Switches) + len(r.Plan.Redeploys) + len(r.Plan.Violations)
}

// fault is the error of a demo whose story was not as it should be.
func (s *summary) fault() error {
	var errs []error
	for _, r := range []switchover.Result{s.On, s.Off} {
		if r.Outcome != switchover.Done || len(r.Plan.Switches) != 1 || changed(r) != 1 {
			errs = append(errs, fmt.Errorf("switching %s must change the base path mapping alone and be confirmed, but it is %s: %s", r.Direction, r.Outcome, r.Plan))
		}
		for _, a := range r.Answers {
			if a.Flips != 1 {
				errs = append(errs, fmt.Errorf("%s changed its answer %d times instead of once", a.URL, a.Flips))
			}
		}
	}
	if n := s.Answers[probe.Wrong]; n > 0 {
		errs = append(errs, fmt.Errorf("%d answers were wrong", n))
	}
	if len(s.Left) > 0 {
		errs = append(errs, fmt.Errorf("destroy left behind: %v", s.Left))
	}
	return errors.Join(errs...)
}
