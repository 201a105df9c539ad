package route53_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/route53/types"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator/awsproto"
	"apigateway-maintenance/internal/emulator/awsproto/awstest"
	"apigateway-maintenance/internal/emulator/route53"
)

// target is the one AWS resource that an alias may point at, targetZone where
// it lies.
const (
	target     = "d-abc.execute-api.eu-west-1.amazonaws.com"
	targetZone = "ZLY8HYME6SFDD"
)

type targets struct{}

func (targets) AliasTarget(name string) (zoneID string, exists bool) {
	return targetZone, name == target
}

// world is Route 53 with the zone example.com, in which api is an alias.
type world struct {
	dns  *sdk.Client
	zone string
}

func newClient(t *testing.T) *sdk.Client {
	t.Helper()
	return sdk.NewFromConfig(awstest.Serve(t, route53.New(route53.Config{Targets: targets{}})))
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{dns: newClient(t)}
	w.create(t)
	w.mustApply(t, change(types.ChangeActionCreate, alias("api.example.com", types.RRTypeA, target, targetZone)))
	return w
}

// create makes the zone.
func (w *world) create(t *testing.T) {
	t.Helper()
	zone, err := w.dns.CreateHostedZone(t.Context(), &sdk.CreateHostedZoneInput{Name: aws.String("example.com"), CallerReference: aws.String("once")})
	require.NoError(t, err)
	w.zone = *zone.HostedZone.Id
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

func change(action types.ChangeAction, set *types.ResourceRecordSet) types.Change {
	return types.Change{Action: action, ResourceRecordSet: set}
}

// apply sends a batch and returns the error that Route 53 answered with.
func (w *world) apply(t *testing.T, changes ...types.Change) error {
	t.Helper()
	_, err := w.dns.ChangeResourceRecordSets(t.Context(), &sdk.ChangeResourceRecordSetsInput{HostedZoneId: aws.String(w.zone), ChangeBatch: &types.ChangeBatch{Changes: changes}})
	return err
}

func (w *world) mustApply(t *testing.T, changes ...types.Change) {
	t.Helper()
	require.NoError(t, w.apply(t, changes...))
}

func (w *world) records(t *testing.T) []string {
	t.Helper()
	list, err := w.dns.ListResourceRecordSets(t.Context(), &sdk.ListResourceRecordSetsInput{HostedZoneId: aws.String(w.zone)})
	require.NoError(t, err)
	var names []string
	for _, set := range list.ResourceRecordSets {
		names = append(names, *set.Name+" "+string(set.Type))
	}
	return names
}

func requireRefusal(t *testing.T, err error, code, message string) {
	t.Helper()
	var refusal smithy.APIError
	require.True(t, errors.As(err, &refusal), "got %v", err)
	assert.Equal(t, code, refusal.ErrorCode())
	assert.Equal(t, message, refusal.ErrorMessage())
}

func TestRoute53RefusesWhatAWSRefuses(t *testing.T) {
	w := newWorld(t)
	w.mustApply(t, change(types.ChangeActionCreate, record("www.example.com", types.RRTypeA, "192.0.2.1")),
		change(types.ChangeActionCreate, record("docs.example.com", types.RRTypeCname, "www.example.com")))
	before := w.records(t)
	gone := "d-gone000000.execute-api.eu-west-1.amazonaws.com"

	cases := map[string]struct {
		changes []types.Change
		message string
	}{
		"a record outside the zone": {
			[]types.Change{change(types.ChangeActionCreate, record("www.example.org", types.RRTypeA, "192.0.2.1"))},
			"[RRSet with DNS name www.example.org. is not permitted in zone example.com.]",
		},
		"a name that only ends like the zone's": {
			[]types.Change{change(types.ChangeActionCreate, record("notexample.com", types.RRTypeA, "192.0.2.1"))},
			"[RRSet with DNS name notexample.com. is not permitted in zone example.com.]",
		},
		"an alias to a target that does not exist": {
			[]types.Change{change(types.ChangeActionCreate, alias("a.example.com", types.RRTypeA, gone, targetZone))},
			"[Tried to create an alias that targets " + gone + "., type A in zone " + targetZone + ", but that target was not found]",
		},
		"an alias with another zone's id": {
			[]types.Change{change(types.ChangeActionCreate, alias("a.example.com", types.RRTypeA, target, "Z2FDTNDATAQYW2"))},
			"[Tried to create an alias that targets " + target + "., type A in zone Z2FDTNDATAQYW2, but the alias target name does not lie within the target zone]",
		},
		"creating what exists": {
			[]types.Change{change(types.ChangeActionCreate, record("WWW.example.com", types.RRTypeA, "192.0.2.9"))},
			"[Tried to create resource record set [name='www.example.com.', type='A'] but it already exists]",
		},
		"a CNAME beside another record": {
			[]types.Change{change(types.ChangeActionCreate, record("www.example.com", types.RRTypeCname, "x.example.com"))},
			"[RRSet of type CNAME with DNS name www.example.com. is not permitted as it conflicts with other records with the same DNS name in zone example.com.]",
		},
		"another record beside a CNAME": {
			[]types.Change{change(types.ChangeActionUpsert, record("docs.example.com", types.RRTypeTxt, `"x"`))},
			"[RRSet of type CNAME with DNS name docs.example.com. is not permitted as it conflicts with other records with the same DNS name in zone example.com.]",
		},
		"a CNAME at the apex": {
			[]types.Change{change(types.ChangeActionCreate, record("example.com", types.RRTypeCname, "x.example.org"))},
			"[RRSet of type CNAME with DNS name example.com. is not permitted at apex in zone example.com.]",
		},
		"deleting what is not there": {
			[]types.Change{change(types.ChangeActionDelete, record("no.example.com", types.RRTypeA, "192.0.2.1"))},
			"[Tried to delete resource record set [name='no.example.com.', type='A'] but it was not found]",
		},
		"deleting with other values": {
			[]types.Change{change(types.ChangeActionDelete, record("www.example.com", types.RRTypeA, "192.0.2.2"))},
			"[Tried to delete resource record set [name='www.example.com.', type='A'] but the values provided do not match the current values]",
		},
		"an address that is none": {
			[]types.Change{change(types.ChangeActionCreate, record("b.example.com", types.RRTypeA, "300.1.1.1"))},
			"[Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address) encountered with '300.1.1.1'']",
		},
		"text without quotation marks": {
			[]types.Change{change(types.ChangeActionCreate, record("b.example.com", types.RRTypeTxt, "plain"))},
			"[Invalid Resource Record: 'FATAL problem: InvalidCharacterString (Value should be enclosed in quotation marks) encountered with 'plain'']",
		},
		"a value of another type's format": {
			[]types.Change{change(types.ChangeActionCreate, record("b.example.com", types.RRTypeMx, "mail.example.com"))},
			"[Invalid Resource Record: 'FATAL problem: UnreadableValue (Value is not in the record type's format) encountered with 'mail.example.com'']",
		},
		"a batch of which one change is wrong": {
			[]types.Change{
				change(types.ChangeActionCreate, record("good.example.com", types.RRTypeA, "192.0.2.1")),
				change(types.ChangeActionDelete, record("no.example.com", types.RRTypeA, "192.0.2.1")),
			},
			"[Tried to delete resource record set [name='no.example.com.', type='A'] but it was not found]",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			requireRefusal(t, w.apply(t, c.changes...), "InvalidChangeBatch", c.message)
			assert.Equal(t, before, w.records(t), "a refused batch changes nothing")
		})
	}
}

