package apigateway

import (
	"crypto/x509"
	"strings"

	"apigateway-maintenance/internal/emulator/awsproto"
	"apigateway-maintenance/internal/emulator/definition"
)

// checkDomain applies the rules of a domain name as a whole.
func (c *call) checkDomain(d *definition.DomainName) error {
	if err := checkSecurityPolicy(d.SecurityPolicy, d.EndpointAccessMode, d.Endpoint.Type()); err != nil {
		return err
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
	if err := c.service.checkTruststore(d); err != nil {
		return err
	}
	return c.service.checkOwnership(d)
}

// checkOwnership demands a public certificate beside an imported one where there
// is mutual TLS (fact J3; the words are those that users quote).
func (s *Service) checkOwnership(d *definition.DomainName) error {
	if d.OwnershipCertificateArn == "" {
		if served := s.certificate(d.RegionalCertificateArn); d.MutualTLS != nil && served.Imported {
			return badRequest("Missing ownershipVerificationCertificate")
		}
		return nil
	}
	proof := s.certificate(d.OwnershipCertificateArn)
	switch {
	case proof.Status != "ISSUED" || proof.Imported:
		return badRequest("The ownershipVerificationCertificate %s must be a public certificate that ACM issued", d.OwnershipCertificateArn)
	case !proof.covers(d.Name):
		return badRequest("The ownershipVerificationCertificate %s does not cover the domain name %s", d.OwnershipCertificateArn, d.Name)
	}
	return nil
}

// certificate is the zero one where there is none.
func (s *Service) certificate(arn string) Certificate {
	if s.config.Certificates == nil {
		return Certificate{}
	}
	certificate, _ := s.config.Certificates.Certificate(arn)
	return certificate
}

func (c Certificate) covers(domain string) bool {
	return (&x509.Certificate{DNSNames: c.Names}).VerifyHostname(domain) == nil
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
	certificate := s.certificate(arn)
	switch {
	case certificate.ARN == "":
		return badRequest("Invalid certificate ARN: %s. There is no such certificate.", arn)
	case certificate.Status != "ISSUED":
		return badRequest("Invalid certificate ARN: %s. The certificate has status %s, it must be ISSUED.", arn, certificate.Status)
	}
	if !certificate.covers(d.Name) {
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
