package conformance

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	acmtypes "github.com/aws/aws-sdk-go-v2/service/acm/types"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	r53types "github.com/aws/aws-sdk-go-v2/service/route53/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// zone makes the hosted zone example.com, and gives its id as the provider keeps it.
func (w *world) zone(t *testing.T) *string {
	t.Helper()
	created, err := w.dns.CreateHostedZone(t.Context(), &route53.CreateHostedZoneInput{Name: aws.String("example.com"), CallerReference: aws.String("once")})
	require.NoError(t, err)
	return aws.String((*created.HostedZone.Id)[len("/hostedzone/"):])
}

// change sends one change and waits until it is in sync.
func (w *world) change(t *testing.T, zone *string, action r53types.ChangeAction, set *r53types.ResourceRecordSet) {
	t.Helper()
	output, err := w.dns.ChangeResourceRecordSets(t.Context(), &route53.ChangeResourceRecordSetsInput{
		HostedZoneId: zone, ChangeBatch: &r53types.ChangeBatch{Comment: aws.String("Managed by Terraform"), Changes: []r53types.Change{{Action: action, ResourceRecordSet: set}}},
	})
	require.NoError(t, err)
	status, err := w.dns.GetChange(t.Context(), &route53.GetChangeInput{Id: output.ChangeInfo.Id})
	require.NoError(t, err)
	require.Equal(t, r53types.ChangeStatusInsync, status.ChangeInfo.Status)
}

// record: internal/service/route53/record.go of 6.x: the zone is read first, for
// its name; the record is found again by name and type.
func record(t *testing.T, w *world) {
	ctx := t.Context()
	zone := w.zone(t)
	found, err := w.dns.GetHostedZone(ctx, &route53.GetHostedZoneInput{Id: zone})
	require.NoError(t, err)
	assert.Equal(t, "example.com.", *found.HostedZone.Name)
	w.domain(t)
	domain, err := w.gateway.GetDomainName(ctx, &apigateway.GetDomainNameInput{DomainName: aws.String(domain)})
	require.NoError(t, err)
	set := &r53types.ResourceRecordSet{Name: aws.String("api.example.com"), Type: r53types.RRTypeA, AliasTarget: &r53types.AliasTarget{
		DNSName: domain.RegionalDomainName, HostedZoneId: domain.RegionalHostedZoneId, EvaluateTargetHealth: true,
	}}
	w.change(t, zone, r53types.ChangeActionCreate, set)

	read := func() []r53types.ResourceRecordSet {
		list, err := w.dns.ListResourceRecordSets(ctx, &route53.ListResourceRecordSetsInput{
			HostedZoneId: zone, StartRecordName: aws.String("api.example.com"), StartRecordType: r53types.RRTypeA, MaxItems: aws.Int32(1),
		})
		require.NoError(t, err)
		return list.ResourceRecordSets
	}
	require.Len(t, read(), 1)
	got := read()[0]
	assert.Equal(t, "api.example.com.", *got.Name)
	assert.Equal(t, r53types.RRTypeA, got.Type)
	assert.Nil(t, got.TTL)
	assert.Empty(t, got.ResourceRecords)
	assert.Equal(t, *domain.RegionalDomainName, *got.AliasTarget.DNSName)
	assert.Equal(t, *domain.RegionalHostedZoneId, *got.AliasTarget.HostedZoneId)
	assert.True(t, got.AliasTarget.EvaluateTargetHealth)
	assert.Nil(t, got.HealthCheckId)
	assert.Nil(t, got.SetIdentifier)
	assert.Nil(t, got.MultiValueAnswer)
	assert.Nil(t, got.Weight)

	set.AliasTarget.EvaluateTargetHealth = false
	w.change(t, zone, r53types.ChangeActionUpsert, set)
	assert.False(t, read()[0].AliasTarget.EvaluateTargetHealth)
	w.change(t, zone, r53types.ChangeActionDelete, set)
	assert.Empty(t, read())
}

