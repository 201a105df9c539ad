package route53

import (
	"cmp"
	"crypto/rand"
	"encoding/xml"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"apigateway-maintenance/internal/emulator/awsproto"
)

// zone is a public hosted zone.
type zone struct {
	id              string
	sequence        int // counts zones as they are made
	name            string
	callerReference string
	comment         string
	nameServers     []string
	records         map[recordKey]*RecordSet
	tags            map[string]string
}

// nameServersOf are what a zone is delegated to, other ones for each zone as on
// Route 53; that none of them exists does no harm, since nothing asks them.
func nameServersOf(sequence int) []string {
	var servers []string
	for i, suffix := range []string{"com", "net", "org", "co.uk"} {
		servers = append(servers, fmt.Sprintf("ns-%d.awsdns-emulator.%s.", 4*sequence+i+1, suffix))
	}
	return servers
}

func newZone(sequence int, name, callerReference, comment string) *zone {
	nameServers := nameServersOf(sequence)
	z := &zone{id: newID("Z"), sequence: sequence, name: name, callerReference: callerReference, comment: comment, nameServers: nameServers, records: map[recordKey]*RecordSet{}, tags: map[string]string{}}
	z.add(&RecordSet{Name: name, Type: "NS", TTL: seconds(172800), Records: values(nameServers...)})
	z.add(&RecordSet{Name: name, Type: "SOA", TTL: seconds(900), Records: values(nameServers[0] + " awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400")})
	return z
}

func (z *zone) add(r *RecordSet) { z.records[r.key()] = r }

// required tells whether the record set is one that a zone cannot be without.
func (z *zone) required(key recordKey) bool {
	return key.name == z.name && (key.kind == "NS" || key.kind == "SOA")
}

func (z *zone) sorted() []*RecordSet {
	return slices.SortedFunc(maps.Values(z.records), func(a, b *RecordSet) int { return compareKeys(a.key(), b.key()) })
}

func seconds(n int64) *int64 { return &n }

func values(texts ...string) *Records {
	records := &Records{}
	for _, text := range texts {
		records.Values = append(records.Values, Record{Value: text})
	}
	return records
}

// newID makes an id in the manner of Route 53's: a letter and twenty letters
// or digits.
func newID(letter string) string { return letter + rand.Text()[:20] }

// lookup gives the zone of an id, which may be written with its prefix.
func (s *Service) lookup(id string) (*zone, error) {
	if z := s.zones[id]; z != nil {
		return z, nil
	}
	return nil, awsproto.Errorf(http.StatusNotFound, "NoSuchHostedZone", "No hosted zone found with ID: %s", id)
}

func (s *Service) sortedZones() []*zone {
	return slices.SortedFunc(maps.Values(s.zones), func(a, b *zone) int {
		return cmp.Or(compareNames(a.name, b.name), cmp.Compare(a.id, b.id))
	})
}

func (s *Service) createHostedZone(w http.ResponseWriter, r *awsproto.Request) error {
	var input struct {
		Name            string `xml:"Name"`
		CallerReference string `xml:"CallerReference"`
		Comment         string `xml:"HostedZoneConfig>Comment"`
		PrivateZone     bool   `xml:"HostedZoneConfig>PrivateZone"`
		VPC             *struct {
			ID string `xml:"VPCId"`
		} `xml:"VPC"`
	}
	if err := decode(r, &input); err != nil {
		return err
	}
	name := canonical(input.Name)
	if !validName(name) {
		return awsproto.Errorf(http.StatusBadRequest, "InvalidDomainName", "The domain name %q is not valid.", input.Name)
	}
	if input.CallerReference == "" {
		return awsproto.Errorf(http.StatusBadRequest, "InvalidInput", "CallerReference must not be empty.")
	}
	if input.PrivateZone || input.VPC != nil {
		return awsproto.Unsupported("private hosted zones (%s was to be one)", name)
	}

	s.mu.Lock()
	defer s.mu.Unlock()
	for _, z := range s.zones {
		if z.callerReference == input.CallerReference {
			return awsproto.Errorf(http.StatusConflict, "HostedZoneAlreadyExists", "A hosted zone has already been created with the specified caller reference.")
		}
	}
	z := newZone(s.made, name, input.CallerReference, input.Comment)
	s.made++
	s.zones[z.id] = z
	w.Header().Set("Location", "https://route53.amazonaws.com/2013-04-01/hostedzone/"+z.id)
	return encode(w, http.StatusCreated, struct {
		XMLName xml.Name       `xml:"https://route53.amazonaws.com/doc/2013-04-01/ CreateHostedZoneResponse"`
		Zone    hostedZoneXML  `xml:"HostedZone"`
		Change  changeXML      `xml:"ChangeInfo"`
		Set     *delegationXML `xml:"DelegationSet"`
	}{Zone: z.xml(), Change: s.newChange(), Set: z.delegation()})
}

func validName(name string) bool {
	if len(name) < 2 || len(name) > 255 {
		return false
	}
	for label := range strings.SplitSeq(strings.TrimSuffix(name, "."), ".") {
		if label == "" || len(label) > 63 {
			return false
		}
	}
	return true
}

