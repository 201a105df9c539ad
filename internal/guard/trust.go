package guard

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"apigateway-maintenance/internal/maintenance"
)

// trust is what was so before the plan: where the state's outputs say that base
// paths may point. Nothing that the plan itself brings counts.
type trust struct {
	targets []claim[maintenance.Targets]
	urls    []claim[string]
	// domains of all base path mappings that the plan knows, and of those below
	// a module call or one of its keys.
	domains       names
	byCall, byKey map[string]names
}

// claim is a table in the outputs, and the root's module calls that the output
// refers to and that have mappings: it is about no other modules.
type claim[V comparable] struct {
	table[V]
	calls names
}

// names is a set.
type names map[string]bool

func (n names) list() string { return strings.Join(slices.Sorted(maps.Keys(n)), ", ") }

func readTrust(plan object, changes []*change, root object) *trust {
	t := &trust{domains: names{}, byCall: map[string]names{}, byKey: map[string]names{}}
	for _, c := range changes {
		if c.kind == maintenance.MappingType {
			t.maps(c.address, c.before)
			t.maps(c.address, c.after)
		}
	}
	for _, state := range []object{stateBefore(plan), objectIn(plan, "planned_values")} {
		for _, resource := range resourcesIn(state) {
			if textIn(resource, "type") == maintenance.MappingType {
				t.maps(textIn(resource, "address"), objectIn(resource, "values"))
			}
		}
	}
	before := outputsBeforePlan(plan)
	t.targets, t.urls = claims(t, before, readTargets, root), claims(t, before, readURL, root)
	return t
}

// maps notes that a mapping is one of a domain.
func (t *trust) maps(address string, attributes object) {
	domain := textIn(attributes, "domain_name")
	if domain == "" {
		return
	}
	module := moduleOf(address)
	t.domains[domain] = true
	note(t.byCall, module.call(), domain)
	for _, key := range module.hints() {
		note(t.byKey, key, domain)
	}
}

func note(sets map[string]names, key, value string) {
	if sets[key] == nil {
		sets[key] = names{}
	}
	sets[key][value] = true
}

func claims[V comparable](t *trust, outputs map[string]any, read func(any) (V, bool), root object) []claim[V] {
	var all []claim[V]
	for _, found := range findTables(outputs, read) {
		calls := callsOf(root, found.keys[0])
		maps.DeleteFunc(calls, func(call string, _ bool) bool { return len(t.byCall[call]) == 0 })
		all = append(all, claim[V]{found, calls})
	}
	return all
}

var callReference = regexp.MustCompile(`^module\.([^.\[]+)`)

// callsOf are the root's module calls that an output refers to.
func callsOf(root object, output string) names {
	calls := names{}
	references, _ := texts(objectIn(objectIn(objectIn(root, "outputs"), output), "expression")["references"])
	for _, reference := range references {
		if m := callReference.FindStringSubmatch(reference); m != nil {
			calls[m[1]] = true
		}
	}
	return calls
}

// outputsBeforePlan are the values that the root's outputs had. Terraform writes
// the planned ones into the plan's prior state, so that has only those that the
// plan leaves out. Sensitive ones are not read: the guard tells what it reads.
func outputsBeforePlan(plan object) map[string]any {
	outputs := map[string]any{}
	changes := objectIn(plan, "output_changes")
	for name, raw := range changes {
		c, _ := raw.(object)
		if isSet(c, "before") && !unknown(c["before_sensitive"]) {
			outputs[name] = c["before"]
		}
	}
	planned := objectIn(objectIn(plan, "planned_values"), "outputs")
	for name, raw := range objectIn(stateBefore(plan), "outputs") {
		o, _ := raw.(object)
		_, changes := changes[name]
		_, plans := planned[name]
		if !changes && !plans && !unknown(o["sensitive"]) {
			outputs[name] = o["value"]
		}
	}
	return outputs
}

// spot is a mapping's place: its domain and path, and the module it is in.
type spot struct {
	domain, path string
	module       moduleAddress
}

