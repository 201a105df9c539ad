package nameserver_test

import (
	"context"
	"net"
	"net/netip"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/route53/types"
	"github.com/miekg/dns"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator/awsproto/awstest"
	"apigateway-maintenance/internal/emulator/nameserver"
	"apigateway-maintenance/internal/emulator/route53"
)

const (
	domainName = "api.example.com"
	target     = "d-abc.execute-api.eu-west-1.amazonaws.com"
	targetZone = "ZLY8HYME6SFDD"
	apiHost    = "abc123.execute-api.eu-west-1.amazonaws.com"
)

type targets struct{}

func (targets) AliasTarget(name string) (zoneID string, exists bool) {
	return targetZone, name == target
}

// world is a name server before Route 53, which holds the zone example.com with
// an alias api.
type world struct {
	*nameserver.Server
	dns  *sdk.Client
	zone string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	zones := route53.New(route53.Config{Targets: targets{}})
	server, err := nameserver.Listen(t.Context(), "127.0.0.1:0", nameserver.Config{
		Zones: zones, Addresses: []netip.Addr{netip.MustParseAddr("127.0.0.1")},
		Gateway: func(name string) bool { return name == target || name == apiHost },
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	require.NoError(t, server.Serve())
	w := &world{Server: server, dns: sdk.NewFromConfig(awstest.Serve(t, zones))}
	zone, err := w.dns.CreateHostedZone(t.Context(), &sdk.CreateHostedZoneInput{Name: aws.String("example.com"), CallerReference: aws.String("once")})
	require.NoError(t, err)
	w.zone = *zone.HostedZone.Id
	w.add(t, alias(domainName, types.RRTypeA, target, targetZone))
	return w
}

// add makes record sets.
func (w *world) add(t *testing.T, sets ...*types.ResourceRecordSet) {
	t.Helper()
	batch := &types.ChangeBatch{}
	for _, set := range sets {
		batch.Changes = append(batch.Changes, types.Change{Action: types.ChangeActionCreate, ResourceRecordSet: set})
	}
	_, err := w.dns.ChangeResourceRecordSets(t.Context(), &sdk.ChangeResourceRecordSetsInput{HostedZoneId: aws.String(w.zone), ChangeBatch: batch})
	require.NoError(t, err)
}

func record(name string, kind types.RRType, values ...string) *types.ResourceRecordSet {
	set := &types.ResourceRecordSet{Name: aws.String(name), Type: kind, TTL: aws.Int64(60)}
	for _, value := range values {
		set.ResourceRecords = append(set.ResourceRecords, types.ResourceRecord{Value: aws.String(value)})
	}
	return set
}

func alias(name string, kind types.RRType, target, zone string) *types.ResourceRecordSet {
	return &types.ResourceRecordSet{Name: aws.String(name), Type: kind, AliasTarget: &types.AliasTarget{DNSName: aws.String(target), HostedZoneId: aws.String(zone)}}
}

func ask(t *testing.T, network string, w *world, name string, kind uint16) *dns.Msg {
	t.Helper()
	query := new(dns.Msg).SetQuestion(name, kind)
	reply, _, err := (&dns.Client{Net: network}).ExchangeContext(t.Context(), query, w.Address())
	require.NoError(t, err)
	return reply
}

func TestTheNameServerAnswersFromTheZones(t *testing.T) {
	w := newWorld(t)
	w.add(t,
		alias("api.example.com", types.RRTypeAaaa, target, targetZone),
		record("www.example.com", types.RRTypeCname, "api.example.com"),
		record("a.deep.example.com", types.RRTypeA, "192.0.2.1", "192.0.2.2"),
		record("text.example.com", types.RRTypeTxt, `"two" "strings"`),
		record("*.wild.example.com", types.RRTypeA, "192.0.2.3"),
		record("six.example.com", types.RRTypeAaaa, "2001:db8::1"),
		record("loop.example.com", types.RRTypeCname, "loop.example.com"),
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
				reply := ask(t, network, w, c.name, c.kind)
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
	assert.Len(t, ask(t, "udp", w, "example.com.", dns.TypeNS).Answer, 4)
}

func TestALongAnswerIsTruncatedOverUDPAndWholeOverTCP(t *testing.T) {
	w := newWorld(t)
	var addresses []string
	for i := range 100 {
		addresses = append(addresses, net.IPv4(192, 0, 2, byte(i)).String())
	}
	w.add(t, record("many.example.com", types.RRTypeA, addresses...))
	assert.True(t, ask(t, "udp", w, "many.example.com.", dns.TypeA).Truncated)
	assert.Len(t, ask(t, "tcp", w, "many.example.com.", dns.TypeA).Answer, 100)
}

func TestTheStandardResolverFindsTheDomain(t *testing.T) {
	w := newWorld(t)
	resolver := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, w.Address())
	}}
	addresses, err := resolver.LookupHost(t.Context(), domainName)
	require.NoError(t, err)
	assert.Equal(t, []string{"127.0.0.1"}, addresses)
	_, err = resolver.LookupHost(t.Context(), "none.example.com.")
	var failure *net.DNSError
	require.ErrorAs(t, err, &failure)
	assert.True(t, failure.IsNotFound)
}