func TestABatchMayReplaceInOneGo(t *testing.T) {
	w := newWorld(t)
	w.mustApply(t, change(types.ChangeActionCreate, record("x.example.com", types.RRTypeCname, "a.example.org")))
	w.mustApply(t, change(types.ChangeActionDelete, record("x.example.com", types.RRTypeCname, "a.example.org")),
		change(types.ChangeActionCreate, record("x.example.com", types.RRTypeA, "192.0.2.1", "192.0.2.2")))
	w.mustApply(t, change(types.ChangeActionDelete, record("x.example.com", types.RRTypeA, "192.0.2.2", "192.0.2.1")))
}

func TestRecordsOfAFormThatIsNoneAreRefused(t *testing.T) {
	w := newWorld(t)
	both := alias("x.example.com", types.RRTypeA, target, targetZone)
	both.TTL = aws.Int64(60)
	late := record("x.example.com", types.RRTypeA, "192.0.2.1")
	late.TTL = aws.Int64(-1)
	for name, set := range map[string]*types.ResourceRecordSet{"an alias with a TTL": both, "a negative TTL": late, "no value": record("x.example.com", types.RRTypeA)} {
		require.ErrorContains(t, w.apply(t, change(types.ChangeActionCreate, set)), "InvalidInput", name)
	}
	require.ErrorContains(t, w.apply(t, change(types.ChangeActionCreate, record("x.example.com", types.RRTypeSrv, "1 1 1 a."))), "does not do this: records of type")
}

func TestHostedZones(t *testing.T) {
	ctx := t.Context()
	client := newClient(t)
	create := func(name, reference string) *sdk.CreateHostedZoneOutput {
		zone, err := client.CreateHostedZone(ctx, &sdk.CreateHostedZoneInput{Name: aws.String(name), CallerReference: aws.String(reference), HostedZoneConfig: &types.HostedZoneConfig{Comment: aws.String("c")}})
		require.NoError(t, err)
		return zone
	}
	b, a := create("b.example.com", "1"), create("a.example.com", "2")
	assert.Equal(t, types.ChangeStatusPending, b.ChangeInfo.Status)
	require.Len(t, b.DelegationSet.NameServers, 4)

	_, err := client.CreateHostedZone(ctx, &sdk.CreateHostedZoneInput{Name: aws.String("c.example.com"), CallerReference: aws.String("1")})
	requireRefusal(t, err, "HostedZoneAlreadyExists", "A hosted zone has already been created with the specified caller reference.")

	done, err := client.GetChange(ctx, &sdk.GetChangeInput{Id: b.ChangeInfo.Id})
	require.NoError(t, err)
	assert.Equal(t, types.ChangeStatusInsync, done.ChangeInfo.Status)
	_, err = client.GetChange(ctx, &sdk.GetChangeInput{Id: aws.String("CNONE")})
	requireRefusal(t, err, "NoSuchChange", "A change with the specified change ID does not exist: CNONE")

	byName, err := client.ListHostedZonesByName(ctx, &sdk.ListHostedZonesByNameInput{MaxItems: aws.Int32(1)})
	require.NoError(t, err)
	require.Len(t, byName.HostedZones, 1)
	assert.Equal(t, "a.example.com.", *byName.HostedZones[0].Name)
	assert.True(t, byName.IsTruncated)
	byName, err = client.ListHostedZonesByName(ctx, &sdk.ListHostedZonesByNameInput{DNSName: byName.NextDNSName, HostedZoneId: byName.NextHostedZoneId})
	require.NoError(t, err)
	require.Len(t, byName.HostedZones, 1)
	assert.Equal(t, "b.example.com.", *byName.HostedZones[0].Name)

	pages := 0
	for p := sdk.NewListHostedZonesPaginator(client, &sdk.ListHostedZonesInput{MaxItems: aws.Int32(1)}); p.HasMorePages(); pages++ {
		page, err := p.NextPage(ctx)
		require.NoError(t, err)
		require.Len(t, page.HostedZones, 1)
	}
	assert.Equal(t, 2, pages)

	plainID := aws.String(strings.TrimPrefix(*a.HostedZone.Id, "/hostedzone/"))
	_, err = client.ChangeTagsForResource(ctx, &sdk.ChangeTagsForResourceInput{ResourceType: types.TagResourceTypeHostedzone, ResourceId: plainID,
		AddTags: []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}, {Key: aws.String("gone"), Value: aws.String("v")}}})
	require.NoError(t, err)
	_, err = client.ChangeTagsForResource(ctx, &sdk.ChangeTagsForResourceInput{ResourceType: types.TagResourceTypeHostedzone, ResourceId: plainID, RemoveTagKeys: []string{"gone"}})
	require.NoError(t, err)
	tags, err := client.ListTagsForResource(ctx, &sdk.ListTagsForResourceInput{ResourceType: types.TagResourceTypeHostedzone, ResourceId: plainID})
	require.NoError(t, err)
	require.Len(t, tags.ResourceTagSet.Tags, 1)
	assert.Equal(t, "k", *tags.ResourceTagSet.Tags[0].Key)

	signing, err := client.GetDNSSEC(ctx, &sdk.GetDNSSECInput{HostedZoneId: a.HostedZone.Id})
	require.NoError(t, err)
	assert.Equal(t, "NOT_SIGNING", *signing.Status.ServeSignature)

	_, err = client.ChangeResourceRecordSets(ctx, &sdk.ChangeResourceRecordSetsInput{HostedZoneId: a.HostedZone.Id, ChangeBatch: &types.ChangeBatch{Changes: []types.Change{
		change(types.ChangeActionCreate, record("x.a.example.com", types.RRTypeA, "192.0.2.1"))}}})
	require.NoError(t, err)
	_, err = client.DeleteHostedZone(ctx, &sdk.DeleteHostedZoneInput{Id: a.HostedZone.Id})
	requireRefusal(t, err, "HostedZoneNotEmpty", "The specified hosted zone contains non-required resource record sets and so cannot be deleted.")
	_, err = client.DeleteHostedZone(ctx, &sdk.DeleteHostedZoneInput{Id: b.HostedZone.Id})
	require.NoError(t, err)
	_, err = client.GetHostedZone(ctx, &sdk.GetHostedZoneInput{Id: aws.String("ZNONE")})
	requireRefusal(t, err, "NoSuchHostedZone", "No hosted zone found with ID: ZNONE")
	_, err = client.ChangeResourceRecordSets(ctx, &sdk.ChangeResourceRecordSetsInput{HostedZoneId: aws.String("ZNONE"), ChangeBatch: &types.ChangeBatch{Changes: []types.Change{
		change(types.ChangeActionCreate, record("x.a.example.com", types.RRTypeA, "192.0.2.1"))}}})
	requireRefusal(t, err, "NoSuchHostedZone", "No hosted zone found with ID: ZNONE")
}