func (s *Service) getHostedZone(w http.ResponseWriter, r *awsproto.Request) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	z, err := s.lookup(r.PathValue("id"))
	if err != nil {
		return err
	}
	return encode(w, http.StatusOK, struct {
		XMLName xml.Name       `xml:"https://route53.amazonaws.com/doc/2013-04-01/ GetHostedZoneResponse"`
		Zone    hostedZoneXML  `xml:"HostedZone"`
		Set     *delegationXML `xml:"DelegationSet"`
	}{Zone: z.xml(), Set: z.delegation()})
}

func (s *Service) updateHostedZoneComment(w http.ResponseWriter, r *awsproto.Request) error {
	var input struct {
		Comment string `xml:"Comment"`
	}
	if err := decode(r, &input); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	z, err := s.lookup(r.PathValue("id"))
	if err != nil {
		return err
	}
	z.comment = input.Comment
	return encode(w, http.StatusOK, struct {
		XMLName xml.Name      `xml:"https://route53.amazonaws.com/doc/2013-04-01/ UpdateHostedZoneCommentResponse"`
		Zone    hostedZoneXML `xml:"HostedZone"`
	}{Zone: z.xml()})
}

func (s *Service) deleteHostedZone(w http.ResponseWriter, r *awsproto.Request) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	z, err := s.lookup(r.PathValue("id"))
	if err != nil {
		return err
	}
	for key := range z.records {
		if !z.required(key) {
			return awsproto.Errorf(http.StatusBadRequest, "HostedZoneNotEmpty", "The specified hosted zone contains non-required resource record sets and so cannot be deleted.")
		}
	}
	delete(s.zones, z.id)
	return encode(w, http.StatusOK, struct {
		XMLName xml.Name  `xml:"https://route53.amazonaws.com/doc/2013-04-01/ DeleteHostedZoneResponse"`
		Change  changeXML `xml:"ChangeInfo"`
	}{Change: s.newChange()})
}

func (s *Service) listHostedZones(w http.ResponseWriter, r *awsproto.Request) error {
	limit, err := maxItems(r)
	if err != nil {
		return err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	zones := slices.SortedFunc(maps.Values(s.zones), func(a, b *zone) int { return cmp.Compare(a.id, b.id) })
	marker := r.URL.Query().Get("marker")
	zones = slices.DeleteFunc(zones, func(z *zone) bool { return z.id < marker })
	page := zones[:min(limit, len(zones))]
	output := struct {
		XMLName     xml.Name        `xml:"https://route53.amazonaws.com/doc/2013-04-01/ ListHostedZonesResponse"`
		Zones       []hostedZoneXML `xml:"HostedZones>HostedZone"`
		Marker      string          `xml:"Marker,omitempty"`
		IsTruncated bool            `xml:"IsTruncated"`
		NextMarker  string          `xml:"NextMarker,omitempty"`
		MaxItems    int             `xml:"MaxItems"`
	}{Zones: zonesXML(page), Marker: marker, MaxItems: limit}
	if len(page) < len(zones) {
		output.IsTruncated, output.NextMarker = true, zones[limit].id
	}
	return encode(w, http.StatusOK, output)
}

func (s *Service) listHostedZonesByName(w http.ResponseWriter, r *awsproto.Request) error {
	limit, err := maxItems(r)
	if err != nil {
		return err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	zones := s.sortedZones()
	from, fromID := r.URL.Query().Get("dnsname"), r.URL.Query().Get("hostedzoneid")
	if from != "" {
		zones = slices.DeleteFunc(zones, func(z *zone) bool {
			return cmp.Or(compareNames(z.name, canonical(from)), cmp.Compare(z.id, fromID)) < 0
		})
	}
	page := zones[:min(limit, len(zones))]
	output := struct {
		XMLName     xml.Name        `xml:"https://route53.amazonaws.com/doc/2013-04-01/ ListHostedZonesByNameResponse"`
		Zones       []hostedZoneXML `xml:"HostedZones>HostedZone"`
		DNSName     string          `xml:"DNSName,omitempty"`
		IsTruncated bool            `xml:"IsTruncated"`
		NextDNSName string          `xml:"NextDNSName,omitempty"`
		NextID      string          `xml:"NextHostedZoneId,omitempty"`
		MaxItems    int             `xml:"MaxItems"`
	}{Zones: zonesXML(page), DNSName: from, MaxItems: limit}
	if len(page) < len(zones) {
		output.IsTruncated, output.NextDNSName, output.NextID = true, zones[limit].name, zones[limit].id
	}
	return encode(w, http.StatusOK, output)
}

// maxItems reads the page size: 300 where nothing is said, and at most that
// (Route 53 API reference, ListResourceRecordSets).
func maxItems(r *awsproto.Request) (int, error) {
	const most = 300
	text := r.URL.Query().Get("maxitems")
	if text == "" {
		return most, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 0, awsproto.Errorf(http.StatusBadRequest, "InvalidInput", "%s", fmt.Sprintf("maxitems must be a number of at least 1, not %q", text))
	}
	return min(n, most), nil
}
