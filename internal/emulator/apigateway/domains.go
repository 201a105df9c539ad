package apigateway

import (
	"regexp"
	"strings"

	"apigateway-maintenance/internal/emulator/awsproto"
	"apigateway-maintenance/internal/emulator/definition"
)

type createDomainInput struct {
	DomainName                          string                `json:"domainName"`
	CertificateName                     string                `json:"certificateName"`
	CertificateBody                     string                `json:"certificateBody"`
	CertificatePrivateKey               string                `json:"certificatePrivateKey"`
	CertificateChain                    string                `json:"certificateChain"`
	CertificateArn                      string                `json:"certificateArn"`
	RegionalCertificateName             string                `json:"regionalCertificateName"`
	RegionalCertificateArn              string                `json:"regionalCertificateArn"`
	EndpointConfiguration               *endpointInput        `json:"endpointConfiguration"`
	Tags                                map[string]string     `json:"tags"`
	SecurityPolicy                      string                `json:"securityPolicy"`
	MutualTLSAuthentication             *definition.MutualTLS `json:"mutualTlsAuthentication"`
	OwnershipVerificationCertificateArn string                `json:"ownershipVerificationCertificateArn"`
	Policy                              string                `json:"policy"`
	RoutingMode                         string                `json:"routingMode"`
	EndpointAccessMode                  string                `json:"endpointAccessMode"`
}

