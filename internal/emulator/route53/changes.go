package route53

import (
	"encoding/xml"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"apigateway-maintenance/internal/emulator/awsproto"
)

type change struct {
	Action string    `xml:"Action"`
	Record RecordSet `xml:"ResourceRecordSet"`
}

// changeResourceRecordSets applies a batch to a copy of the zone's records and
// keeps the copy only if every change was allowed: a batch is atomic (Route 53
// API reference).
func (s *Service) changeResourceRecordSets(w http.ResponseWriter, r *awsproto.Request) error {
	var input struct {
		Changes []change `xml:"ChangeBatch>Changes>Change"`
	}
	if err := decode(r, &input); err != nil {
		return err
	}
	// Targets are looked up before the lock is taken: who knows them has locks of
	// its own, and may be asking for a record at this moment.
	targets := s.resolveTargets(input.Changes)
	s.mu.Lock()
	defer s.mu.Unlock()
	z, err := s.lookup(r.PathValue("id"))
	if err != nil {
		return err
	}
	if len(input.Changes) == 0 {
		return awsproto.Errorf(http.StatusBadRequest, "InvalidInput", "Batch must contain at least one change.")
	}
	batch := batch{zone: z, targets: targets, records: maps.Clone(z.records)}
	for i := range input.Changes {
		if err := batch.apply(input.Changes[i].Action, &input.Changes[i].Record); err != nil {
			return err
		}
	}
	batch.checkWhole()
	if len(batch.problems) > 0 {
		return batch.refusal()
	}
	z.records = batch.records
	for i := range input.Changes {
		if policies := input.Changes[i].Record.policies(); len(policies) > 0 && s.config.Notice != nil {
			s.config.Notice(noticeRouting)
		}
	}
	return encode(w, http.StatusOK, struct {
		XMLName xml.Name  `xml:"https://route53.amazonaws.com/doc/2013-04-01/ ChangeResourceRecordSetsResponse"`
		Change  changeXML `xml:"ChangeInfo"`
	}{Change: s.newChange()})
}

// resolveTargets gives the hosted zone ids of the AWS resources that the
// changes' aliases name, by canonical name.
func (s *Service) resolveTargets(changes []change) map[string]string {
	zoneIDs := map[string]string{}
	for _, c := range changes {
		if c.Record.AliasTarget == nil {
			continue
		}
		name := canonical(c.Record.AliasTarget.DNSName)
		if id, exists := s.config.Targets.AliasTarget(strings.TrimSuffix(name, ".")); exists {
			zoneIDs[name] = id
		}
	}
	return zoneIDs
}

// newChange makes a change that is pending now and in sync when next asked:
// the emulator's name server sees the records at once. The lock is held.
func (s *Service) newChange() changeXML {
	id, now := newID("C"), s.config.Now()
	s.changes[id] = now
	return changeXML{ID: "/change/" + id, Status: "PENDING", SubmittedAt: now.UTC().Format(time.RFC3339Nano)}
}

func (s *Service) getChange(w http.ResponseWriter, r *awsproto.Request) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	submitted, found := s.changes[r.PathValue("id")]
	if !found {
		return awsproto.Errorf(http.StatusNotFound, "NoSuchChange", "A change with the specified change ID does not exist: %s", r.PathValue("id"))
	}
	return encode(w, http.StatusOK, struct {
		XMLName xml.Name  `xml:"https://route53.amazonaws.com/doc/2013-04-01/ GetChangeResponse"`
		Change  changeXML `xml:"ChangeInfo"`
	}{Change: changeXML{ID: "/change/" + r.PathValue("id"), Status: "INSYNC", SubmittedAt: submitted.UTC().Format(time.RFC3339Nano)}})
}

func (s *Service) listResourceRecordSets(w http.ResponseWriter, r *awsproto.Request) error {
	limit, err := maxItems(r)
	if err != nil {
		return err
	}
	query := r.URL.Query()
	if query.Get("type") != "" && query.Get("name") == "" {
		return awsproto.Errorf(http.StatusBadRequest, "InvalidInput", "a type without a name is not allowed")
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	z, err := s.lookup(r.PathValue("id"))
	if err != nil {
		return err
	}
	records := z.sorted()
	if query.Get("name") != "" {
		from := recordKey{canonical(query.Get("name")), query.Get("type"), query.Get("identifier")}
		records = slices.DeleteFunc(records, func(r *RecordSet) bool { return compareKeys(r.key(), from) < 0 })
	}
	page := records[:min(limit, len(records))]
	output := struct {
		XMLName     xml.Name    `xml:"https://route53.amazonaws.com/doc/2013-04-01/ ListResourceRecordSetsResponse"`
		Records     []RecordSet `xml:"ResourceRecordSets>ResourceRecordSet"`
		IsTruncated bool        `xml:"IsTruncated"`
		NextName    string      `xml:"NextRecordName,omitempty"`
		NextType    string      `xml:"NextRecordType,omitempty"`
		NextID      string      `xml:"NextRecordIdentifier,omitempty"`
		MaxItems    int         `xml:"MaxItems"`
	}{MaxItems: limit}
	for _, record := range page {
		shown := *record
		shown.Name = escaped(record.Name)
		output.Records = append(output.Records, shown)
	}
	if len(page) < len(records) {
		next := records[limit]
		output.IsTruncated, output.NextName, output.NextType, output.NextID = true, escaped(next.Name), next.Type, next.SetIdentifier
	}
	return encode(w, http.StatusOK, output)
}

// getDNSSEC tells that no zone is signed.
func (s *Service) getDNSSEC(w http.ResponseWriter, r *awsproto.Request) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if _, err := s.lookup(r.PathValue("id")); err != nil {
		return err
	}
	return encode(w, http.StatusOK, struct {
		XMLName xml.Name `xml:"https://route53.amazonaws.com/doc/2013-04-01/ GetDNSSECResponse"`
		Status  string   `xml:"Status>ServeSignature"`
		Keys    struct{} `xml:"KeySigningKeys"`
	}{Status: "NOT_SIGNING"})
}