// certificate: internal/service/acm/certificate.go of 6.x: after the request it
// waits until the validation records are known, which is what is read first.
func certificate(t *testing.T, w *world) {
	ctx := t.Context()
	requested, err := w.acm.RequestCertificate(ctx, &acm.RequestCertificateInput{
		DomainName: aws.String(domain), ValidationMethod: acmtypes.ValidationMethodDns, IdempotencyToken: aws.String("once"), Tags: []acmtypes.Tag{{Key: aws.String("team"), Value: aws.String("a")}},
	})
	require.NoError(t, err)
	described, err := w.acm.DescribeCertificate(ctx, &acm.DescribeCertificateInput{CertificateArn: requested.CertificateArn})
	require.NoError(t, err)
	got := described.Certificate
	assert.Equal(t, *requested.CertificateArn, *got.CertificateArn)
	assert.Nil(t, got.CertificateAuthorityArn)
	assert.Equal(t, domain, *got.DomainName)
	require.Len(t, got.DomainValidationOptions, 1)
	option := got.DomainValidationOptions[0]
	assert.Equal(t, domain, *option.DomainName)
	assert.NotEmpty(t, *option.ResourceRecord.Name)
	assert.Equal(t, acmtypes.RecordTypeCname, option.ResourceRecord.Type)
	assert.NotEmpty(t, *option.ResourceRecord.Value)
	assert.Equal(t, acmtypes.ValidationMethodDns, option.ValidationMethod)
	assert.Equal(t, acmtypes.KeyAlgorithmRsa2048, got.KeyAlgorithm)
	assert.Equal(t, acmtypes.RenewalEligibilityIneligible, got.RenewalEligibility)
	assert.Nil(t, got.RenewalSummary)
	assert.Equal(t, acmtypes.CertificateStatusPendingValidation, got.Status)
	assert.Equal(t, []string{domain}, got.SubjectAlternativeNames)
	assert.Equal(t, acmtypes.CertificateTypeAmazonIssued, got.Type)
	tags, err := w.acm.ListTagsForCertificate(ctx, &acm.ListTagsForCertificateInput{CertificateArn: requested.CertificateArn})
	require.NoError(t, err)
	assert.Len(t, tags.Tags, 1)

	_, err = w.acm.DeleteCertificate(ctx, &acm.DeleteCertificateInput{CertificateArn: requested.CertificateArn})
	require.NoError(t, err)
	_, err = w.acm.DescribeCertificate(ctx, &acm.DescribeCertificateInput{CertificateArn: requested.CertificateArn})
	require.ErrorAs(t, err, new(*acmtypes.ResourceNotFoundException))
}

// certificateValidation: internal/service/acm/certificate_validation.go of 6.x:
// the certificate's names are compared with the records, then ISSUED is waited for.
func certificateValidation(t *testing.T, w *world) {
	ctx := t.Context()
	zone := w.zone(t)
	requested, err := w.acm.RequestCertificate(ctx, &acm.RequestCertificateInput{DomainName: aws.String(domain), ValidationMethod: acmtypes.ValidationMethodDns})
	require.NoError(t, err)
	described, err := w.acm.DescribeCertificate(ctx, &acm.DescribeCertificateInput{CertificateArn: requested.CertificateArn})
	require.NoError(t, err)
	proof := described.Certificate.DomainValidationOptions[0].ResourceRecord
	w.change(t, zone, r53types.ChangeActionUpsert, &r53types.ResourceRecordSet{
		Name: proof.Name, Type: r53types.RRTypeCname, TTL: aws.Int64(300), ResourceRecords: []r53types.ResourceRecord{{Value: proof.Value}},
	})
	described, err = w.acm.DescribeCertificate(ctx, &acm.DescribeCertificateInput{CertificateArn: requested.CertificateArn})
	require.NoError(t, err)
	assert.Equal(t, acmtypes.CertificateStatusIssued, described.Certificate.Status)
	assert.NotNil(t, described.Certificate.IssuedAt, "it is the resource's id")
	assert.NotNil(t, described.Certificate.NotBefore)
	assert.NotNil(t, described.Certificate.NotAfter)
}
