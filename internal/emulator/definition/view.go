package definition

import "strings"

// View is all that the execution service needs to answer requests: an
// immutable picture of the control plane at one moment. The control plane
// publishes a new one after each change; nothing in it is written again.
type View struct {
	Domains map[string]*DomainView // by lower-case domain name, wildcards included
	APIs    map[string]*APIView    // by API id
}

// Domain is the custom domain that answers for a host name to clients that came
// to a region: the name's own before the wildcard that covers it, and of a name
// that is a domain in several regions the one of that region.
func (v *View) Domain(host, region string) *DomainView {
	domain := v.Domains[host]
	if domain == nil {
		_, parent, _ := strings.Cut(host, ".")
		domain = v.Domains["*."+parent]
	}
	if domain != nil && domain.Elsewhere[region] != nil {
		return domain.Elsewhere[region]
	}
	return domain
}

// DomainView is a custom domain name as the edge sees it.
type DomainView struct {
	Name           string
	Region         string
	EndpointType   string
	SecurityPolicy string
	CertificateArn string // the one it serves, regional or edge
	// TruststoreURI is not empty for a mutual-TLS domain.
	TruststoreURI     string
	TruststoreVersion string
	// TargetNames are the host names that resolve to this domain (regional or distribution name).
	TargetName string
	Mappings   map[string]BasePathMapping // by base path, "" for the root
	// Elsewhere are the domains of the same name in other regions, by region.
	Elsewhere map[string]*DomainView
}

// APIView is an API with its stages, each bound to a frozen snapshot.
type APIView struct {
	ID             string
	Region         string
	SecurityPolicy string
	Stages         map[string]*StageView // by stage name
}

// StageView is a stage with what its deployment froze.
type StageView struct {
	Stage    *Stage // a copy
	Snapshot *Snapshot
	// APIKeys are the values of the enabled keys whose usage plans open the stage.
	APIKeys map[string]bool
	// Canary is what a share of the requests gets instead; nil if none does.
	Canary        *StageView
	CanaryPercent float64
}
