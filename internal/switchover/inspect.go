package switchover

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	tfjson "github.com/hashicorp/terraform-json"

	"apigateway-maintenance/internal/file"
	"apigateway-maintenance/internal/guard"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/probe"
	"apigateway-maintenance/internal/terraform"
)

// InspectOptions say what to look at.
type InspectOptions struct {
	Runner   *terraform.Runner
	Variable string
	Plan     terraform.PlanOptions
	// NoPlan leaves out what needs a plan: the next deploy, and drift.
	NoPlan bool
	// Probe tells how to ask. Its URLs, where given, stand for the root's.
	Probe probe.Config
	// Region of the APIs where the state does not tell it.
	Region string
}

// The overall words of a status.
const (
	OverallLive        = "live"
	OverallMaintenance = "maintenance"
	OverallMixed       = "mixed"
	OverallDrift       = "drift"
)

// Status is what each side says of a root's base paths.
type Status struct {
	Time time.Time `json:"time"`
	// Overall is one of the words: drift where mappings are not as the state has
	// them; mixed where answers, mappings and `modes` do not agree; maintenance
	// where they agree and a path is in maintenance; else live.
	Overall string `json:"stand"`
	// Why gives the reasons for drift and mixed.
	Why    []string         `json:"why"`
	Paths  []PathState      `json:"paths"`
	DNS    []DNS            `json:"dns"`
	Direct []DirectEndpoint `json:"execute_api"`
	Places []Place          `json:"places"`
	// Other is how many changes the next plain deploy makes beside switching;
	// nil without a plan.
	Other *int `json:"next_other_changes"`
	// Notes are what else there is to know.
	Notes []string `json:"notes"`
	// Planned says that there was a plan, PlanError why there is none.
	Planned   bool   `json:"planned"`
	PlanError string `json:"plan_error,omitempty"`

	View      *guard.View `json:"-"`
	Region    string      `json:"region"`
	Workspace string      `json:"workspace"`
}

// PathState is one URL.
type PathState struct {
	URL string `json:"url"`
	// State is the mode by Terraform's state, Next after the next plain
	// deploy; empty where it is not known.
	State maintenance.Mode `json:"state"`
	Next  maintenance.Mode `json:"next"`
	// Answer is what a client gets now.
	Answer probe.Sample `json:"answer"`
}

// Inspect reads the state, plans what a plain deploy would do, and asks DNS and
// the URLs. It changes nothing and takes no lock. Where only the plan fails
// there is a status beside the error, without what needs a plan.
func Inspect(ctx context.Context, o InspectOptions) (*Status, error) {
	if _, err := o.Runner.EnsureInit(ctx); err != nil {
		return nil, err
	}
	state, err := o.Runner.State(ctx)
	if err != nil {
		return nil, err
	}
	view := guard.Stored(state)
	workspace, err := o.Runner.Workspace(ctx)
	if err != nil {
		return nil, err
	}
	if len(view.Mappings) == 0 && len(view.Endpoints()) == 0 {
		return nil, noMappings(o.Runner.Dir, workspace)
	}
	s := &Status{Time: time.Now(), Why: []string{}, Notes: sweptNotes(), View: view, Region: guard.StateRegion(state), Workspace: workspace}
	if s.Region == "" {
		s.Region = o.Region
	}

	// Asking and planning wait for different machines.
	var asking sync.WaitGroup
	var failed error
	asking.Go(func() { failed = s.ask(ctx, o, state) })
	var plan *tfjson.Plan
	var unplanned error
	if !o.NoPlan {
		plan, unplanned = plainPlan(ctx, o.Runner, o.Plan)
	}
	asking.Wait()
	if ctx.Err() != nil {
		return nil, cmp.Or(unplanned, ctx.Err())
	}
	if failed != nil {
		return nil, failed
	}
	if plan != nil {
		if err := s.foresee(plan, o); err != nil {
			return nil, err
		}
	}
	if unplanned != nil {
		s.PlanError = unplanned.Error()
	}
	s.judge(plan)
	return s, unplanned
}

// sweptNotes removes the folders of runs that were killed, and names them.
func sweptNotes() []string {
	notes := []string{}
	for _, dir := range file.SweepScratch() {
		notes = append(notes, fmt.Sprintf(swept, dir))
	}
	return notes
}

func noMappings(dir, workspace string) error {
	if absolute, err := filepath.Abs(dir); err == nil {
		dir = absolute
	}
	return refused("the state of workspace %s of %s holds no base path mapping: nothing was deployed from there, or another folder (--chdir) or workspace was meant", workspace, dir)
}

