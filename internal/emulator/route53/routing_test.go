package route53_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/route53/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator/awsproto/awstest"
	"apigateway-maintenance/internal/emulator/route53"
)

// routed is a record of a policy, named by its identifier and its address.
func routed(identifier, address string, policy func(*types.ResourceRecordSet)) *types.ResourceRecordSet {
	set := record("r.example.com", types.RRTypeA, address)
	set.SetIdentifier = aws.String(identifier)
	policy(set)
	return set
}

func weighted(weight int64) func(*types.ResourceRecordSet) {
	return func(set *types.ResourceRecordSet) { set.Weight = aws.Int64(weight) }
}

func latency(region types.ResourceRecordSetRegion) func(*types.ResourceRecordSet) {
	return func(set *types.ResourceRecordSet) { set.Region = region }
}

func failover(role types.ResourceRecordSetFailover) func(*types.ResourceRecordSet) {
	return func(set *types.ResourceRecordSet) { set.Failover = role }
}

func multivalue(set *types.ResourceRecordSet) { set.MultiValueAnswer = aws.Bool(true) }

func nowhere(set *types.ResourceRecordSet) {
	set.GeoLocation = &types.GeoLocation{CountryCode: aws.String("*")}
}

func in(country string) func(*types.ResourceRecordSet) {
	return func(set *types.ResourceRecordSet) {
		set.GeoLocation = &types.GeoLocation{CountryCode: aws.String(country)}
	}
}

func TestRoutingPoliciesAreStoredAndOneRecordAnswers(t *testing.T) {
	cases := map[string]struct {
		records []*types.ResourceRecordSet
		answers []string
	}{
		"the heaviest of weighted records":          {[]*types.ResourceRecordSet{routed("a", "192.0.2.1", weighted(0)), routed("b", "192.0.2.2", weighted(9)), routed("c", "192.0.2.3", weighted(9))}, []string{"192.0.2.2"}},
		"the one of the emulator's region":          {[]*types.ResourceRecordSet{routed("a", "192.0.2.1", latency("eu-central-1")), routed("b", "192.0.2.2", latency("eu-west-1"))}, []string{"192.0.2.2"}},
		"the first where none is of the region":     {[]*types.ResourceRecordSet{routed("b", "192.0.2.1", latency("eu-central-1")), routed("a", "192.0.2.2", latency("us-east-1"))}, []string{"192.0.2.2"}},
		"the primary":                               {[]*types.ResourceRecordSet{routed("a", "192.0.2.1", failover("SECONDARY")), routed("b", "192.0.2.2", failover("PRIMARY"))}, []string{"192.0.2.2"}},
		"the default place":                         {[]*types.ResourceRecordSet{routed("a", "192.0.2.1", in("DE")), routed("b", "192.0.2.2", nowhere)}, []string{"192.0.2.2"}},
		"all of multivalue records, as on Route 53": {[]*types.ResourceRecordSet{routed("a", "192.0.2.1", multivalue), routed("b", "192.0.2.2", multivalue)}, []string{"192.0.2.1", "192.0.2.2"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var notices []string
			service := route53.New(route53.Config{Targets: targets{}, Region: "eu-west-1", Notice: func(sentence string) { notices = append(notices, sentence) }})
			w := &world{dns: sdk.NewFromConfig(awstest.Serve(t, service))}
			w.create(t)
			for _, set := range c.records {
				w.mustApply(t, change(types.ChangeActionCreate, set))
			}
			found, _ := service.Lookup("r.example.com")
			var answers []string
			for _, set := range found.Records {
				answers = append(answers, set.Values()...)
			}
			assert.Equal(t, c.answers, answers)
			require.NotEmpty(t, notices)
			assert.Contains(t, notices[0], "are stored and not enforced")

			list, err := w.dns.ListResourceRecordSets(t.Context(), &sdk.ListResourceRecordSetsInput{
				HostedZoneId: &w.zone, StartRecordName: aws.String("r.example.com"), StartRecordType: types.RRTypeA, StartRecordIdentifier: c.records[0].SetIdentifier,
			})
			require.NoError(t, err)
			want := *c.records[0]
			want.Name = aws.String("r.example.com.")
			assert.Equal(t, want, list.ResourceRecordSets[0], "read back as it was made")
			for _, set := range c.records {
				w.mustApply(t, change(types.ChangeActionDelete, set))
			}
		})
	}
}

func TestRoutingPoliciesAreRefusedAsOnRoute53(t *testing.T) {
	w := newWorld(t)
	refused := func(message string, sets ...*types.ResourceRecordSet) {
		t.Helper()
		var changes []types.Change
		for _, set := range sets {
			changes = append(changes, change(types.ChangeActionCreate, set))
		}
		require.ErrorContains(t, w.apply(t, changes...), message)
	}
	refused("it already exists", routed("a", "192.0.2.1", weighted(1)), routed("a", "192.0.2.2", weighted(1)))
	refused("cannot be created as other RRSets exist with the same name and type.", record("r.example.com", types.RRTypeA, "192.0.2.1"), routed("a", "192.0.2.2", weighted(1)))
	refused("cannot be created as other RRSets exist with the same name and type.", routed("a", "192.0.2.1", weighted(1)), routed("b", "192.0.2.2", latency("eu-west-1")))
	refused("Missing field 'SetIdentifier'", func() *types.ResourceRecordSet {
		set := record("r.example.com", types.RRTypeA, "192.0.2.1")
		set.Weight = aws.Int64(1)
		return set
	}())
	refused("exactly one of", routed("a", "192.0.2.1", func(*types.ResourceRecordSet) {}))
	refused("health checks", routed("a", "192.0.2.1", func(set *types.ResourceRecordSet) { set.Weight, set.HealthCheckId = aws.Int64(1), aws.String("h") }))
}

func TestTheNewestOfTwoZonesOfOneNameAnswers(t *testing.T) {
	service := route53.New(route53.Config{Targets: targets{}})
	client := sdk.NewFromConfig(awstest.Serve(t, service))
	for i := range 10 {
		zone, err := client.CreateHostedZone(t.Context(), &sdk.CreateHostedZoneInput{Name: aws.String("example.com"), CallerReference: aws.String(string(rune('a' + i)))})
		require.NoError(t, err)
		w := &world{dns: client, zone: *zone.HostedZone.Id}
		address := "192.0.2." + string(rune('0'+i))
		w.mustApply(t, change(types.ChangeActionCreate, record("www.example.com", types.RRTypeA, address)))
		found, _ := service.Lookup("www.example.com")
		require.Equal(t, []string{address}, found.Records[0].Values(), "it is the one that is delegated")
		soa := found.SOA.Values()[0]
		assert.Contains(t, soa, zone.DelegationSet.NameServers[0], "each zone has name servers of its own")
	}
}
