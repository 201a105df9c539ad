package emulator_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	acmtypes "github.com/aws/aws-sdk-go-v2/service/acm/types"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	apitypes "github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	r53types "github.com/aws/aws-sdk-go-v2/service/route53/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
)

func TestAWildcardDomainAnswersForEachNameBelowIt(t *testing.T) {
	ctx := t.Context()
	w := newWorld(t, emulator.Config{}, nil)
	arn, err := w.IssueCertificate(w.Region(), "*.example.com")
	require.NoError(t, err)
	wildcard, err := w.gateway.CreateDomainName(ctx, &apigateway.CreateDomainNameInput{
		DomainName: aws.String("*.example.com"), RegionalCertificateArn: aws.String(arn), EndpointConfiguration: &apitypes.EndpointConfiguration{Types: []apitypes.EndpointType{apitypes.EndpointTypeRegional}},
	})
	require.NoError(t, err)
	_, err = w.gateway.CreateBasePathMapping(ctx, &apigateway.CreateBasePathMappingInput{DomainName: wildcard.DomainName, RestApiId: aws.String(w.deploy(t, "299")), Stage: aws.String("live")})
	require.NoError(t, err)
	w.alias(t, "*.example.com", *wildcard.RegionalDomainName, *wildcard.RegionalHostedZoneId)
	for host, status := range map[string]int{"tenant.example.com": 299, "other.example.com": 299, domainName: 200} {
		response, _ := get(t, w.HTTPClient(), "https://"+host+"/")
		assert.Equal(t, status, response.StatusCode, host)
	}
}

// TestACertificateIsValidatedInAZoneThatIsMadeWithIt has an older zone of the
// name in the way, as a user's root has.
func TestACertificateIsValidatedInAZoneThatIsMadeWithIt(t *testing.T) {
	ctx := t.Context()
	w := newWorld(t, emulator.Config{}, nil)
	manager := acm.NewFromConfig(sdk(w.Emulator))
	zone, err := w.dns.CreateHostedZone(ctx, &route53.CreateHostedZoneInput{Name: aws.String("example.com"), CallerReference: aws.String("again")})
	require.NoError(t, err)
	requested, err := manager.RequestCertificate(ctx, &acm.RequestCertificateInput{DomainName: aws.String("shop.example.com"), ValidationMethod: acmtypes.ValidationMethodDns})
	require.NoError(t, err)
	status := func() *acmtypes.CertificateDetail {
		out, err := manager.DescribeCertificate(ctx, &acm.DescribeCertificateInput{CertificateArn: requested.CertificateArn})
		require.NoError(t, err)
		return out.Certificate
	}
	proof := status().DomainValidationOptions[0].ResourceRecord
	assert.Equal(t, acmtypes.CertificateStatusPendingValidation, status().Status)
	_, err = w.dns.ChangeResourceRecordSets(ctx, &route53.ChangeResourceRecordSetsInput{HostedZoneId: zone.HostedZone.Id, ChangeBatch: &r53types.ChangeBatch{Changes: []r53types.Change{{
		Action:            r53types.ChangeActionUpsert,
		ResourceRecordSet: &r53types.ResourceRecordSet{Name: proof.Name, Type: r53types.RRTypeCname, TTL: aws.Int64(60), ResourceRecords: []r53types.ResourceRecord{{Value: proof.Value}}},
	}}}})
	require.NoError(t, err)
	assert.Equal(t, acmtypes.CertificateStatusIssued, status().Status)
}
