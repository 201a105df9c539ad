package acm

import (
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"apigateway-maintenance/internal/emulator/awsproto"
	"apigateway-maintenance/internal/emulator/ca"
)

// domainName is ACM's own pattern (ACM API reference, RequestCertificate).
var domainName = regexp.MustCompile(`^(\*\.)?([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])$`)

// keyAlgorithms are those that ACM issues.
var keyAlgorithms = []string{"RSA_2048", "EC_prime256v1", "EC_secp384r1"}

func (s *Service) requestCertificate(r *awsproto.Request) (any, error) {
	var input struct {
		DomainName              string
		SubjectAlternativeNames []string
		ValidationMethod        string
		IdempotencyToken        string
		KeyAlgorithm            string
		CertificateAuthorityArn string
		Options                 struct{ CertificateTransparencyLoggingPreference string }
		Tags                    []tag
	}
	if err := decode(r, &input); err != nil {
		return nil, err
	}
	if input.CertificateAuthorityArn != "" || input.ValidationMethod != "DNS" {
		return nil, awsproto.Unsupported("validation by anything but DNS; set the validation method to DNS")
	}
	names := []string{strings.ToLower(input.DomainName)}
	for _, name := range input.SubjectAlternativeNames {
		if name = strings.ToLower(name); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, name := range names {
		if !domainName.MatchString(name) || len(name) > 253 {
			return nil, awsproto.Errorf(http.StatusBadRequest, "ValidationException", "Value '%s' at 'domainName' failed to satisfy constraint: Member must satisfy regular expression pattern: %s", name, domainName)
		}
	}
	for _, c := range s.certificates {
		if input.IdempotencyToken != "" && c.idempotencyToken == input.IdempotencyToken && c.region == r.Region && slices.Equal(c.names, names) {
			return map[string]string{"CertificateArn": c.arn}, nil
		}
	}
	c := s.newCertificate(r.Region, typeIssued, names)
	c.idempotencyToken = input.IdempotencyToken
	if input.KeyAlgorithm != "" {
		if !slices.Contains(keyAlgorithms, input.KeyAlgorithm) {
			return nil, awsproto.Errorf(http.StatusBadRequest, "ValidationException", "Key algorithm %q is not one that ACM issues: %s", input.KeyAlgorithm, strings.Join(keyAlgorithms, ", "))
		}
		c.keyAlgorithm = input.KeyAlgorithm
	}
	if choice := input.Options.CertificateTransparencyLoggingPreference; choice != "" {
		c.loggingChoice = choice
	}
	c.addTags(input.Tags)
	s.certificates[c.arn] = c
	return map[string]string{"CertificateArn": c.arn}, nil
}

func (s *Service) describeCertificate(r *awsproto.Request) (any, error) {
	c, err := s.find(r)
	if err != nil {
		return nil, err
	}
	return map[string]any{"Certificate": s.detail(c)}, nil
}

func (s *Service) listCertificates(r *awsproto.Request) (any, error) {
	var input struct{ CertificateStatuses []string }
	if err := decode(r, &input); err != nil {
		return nil, err
	}
	summaries := []summary{}
	for _, c := range s.sorted() {
		if c.region != r.Region {
			continue
		}
		if err := s.validate(c); err != nil {
			return nil, err
		}
		if len(input.CertificateStatuses) == 0 || slices.Contains(input.CertificateStatuses, c.status()) {
			summaries = append(summaries, s.summary(c))
		}
	}
	return map[string]any{"CertificateSummaryList": summaries}, nil
}

func (s *Service) getCertificate(r *awsproto.Request) (any, error) {
	c, err := s.find(r)
	if err != nil {
		return nil, err
	}
	if c.issued == nil {
		return nil, awsproto.Errorf(http.StatusBadRequest, "RequestInProgressException", "Certificate %s is not issued yet: its status is %s.", c.arn, c.status())
	}
	chain := c.issued.Certificate
	return map[string]string{"Certificate": string(ca.EncodeChain(chain[:1])), "CertificateChain": string(ca.EncodeChain(chain[1:]))}, nil
}

func (s *Service) importCertificate(r *awsproto.Request) (any, error) {
	var input struct {
		CertificateArn   string
		Certificate      []byte
		PrivateKey       []byte
		CertificateChain []byte
		Tags             []tag
	}
	if err := decode(r, &input); err != nil {
		return nil, err
	}
	bundle := append(append(slices.Clone(input.Certificate), '\n'), input.CertificateChain...)
	pair, err := tls.X509KeyPair(bundle, input.PrivateKey)
	if err != nil {
		return nil, awsproto.Errorf(http.StatusBadRequest, "ValidationException", "The certificate, its chain or its private key is not valid: %v", err)
	}
	names := namesOf(pair.Leaf)
	if len(names) == 0 {
		return nil, awsproto.Errorf(http.StatusBadRequest, "ValidationException", "The certificate names no domain.")
	}
	c := s.newCertificate(r.Region, typeImported, names)
	if input.CertificateArn != "" {
		if c, err = s.find(r); err != nil {
			return nil, err
		}
		if c.kind != typeImported {
			return nil, awsproto.Errorf(http.StatusBadRequest, "ValidationException", "Certificate %s was not imported and cannot be imported again.", c.arn)
		}
		c.names = names
	}
	c.issued, c.issuedAt, c.keyAlgorithm = &pair, s.config.Now(), algorithmOf(pair.Leaf)
	c.addTags(input.Tags)
	s.certificates[c.arn] = c
	return map[string]string{"CertificateArn": c.arn}, nil
}

// namesOf are the domains of a certificate; its common name alone if it has no
// alternative names.
func namesOf(leaf *x509.Certificate) []string {
	if len(leaf.DNSNames) == 0 && leaf.Subject.CommonName != "" {
		return []string{leaf.Subject.CommonName}
	}
	return leaf.DNSNames
}

func algorithmOf(leaf *x509.Certificate) string {
	if key, isRSA := leaf.PublicKey.(*rsa.PublicKey); isRSA {
		return map[int]string{128: "RSA_1024", 256: "RSA_2048", 384: "RSA_3072", 512: "RSA_4096"}[key.Size()]
	}
	return "EC_prime256v1"
}

func (s *Service) deleteCertificate(r *awsproto.Request) (any, error) {
	c, err := s.find(r)
	if err != nil {
		return nil, err
	}
	if len(s.config.InUseBy(c.arn)) > 0 {
		return nil, awsproto.Errorf(http.StatusBadRequest, "ResourceInUseException", "Certificate %s in account %s is in use.", c.arn, awsproto.AccountID)
	}
	delete(s.certificates, c.arn)
	return nil, nil
}