func TestRecordsAreListedByReversedLabelsAndInPages(t *testing.T) {
	w := newWorld(t)
	w.mustApply(t, change(types.ChangeActionCreate, record("z.a.example.com", types.RRTypeA, "192.0.2.1")),
		change(types.ChangeActionCreate, record("*.example.com", types.RRTypeTxt, `"x"`)),
		change(types.ChangeActionCreate, record("b.example.com", types.RRTypeA, "192.0.2.1")))
	want := []string{"example.com. NS", "example.com. SOA", `\052.example.com. TXT`, "z.a.example.com. A", "api.example.com. A", "b.example.com. A"}
	assert.Equal(t, want, w.records(t))

	page, err := w.dns.ListResourceRecordSets(t.Context(), &sdk.ListResourceRecordSetsInput{HostedZoneId: aws.String(w.zone), MaxItems: aws.Int32(1),
		StartRecordName: aws.String("api.example.com"), StartRecordType: types.RRTypeA})
	require.NoError(t, err)
	require.Len(t, page.ResourceRecordSets, 1)
	assert.Equal(t, "api.example.com.", *page.ResourceRecordSets[0].Name)
	assert.Equal(t, target, *page.ResourceRecordSets[0].AliasTarget.DNSName)
	assert.True(t, page.IsTruncated)
	assert.Equal(t, "b.example.com.", *page.NextRecordName)
}

// TestTheSlashAtTheEndOfTheCLIsPathDoesNotMatter asks what botocore asks: its model of
// ChangeResourceRecordSets ends the path with a slash.
func TestTheSlashAtTheEndOfTheCLIsPathDoesNotMatter(t *testing.T) {
	service := route53.New(route53.Config{Targets: targets{}})
	for _, path := range []string{"/2013-04-01/hostedzone/Z1/rrset", "/2013-04-01/hostedzone/Z1/rrset/"} {
		request := &awsproto.Request{Request: httptest.NewRequest(http.MethodPost, path, nil)}
		assert.Equal(t, "ChangeResourceRecordSets", service.Operation(request), path)
	}
}
