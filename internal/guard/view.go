package guard

import (
	"net/url"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"

	"apigateway-maintenance/internal/maintenance"
)

// View is what a state or a plan says of base paths: its mappings, and the
// root outputs that tell of them, found by shape.
type View struct {
	// Mappings in order of address.
	Mappings []maintenance.Mapping
	targets  tables[maintenance.Targets]
	modes    tables[maintenance.Mode]
	urls     tables[string]
	domains  map[string]bool
	siteOf   map[string]site // by mapping's address
	// stored views go by the mappings: after an apply with -target, or one that
	// failed half-way, the outputs in a state are behind.
	stored bool
}

// Planned is the view after the apply of a plan. One with -target leaves out
// outputs that also depend on something else; of these the state's targets and
// urls still hold, its modes do not. Terraform says that a plan is whole;
// OpenTofu does not, but a whole plan mentions all outputs of the state.
func Planned(plan *tfjson.Plan) *View {
	view := newView(plannedOutputs(plan), PlannedMappings(plan))
	view.siteOf = sitesOf(plan.PlannedValues)
	if plan.Complete != nil && *plan.Complete {
		return view
	}
	kept := newView(outputsLeftOut(plan), nil)
	view.targets = append(view.targets, kept.targets...)
	view.urls = append(view.urls, kept.urls...)
	return view
}

// Prior is the view that a plan starts from: the state, refreshed. Its outputs
// are those before the plan, which the plan's prior state does not have:
// Terraform writes the planned ones into it.
func Prior(plan *tfjson.Plan) *View {
	view := newView(outputsBefore(plan), StateMappings(plan.PriorState))
	view.siteOf = sitesOf(stateValues(plan.PriorState))
	view.stored = true
	return view
}

// Stored is the view of a state, which may be nil or empty.
func Stored(state *tfjson.State) *View {
	view := newView(stateOutputs(state), StateMappings(state))
	view.siteOf = sitesOf(stateValues(state))
	view.stored = true
	return view
}

func newView(outputs map[string]any, mappings []maintenance.Mapping) *View {
	v := &View{
		Mappings: mappings,
		targets:  findTables(outputs, readTargets),
		modes:    findTables(outputs, readMode),
		urls:     findTables(outputs, readURL),
		domains:  map[string]bool{},
	}
	for _, m := range mappings {
		v.domains[m.Domain] = true
	}
	return v
}

// TargetsOf gives where a mapping may point; found is false where no output
// says, or where several say different things.
func (v *View) TargetsOf(m maintenance.Mapping) (targets maintenance.Targets, found bool) {
	targets, found, conflict := v.targets.lookup(placeOf(m), v.domains)
	return targets, found && !conflict
}

// ModeOf says in which mode a mapping is by what it points to; empty where it
// points to neither of its targets.
func (v *View) ModeOf(m maintenance.Mapping) maintenance.Mode {
	targets, found := v.TargetsOf(m)
	switch {
	case !found:
		return ""
	case m.Target == targets.Maintenance:
		return maintenance.ModeMaintenance
	case m.Target == targets.Live:
		return maintenance.ModeLive
	default:
		return ""
	}
}

// Endpoint is a URL that clients use and the mode it is in or will be in.
type Endpoint struct {
	URL    string `json:"url"`
	Domain string `json:"domain"`
	Path   string `json:"path"`
	// Region is empty unless the domain is in several.
	Region string `json:"region,omitempty"`
	// Mode is empty where neither `modes` nor the mapping tells.
	Mode maintenance.Mode `json:"mode"`
}

// Endpoints are the root's `urls`, or the mappings' own where no output gives
// them, in order of URL.
func (v *View) Endpoints() []Endpoint {
	var found []Endpoint
	for _, t := range v.urls {
		for path, raw := range t.values {
			if u, err := url.Parse(raw); err == nil {
				at := place{domain: v.domainOf(u.Hostname()), path: path, hints: t.keys[1:]}
				found = append(found, v.endpointsOf(raw, at, t.keys)...)
			}
		}
	}
	if len(found) == 0 {
		for _, m := range v.Mappings {
			found = append(found, v.endpointsOf(m.URL(), placeOf(m), nil)...)
		}
	}
	slices.SortFunc(found, func(a, b Endpoint) int { return strings.Compare(a.URL, b.URL) })
	return slices.CompactFunc(found, func(a, b Endpoint) bool { return a.URL == b.URL })
}

// ToldModeOf is what the output `modes` says of a mapping; empty where none does.
func (v *View) ToldModeOf(m maintenance.Mapping) maintenance.Mode { return v.told(placeOf(m)) }

func (v *View) told(at place) maintenance.Mode {
	mode, found, conflict := v.modes.lookup(at, v.domains)
	if !found || conflict {
		return ""
	}
	return mode
}

// modeAt takes the output's word or what the mapping points to, the better one
// first.
func (v *View) modeAt(at place) maintenance.Mode {
	told := v.told(at)
	if told != "" && !v.stored {
		return told
	}
	for _, m := range v.Mappings {
		if m.Domain == at.domain && m.Path == at.path {
			if actual := v.ModeOf(m); actual != "" {
				return actual
			}
		}
	}
	return told
}

// ModeOfURL is the mode of the endpoint that serves any URL below it: the
// longest base path of its domain that fits (API Gateway guide, "Use API
// mappings"). It is empty where none does.
func (v *View) ModeOfURL(raw string) maintenance.Mode {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	domain := v.domainOf(u.Hostname())
	first, _, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	for _, path := range []string{"/" + first, "/"} {
		for _, e := range v.Endpoints() {
			if strings.EqualFold(e.Domain, domain) && e.Path == path && (u.Fragment == "" || e.Region == "" || e.Region == u.Fragment) {
				return e.Mode
			}
		}
	}
	return ""
}

// Domains are the domain names of the mappings and endpoints, sorted.
func (v *View) Domains() []string {
	var names []string
	for _, m := range v.Mappings {
		names = append(names, m.Domain)
	}
	for _, e := range v.Endpoints() {
		names = append(names, e.Domain)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// HostOf is the host name by which clients come to a domain: of a wildcard one that
// which the root's URLs have.
func (v *View) HostOf(domain string) string {
	for _, e := range v.Endpoints() {
		if u, err := url.Parse(e.URL); err == nil && e.Domain == domain {
			return u.Hostname()
		}
	}
	return maintenance.HostOf(domain)
}

// LiveTargets are the mappings' own APIs and stages, each once.
func (v *View) LiveTargets() []maintenance.Target {
	var found []maintenance.Target
	for _, m := range v.Mappings {
		if targets, ok := v.TargetsOf(m); ok && !slices.Contains(found, targets.Live) {
			found = append(found, targets.Live)
		}
	}
	return found
}

// Resources are a state's managed resources of one type.
func Resources(state *tfjson.State, kind string) []*tfjson.StateResource {
	if state == nil || state.Values == nil {
		return nil
	}
	return moduleResources(state.Values.RootModule, kind)
}

func moduleResources(module *tfjson.StateModule, kind string) []*tfjson.StateResource {
	if module == nil {
		return nil
	}
	var found []*tfjson.StateResource
	for _, r := range module.Resources {
		if r.Mode == tfjson.ManagedResourceMode && r.Type == kind {
			found = append(found, r)
		}
	}
	for _, child := range module.ChildModules {
		found = append(found, moduleResources(child, kind)...)
	}
	return found
}
