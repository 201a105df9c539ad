package acm

import (
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"apigateway-maintenance/internal/emulator/awsproto"
)

const (
	typeIssued   = "AMAZON_ISSUED"
	typeImported = "IMPORTED"

	statusIssued  = "ISSUED"
	statusPending = "PENDING_VALIDATION"

	// validationDomain is where the validation records of ACM point.
	validationDomain = "acm-validations.aws"
)

// certificate is one of ACM's.
type certificate struct {
	arn              string
	region           string
	kind             string   // typeIssued or typeImported
	names            []string // the domain name first
	keyAlgorithm     string   // as asked for
	loggingChoice    string   // ENABLED or DISABLED: certificate transparency
	idempotencyToken string
	createdAt        time.Time
	issuedAt         time.Time
	issued           *tls.Certificate // nil while validation is pending
	tags             map[string]string
}

func (s *Service) newCertificate(region, kind string, names []string) *certificate {
	return &certificate{
		arn:           awsproto.ARN("acm", region, awsproto.AccountID, "certificate/"+uuid.NewString()),
		region:        region,
		kind:          kind,
		names:         names,
		keyAlgorithm:  "RSA_2048",
		loggingChoice: "ENABLED",
		createdAt:     s.config.Now(),
		tags:          map[string]string{},
	}
}

func (c *certificate) status() string {
	if c.issued == nil {
		return statusPending
	}
	return statusIssued
}

func (s *Service) issue(c *certificate) error {
	issued, err := s.config.Authority.Issue(c.names...)
	if err != nil {
		return fmt.Errorf("issue %s: %w", c.arn, err)
	}
	c.issued, c.issuedAt = issued, s.config.Now()
	return nil
}

// validate issues a pending certificate once all its names are validated in
// DNS. ACM looks again and again; here each look at the certificate is one.
func (s *Service) validate(c *certificate) error {
	if c.issued != nil {
		return nil
	}
	for _, name := range c.names {
		if !s.validated(name) {
			return nil
		}
	}
	return s.issue(c)
}

func (s *Service) validated(name string) bool {
	record, want := validationRecord(name)
	target, found := s.config.CNAME(record)
	return found && strings.EqualFold(strings.TrimSuffix(target, "."), strings.TrimSuffix(want, "."))
}

// validationRecord gives the CNAME that proves a name: the same for all
// certificates of an account, and for a name and its wildcard (ACM guide, "DNS
// validation").
func validationRecord(name string) (record, target string) {
	base := strings.ToLower(strings.TrimPrefix(name, "*."))
	sum := sha256.Sum256([]byte(awsproto.AccountID + "/" + base))
	text := hex.EncodeToString(sum[:])
	return "_" + text[:32] + "." + base + ".", "_" + text[32:] + ".emulated." + validationDomain + "."
}
