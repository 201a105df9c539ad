package nameserver

import (
	"net"
	"net/netip"
	"slices"
	"strings"

	"github.com/miekg/dns"

	"apigateway-maintenance/internal/emulator/route53"
)

// Answer gives the reply to a query.
func (s *Server) Answer(query *dns.Msg) *dns.Msg {
	reply := new(dns.Msg)
	reply.SetReply(query)
	reply.Authoritative = true
	reply.RecursionAvailable = true
	if opt := query.IsEdns0(); opt != nil {
		reply.SetEdns0(dns.DefaultMsgSize, false)
	}
	if query.Opcode != dns.OpcodeQuery || len(query.Question) != 1 {
		reply.Rcode = dns.RcodeNotImplemented
		return reply
	}
	question := query.Question[0]
	if question.Qclass != dns.ClassINET {
		reply.Rcode = dns.RcodeRefused
		return reply
	}
	s.resolve(reply, question.Name, question.Qtype)
	return reply
}

// resolve fills in the answer for a name, and follows CNAMEs to its end. The
// owner's case is the question's own (RFC 1034 section 3.1).
func (s *Server) resolve(reply *dns.Msg, owner string, qtype uint16) {
	for range maxChain {
		if s.config.Website != nil && s.config.Website(hostName(owner)) {
			reply.Answer = append(reply.Answer, s.edge(owner, owner, qtype)...)
			return
		}
		found, inZone := s.config.Zones.Lookup(owner)
		if !inZone {
			s.answerOutside(reply, owner, qtype)
			return
		}
		records, exists := s.recordsOf(found, owner, qtype)
		if len(records) > 0 {
			reply.Answer = append(reply.Answer, records...)
			return
		}
		cname := s.cnameOf(found, owner)
		if cname == nil {
			reply.Ns = append(reply.Ns, soaOf(found))
			if !exists {
				reply.Rcode = dns.RcodeNameError
			}
			return
		}
		reply.Answer = append(reply.Answer, cname)
		if qtype == dns.TypeCNAME || qtype == dns.TypeANY {
			return
		}
		owner = cname.Target
	}
	reply.Rcode = dns.RcodeServerFailure
}

// recordsOf gives a name's records of the type, aliases resolved.
func (s *Server) recordsOf(found route53.Found, owner string, qtype uint16) (records []dns.RR, exists bool) {
	for _, set := range found.Records {
		kind := dns.StringToType[set.Type]
		if kind == dns.TypeCNAME || (kind != qtype && qtype != dns.TypeANY) {
			continue
		}
		if set.AliasTarget != nil {
			records = append(records, s.aliased(set.AliasTarget, owner, kind)...)
			continue
		}
		records = append(records, literal(set, owner)...)
	}
	return records, found.Exists
}

// aliased gives the records that an alias stands for, under the alias's own
// name. An alias whose target is gone, or has no such records, answers nothing.
func (s *Server) aliased(target *route53.AliasTarget, owner string, kind uint16) []dns.RR {
	name := target.DNSName
	for range maxChain {
		if s.config.Gateway(hostName(name)) {
			return s.edge(owner, name, kind)
		}
		found, inZone := s.config.Zones.Lookup(name)
		if !inZone {
			return nil
		}
		next := ""
		for _, set := range found.Records {
			if dns.StringToType[set.Type] != kind {
				continue
			}
			if set.AliasTarget == nil {
				return literal(set, owner)
			}
			next = set.AliasTarget.DNSName
		}
		if next == "" {
			return nil
		}
		name = next
	}
	return nil
}

