// Package acm is the emulator's AWS Certificate Manager: certificates with DNS
// validation that come from the emulator's own authority, and imported ones.
//
// Whatever key algorithm is asked for, the keys are ECDSA P-256, since making
// RSA keys takes longer than the rest of the emulator's start; the algorithm
// that was asked for is reported.
package acm

import (
	"cmp"
	"crypto/tls"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"apigateway-maintenance/internal/emulator/apigateway"
	"apigateway-maintenance/internal/emulator/awsproto"
	"apigateway-maintenance/internal/emulator/ca"
)

const (
	targetPrefix = "CertificateManager."
	contentType  = "application/x-amz-json-1.1"
)

// Config is what the service needs from the emulator.
type Config struct {
	Authority *ca.Authority
	// CNAME looks a name up in public DNS; DNS validation asks it.
	CNAME func(name string) (target string, found bool)
	// InUseBy names what uses a certificate; such a certificate cannot be
	// deleted.
	InUseBy func(arn string) []string
	Now     func() time.Time // nil means time.Now
}

// Service answers ACM calls. It is safe for concurrent use.
type Service struct {
	config Config

	mu           sync.Mutex
	certificates map[string]*certificate // by ARN
}

// New makes a Service without certificates.
func New(config Config) *Service {
	if config.Now == nil {
		config.Now = time.Now
	}
	return &Service{config: config, certificates: map[string]*certificate{}}
}

// Name is "acm".
func (*Service) Name() string { return "acm" }

// operation serves one call and returns what is to be written as JSON.
type operation func(s *Service, r *awsproto.Request) (any, error)

var operations = map[string]operation{
	"RequestCertificate":        (*Service).requestCertificate,
	"DescribeCertificate":       (*Service).describeCertificate,
	"ListCertificates":          (*Service).listCertificates,
	"GetCertificate":            (*Service).getCertificate,
	"ImportCertificate":         (*Service).importCertificate,
	"DeleteCertificate":         (*Service).deleteCertificate,
	"ListTagsForCertificate":    (*Service).listTags,
	"AddTagsToCertificate":      (*Service).addTags,
	"RemoveTagsFromCertificate": (*Service).removeTags,
}

// Operation reads the call's name from the X-Amz-Target header.
func (*Service) Operation(r *awsproto.Request) string {
	name, _ := strings.CutPrefix(r.Header.Get("X-Amz-Target"), targetPrefix)
	if operations[name] == nil {
		return ""
	}
	return name
}

// Operations are all that the service has.
func (*Service) Operations() []string { return slices.Collect(maps.Keys(operations)) }

// Serve answers the call.
func (s *Service) Serve(w http.ResponseWriter, r *awsproto.Request) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	output, err := operations[s.Operation(r)](s, r)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", contentType)
	if output == nil {
		return nil
	}
	return json.NewEncoder(w).Encode(output)
}

// WriteError writes an error in the JSON 1.1 protocol.
func (*Service) WriteError(w http.ResponseWriter, e *awsproto.Error, requestID string) {
	awsproto.JSON11.WriteError(w, e, requestID)
}

// Certificate tells the control plane of API Gateway what a certificate is.
func (s *Service) Certificate(arn string) (apigateway.Certificate, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.certificates[arn]
	if c == nil {
		return apigateway.Certificate{}, false
	}
	if err := s.validate(c); err != nil {
		return apigateway.Certificate{}, false
	}
	return apigateway.Certificate{ARN: c.arn, Region: c.region, Status: c.status(), Names: c.names, Imported: c.kind == typeImported}, true
}

// TLSCertificate gives an issued certificate with its key, for the edge to
// serve.
func (s *Service) TLSCertificate(arn string) (*tls.Certificate, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.certificates[arn]
	if c == nil || c.issued == nil {
		return nil, false
	}
	return c.issued, true
}

// Issue makes a certificate that is issued at once, without validation: a
// short cut for tests and demonstrations.
func (s *Service) Issue(region string, names ...string) (arn string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.newCertificate(region, typeIssued, names)
	if err := s.issue(c); err != nil {
		return "", err
	}
	s.certificates[c.arn] = c
	return c.arn, nil
}

// Inventory counts the certificates that exist.
func (s *Service) Inventory() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.certificates) == 0 {
		return map[string]int{}
	}
	return map[string]int{"certificates": len(s.certificates)}
}

func (s *Service) sorted() []*certificate {
	return slices.SortedFunc(maps.Values(s.certificates), func(a, b *certificate) int {
		return cmp.Or(a.createdAt.Compare(b.createdAt), cmp.Compare(a.arn, b.arn))
	})
}

func decode(r *awsproto.Request, into any) error {
	if err := json.Unmarshal(r.Payload, into); err != nil {
		return awsproto.Errorf(http.StatusBadRequest, "SerializationException", "the request's JSON cannot be read: %v", err)
	}
	return nil
}

// find gives the certificate that a request's CertificateArn names, in the
// request's region, its validation looked at.
func (s *Service) find(r *awsproto.Request) (*certificate, error) {
	var input struct{ CertificateArn string }
	if err := decode(r, &input); err != nil {
		return nil, err
	}
	if !strings.HasPrefix(input.CertificateArn, "arn:") {
		return nil, awsproto.Errorf(http.StatusBadRequest, "ValidationException", "Invalid Arn: %s", input.CertificateArn)
	}
	c := s.certificates[input.CertificateArn]
	if c == nil || c.region != r.Region {
		return nil, awsproto.Errorf(http.StatusBadRequest, "ResourceNotFoundException", "Could not find certificate %s in account %s.", input.CertificateArn, awsproto.AccountID)
	}
	return c, s.validate(c)
}