var domainNamePattern = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$`)

func (in *createDomainInput) check() error {
	var wrong violations
	in.EndpointConfiguration.check(&wrong, "createDomainNameInput")
	wrong.enum(in.RoutingMode, "createDomainNameInput.routingMode", "BASE_PATH_MAPPING_ONLY", "ROUTING_RULE_ONLY", "ROUTING_RULE_THEN_BASE_PATH_MAPPING")
	wrong.enum(in.SecurityPolicy, "createDomainNameInput.securityPolicy", securityPolicies...)
	wrong.enum(in.EndpointAccessMode, "createDomainNameInput.endpointAccessMode", accessModes...)
	if err := wrong.err(); err != nil {
		return err
	}
	switch {
	case len(in.DomainName) > 253 || !domainNamePattern.MatchString(strings.TrimPrefix(in.DomainName, "*.")):
		return badRequest("Invalid domain name specified: %s", in.DomainName)
	case in.CertificateName != "" || in.CertificateBody != "" || in.CertificatePrivateKey != "" || in.CertificateChain != "" || in.RegionalCertificateName != "":
		return unsupported("uploaded certificates; use one of ACM")
	case in.Policy != "":
		return unsupported("policies of domain names, which PRIVATE domains have")
	case in.RoutingMode != "" && in.RoutingMode != "BASE_PATH_MAPPING_ONLY":
		return unsupported("routing rules (routingMode %s)", in.RoutingMode)
	}
	return checkTags(in.Tags)
}

func createDomainName(c *call) (answer, error) {
	var in createDomainInput
	if err := c.decode(&in); err != nil {
		return refused(err)
	}
	if err := in.check(); err != nil {
		return refused(err)
	}
	for _, other := range c.service.regions {
		switch {
		case other.domains[in.DomainName] == nil:
		case other == c.region:
			return refused(badRequest("The domain name you provided already exists."))
		case !c.service.config.OwnAddress(other.name) || !c.service.config.OwnAddress(c.region.name):
			return refused(unsupported("one custom domain name in several regions where this machine has no loopback address for each (%s is in %s already)", in.DomainName, other.name))
		}
	}
	domain := &definition.DomainName{
		Name: in.DomainName, ARN: awsproto.ARN("apigateway", c.region.name, "", "/domainnames/"+in.DomainName),
		Endpoint:              definition.Endpoint{Types: []string{edge}, IPAddressType: "ipv4"},
		CertificateUploadDate: c.service.now(),
		Status:                "AVAILABLE", SecurityPolicy: "TLS_1_2", RoutingMode: "BASE_PATH_MAPPING_ONLY",
		CertificateArn: in.CertificateArn, RegionalCertificateArn: in.RegionalCertificateArn,
		OwnershipCertificateArn: in.OwnershipVerificationCertificateArn,
		MutualTLS:               in.MutualTLSAuthentication,
		Tags:                    in.Tags, Mappings: map[string]*definition.BasePathMapping{},
	}
	if err := applyEndpoint(domain, in.EndpointConfiguration); err != nil {
		return refused(err)
	}
	if in.SecurityPolicy != "" {
		domain.SecurityPolicy = in.SecurityPolicy
	}
	domain.EndpointAccessMode = in.EndpointAccessMode
	if err := c.checkDomain(domain); err != nil {
		return refused(err)
	}
	c.service.giveTarget(domain, c.region.name)
	c.region.domains[domain.Name] = domain
	return created(domain)
}

func applyEndpoint(domain *definition.DomainName, e *endpointInput) error {
	if e == nil {
		return nil
	}
	switch {
	case len(e.Types) == 0:
		return badRequest("REGIONAL Configuration and EDGE Configuration cannot be both DISABLED.")
	case len(e.Types) > 1:
		return unsupported("a domain name with two endpoint types, as in a migration")
	case e.Types[0] == private:
		return unsupported("PRIVATE domain names")
	}
	domain.Endpoint.Types = e.Types
	if e.IPAddressType != "" {
		domain.Endpoint.IPAddressType = e.IPAddressType
	}
	return nil
}

// domain gives the domain name that the path names. Only PRIVATE domains have
// an id beside their name.
func (c *call) domain() (*definition.DomainName, error) {
	if c.URL.Query().Get("domainNameId") != "" {
		return nil, unsupported("PRIVATE domain names (domainNameId)")
	}
	domain := c.region.domains[c.PathValue("domain_name")]
	if domain == nil {
		return nil, notFound(noSuchDomain)
	}
	return domain, nil
}

func getDomainName(c *call) (answer, error) {
	domain, err := c.domain()
	if err != nil {
		return refused(err)
	}
	return ok(domain)
}

func getDomainNames(c *call) (answer, error) {
	return page(c, sortedValues(c.region.domains))
}

// deleteDomainName takes the mappings with it, as API Gateway does.
func deleteDomainName(c *call) (answer, error) {
	domain, err := c.domain()
	if err != nil {
		return refused(err)
	}
	delete(c.region.domains, domain.Name)
	return accepted()
}

func updateDomainName(c *call) (answer, error) {
	patches, err := c.patches("updateDomainNameInput")
	if err != nil {
		return refused(err)
	}
	current, err := c.domain()
	if err != nil {
		return refused(err)
	}
	domain := current.Clone()
	for _, p := range patches {
		if err := patchDomain(domain, p); err != nil {
			return refused(err)
		}
	}
	if domain.Endpoint.Type() != current.Endpoint.Type() {
		c.service.giveTarget(domain, c.region.name)
	}
	if domain.CertificateArn != current.CertificateArn || domain.RegionalCertificateArn != current.RegionalCertificateArn {
		domain.CertificateUploadDate = c.service.now()
	}
	if err := c.checkDomain(domain); err != nil {
		return refused(err)
	}
	c.region.domains[domain.Name] = domain
	return ok(domain)
}

func patchDomain(d *definition.DomainName, p patchOperation) error {
	if strings.HasPrefix(*p.Path, "/endpointConfiguration/types") {
		if p.value() == private {
			return unsupported("PRIVATE domain names")
		}
		return patchEndpointType(&d.Endpoint, p)
	}
	set := func(field *string) func(*string) error {
		return func(v *string) error { *field = text(v); return nil }
	}
	return patchTable{
		"/certificateArn":                      set(&d.CertificateArn),
		"/regionalCertificateArn":              set(&d.RegionalCertificateArn),
		"/securityPolicy":                      set(&d.SecurityPolicy),
		"/endpointAccessMode":                  set(&d.EndpointAccessMode),
		"/ownershipVerificationCertificateArn": set(&d.OwnershipCertificateArn),
		"/endpointConfiguration/ipAddressType": func(v *string) error {
			if text(v) != "ipv4" && text(v) != "dualstack" {
				return badRequest("ipAddressType must be either ipv4 or dualstack.")
			}
			d.Endpoint.IPAddressType = *v
			return nil
		},
		// Removing the truststore turns mutual TLS off.
		"/mutualTlsAuthentication/truststoreUri": func(v *string) error {
			if text(v) == "" {
				d.MutualTLS = nil
				return nil
			}
			mutualTLS(d).TruststoreURI = *v
			return nil
		},
		"/mutualTlsAuthentication/truststoreVersion": func(v *string) error {
			mutualTLS(d).TruststoreVersion = text(v)
			return nil
		},
	}.apply(p)
}

func mutualTLS(d *definition.DomainName) *definition.MutualTLS {
	if d.MutualTLS == nil {
		d.MutualTLS = &definition.MutualTLS{}
	}
	return d.MutualTLS
}

// giveTarget gives a domain the host name that DNS is to point at, and takes
// away the one of the other endpoint type.
func (s *Service) giveTarget(d *definition.DomainName, region string) {
	d.DistributionDomainName, d.DistributionHostedZoneID, d.RegionalDomainName, d.RegionalHostedZoneID = "", "", "", ""
	taken := func(name string) func(string) bool {
		return func(id string) bool { return isKey(*s.targets.Load())(strings.Replace(name, "*", id, 1)) }
	}
	if d.Endpoint.Type() == edge {
		d.RegionalCertificateArn = ""
		d.DistributionDomainName = "d" + newID(distributionLength, taken("d*.cloudfront.net")) + ".cloudfront.net"
		d.DistributionHostedZoneID = cloudFrontZone
		return
	}
	d.CertificateArn = ""
	name := "d-*.execute-api." + region + "." + awsproto.PartitionOf(region).DNSSuffix
	d.RegionalDomainName = strings.Replace(name, "*", newID(regionalNameLength, taken(name)), 1)
	d.RegionalHostedZoneID = regionalZone(region)
}
