package conformance

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const domain = "api.example.com"

func (w *world) domain(t *testing.T) {
	t.Helper()
	arn, err := w.emulator.IssueCertificate("eu-west-1", domain)
	require.NoError(t, err)
	_, err = w.gateway.CreateDomainName(t.Context(), &apigateway.CreateDomainNameInput{
		DomainName: aws.String(domain), RegionalCertificateArn: &arn, EndpointConfiguration: regional(), Tags: map[string]string{"team": "a"},
	})
	require.NoError(t, err)
}

// domainName: internal/service/apigateway/domain_name.go at 7c9f7f21 (6.29 and
// later): a minute's delay, then UPDATING is waited for, and whatever else is not
// AVAILABLE is an error (pull request 45741).
func domainName(t *testing.T, w *world) {
	ctx := t.Context()
	w.domain(t)
	got := w.domainAvailable(t)
	assert.Nil(t, got.CertificateArn)
	assert.Nil(t, got.CertificateName)
	assert.NotNil(t, got.CertificateUploadDate)
	assert.Nil(t, got.DistributionDomainName)
	assert.Equal(t, domain, *got.DomainName)
	assert.Nil(t, got.DomainNameId, "PRIVATE domain names alone have one")
	assert.Empty(t, got.EndpointAccessMode, "Optional and not Computed")
	assert.Equal(t, []types.EndpointType{types.EndpointTypeRegional}, got.EndpointConfiguration.Types)
	assert.Equal(t, types.IpAddressTypeIpv4, got.EndpointConfiguration.IpAddressType)
	assert.Nil(t, got.MutualTlsAuthentication)
	assert.Nil(t, got.OwnershipVerificationCertificateArn)
	assert.Nil(t, got.Policy)
	assert.NotEmpty(t, *got.RegionalCertificateArn)
	assert.Nil(t, got.RegionalCertificateName)
	assert.NotEmpty(t, *got.RegionalDomainName)
	assert.NotEmpty(t, *got.RegionalHostedZoneId)
	assert.Equal(t, types.RoutingModeBasePathMappingOnly, got.RoutingMode)
	assert.Equal(t, types.SecurityPolicyTls12, got.SecurityPolicy)
	assert.Equal(t, map[string]string{"team": "a"}, got.Tags)

	_, err := w.gateway.UpdateDomainName(ctx, &apigateway.UpdateDomainNameInput{DomainName: aws.String(domain), PatchOperations: []types.PatchOperation{
		replace("/endpointAccessMode", "BASIC"), replace("/securityPolicy", "SecurityPolicy_TLS13_1_3_2025_09"), replace("/endpointConfiguration/ipAddressType", "dualstack"),
	}})
	require.NoError(t, err)
	got = w.domainAvailable(t)
	assert.Equal(t, types.EndpointAccessModeBasic, got.EndpointAccessMode)
	assert.Equal(t, types.SecurityPolicySecurityPolicyTls1313202509, got.SecurityPolicy)
	assert.Equal(t, types.IpAddressTypeDualstack, got.EndpointConfiguration.IpAddressType)

	_, err = w.gateway.DeleteDomainName(ctx, &apigateway.DeleteDomainNameInput{DomainName: aws.String(domain)})
	require.NoError(t, err)
	_, err = w.gateway.GetDomainName(ctx, &apigateway.GetDomainNameInput{DomainName: aws.String(domain)})
	require.ErrorAs(t, err, new(*types.NotFoundException))
}

// domainAvailable is the waiter, and the read after it.
func (w *world) domainAvailable(t *testing.T) *apigateway.GetDomainNameOutput {
	t.Helper()
	read, err := w.gateway.GetDomainName(t.Context(), &apigateway.GetDomainNameInput{DomainName: aws.String(domain)})
	require.NoError(t, err)
	require.Equal(t, types.DomainNameStatusAvailable, read.DomainNameStatus)
	return read
}

// basePathMapping: internal/service/apigateway/base_path_mapping.go at 0657871b
// (6.x): what changed goes in one call, in this order.
func basePathMapping(t *testing.T, w *world) {
	ctx := t.Context()
	w.domain(t)
	live, _ := w.deployed(t)
	mock, _ := w.deployed(t)
	_, err := w.gateway.CreateBasePathMapping(ctx, &apigateway.CreateBasePathMappingInput{
		DomainName: aws.String(domain), BasePath: aws.String(""), RestApiId: live, Stage: aws.String("live"),
	})
	require.NoError(t, err)
	read := func(path string) *apigateway.GetBasePathMappingOutput {
		read, err := w.gateway.GetBasePathMapping(ctx, &apigateway.GetBasePathMappingInput{DomainName: aws.String(domain), BasePath: aws.String(path)})
		require.NoError(t, err)
		return read
	}
	got := read("(none)")
	assert.Equal(t, "(none)", *got.BasePath)
	assert.Equal(t, *live, *got.RestApiId)
	assert.Equal(t, "live", *got.Stage)

	_, err = w.gateway.UpdateBasePathMapping(ctx, &apigateway.UpdateBasePathMappingInput{
		DomainName: aws.String(domain), BasePath: aws.String("(none)"),
		PatchOperations: []types.PatchOperation{replace("/restapiId", *mock), replace("/basePath", "v1"), replace("/stage", "live")},
	})
	require.NoError(t, err)
	got = read("v1")
	assert.Equal(t, "v1", *got.BasePath)
	assert.Equal(t, *mock, *got.RestApiId)

	_, err = w.gateway.DeleteBasePathMapping(ctx, &apigateway.DeleteBasePathMappingInput{DomainName: aws.String(domain), BasePath: aws.String("v1")})
	require.NoError(t, err)
	_, err = w.gateway.GetBasePathMapping(ctx, &apigateway.GetBasePathMappingInput{DomainName: aws.String(domain), BasePath: aws.String("v1")})
	require.ErrorAs(t, err, new(*types.NotFoundException))
}
