package definition

import "encoding/json"

// DomainName is a custom domain name.
type DomainName struct {
	Name                     string            `json:"domainName"`
	ARN                      string            `json:"domainNameArn"`
	Endpoint                 Endpoint          `json:"endpointConfiguration"` // EDGE or REGIONAL
	Status                   string            `json:"domainNameStatus"`
	SecurityPolicy           string            `json:"securityPolicy"`
	EndpointAccessMode       string            `json:"endpointAccessMode,omitempty"` // empty: nobody set one
	RoutingMode              string            `json:"routingMode"`
	CertificateArn           string            `json:"certificateArn,omitempty"`           // EDGE
	RegionalCertificateArn   string            `json:"regionalCertificateArn,omitempty"`   // REGIONAL
	CertificateUploadDate    Time              `json:"certificateUploadDate"`              // of both types, whatever the API reference says (the provider's acceptance tests read it)
	DistributionDomainName   string            `json:"distributionDomainName,omitempty"`   // EDGE: dxxxx.cloudfront.net
	DistributionHostedZoneID string            `json:"distributionHostedZoneId,omitempty"` // EDGE: always Z2FDTNDATAQYW2
	RegionalDomainName       string            `json:"regionalDomainName,omitempty"`       // REGIONAL: d-xxxx.execute-api.{region}.amazonaws.com
	RegionalHostedZoneID     string            `json:"regionalHostedZoneId,omitempty"`
	MutualTLS                *MutualTLS        `json:"mutualTlsAuthentication,omitempty"`
	OwnershipCertificateArn  string            `json:"ownershipVerificationCertificateArn,omitempty"`
	Tags                     map[string]string `json:"tags,omitempty"`

	Mappings map[string]*BasePathMapping `json:"-"` // by base path, "" for the root
}

// MutualTLS names the bundle of the authorities that a domain's clients need a
// certificate of.
type MutualTLS struct {
	TruststoreURI     string `json:"truststoreUri,omitempty"`
	TruststoreVersion string `json:"truststoreVersion,omitempty"`
}

// NoBasePath is how the root's base path is spelled in paths and answers.
const NoBasePath = "(none)"

// BasePathMapping routes a base path of a domain to a stage of an API.
type BasePathMapping struct {
	BasePath  string `json:"basePath"` // "" for the root
	RestAPIID string `json:"restApiId"`
	Stage     string `json:"stage,omitempty"` // empty: the caller names the stage as first path segment
}

// MarshalJSON spells the root's base path.
func (m BasePathMapping) MarshalJSON() ([]byte, error) {
	type plain BasePathMapping // without this method
	if m.BasePath == "" {
		m.BasePath = NoBasePath
	}
	return json.Marshal(plain(m))
}
