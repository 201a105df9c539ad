// Package route53 is the emulator's Amazon Route 53: public hosted zones and
// the record types that a website's or an API's zone has. It is strict where
// Route 53 is: a change batch goes through as a whole or not at all, and an
// alias must point at something that exists.
package route53

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"apigateway-maintenance/internal/emulator/awsproto"
)

const (
	apiVersion = "/2013-04-01/"
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
	Now     func() time.Time // nil means time.Now
}

// Service answers Route 53 calls and holds the zones. It is safe for
// concurrent use.
type Service struct {
	config Config

	mu      sync.RWMutex
	zones   map[string]*zone // by zone id
	changes map[string]time.Time
}

// New makes a Service without zones.
func New(config Config) *Service {
	if config.Now == nil {
		config.Now = time.Now
	}
	return &Service{config: config, zones: map[string]*zone{}, changes: map[string]time.Time{}}
}

// Name is "route53".
func (*Service) Name() string { return "route53" }

// handler serves one operation; ids are the path's variable segments.
type handler func(s *Service, w http.ResponseWriter, r *awsproto.Request, ids []string) error

// route is one line of the service's REST table; "*" stands for one segment.
type route struct {
	method, pattern, operation string
	handle                     handler
}

var routes = []route{
	{http.MethodPost, "hostedzone", "CreateHostedZone", (*Service).createHostedZone},
	{http.MethodGet, "hostedzone", "ListHostedZones", (*Service).listHostedZones},
	{http.MethodGet, "hostedzonesbyname", "ListHostedZonesByName", (*Service).listHostedZonesByName},
	{http.MethodGet, "hostedzone/*", "GetHostedZone", (*Service).getHostedZone},
	{http.MethodPost, "hostedzone/*", "UpdateHostedZoneComment", (*Service).updateHostedZoneComment},
	{http.MethodDelete, "hostedzone/*", "DeleteHostedZone", (*Service).deleteHostedZone},
	{http.MethodPost, "hostedzone/*/rrset", "ChangeResourceRecordSets", (*Service).changeResourceRecordSets},
	{http.MethodGet, "hostedzone/*/rrset", "ListResourceRecordSets", (*Service).listResourceRecordSets},
	{http.MethodGet, "hostedzone/*/dnssec", "GetDNSSEC", (*Service).getDNSSEC},
	{http.MethodGet, "change/*", "GetChange", (*Service).getChange},
	{http.MethodGet, "tags/hostedzone/*", "ListTagsForResource", (*Service).listTags},
	{http.MethodPost, "tags/hostedzone/*", "ChangeTagsForResource", (*Service).changeTags},
}

// find gives the route of a request and the path's variable segments.
func find(r *awsproto.Request) (*route, []string) {
	path, found := strings.CutPrefix(strings.TrimSuffix(r.URL.Path, "/"), apiVersion)
	if !found {
		return nil, nil
	}
	segments := strings.Split(path, "/")
	for i := range routes {
		if routes[i].method != r.Method {
			continue
		}
		if ids, ok := match(strings.Split(routes[i].pattern, "/"), segments); ok {
			return &routes[i], ids
		}
	}
	return nil, nil
}

func match(pattern, segments []string) (ids []string, ok bool) {
	if len(pattern) != len(segments) {
		return nil, false
	}
	for i, part := range pattern {
		switch part {
		case "*":
			ids = append(ids, segments[i])
		case segments[i]:
		default:
			return nil, false
		}
	}
	return ids, true
}

// Operation names the call by its verb and path.
func (*Service) Operation(r *awsproto.Request) string {
	if route, _ := find(r); route != nil {
		return route.operation
	}
	return ""
}

// Serve answers the call.
func (s *Service) Serve(w http.ResponseWriter, r *awsproto.Request) error {
	route, ids := find(r)
	return route.handle(s, w, r, ids)
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
