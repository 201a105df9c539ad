package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	tfjson "github.com/hashicorp/terraform-json"

	"apigateway-maintenance/internal/probe"
)

// flip is one switch as it was measured. Durations are from the start of its
// apply.
type flip struct {
	Changes     []string      `json:"changes"`
	FirstChange time.Duration `json:"first_change_ns"`
	LastChange  time.Duration `json:"last_change_ns"`

	began time.Time
}

// summary is what the demo ends with. All of it was measured on the embedded
// AWS.
type summary struct {
	On        *flip                 `json:"on"`
	Off       *flip                 `json:"off"`
	Answers   map[probe.Verdict]int `json:"answers"`
	Rate      float64               `json:"requests_per_second"`
	Asked     float64               `json:"requests_per_second_asked"`
	Wrong     []probe.Sample        `json:"wrong"`
	Flips     map[string]int        `json:"flips"`
	Left      map[string]int        `json:"left"`
	Total     time.Duration         `json:"total_ns"`
	Terraform time.Duration         `json:"terraform_ns"`
}

func (d *demo) sum(on, off *flip) *summary {
	s := &summary{
		On: on, Off: off,
		Answers: d.tally.counts, Rate: d.tally.rate(), Asked: d.options.rate, Wrong: d.tally.wrong,
		Flips: map[string]int{}, Left: d.left(),
		Total: time.Since(d.started), Terraform: d.terraform,
	}
	for _, url := range d.prober.Timeline().Summary().URLs {
		for _, change := range url.Changes {
			if change.Before.Verdict != probe.Wrong && change.After.Verdict != probe.Wrong {
				s.Flips[url.URL]++
			}
		}
	}
	return s
}

// left is what destroy left behind of what Terraform made: the zone and the
// certificate are the stage's.
func (d *demo) left() map[string]int {
	left := map[string]int{}
	for kind, count := range d.stage.Emulator.Inventory() {
		if count > 0 && kind != "hosted_zones" && kind != "certificates" && kind != "resource_record_sets" {
			left[kind] = count
		}
	}
	return left
}

// measure finds when the answers changed to what was wanted.
func (d *demo) measure(f *flip, want probe.Verdict) {
	for _, url := range d.prober.Timeline().Summary().URLs {
		for _, change := range url.Changes {
			after := change.After.Due.Sub(f.began)
			if after < 0 || change.After.Verdict != want {
				continue
			}
			if f.FirstChange == 0 || after < f.FirstChange {
				f.FirstChange = after
			}
			f.LastChange = max(f.LastChange, after)
		}
	}
}

func describe(changes []*tfjson.ResourceChange) []string {
	var described []string
	for _, change := range changes {
		verbs := make([]string, len(change.Change.Actions))
		for i, action := range change.Change.Actions {
			verbs[i] = string(action)
		}
		described = append(described, change.Address+" ("+strings.Join(verbs, ", ")+")")
	}
	return described
}

func (s *summary) tell(n *narrator) {
	n.heading("Summary (measured on the embedded AWS, not on a real account)")
	n.say("Resources changed:  %d to switch on, %d to switch off", len(s.On.Changes), len(s.Off.Changes))
	n.say("Answers:            %d live, %d maintenance, %d wrong, at %.0f requests a second", s.Answers[probe.Live], s.Answers[probe.Maintenance], s.Answers[probe.Wrong], s.Rate)
	n.say("Answers changed:    on after %s to %s, off after %s to %s", seconds(s.On.FirstChange), seconds(s.On.LastChange), seconds(s.Off.FirstChange), seconds(s.Off.LastChange))
	n.say("Time:               %s, of which Terraform %s (%.2f times as much)", seconds(s.Total), seconds(s.Terraform), s.Total.Seconds()/s.Terraform.Seconds())
	for _, wrong := range s.Wrong {
		n.say("wrong: %s %s", wrong.URL, wrong.Reason)
	}
}

// verdict is the error of a demo whose story was not as it should be.
func (s *summary) verdict() error {
	var errs []error
	want := []string{`module.domain.aws_api_gateway_base_path_mapping.this["/"] (update)`}
	for _, f := range []*flip{s.On, s.Off} {
		if !slices.Equal(f.Changes, want) {
			errs = append(errs, fmt.Errorf("a switch must change the base path mapping in place and nothing else, but changed: %s", strings.Join(f.Changes, "; ")))
		}
	}
	if n := s.Answers[probe.Wrong]; n > 0 {
		errs = append(errs, fmt.Errorf("%d answers were wrong", n))
	}
	if s.Rate < 0.95*s.Asked {
		errs = append(errs, fmt.Errorf("only %.0f of %.0f requests a second were sent: the machine is too busy for this to prove anything", s.Rate, s.Asked))
	}
	for url, flips := range s.Flips {
		if flips != 2 {
			errs = append(errs, fmt.Errorf("%s changed its answer %d times instead of twice", url, flips))
		}
	}
	if len(s.Left) > 0 {
		errs = append(errs, fmt.Errorf("destroy left behind: %v", s.Left))
	}
	return errors.Join(errs...)
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }
