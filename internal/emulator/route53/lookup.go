package route53

// Found is what the zones hold for a name.
type Found struct {
	Zone string // name of the zone that has authority, with a trailing dot
	// Records are the record sets of the name, or those of the wildcard that
	// covers it.
	Records []*RecordSet
	// Exists tells whether the name exists: it has records, or names below it
	// do (an empty non-terminal, RFC 8020).
	Exists bool
	// SOA is the zone's own.
	SOA *RecordSet
}

// Lookup finds a name in the zone of the longest matching name; of two of one
// name in the newest, which is taken for the one that is delegated. It returns
// false where no zone covers it. Of records with a routing policy it gives those
// that answer.
func (s *Service) Lookup(name string) (found Found, inZone bool) {
	name = canonical(name)
	s.mu.RLock()
	defer s.mu.RUnlock()
	var z *zone
	for _, candidate := range s.zones {
		if within(name, candidate.name) && (z == nil || candidate.covers(z)) {
			z = candidate
		}
	}
	if z == nil {
		return Found{}, false
	}
	found = Found{Zone: z.name, SOA: z.records[recordKey{z.name, "SOA", ""}]}
	found.Records, found.Exists = z.at(name)
	defer func() { found.Records = s.chosen(found.Records) }()
	if found.Exists {
		return found, true
	}
	// RFC 4592: the wildcard of the closest encloser answers, and only that.
	for encloser := parent(name); within(encloser, z.name); encloser = parent(encloser) {
		if found.Records, found.Exists = z.at("*." + encloser); found.Exists {
			break
		}
		if _, exists := z.at(encloser); exists {
			break
		}
	}
	return found, true
}

// covers tells whether a zone is asked rather than another that covers the name.
func (z *zone) covers(other *zone) bool {
	return len(z.name) > len(other.name) || len(z.name) == len(other.name) && z.sequence > other.sequence
}

// at gives the record sets of exactly this name, and whether the name exists.
func (z *zone) at(name string) ([]*RecordSet, bool) {
	var records []*RecordSet
	exists := false
	for key, record := range z.records {
		if key.name == name {
			records = append(records, record)
		}
		exists = exists || within(key.name, name)
	}
	return records, exists
}

func parent(name string) string {
	for i := range len(name) {
		if name[i] == '.' {
			return name[i+1:]
		}
	}
	return ""
}
