package guard

import (
	"net/url"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"

	"apigateway-maintenance/internal/maintenance"
)

// site is where a domain is in one region. One name can be a domain in several
// regions, and DNS leads a client to one of them; a switch has to be right in all.
type site struct {
	region string
	host   string // of API Gateway, for those that mean just this region
}

// sitesOf finds the domain beside each mapping, in the same module, by the
// mapping's address.
func sitesOf(values *tfjson.StateValues) map[string]site {
	sites := map[string]site{}
	if values != nil {
		collectSites(values.RootModule, sites)
	}
	return sites
}

func collectSites(module *tfjson.StateModule, sites map[string]site) {
	if module == nil {
		return
	}
	domains := map[string]site{}
	for _, r := range module.Resources {
		if r.Mode == tfjson.ManagedResourceMode && r.Type == "aws_api_gateway_domain_name" {
			name, _ := r.AttributeValues["domain_name"].(string)
			host, _ := r.AttributeValues["regional_domain_name"].(string)
			domains[name] = site{region: moduleRegion(&tfjson.StateModule{Resources: []*tfjson.StateResource{r}}), host: host}
		}
	}
	for _, r := range module.Resources {
		if r.Mode == tfjson.ManagedResourceMode && r.Type == maintenance.MappingType {
			name, _ := r.AttributeValues["domain_name"].(string)
			if s := domains[name]; s.region != "" && s.host != "" {
				sites[r.Address] = s
			}
		}
	}
	for _, child := range module.ChildModules {
		collectSites(child, sites)
	}
}

// sites are those of a domain, by region, if it is in several.
func (v *View) sites(domain string) map[string]site {
	found := map[string]site{}
	for _, m := range v.Mappings {
		if s, known := v.siteOf[m.Address]; known && m.Domain == domain {
			found[s.region] = s
		}
	}
	if len(found) < 2 {
		return nil
	}
	return found
}

// RegionOf is the region of a mapping's domain; empty where it is not known.
func (v *View) RegionOf(m maintenance.Mapping) string { return v.siteOf[m.Address].region }

// RegionOfTarget is the region of a mapping's own API; empty where it is not known.
func (v *View) RegionOfTarget(live maintenance.Target) string {
	for _, m := range v.Mappings {
		if targets, found := v.TargetsOf(m); found && targets.Live == live {
			return v.RegionOf(m)
		}
	}
	return ""
}

// domainOf is the domain among the mappings' that answers for a host name; the
// host itself where none does.
func (v *View) domainOf(host string) string {
	var domains []string
	for _, m := range v.Mappings {
		domains = append(domains, m.Domain)
	}
	if domain := maintenance.DomainOf(host, domains); domain != "" {
		return domain
	}
	return host
}

// endpointsOf are what a URL of the root's stands for: itself, or of a domain in
// several regions one in each, told apart by the region in the URL's fragment,
// which no server gets to see.
func (v *View) endpointsOf(raw string, at place, keys []string) []Endpoint {
	if len(v.sites(at.domain)) == 0 {
		return []Endpoint{{URL: raw, Domain: at.domain, Path: at.path, Mode: v.modeAt(at)}}
	}
	var all, hinted []Endpoint
	for _, m := range v.Mappings {
		region := v.RegionOf(m)
		if m.Domain != at.domain || m.Path != at.path || region == "" {
			continue
		}
		e := Endpoint{URL: raw + "#" + region, Domain: m.Domain, Path: m.Path, Region: region, Mode: v.modeOf(m)}
		all = append(all, e)
		if slices.ContainsFunc(hints(m.Address), func(hint string) bool { return slices.Contains(keys, hint) }) {
			hinted = append(hinted, e)
		}
	}
	if len(hinted) > 0 {
		return hinted
	}
	return all
}

// modeOf is [View.modeAt] of just this mapping.
func (v *View) modeOf(m maintenance.Mapping) maintenance.Mode {
	told := v.ToldModeOf(m)
	if told != "" && !v.stored {
		return told
	}
	if actual := v.ModeOf(m); actual != "" {
		return actual
	}
	return told
}

// Everywhere gives the URLs that stand for one in all its domain's regions.
func (v *View) Everywhere(raw string) []string {
	u, err := url.Parse(raw)
	if err != nil || u.Fragment != "" {
		return []string{raw}
	}
	var urls []string
	for region := range v.sites(v.domainOf(u.Hostname())) {
		urls = append(urls, strings.TrimSuffix(raw, "#")+"#"+region)
	}
	if len(urls) == 0 {
		return []string{raw}
	}
	slices.Sort(urls)
	return urls
}

// Via names the host to connect to for a host name in a region; empty where there
// is none in particular.
func (v *View) Via(host, region string) string { return v.sites(v.domainOf(host))[region].host }
