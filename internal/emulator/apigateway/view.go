package apigateway

import (
	"maps"
	"strings"

	"apigateway-maintenance/internal/emulator/definition"
)

// AliasTarget is where a Route 53 alias record to an API Gateway domain leads.
type AliasTarget struct {
	Domain       string // the custom domain name
	HostedZoneID string // the zone id that the alias record must name
	Region       string
}

// AliasTarget tells to which custom domain a regional or distribution name
// belongs; false if to none. It takes no lock, so it may be asked from OnChange.
func (s *Service) AliasTarget(targetName string) (AliasTarget, bool) {
	target, found := (*s.targets.Load())[strings.ToLower(strings.TrimSuffix(targetName, "."))]
	return target, found
}

// Inventory counts the objects that exist in all regions, by kind; kinds
// without any are left out, so an account that holds nothing gives an empty map.
func (s *Service) Inventory() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	counts := map[string]int{}
	count := func(kind string, n int) {
		if n > 0 {
			counts[kind] += n
		}
	}
	for _, region := range s.regions {
		count("rest_apis", len(region.apis))
		count("domain_names", len(region.domains))
		count("api_keys", len(region.apiKeys))
		count("usage_plans", len(region.usagePlans))
		for _, api := range region.apis {
			count("deployments", len(api.Deployments))
			count("stages", len(api.Stages))
			count("gateway_responses", len(api.GatewayResponses))
		}
		for _, domain := range region.domains {
			count("base_path_mappings", len(domain.Mappings))
		}
	}
	return counts
}

// publish makes the state visible to the data plane.
func (s *Service) publish() {
	view := &definition.View{Domains: map[string]*definition.DomainView{}, APIs: map[string]*definition.APIView{}}
	targets := map[string]AliasTarget{}
	for _, regionName := range sortedKeys(s.regions) {
		region := s.regions[regionName]
		for id, api := range region.apis {
			view.APIs[id] = viewOfAPI(region, api)
		}
		for name, domain := range region.domains {
			seen := viewOfDomain(domain, region.name)
			addDomain(view, strings.ToLower(name), seen)
			targets[seen.TargetName] = AliasTarget{Domain: name, HostedZoneID: targetZone(domain), Region: region.name}
		}
	}
	s.targets.Store(&targets)
	s.view.Store(view)
	if s.config.OnChange != nil {
		s.config.OnChange(view)
	}
}

// addDomain adds a domain, which may be there of another region.
func addDomain(view *definition.View, name string, domain *definition.DomainView) {
	first := view.Domains[name]
	if first == nil {
		view.Domains[name] = domain
		return
	}
	if first.Elsewhere == nil {
		first.Elsewhere = map[string]*definition.DomainView{}
	}
	first.Elsewhere[domain.Region] = domain
}

func viewOfAPI(region *region, api *definition.API) *definition.APIView {
	view := &definition.APIView{ID: api.ID, Region: region.name, SecurityPolicy: api.SecurityPolicy, Stages: map[string]*definition.StageView{}}
	for name, stage := range api.Stages {
		keys := region.keysOf(api.ID, name)
		view.Stages[name] = &definition.StageView{Stage: stage.Clone(), Snapshot: api.Deployments[stage.DeploymentID].Snapshot, APIKeys: keys}
		if stage.Canary != nil {
			view.Stages[name].Canary, view.Stages[name].CanaryPercent = viewOfCanary(api, stage), stage.Canary.PercentTraffic
			view.Stages[name].Canary.APIKeys = keys
		}
	}
	return view
}

// keysOf are the values of the enabled keys of the plans that open a stage.
func (r *region) keysOf(api, stage string) map[string]bool {
	values := map[string]bool{}
	for _, plan := range r.usagePlans {
		if planStage(plan, api, stage) < 0 {
			continue
		}
		for _, id := range plan.Keys {
			if key := r.apiKeys[id]; key.Enabled {
				values[key.Value] = true
			}
		}
	}
	return values
}

// viewOfCanary is the stage with the canary's deployment and variables.
func viewOfCanary(api *definition.API, stage *definition.Stage) *definition.StageView {
	canary := stage.Clone()
	canary.DeploymentID = stage.Canary.DeploymentID
	if canary.Variables == nil {
		canary.Variables = map[string]string{}
	}
	maps.Copy(canary.Variables, stage.Canary.StageVariableOverrides)
	return &definition.StageView{Stage: canary, Snapshot: api.Deployments[canary.DeploymentID].Snapshot}
}

func viewOfDomain(domain *definition.DomainName, region string) *definition.DomainView {
	view := &definition.DomainView{
		Name:           domain.Name,
		Region:         region,
		EndpointType:   domain.Endpoint.Type(),
		SecurityPolicy: domain.SecurityPolicy,
		CertificateArn: domain.RegionalCertificateArn,
		TargetName:     domain.RegionalDomainName,
		Mappings:       make(map[string]definition.BasePathMapping, len(domain.Mappings)),
	}
	if domain.MutualTLS != nil {
		view.TruststoreURI, view.TruststoreVersion = domain.MutualTLS.TruststoreURI, domain.MutualTLS.TruststoreVersion
	}
	if domain.Endpoint.Type() == edge {
		view.CertificateArn, view.TargetName = domain.CertificateArn, domain.DistributionDomainName
	}
	for path, mapping := range domain.Mappings {
		view.Mappings[path] = *mapping
	}
	return view
}

func targetZone(domain *definition.DomainName) string {
	if domain.Endpoint.Type() == edge {
		return domain.DistributionHostedZoneID
	}
	return domain.RegionalHostedZoneID
}