// at gives what the outputs said of a place, or why that cannot be gone by.
func (t *trust) at(s spot) (maintenance.Targets, string) {
	group, named := nearest(t, t.targets, s)
	if !named {
		if why := t.whose(group, s); why != "" {
			return maintenance.Targets{}, why
		}
	}
	if len(group) == 0 {
		return maintenance.Targets{}, fmt.Sprintf("no output of the state tells where %s%s may point", s.domain, s.path)
	}
	targets := group[0].values[s.path]
	for _, other := range group[1:] {
		if other.values[s.path] != targets {
			return maintenance.Targets{}, fmt.Sprintf("several outputs tell different targets for the path %s; nest them under their domain names, %q here", s.path, s.domain)
		}
	}
	return targets, ""
}

// whose says why tables that name no domain may be another domain's; empty
// where there is only one that they can be about. Of several reasons it gives
// the first in order of text.
func (t *trust) whose(group []claim[maintenance.Targets], s spot) string {
	var reasons []string
	for _, c := range group {
		about, hosts := t.about(c.keys, c.calls, s.module), t.hosts(c.calls, s.path)
		switch {
		case len(about) != 1 || !about[s.domain]:
			reasons = append(reasons, fmt.Sprintf("the output names no domain, and there are mappings of %s; nest its targets under their domain names, %q here", about.list(), s.domain))
		case len(hosts) > 0 && !hosts.covered(s.domain):
			reasons = append(reasons, fmt.Sprintf("the output names no domain, and its URLs are at %s, not at %s", hosts.list(), s.domain))
		}
	}
	if len(reasons) == 0 {
		return ""
	}
	return slices.Min(reasons)
}

// hosts are those of the URLs that the outputs about the same modules tell of a
// path.
func (t *trust) hosts(calls names, path string) names {
	hosts := names{}
	for _, u := range t.urls {
		if m := urlHost.FindStringSubmatch(u.values[path]); m != nil && maps.Equal(u.calls, calls) {
			hosts[m[1]] = true
		}
	}
	return hosts
}

// covered says that one of the host names is a domain's, which may be a
// wildcard.
func (n names) covered(domain string) bool {
	for host := range n {
		if host == domain || strings.HasPrefix(domain, "*.") && strings.HasSuffix(host, domain[1:]) {
			return true
		}
	}
	return false
}

// about are the domains that a table which names none can be about.
func (t *trust) about(keys []string, calls names, module moduleAddress) names {
	all := names{}
	for _, key := range shared(keys, module.hints()) {
		maps.Copy(all, t.byKey[key])
	}
	if len(all) > 0 {
		return all
	}
	for call := range calls {
		maps.Copy(all, t.byCall[call])
	}
	if len(calls) > 0 {
		return all
	}
	return t.domains
}

// nearest gives the tables that have a value for a place and are nearest to it:
// those under its domain's name and its module's name or key, those under the
// first, those under the second, or the rest. Those of another domain or of other
// modules are left out. named says that they bear the domain's name.
func nearest[V comparable](t *trust, all []claim[V], s spot) (group []claim[V], named bool) {
	hints := s.module.hints()
	var groups [4][]claim[V]
	for _, c := range all {
		_, there := c.values[s.path]
		if !there || len(c.calls) > 0 && !c.calls[s.module.call()] {
			continue
		}
		keyed := len(shared(c.keys, hints)) > 0
		rank := 3
		switch {
		case c.isFor(s.domain) && keyed:
			rank = 0
		case c.isFor(s.domain):
			rank = 1
		case t.isOthers(c.keys, c.domain, s.domain, hints):
			continue
		case keyed:
			rank = 2
		}
		groups[rank] = append(groups[rank], c)
	}
	for rank, group := range groups {
		if len(group) > 0 {
			return group, rank < 2
		}
	}
	return nil, false
}

var urlHost = regexp.MustCompile(`^https?://([^/:?#]+)`)

var domainName = regexp.MustCompile(`^[*a-z0-9-]+(\.[a-z0-9-]+)+$`)

// isOthers says that a table bears another domain's name.
func (t *trust) isOthers(keys []string, beside, domain string, hints []string) bool {
	if beside != "" && beside != domain {
		return true
	}
	return slices.ContainsFunc(keys, func(key string) bool {
		return key != domain && !slices.Contains(hints, key) && (t.domains[key] || domainName.MatchString(key))
	})
}

func shared(a, b []string) []string {
	var both []string
	for _, x := range a {
		if slices.Contains(b, x) {
			both = append(both, x)
		}
	}
	return both
}
