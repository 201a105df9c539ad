package route53

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
)

// RecordSet is a resource record set, as Route 53 writes it in XML. Names are
// lower case and end with a dot.
type RecordSet struct {
	Name        string       `xml:"Name"`
	Type        string       `xml:"Type"`
	TTL         *int64       `xml:"TTL,omitempty"` // seconds; nil for an alias
	Records     *Records     `xml:"ResourceRecords,omitempty"`
	AliasTarget *AliasTarget `xml:"AliasTarget,omitempty"`

	routing
}

// Records wraps the values of a record set.
type Records struct {
	Values []Record `xml:"ResourceRecord"`
}

// Record is one value, in the presentation format of its type.
type Record struct {
	Value string `xml:"Value"`
}

// AliasTarget says where an alias points.
type AliasTarget struct {
	HostedZoneID         string `xml:"HostedZoneId"`
	DNSName              string `xml:"DNSName"`
	EvaluateTargetHealth bool   `xml:"EvaluateTargetHealth"`
}

// Values gives the values of the record set; none for an alias.
func (r *RecordSet) Values() []string {
	if r.Records == nil {
		return nil
	}
	values := make([]string, len(r.Records.Values))
	for i, record := range r.Records.Values {
		values[i] = record.Value
	}
	return values
}

type recordKey struct{ name, kind, identifier string }

func (r *RecordSet) key() recordKey { return recordKey{r.Name, r.Type, r.SetIdentifier} }

// sameData tells whether a DELETE names what is there: TTL, values in any
// order, alias and routing policy must be equal.
func (r *RecordSet) sameData(other *RecordSet) bool {
	if !reflect.DeepEqual(r.routing, other.routing) {
		return false
	}
	if (r.AliasTarget == nil) != (other.AliasTarget == nil) || (r.TTL == nil) != (other.TTL == nil) {
		return false
	}
	if r.AliasTarget != nil && *r.AliasTarget != *other.AliasTarget {
		return false
	}
	if r.TTL != nil && *r.TTL != *other.TTL {
		return false
	}
	mine, theirs := r.Values(), other.Values()
	slices.Sort(mine)
	slices.Sort(theirs)
	return slices.Equal(mine, theirs)
}

// canonical gives a name as it is kept: lower case, unescaped, with a dot at
// its end.
func canonical(name string) string {
	name = strings.ToLower(strings.ReplaceAll(name, `\052`, "*"))
	return strings.TrimSuffix(name, ".") + "."
}

// escaped gives a name as Route 53 returns it: an asterisk is written as octal
// (Route 53 guide, "DNS domain name format").
func escaped(name string) string { return strings.ReplaceAll(name, "*", `\052`) }

// within tells whether a name is the zone's or lies below it.
func within(name, zoneName string) bool {
	return name == zoneName || strings.HasSuffix(name, "."+zoneName)
}

// compareNames orders as ListResourceRecordSets does: by the labels from the
// right (Route 53 API reference).
func compareNames(a, b string) int {
	return slices.Compare(reversedLabels(a), reversedLabels(b))
}

func reversedLabels(name string) []string {
	labels := strings.Split(strings.TrimSuffix(name, "."), ".")
	slices.Reverse(labels)
	return labels
}

func compareKeys(a, b recordKey) int {
	return cmp.Or(compareNames(a.name, b.name), cmp.Compare(a.kind, b.kind), cmp.Compare(a.identifier, b.identifier))
}
