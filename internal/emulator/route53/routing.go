package route53

import (
	"cmp"
	"slices"
)

const noticeRouting = "Routing policies of Route 53 records are stored and not enforced: the heaviest record answers always, the primary one, " +
	"that of the embedded AWS's region, or that of the default place; all of multivalue records do."

// routing is what a record set has beyond its data where several of one name and
// type share the answers.
type routing struct {
	SetIdentifier    string       `xml:"SetIdentifier,omitempty"`
	Weight           *int64       `xml:"Weight,omitempty"`
	Region           string       `xml:"Region,omitempty"`
	GeoLocation      *GeoLocation `xml:"GeoLocation,omitempty"`
	Failover         string       `xml:"Failover,omitempty"`
	MultiValueAnswer *bool        `xml:"MultiValueAnswer,omitempty"`
	HealthCheckID    string       `xml:"HealthCheckId,omitempty"`

	// These are read only to be refused.
	GeoProximity *struct{} `xml:"GeoProximityLocation,omitempty"`
	CIDR         *struct{} `xml:"CidrRoutingConfig,omitempty"`
}

// GeoLocation is the place that a record set answers for.
type GeoLocation struct {
	ContinentCode   string `xml:"ContinentCode,omitempty"`
	CountryCode     string `xml:"CountryCode,omitempty"`
	SubdivisionCode string `xml:"SubdivisionCode,omitempty"`
}

// policies names the routing policies that are given; a record set has one or
// none.
func (r *routing) policies() (names []string) {
	for name, given := range map[string]bool{
		"weighted": r.Weight != nil, "latency": r.Region != "", "geolocation": r.GeoLocation != nil,
		"failover": r.Failover != "", "multivalue": r.MultiValueAnswer != nil,
	} {
		if given {
			names = append(names, name)
		}
	}
	return names
}

// named tells a record set from others of its name, as Route 53 does in errors.
func (r *RecordSet) named() string {
	if r.SetIdentifier == "" {
		return "type='" + r.Type + "'"
	}
	return "type='" + r.Type + "', set-identifier='" + r.SetIdentifier + "'"
}

// agrees tells whether a record set may stand beside those of its name and type:
// all have the same policy, or it replaces the only one.
func (b *batch) agrees(record *RecordSet) bool {
	for key, other := range b.records {
		if key.name == record.Name && key.kind == record.Type && key != record.key() && !slices.Equal(other.policies(), record.policies()) {
			return false
		}
	}
	return true
}

// has tells whether there is a record set of a name and type.
func (b *batch) has(name, kind string) bool {
	for key := range b.records {
		if key.name == name && key.kind == kind {
			return true
		}
	}
	return false
}

// chosen leaves of record sets that share a name and a type only those that
// answer: always the same.
func (s *Service) chosen(records []*RecordSet) []*RecordSet {
	sorted := slices.SortedFunc(slices.Values(records), func(a, b *RecordSet) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), -cmp.Compare(s.preference(a), s.preference(b)), cmp.Compare(a.SetIdentifier, b.SetIdentifier))
	})
	var chosen []*RecordSet
	for _, record := range sorted {
		first := len(chosen) == 0 || chosen[len(chosen)-1].Type != record.Type
		if first || record.MultiValueAnswer != nil {
			chosen = append(chosen, record)
		}
	}
	return chosen
}

// preference is the greater the rather a record set answers.
func (s *Service) preference(r *RecordSet) int64 {
	switch {
	case r.Weight != nil:
		return *r.Weight
	case r.Failover == "PRIMARY", r.Region != "" && r.Region == s.config.Region, r.GeoLocation != nil && r.GeoLocation.CountryCode == "*":
		return 1
	}
	return 0
}
