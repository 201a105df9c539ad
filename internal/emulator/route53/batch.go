package route53

import (
	"cmp"
	"fmt"
	"math"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/miekg/dns"

	"apigateway-maintenance/internal/emulator/awsproto"
)

// supportedTypes are the record types that the emulator serves.
var supportedTypes = []string{"A", "AAAA", "CNAME", "TXT", "NS", "SOA", "CAA", "MX"}

// batch is a change batch on its way: the zone's records as they would be, and
// what is wrong with it.
type batch struct {
	zone     *zone
	targets  map[string]string // hosted zone ids of AWS's alias targets, by canonical name
	records  map[recordKey]*RecordSet
	problems []string
}

func (b *batch) refuse(format string, args ...any) {
	b.problems = append(b.problems, fmt.Sprintf(format, args...))
}

// refusal lists all problems as Route 53 does: in brackets.
func (b *batch) refusal() error {
	return awsproto.Errorf(http.StatusBadRequest, "InvalidChangeBatch", "[%s]", strings.Join(b.problems, ", "))
}

// apply tries one change. An error it returns is about the request's form; what
// Route 53 puts in the batch's own refusal is collected instead.
func (b *batch) apply(action string, record *RecordSet) error {
	record.Name = canonical(record.Name)
	if err := checkForm(record); err != nil {
		return err
	}
	if !within(record.Name, b.zone.name) {
		b.refuse("RRSet with DNS name %s is not permitted in zone %s", escaped(record.Name), b.zone.name)
		return nil
	}
	switch action {
	case "CREATE":
		if _, exists := b.records[record.key()]; exists {
			b.refuse("Tried to create resource record set [name='%s', %s] but it already exists", escaped(record.Name), record.named())
			return nil
		}
		b.put(record)
	case "UPSERT":
		b.put(record)
	case "DELETE":
		b.remove(record)
	default:
		return awsproto.Errorf(http.StatusBadRequest, "InvalidInput", "Invalid action %q: must be CREATE, DELETE or UPSERT", action)
	}
	return nil
}

func checkForm(record *RecordSet) error {
	invalid := func(format string, args ...any) error {
		return awsproto.Errorf(http.StatusBadRequest, "InvalidInput", "Invalid request: %s", fmt.Sprintf(format, args...))
	}
	switch {
	case record.HealthCheckID != "":
		return awsproto.Unsupported("health checks (record %s %s)", record.Name, record.Type)
	case record.GeoProximity != nil || record.CIDR != nil:
		return awsproto.Unsupported("routing by proximity or by CIDR blocks (record %s %s)", record.Name, record.Type)
	case record.SetIdentifier == "" && len(record.policies()) > 0:
		return invalid("Missing field 'SetIdentifier' in Change with [Action=CREATE, Name=%s, Type=%s, SetIdentifier=null]", record.Name, record.Type)
	case record.SetIdentifier != "" && len(record.policies()) != 1:
		return invalid("Expected exactly one of [Weight, Region, Failover, GeoLocation, MultiValueAnswer] in Change with [name=%s, type=%s, set-identifier=%s]", record.Name, record.Type, record.SetIdentifier)
	case !slices.Contains(supportedTypes, record.Type):
		return awsproto.Unsupported("records of type %q (record %s); it has %s", record.Type, record.Name, strings.Join(supportedTypes, ", "))
	case !validName(record.Name):
		return invalid("the name %q is not a domain name", record.Name)
	case record.AliasTarget != nil && (record.TTL != nil || record.Records != nil):
		return invalid("an alias record must have neither TTL nor ResourceRecords")
	case record.TTL != nil && (*record.TTL < 0 || *record.TTL > math.MaxInt32):
		return invalid("the TTL %d is not between 0 and %d seconds", *record.TTL, math.MaxInt32)
	case record.AliasTarget == nil && (record.TTL == nil || len(record.Values()) == 0):
		return invalid("Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found none in Change with [name=%s, type=%s]", record.Name, record.Type)
	}
	return nil
}