// answerOutside answers for names in no zone: API Gateway's own, and nothing
// else in the world.
func (s *Server) answerOutside(reply *dns.Msg, owner string, qtype uint16) {
	if !s.config.Gateway(hostName(owner)) {
		reply.Rcode = dns.RcodeNameError
		reply.Ns = append(reply.Ns, soa(".", "a.root-servers.net. nstld.verisign-grs.com. 1 1800 900 604800 86400", aliasTTL))
		return
	}
	records := s.edge(owner, owner, qtype)
	if len(records) == 0 {
		reply.Ns = append(reply.Ns, soa("amazonaws.com.", "dns-external-master.amazon.com. root.amazon.com. 1 180 60 3024000 60", aliasTTL))
		return
	}
	reply.Answer = append(reply.Answer, records...)
}

// edge gives the addresses at which the emulator's edge answers for one of API
// Gateway's host names, of the family asked for.
func (s *Server) edge(owner, target string, kind uint16) []dns.RR {
	addresses := s.config.Addresses
	if s.config.AddressOf != nil {
		if address, has := s.config.AddressOf(hostName(target)); has {
			addresses = []netip.Addr{address}
		}
	}
	var records []dns.RR
	for _, address := range addresses {
		header := dns.RR_Header{Name: owner, Class: dns.ClassINET, Ttl: aliasTTL}
		switch {
		case address.Is4() && (kind == dns.TypeA || kind == dns.TypeANY):
			header.Rrtype = dns.TypeA
			records = append(records, &dns.A{Hdr: header, A: ip(address)})
		case address.Is6() && (kind == dns.TypeAAAA || kind == dns.TypeANY):
			header.Rrtype = dns.TypeAAAA
			records = append(records, &dns.AAAA{Hdr: header, AAAA: ip(address)})
		}
	}
	return records
}

func ip(address netip.Addr) net.IP { return net.IP(address.AsSlice()) }

func (s *Server) cnameOf(found route53.Found, owner string) *dns.CNAME {
	i := slices.IndexFunc(found.Records, func(set *route53.RecordSet) bool { return set.Type == "CNAME" })
	if i < 0 {
		return nil
	}
	set := found.Records[i]
	header := dns.RR_Header{Name: owner, Rrtype: dns.TypeCNAME, Class: dns.ClassINET, Ttl: aliasTTL}
	if set.AliasTarget != nil {
		return &dns.CNAME{Hdr: header, Target: dns.Fqdn(set.AliasTarget.DNSName)}
	}
	header.Ttl = uint32(*set.TTL)
	return &dns.CNAME{Hdr: header, Target: dns.Fqdn(set.Values()[0])}
}

// literal turns a record set's values into resource records. Values were
// checked when the record was made; one that cannot be written is left out, as
// it could not be sent.
func literal(set *route53.RecordSet, owner string) []dns.RR {
	var records []dns.RR
	for _, value := range set.Values() {
		record, err := parse(set.Type, value)
		if err != nil || record == nil {
			continue
		}
		*record.Header() = dns.RR_Header{Name: owner, Rrtype: record.Header().Rrtype, Class: dns.ClassINET, Ttl: uint32(*set.TTL)}
		records = append(records, record)
	}
	return records
}

// parse reads a value in its type's presentation format.
func parse(kind, value string) (dns.RR, error) { return dns.NewRR(". 0 IN " + kind + " " + value) }

// soaOf gives the zone's SOA for a negative answer, whose time to live is the
// smaller of the record's own and its minimum (RFC 2308 section 3).
func soaOf(found route53.Found) dns.RR {
	return soa(found.Zone, found.SOA.Values()[0], uint32(*found.SOA.TTL))
}

func soa(zone, value string, ttl uint32) dns.RR {
	record, err := parse("SOA", value)
	if err != nil {
		return &dns.SOA{Hdr: dns.RR_Header{Name: zone, Rrtype: dns.TypeSOA, Class: dns.ClassINET, Ttl: ttl}, Ns: ".", Mbox: "."}
	}
	ttl = min(ttl, record.(*dns.SOA).Minttl)
	*record.Header() = dns.RR_Header{Name: zone, Rrtype: dns.TypeSOA, Class: dns.ClassINET, Ttl: ttl}
	return record
}

func hostName(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }
