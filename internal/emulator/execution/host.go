package execution

import (
	"math/rand/v2"
	"net"
	"net/http"
	"strings"

	"apigateway-maintenance/internal/emulator/awsproto"
	"apigateway-maintenance/internal/emulator/definition"
)

// place is where a request landed.
type place struct {
	edge     bool   // an edge-optimised domain or API
	ping     bool   // reserved for the service's own health check
	domain   string // the host name, lower case, without port
	prefix   string // execute-api label: the first label of the host name
	basePath string // of the mapping that matched; for the access log
	path     string // what the API sees: escaped, without base path and stage
	apiID    string
	region   string                // of the API
	stage    *definition.StageView // nil: 403 Forbidden
	canary   bool                  // the stage is a canary's
}

// locate finds the stage that a request is for (facts D2, D4).
func locate(view *definition.View, region string, r *http.Request) place {
	host := hostName(r.Host)
	p := place{domain: host}
	p.prefix, _, _ = strings.Cut(host, ".")
	path := r.URL.EscapedPath()
	if view == nil {
		return p
	}
	if domain := view.Domain(host, region); domain != nil {
		p.edge = domain.EndpointType == "EDGE"
		p.locateMapping(view, domain, path)
		return p
	}
	apiID, rest, ok := strings.Cut(host, ".execute-api.")
	api := view.APIs[apiID]
	if !ok || api == nil || rest != api.Region+"."+awsproto.PartitionOf(api.Region).DNSSuffix {
		return p
	}
	p.apiID, p.region = apiID, api.Region
	p.locateStage(api, path)
	if p.stage != nil {
		p.edge = p.stage.Snapshot.EndpointType == "EDGE"
		// 403, as of the deployment that the stage serves (fact D4); a PRIVATE API
		// answers nobody who does not come through a VPC endpoint.
		if p.stage.Snapshot.DisableExecuteAPIEndpoint || p.stage.Snapshot.EndpointType == "PRIVATE" {
			p.stage = nil
		}
	}
	return p
}

// hostName drops the port, a final dot and the case of a Host header.
func hostName(host string) string {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// locateMapping takes the longest base path that matches on segment borders;
// the empty one catches all (fact D2). Base paths are compared as they are.
func (p *place) locateMapping(view *definition.View, domain *definition.DomainView, path string) {
	if path == "/ping" || path == "/sping" {
		p.ping = true // fact A10
		return
	}
	best, found := definition.BasePathMapping{}, false
	for basePath, mapping := range domain.Mappings {
		if found && len(basePath) < len(best.BasePath) {
			continue
		}
		if basePath == "" || hasSegmentPrefix(path, basePath) {
			best, found = mapping, true
			best.BasePath = basePath
		}
	}
	if !found {
		return
	}
	api := view.APIs[best.RestAPIID]
	if api == nil {
		return
	}
	p.apiID, p.region, p.basePath = best.RestAPIID, api.Region, best.BasePath
	if best.BasePath != "" {
		path = path[1+len(best.BasePath):]
	}
	if best.Stage == "" {
		p.locateStage(api, path)
		return
	}
	p.path, p.stage = path, api.Stages[best.Stage]
}

func hasSegmentPrefix(path, basePath string) bool {
	rest, ok := strings.CutPrefix(path, "/"+basePath)
	return ok && (rest == "" || rest[0] == '/')
}

// drawCanary lets the canary's share of the requests go to it.
func (p *place) drawCanary() {
	if p.stage.Canary != nil && rand.Float64()*100 < p.stage.CanaryPercent {
		p.stage, p.canary = p.stage.Canary, true
	}
}

// locateStage takes the stage from the first path segment.
func (p *place) locateStage(api *definition.APIView, path string) {
	name, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	p.path, p.stage = "/"+rest, api.Stages[name]
}
