package emulator_test

import (
	"net"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/route53/types"
	"github.com/miekg/dns"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
)

func ask(t *testing.T, network string, e *emulator.Emulator, name string, kind uint16) *dns.Msg {
	t.Helper()
	query := new(dns.Msg).SetQuestion(name, kind)
	reply, _, err := (&dns.Client{Net: network}).ExchangeContext(t.Context(), query, e.DNSAddr())
	require.NoError(t, err)
	return reply
}

func TestTheNameServerAnswersFromTheZones(t *testing.T) {
	w := newWorld(t, emulator.Config{}, nil)
	w.mustApply(t,
		change(types.ChangeActionCreate, alias("api.example.com", types.RRTypeAaaa, w.target, w.targetZ)),
		change(types.ChangeActionCreate, record("www.example.com", types.RRTypeCname, "api.example.com")),
		change(types.ChangeActionCreate, record("a.deep.example.com", types.RRTypeA, "192.0.2.1", "192.0.2.2")),
		change(types.ChangeActionCreate, record("text.example.com", types.RRTypeTxt, `"two" "strings"`)),
		change(types.ChangeActionCreate, record("*.wild.example.com", types.RRTypeA, "192.0.2.3")),
		change(types.ChangeActionCreate, record("six.example.com", types.RRTypeAaaa, "2001:db8::1")),
		change(types.ChangeActionCreate, record("loop.example.com", types.RRTypeCname, "loop.example.com")),
	)
	cases := map[string]struct {
		name   string
		kind   uint16
		rcode  int
		answer []string
		soa    bool // a negative answer bears the zone's SOA (RFC 2308)
	}{
		"an alias is an address under its own name":   {"api.example.com.", dns.TypeA, dns.RcodeSuccess, []string{"api.example.com.\t60\tIN\tA\t127.0.0.1"}, false},
		"case does not matter, and is given back":     {"API.Example.COM.", dns.TypeA, dns.RcodeSuccess, []string{"API.Example.COM.\t60\tIN\tA\t127.0.0.1"}, false},
		"an alias AAAA to an IPv4 target has no data": {"api.example.com.", dns.TypeAAAA, dns.RcodeSuccess, nil, true},
		"a CNAME is followed to the alias":            {"www.example.com.", dns.TypeA, dns.RcodeSuccess, []string{"www.example.com.\t60\tIN\tCNAME\tapi.example.com.", "api.example.com.\t60\tIN\tA\t127.0.0.1"}, false},
		"a CNAME asked for is not followed":           {"www.example.com.", dns.TypeCNAME, dns.RcodeSuccess, []string{"www.example.com.\t60\tIN\tCNAME\tapi.example.com."}, false},
		"all addresses of a name":                     {"a.deep.example.com.", dns.TypeA, dns.RcodeSuccess, []string{"a.deep.example.com.\t60\tIN\tA\t192.0.2.1", "a.deep.example.com.\t60\tIN\tA\t192.0.2.2"}, false},
		"an empty non-terminal exists without data":   {"deep.example.com.", dns.TypeA, dns.RcodeSuccess, nil, true},
		"a name of another type has no data":          {"text.example.com.", dns.TypeA, dns.RcodeSuccess, nil, true},
		"TXT in its strings":                          {"text.example.com.", dns.TypeTXT, dns.RcodeSuccess, []string{"text.example.com.\t60\tIN\tTXT\t\"two\" \"strings\""}, false},
		"AAAA literally":                              {"six.example.com.", dns.TypeAAAA, dns.RcodeSuccess, []string{"six.example.com.\t60\tIN\tAAAA\t2001:db8::1"}, false},
		"a wildcard covers names below it":            {"any.wild.example.com.", dns.TypeA, dns.RcodeSuccess, []string{"any.wild.example.com.\t60\tIN\tA\t192.0.2.3"}, false},
		"a wildcard does not cover its parent":        {"wild.example.com.", dns.TypeA, dns.RcodeSuccess, nil, true},
		"a name that is not there":                    {"none.example.com.", dns.TypeA, dns.RcodeNameError, nil, true},
		"a name of no zone":                           {"example.org.", dns.TypeA, dns.RcodeNameError, nil, true},
		"the execute-api host of any API":             {"abc123.execute-api.eu-west-1.amazonaws.com.", dns.TypeA, dns.RcodeSuccess, []string{"abc123.execute-api.eu-west-1.amazonaws.com.\t60\tIN\tA\t127.0.0.1"}, false},
		"the execute-api host has no IPv6":            {"abc123.execute-api.eu-west-1.amazonaws.com.", dns.TypeAAAA, dns.RcodeSuccess, nil, true},
		"a CNAME that leads to itself is a failure":   {"loop.example.com.", dns.TypeA, dns.RcodeServerFailure, nil, false},
		"an apex has its name servers":                {"example.com.", dns.TypeA, dns.RcodeSuccess, nil, true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			for _, network := range []string{"udp", "tcp"} {
				reply := ask(t, network, w.Emulator, c.name, c.kind)
				assert.Equal(t, dns.RcodeToString[c.rcode], dns.RcodeToString[reply.Rcode])
				assert.True(t, reply.Authoritative)
				if c.rcode != dns.RcodeServerFailure {
					var answer []string
					for _, rr := range reply.Answer {
						answer = append(answer, rr.String())
					}
					assert.Equal(t, c.answer, answer)
				}
				if c.soa {
					require.Len(t, reply.Ns, 1)
					assert.IsType(t, &dns.SOA{}, reply.Ns[0])
				}
			}
		})
	}
	assert.Len(t, ask(t, "udp", w.Emulator, "example.com.", dns.TypeNS).Answer, 4)
}

func TestALongAnswerIsTruncatedOverUDPAndWholeOverTCP(t *testing.T) {
	w := newWorld(t, emulator.Config{}, nil)
	var addresses []string
	for i := range 100 {
		addresses = append(addresses, net.IPv4(192, 0, 2, byte(i)).String())
	}
	w.mustApply(t, change(types.ChangeActionCreate, record("many.example.com", types.RRTypeA, addresses...)))
	assert.True(t, ask(t, "udp", w.Emulator, "many.example.com.", dns.TypeA).Truncated)
	assert.Len(t, ask(t, "tcp", w.Emulator, "many.example.com.", dns.TypeA).Answer, 100)
}

func TestTheStandardResolverFindsTheDomain(t *testing.T) {
	w := newWorld(t, emulator.Config{}, nil)
	addresses, err := w.Resolver().LookupHost(t.Context(), domainName)
	require.NoError(t, err)
	assert.Equal(t, []string{"127.0.0.1"}, addresses)
	_, err = w.Resolver().LookupHost(t.Context(), "none.example.com.")
	var failure *net.DNSError
	require.ErrorAs(t, err, &failure)
	assert.True(t, failure.IsNotFound)
}
