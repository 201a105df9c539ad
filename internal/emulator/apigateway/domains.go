package apigateway

import (
	"crypto/x509"
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
	wrong.enum(in.EndpointAccessMode, "createDomainNameInput.endpointAccessMode", "BASIC", "STRICT")
	if err := wrong.err(); err != nil {
		return err
	}
	switch {
	case strings.HasPrefix(in.DomainName, "*."):
		return unsupported("wildcard custom domain names")
	case len(in.DomainName) > 253 || !domainNamePattern.MatchString(in.DomainName):
		return badRequest("Invalid domain name specified: %s", in.DomainName)
	case in.CertificateName != "" || in.CertificateBody != "" || in.CertificatePrivateKey != "" || in.CertificateChain != "" || in.RegionalCertificateName != "":
		return unsupported("uploaded certificates; use one of ACM")
	case in.Policy != "":
		return unsupported("policies of domain names, which PRIVATE domains have")
	case in.RoutingMode != "" && in.RoutingMode != "BASE_PATH_MAPPING_ONLY":
		return unsupported("routing rules (routingMode %s)", in.RoutingMode)
	case in.EndpointAccessMode == "STRICT":
		return unsupported("endpointAccessMode STRICT")
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
		default:
			return refused(unsupported("one custom domain name in several regions (%s is in %s already)", in.DomainName, other.name))
		}
	}
	domain := &definition.DomainName{
		Name: in.DomainName, ARN: "arn:aws:apigateway:" + c.region.name + "::/domainnames/" + in.DomainName,
		Endpoint: definition.Endpoint{Types: []string{edge}, IPAddressType: "ipv4"},
		Status:   "AVAILABLE", SecurityPolicy: "TLS_1_2", RoutingMode: "BASE_PATH_MAPPING_ONLY",
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
	if err := c.checkDomain(domain); err != nil {
		return refused(err)
	}
	c.service.giveTarget(domain, c.region.name)
	domain.CertificateUploadDate = c.service.uploaded(domain)
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
	if domain.CertificateArn != current.CertificateArn {
		domain.CertificateUploadDate = c.service.uploaded(domain)
	}
	if err := c.checkDomain(domain); err != nil {
		return refused(err)
	}
	c.region.domains[domain.Name] = domain
	return ok(domain)
}

func patchDomain(d *definition.DomainName, p patchOperation) error {
	if strings.HasPrefix(*p.Path, "/endpointConfiguration/types") {
		return patchEndpointType(&d.Endpoint, p)
	}
	set := func(field *string) func(*string) error {
		return func(v *string) error { *field = text(v); return nil }
	}
	return patchTable{
		"/certificateArn":                      set(&d.CertificateArn),
		"/regionalCertificateArn":              set(&d.RegionalCertificateArn),
		"/securityPolicy":                      set(&d.SecurityPolicy),
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

// uploaded is when an EDGE domain's certificate went to CloudFront: now.
func (s *Service) uploaded(d *definition.DomainName) *definition.Time {
	if d.Endpoint.Type() != edge {
		return nil
	}
	now := s.now()
	return &now
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
	name := "d-*.execute-api." + region + ".amazonaws.com"
	d.RegionalDomainName = strings.Replace(name, "*", newID(regionalNameLength, taken(name)), 1)
	d.RegionalHostedZoneID = regionalZone(region)
}

// checkDomain applies the rules of a domain name as a whole.
func (c *call) checkDomain(d *definition.DomainName) error {
	switch {
	case strings.HasPrefix(d.SecurityPolicy, "SecurityPolicy_"):
		return unsupported("the security policy %s (TLS_1_0 and TLS_1_2 are)", d.SecurityPolicy)
	case d.SecurityPolicy != "TLS_1_0" && d.SecurityPolicy != "TLS_1_2":
		var wrong violations
		wrong.enum(d.SecurityPolicy, "securityPolicy", "TLS_1_0", "TLS_1_2")
		if err := wrong.err(); err != nil {
			return err
		}
		return badRequest("Security policy cannot be empty")
	}
	arn, region := d.RegionalCertificateArn, c.region.name
	if d.Endpoint.Type() == edge {
		arn, region = d.CertificateArn, "us-east-1" // fact D4
	}
	if d.Endpoint.Type() == edge && d.RegionalCertificateArn != "" || d.Endpoint.Type() == regional && d.CertificateArn != "" {
		return badRequest("A domain name of type %s takes %s alone", d.Endpoint.Type(), certificateMember(d.Endpoint.Type()))
	}
	if err := c.service.checkCertificate(d, arn, region); err != nil {
		return err
	}
	return c.service.checkTruststore(d)
}

func certificateMember(endpointType string) string {
	if endpointType == edge {
		return "certificateArn"
	}
	return "regionalCertificateArn"
}

// checkCertificate demands a certificate that is issued, stands in the right
// region and covers the domain name.
func (s *Service) checkCertificate(d *definition.DomainName, arn, region string) error {
	if arn == "" {
		return badRequest("A certificate is required: a domain name of type %s needs %s", d.Endpoint.Type(), certificateMember(d.Endpoint.Type()))
	}
	parts := strings.Split(arn, ":")
	if len(parts) != 6 || parts[2] != "acm" || !strings.HasPrefix(parts[5], "certificate/") {
		return badRequest("Invalid certificate ARN: %s", arn)
	}
	if parts[3] != region {
		return badRequest("Invalid certificate ARN: %s. Certificate must be in '%s'.", arn, region)
	}
	if parts[4] != awsproto.AccountID {
		return badRequest("The certificate provided must be owned by the account creating the domain.")
	}
	var certificate Certificate
	found := false
	if s.config.Certificates != nil {
		certificate, found = s.config.Certificates.Certificate(arn)
	}
	switch {
	case !found:
		return badRequest("Invalid certificate ARN: %s. There is no such certificate.", arn)
	case certificate.Status != "ISSUED":
		return badRequest("Invalid certificate ARN: %s. The certificate has status %s, it must be ISSUED.", arn, certificate.Status)
	}
	if (&x509.Certificate{DNSNames: certificate.Names}).VerifyHostname(d.Name) != nil {
		return badRequest("The certificate %s does not cover the domain name %s (it covers %s)", arn, d.Name, strings.Join(certificate.Names, ", "))
	}
	return nil
}

// checkTruststore demands what mutual TLS demands (developer guide, "Mutual
// TLS authentication for REST APIs").
func (s *Service) checkTruststore(d *definition.DomainName) error {
	if d.MutualTLS == nil {
		return nil
	}
	uri := d.MutualTLS.TruststoreURI
	switch {
	case uri == "":
		return badRequest("A truststoreVersion needs a truststoreUri")
	case d.Endpoint.Type() != regional:
		return badRequest("Mutual TLS is supported for REGIONAL domain names only")
	case d.SecurityPolicy != "TLS_1_2":
		return badRequest("Mutual TLS needs the security policy TLS_1_2")
	case !strings.HasPrefix(uri, "s3://"):
		return badRequest("Invalid truststore URI specified: %s. It must begin with s3://", uri)
	}
	if s.config.Truststores != nil {
		if _, found := s.config.Truststores(uri); found {
			return nil
		}
	}
	return badRequest("The truststore %s cannot be read. Check that the bucket and the object exist and that you have access to them.", uri)
}