func (b *batch) put(record *RecordSet) {
	if record.Type == "CNAME" && record.Name == b.zone.name {
		b.refuse("RRSet of type CNAME with DNS name %s is not permitted at apex in zone %s", record.Name, b.zone.name)
		return
	}
	if !b.agrees(record) {
		b.refuse("RRSet with DNS name %s, type %s, SetIdentifier %s cannot be created as other RRSets exist with the same name and type.",
			escaped(record.Name), record.Type, cmp.Or(record.SetIdentifier, "null"))
		return
	}
	b.checkValues(record)
	b.records[record.key()] = record
}

// checkValues refuses values that are not of the record's type.
func (b *batch) checkValues(record *RecordSet) {
	for _, value := range record.Values() {
		if problem := valueProblem(record.Type, value); problem != "" {
			b.refuse("Invalid Resource Record: 'FATAL problem: %s encountered with '%s''", problem, value)
		}
	}
	if record.Type == "CNAME" && len(record.Values()) > 1 {
		b.refuse("RRSet of type CNAME with DNS name %s must have exactly one value", record.Name)
	}
}

// valueProblem names what is wrong with a value, in Route 53's own terms.
func valueProblem(kind, value string) string {
	address, err := netip.ParseAddr(value)
	switch {
	case kind == "A" && (err != nil || !address.Is4()):
		return "ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)"
	case kind == "AAAA" && (err != nil || !address.Is6()):
		return "AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)"
	case kind == "CNAME" && !validName(canonical(value)):
		return "DomainLabelEmpty (Domain label is empty)"
	case kind == "TXT" && (!strings.HasPrefix(value, `"`) || !strings.HasSuffix(value, `"`) || len(value) < 2):
		return "InvalidCharacterString (Value should be enclosed in quotation marks)"
	}
	// Whatever the name server could not write must not be stored.
	if record, err := dns.NewRR(". 0 IN " + kind + " " + value); err != nil || record == nil {
		return "UnreadableValue (Value is not in the record type's format)"
	}
	return ""
}

func (b *batch) remove(record *RecordSet) {
	existing, found := b.records[record.key()]
	switch {
	case !found:
		b.refuse("Tried to delete resource record set [name='%s', %s] but it was not found", escaped(record.Name), record.named())
	case b.zone.required(record.key()):
		b.refuse("A HostedZone must contain at least one NS record for the zone itself and exactly one SOA record.")
	case !existing.sameData(record):
		b.refuse("Tried to delete resource record set [name='%s', %s] but the values provided do not match the current values", escaped(record.Name), record.named())
	default:
		delete(b.records, record.key())
	}
}

// checkWhole looks at what only the finished batch shows: names that have a
// CNAME beside other records, and aliases without a target.
func (b *batch) checkWhole() {
	for key, record := range b.records {
		if key.kind == "CNAME" && b.conflicts(key.name) {
			b.refuse("RRSet of type CNAME with DNS name %s is not permitted as it conflicts with other records with the same DNS name in zone %s", escaped(key.name), b.zone.name)
		}
		// An alias that was there before may have lost its target since: that
		// is no reason to refuse other changes.
		if record.AliasTarget != nil && b.zone.records[key] != record {
			b.checkAlias(record)
		}
	}
	slices.Sort(b.problems)
}

func (b *batch) conflicts(name string) bool {
	for key := range b.records {
		if key.name == name && key.kind != "CNAME" {
			return true
		}
	}
	return false
}

// checkAlias refuses an alias whose target is nothing in the zone that it
// names: that of an AWS service, or the record's own.
func (b *batch) checkAlias(record *RecordSet) {
	target := record.AliasTarget
	name := canonical(target.DNSName)
	if target.HostedZoneID == b.zone.id {
		if !within(name, b.zone.name) {
			b.refuseAlias(record, "the alias target name does not lie within the target zone")
		} else if !b.has(name, record.Type) {
			b.refuseAlias(record, "that target was not found")
		}
		return
	}
	zoneID, exists := b.targets[name]
	switch {
	case !exists:
		b.refuseAlias(record, "that target was not found")
	case zoneID != target.HostedZoneID:
		b.refuseAlias(record, "the alias target name does not lie within the target zone")
	}
}

func (b *batch) refuseAlias(record *RecordSet, why string) {
	b.refuse("Tried to create an alias that targets %s, type %s in zone %s, but %s",
		canonical(record.AliasTarget.DNSName), record.Type, record.AliasTarget.HostedZoneID, why)
}
