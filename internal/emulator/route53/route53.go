// Package route53 is the emulator's Amazon Route 53: public hosted zones and
// the record types that a website's or an API's zone has. It is strict where
// Route 53 is: a change batch goes through as a whole or not at all, and an
// alias must point at something that exists.
package route53

import (
	"net/http"
	"sync"
	"time"

	"apigateway-maintenance/internal/emulator/awsproto"
)

// AliasTargets knows the AWS resources that an alias record may point at.
type AliasTargets interface {
	// AliasTarget gives the hosted zone id in which the target name lies. The
	// name is lower case and has no trailing dot.
	AliasTarget(name string) (zoneID string, exists bool)
}

// Config is what the service needs from the emulator.
type Config struct {
	Targets AliasTargets
	// Region is that whose latency records answer.
	Region string
	// Notice gets a sentence when something is stored that is not enforced; may
	// be nil.
	Notice func(sentence string)
	Now    func() time.Time // nil means time.Now
}

// Service answers Route 53 calls and holds the zones. It is safe for
// concurrent use.
type Service struct {
	config     Config
	operations awsproto.Operations

	mu      sync.RWMutex
	zones   map[string]*zone // by zone id
	made    int              // zones that ever were
	changes map[string]time.Time
}

// New makes a Service without zones.
func New(config Config) *Service {
	if config.Now == nil {
		config.Now = time.Now
	}
	s := &Service{config: config, zones: map[string]*zone{}, changes: map[string]time.Time{}}
	s.addOperations()
	return s
}

// Name is "route53".
func (*Service) Name() string { return "route53" }

func (s *Service) addOperations() {
	for _, o := range []struct {
		pattern, name string
		serve         func(http.ResponseWriter, *awsproto.Request) error
	}{
		{"POST /2013-04-01/hostedzone", "CreateHostedZone", s.createHostedZone},
		{"GET /2013-04-01/hostedzone", "ListHostedZones", s.listHostedZones},
		{"GET /2013-04-01/hostedzonesbyname", "ListHostedZonesByName", s.listHostedZonesByName},
		{"GET /2013-04-01/hostedzone/{id}", "GetHostedZone", s.getHostedZone},
		{"POST /2013-04-01/hostedzone/{id}", "UpdateHostedZoneComment", s.updateHostedZoneComment},
		{"DELETE /2013-04-01/hostedzone/{id}", "DeleteHostedZone", s.deleteHostedZone},
		{"POST /2013-04-01/hostedzone/{id}/rrset", "ChangeResourceRecordSets", s.changeResourceRecordSets},
		// The AWS CLI spells it with a slash at the end.
		{"POST /2013-04-01/hostedzone/{id}/rrset/{$}", "ChangeResourceRecordSets", s.changeResourceRecordSets},
		{"GET /2013-04-01/hostedzone/{id}/rrset", "ListResourceRecordSets", s.listResourceRecordSets},
		{"GET /2013-04-01/hostedzone/{id}/dnssec", "GetDNSSEC", s.getDNSSEC},
		{"GET /2013-04-01/change/{id}", "GetChange", s.getChange},
		{"GET /2013-04-01/tags/hostedzone/{id}", "ListTagsForResource", s.listTags},
		{"POST /2013-04-01/tags/hostedzone/{id}", "ChangeTagsForResource", s.changeTags},
	} {
		s.operations.Add(o.pattern, o.name, o.serve)
	}
}

// Operation names the call by its verb and path.
func (s *Service) Operation(r *awsproto.Request) string { return s.operations.Name(r) }

// Operations are all that the service has.
func (s *Service) Operations() []string { return s.operations.Names() }

// Serve answers the call.
func (s *Service) Serve(w http.ResponseWriter, r *awsproto.Request) error {
	return s.operations.Serve(w, r)
}

// WriteError writes an error in REST-XML.
func (*Service) WriteError(w http.ResponseWriter, e *awsproto.Error, requestID string) {
	awsproto.RESTXML.WriteError(w, e, requestID)
}

// Inventory counts what exists: zones, and records beyond a zone's own NS and
// SOA.
func (s *Service) Inventory() map[string]int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	counts := map[string]int{}
	for _, z := range s.zones {
		counts["hosted_zones"]++
		for key := range z.records {
			if !z.required(key) {
				counts["resource_record_sets"]++
			}
		}
	}
	return counts
}
