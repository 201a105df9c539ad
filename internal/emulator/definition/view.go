package definition

import "strings"

// View is all that the execution service needs to answer requests: an
// immutable picture of the control plane at one moment. The control plane
// publishes a new one after each change; nothing in it is written again.
type View struct {
	Domains map[string]*DomainView // by lower-case domain name
	APIs    map[string]*APIView    // by API id
}

// Domain gives the custom domain name that a host name belongs to: its own, or
// the wildcard one of its parent. It is nil if it is nobody's.
func (v *View) Domain(host string) *DomainView {
	if domain := v.Domains[host]; domain != nil {
		return domain
	}
	_, parent, _ := strings.Cut(host, ".")
	return v.Domains["*."+parent]
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