// plainPlan is what a deploy without the command would do. It takes no lock,
// since it applies nothing: status has to work while somebody deploys.
func plainPlan(ctx context.Context, runner *terraform.Runner, options terraform.PlanOptions) (*tfjson.Plan, error) {
	scratch, err := file.NewScratch()
	if err != nil {
		return nil, err
	}
	defer scratch.Remove()
	options.Out = scratch.Path("plain.tfplan")
	options.LockTimeout = 0
	options.ExtraArgs = append([]string{"-lock=false"}, options.ExtraArgs...)
	if _, err := runner.Plan(ctx, options); err != nil {
		return nil, err
	}
	return runner.ShowPlan(ctx, options.Out)
}

// ask fills in what the network says.
func (s *Status) ask(ctx context.Context, o InspectOptions, state *tfjson.State) error {
	config := everywhere(o.Probe, s.View)
	config.HeaderFor = slices.Concat(config.URLs, ownURLs(s.View))
	if len(config.URLs) == 0 {
		for _, e := range s.View.Endpoints() {
			config.URLs = append(config.URLs, bareURL(e.URL))
		}
	}
	for _, url := range config.URLs {
		if why := config.Withheld(url); why != "" && len(config.Header) > 0 {
			s.Notes = append(s.Notes, fmt.Sprintf("the headers of --header-file do not go to %s: %s", url, why))
		}
	}
	prober, err := probe.New(config)
	if err != nil {
		return err
	}
	defer prober.Stop()
	s.Paths = make([]PathState, len(config.URLs))
	var all sync.WaitGroup
	for i, url := range config.URLs {
		all.Go(func() {
			s.Paths[i] = PathState{URL: url, State: s.View.ModeOfURL(url), Answer: prober.Ask(ctx, url)}
		})
	}
	all.Go(func() { s.DNS = lookUp(ctx, config.Resolver, s.View, state) })
	all.Go(func() { s.Direct = askDirectly(ctx, prober, s.View, state, s.Region) })
	all.Wait()
	return ctx.Err()
}

// foresee fills in what the next plain deploy would do.
func (s *Status) foresee(plan *tfjson.Plan, o InspectOptions) error {
	s.Planned = true
	next := guard.Planned(plan)
	for i := range s.Paths {
		s.Paths[i].Next = next.ModeOfURL(s.Paths[i].URL)
	}
	other := 0
	for _, change := range terraform.Changes(plan) {
		if change.Type != maintenance.MappingType {
			other++
		}
	}
	s.Other = &other
	places, err := findPlaces(o.Runner, o.Plan, plan, o.Variable, len(s.Paths) > 0 && s.Paths[0].State == maintenance.ModeMaintenance)
	s.Places = places
	return err
}

// judge finds the one word, and why it is not a better one.
func (s *Status) judge(plan *tfjson.Plan) {
	s.Overall = OverallLive
	for _, p := range s.Paths {
		if p.State == maintenance.ModeMaintenance {
			s.Overall = OverallMaintenance
		}
	}
	mixed := func(format string, args ...any) {
		s.Overall = OverallMixed
		s.Why = append(s.Why, fmt.Sprintf(format, args...))
	}
	for _, p := range s.Paths {
		if p.State != "" && p.Answer.Verdict != verdictOf(p.State) {
			mixed("%s is %s by the state, but it %s", p.URL, p.State, p.Answer.Answer())
		}
	}
	s.behind(mixed)
	if plan == nil {
		return
	}
	refreshed := map[string]maintenance.Mapping{}
	for _, m := range guard.Prior(plan).Mappings {
		refreshed[m.Address] = m
	}
	for _, m := range s.View.Mappings {
		now, there := refreshed[m.Address]
		if there && now.Target == m.Target {
			continue
		}
		s.Overall = OverallDrift
		if !there {
			s.Why = append(s.Why, fmt.Sprintf("%s: the mapping was deleted outside Terraform", m.URL()))
			continue
		}
		s.Why = append(s.Why, fmt.Sprintf("%s: the state has %s, AWS has %s: switched outside Terraform, or by an apply that failed", m.URL(), m.Target, now.Target))
	}
}

// behind looks for outputs that are behind the mappings. Where all paths are in
// one mode that is all there is to it; where they are not, a half-way apply and
// an exempt path look alike.
func (s *Status) behind(mixed func(format string, args ...any)) {
	modes := map[maintenance.Mode]bool{}
	var behind []string
	for _, m := range s.View.Mappings {
		actual, told := s.View.ModeOf(m), s.View.ToldModeOf(m)
		modes[actual] = true
		if actual != "" && told != "" && actual != told {
			behind = append(behind, m.URL())
		}
	}
	if len(behind) > 0 && len(modes) > 1 {
		mixed("the output `modes` is behind for %s: an apply failed half-way, or was made with --only-switch; a deploy brings it up", strings.Join(behind, ", "))
	}
}
