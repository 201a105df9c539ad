package apigateway_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func endpoint(kind types.EndpointType) *types.EndpointConfiguration {
	return &types.EndpointConfiguration{Types: []types.EndpointType{kind}}
}

func TestADomainHasTheTargetOfItsKind(t *testing.T) { // fact D4
	w := newWorld(t)
	out := w.domain(host)
	assert.Regexp(t, `^d-[a-z0-9]{10}\.execute-api\.eu-west-1\.amazonaws\.com$`, *out.RegionalDomainName)
	assert.Equal(t, "ZLY8HYME6SFDD", *out.RegionalHostedZoneId)
	assert.Nil(t, out.DistributionDomainName)
	assert.Equal(t, types.SecurityPolicyTls12, out.SecurityPolicy)
	target, found := w.service.AliasTarget(*out.RegionalDomainName + ".")
	require.True(t, found)
	assert.Equal(t, host, target.Domain)
	assert.Equal(t, "ZLY8HYME6SFDD", target.HostedZoneID)

	edge, err := w.client.CreateDomainName(w.ctx(), &apigateway.CreateDomainNameInput{
		DomainName: aws.String("edge.example.com"), CertificateArn: aws.String(certificateArn("us-east-1", "good")), EndpointConfiguration: endpoint(types.EndpointTypeEdge),
	})
	require.NoError(t, err)
	assert.Regexp(t, `^d[a-z0-9]{13}\.cloudfront\.net$`, *edge.DistributionDomainName)
	assert.Equal(t, "Z2FDTNDATAQYW2", *edge.DistributionHostedZoneId)
	assert.Equal(t, certificateArn("us-east-1", "good"), w.service.View().Domains["edge.example.com"].CertificateArn)
	_, found = w.service.AliasTarget("nosuch.cloudfront.net")
	assert.False(t, found)
}

func TestDomainsAreRefusedAsOnAWS(t *testing.T) {
	w := newWorld(t)
	w.addCertificate("eu-west-1", "pending", "PENDING_VALIDATION", "*.example.com")
	w.addCertificate("eu-west-1", "apex", "ISSUED", "example.com")
	w.domain("taken.example.com")
	regional := func(name, arn string) *apigateway.CreateDomainNameInput {
		return &apigateway.CreateDomainNameInput{DomainName: aws.String(name), RegionalCertificateArn: aws.String(arn), EndpointConfiguration: endpoint(types.EndpointTypeRegional)}
	}
	good := certificateArn("eu-west-1", "good")
	policy := regional(host, good)
	policy.SecurityPolicy = "TLS_9"
	noMode := regional(host, good)
	noMode.SecurityPolicy = "SecurityPolicy_TLS13_1_3_2025_09"
	edgePolicy := regional(host, good)
	edgePolicy.SecurityPolicy, edgePolicy.EndpointAccessMode = "SecurityPolicy_TLS13_2025_EDGE", types.EndpointAccessModeBasic
	strict := regional(host, good)
	strict.EndpointAccessMode = types.EndpointAccessModeStrict
	enhancedMTLS := regional(host, good)
	enhancedMTLS.SecurityPolicy, enhancedMTLS.EndpointAccessMode = "SecurityPolicy_TLS13_1_3_2025_09", types.EndpointAccessModeBasic
	enhancedMTLS.MutualTlsAuthentication = &types.MutualTlsAuthenticationInput{TruststoreUri: aws.String("s3://bucket/truststore.pem")}
	truststore := regional(host, good)
	truststore.MutualTlsAuthentication = &types.MutualTlsAuthenticationInput{TruststoreUri: aws.String("s3://bucket/nosuch.pem")}
	privateDomain := regional(host, good)
	privateDomain.EndpointConfiguration = endpoint(types.EndpointTypePrivate)

	tests := map[string]struct {
		input   *apigateway.CreateDomainNameInput
		message string
	}{
		"without a certificate":                                  {&apigateway.CreateDomainNameInput{DomainName: aws.String(host), EndpointConfiguration: endpoint(types.EndpointTypeRegional)}, "A certificate is required"},
		"with a certificate that does not exist":                 {regional(host, certificateArn("eu-west-1", "nosuch")), "There is no such certificate"},
		"with a certificate that is not issued":                  {regional(host, certificateArn("eu-west-1", "pending")), "status PENDING_VALIDATION"},
		"with a certificate of another name":                     {regional(host, certificateArn("eu-west-1", "apex")), "does not cover the domain name"},
		"below a wildcard by two labels":                         {regional("a.b.example.com", good), "does not cover the domain name"},
		"with the parent of a wildcard":                          {regional("example.com", good), "does not cover the domain name"},
		"REGIONAL with a certificate of another region (issues)": {regional(host, certificateArn("us-east-1", "good")), "Certificate must be in 'eu-west-1'."},
		"EDGE with a certificate outside us-east-1 (fact D4)": {
			&apigateway.CreateDomainNameInput{DomainName: aws.String(host), CertificateArn: aws.String(good), EndpointConfiguration: endpoint(types.EndpointTypeEdge)},
			"Certificate must be in 'us-east-1'.",
		},
		"with a certificate of another account":           {regional(host, "arn:aws:acm:eu-west-1:999999999999:certificate/x"), "must be owned by the account creating the domain"},
		"that exist already":                              {regional("taken.example.com", good), "The domain name you provided already exists."},
		"that are no domain names":                        {regional("no_domain", good), "Invalid domain name specified"},
		"with a wildcard inside":                          {regional("a.*.example.com", good), "Invalid domain name specified"},
		"a wildcard that the certificate does not have":   {regional("*.a.example.com", good), "does not cover the domain name"},
		"with a truststore that does not exist":           {truststore, "The truststore s3://bucket/nosuch.pem cannot be read"},
		"with a newer security policy and no access mode": {noMode, "Endpoint access mode is required for the specified security policy"},
		"with a policy of the other endpoint type":        {edgePolicy, "is not for endpoints of type REGIONAL"},
		"strict with a legacy policy":                     {strict, "STRICT needs a security policy that starts with SecurityPolicy_"},
		"with mutual TLS and a newer policy":              {enhancedMTLS, "Mutual TLS needs the security policy TLS_1_2"},
		"of the kind PRIVATE, by name":                    {privateDomain, "own: PRIVATE domain names"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := w.client.CreateDomainName(w.ctx(), test.input)
			w.refusedWith(err, test.message)
		})
	}
	t.Run("with an unknown security policy", func(t *testing.T) {
		_, err := w.client.CreateDomainName(w.ctx(), policy)
		w.refuses(err, 400, "ValidationException", "Value 'TLS_9' at 'createDomainNameInput.securityPolicy' failed to satisfy constraint")
	})
	assert.Equal(t, map[string]int{"domain_names": 1}, w.service.Inventory())
}

func TestADomainIsUpdated(t *testing.T) {
	w := newWorld(t)
	w.domain(host)
	second := w.addCertificate("eu-west-1", "second", "ISSUED", host)
	update := func(patches ...types.PatchOperation) (*apigateway.UpdateDomainNameOutput, error) {
		return w.client.UpdateDomainName(w.ctx(), &apigateway.UpdateDomainNameInput{DomainName: aws.String(host), PatchOperations: patches})
	}

	t.Run("its certificate", func(t *testing.T) {
		_, err := update(replace("/regionalCertificateArn", certificateArn("eu-west-1", "nosuch")))
		w.badRequest(err, "There is no such certificate")
		_, err = update(replace("/regionalCertificateArn", second))
		require.NoError(t, err)
		assert.Equal(t, second, w.service.View().Domains[host].CertificateArn)
	})
	t.Run("its mutual TLS, which needs TLS 1.2", func(t *testing.T) {
		_, err := update(replace("/mutualTlsAuthentication/truststoreUri", "s3://bucket/truststore.pem"))
		require.NoError(t, err)
		assert.Equal(t, "s3://bucket/truststore.pem", w.service.View().Domains[host].TruststoreURI)
		_, err = update(replace("/securityPolicy", "TLS_1_0"))
		w.badRequest(err, "Mutual TLS needs the security policy TLS_1_2")
		out, err := update(replace("/mutualTlsAuthentication/truststoreUri", ""))
		require.NoError(t, err)
		assert.Nil(t, out.MutualTlsAuthentication)
	})
	t.Run("its kind, with the certificates of the kinds", func(t *testing.T) {
		out, err := update(replace("/certificateArn", certificateArn("us-east-1", "good")), replace("/endpointConfiguration/types/0", "EDGE"), replace("/regionalCertificateArn", ""))
		require.NoError(t, err)
		assert.NotNil(t, out.DistributionDomainName)
		assert.Nil(t, out.RegionalDomainName)
	})
	t.Run("its address type", func(t *testing.T) {
		out, err := update(replace("/endpointConfiguration/ipAddressType", "dualstack"))
		require.NoError(t, err)
		assert.Equal(t, types.IpAddressTypeDualstack, out.EndpointConfiguration.IpAddressType)
	})
	t.Run("nothing that it does not know", func(t *testing.T) {
		_, err := update(replace("/domainName", "x"))
		w.badRequest(err, "Invalid patch path /domainName")
	})
}

func TestRegionsAreApart(t *testing.T) {
	w := newWorld(t)
	api, _ := w.deployed("live", "live")
	_, err := w.in("us-east-1").GetRestApi(w.ctx(), &apigateway.GetRestApiInput{RestApiId: aws.String(api)})
	w.notFound(err, "Invalid API identifier specified 123456789012:"+api)
}

func TestTags(t *testing.T) {
	w := newWorld(t)
	api, _ := w.deployed("live", "live")
	w.domain(host)
	for name, arn := range map[string]string{
		"of an API":   "arn:aws:apigateway:eu-west-1::/restapis/" + api,
		"of a stage":  "arn:aws:apigateway:eu-west-1::/restapis/" + api + "/stages/live",
		"of a domain": "arn:aws:apigateway:eu-west-1::/domainnames/" + host,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.client.TagResource(w.ctx(), &apigateway.TagResourceInput{ResourceArn: aws.String(arn), Tags: map[string]string{"a": "1", "b": "2"}})
			require.NoError(t, err)
			_, err = w.client.UntagResource(w.ctx(), &apigateway.UntagResourceInput{ResourceArn: aws.String(arn), TagKeys: []string{"a"}})
			require.NoError(t, err)
			out, err := w.client.GetTags(w.ctx(), &apigateway.GetTagsInput{ResourceArn: aws.String(arn)})
			require.NoError(t, err)
			assert.Equal(t, map[string]string{"b": "2"}, out.Tags)
			_, err = w.client.TagResource(w.ctx(), &apigateway.TagResourceInput{ResourceArn: aws.String(arn), Tags: map[string]string{"aws:x": "1"}})
			w.badRequest(err, "the prefix aws: is reserved")
		})
	}
	_, err := w.client.GetTags(w.ctx(), &apigateway.GetTagsInput{ResourceArn: aws.String("arn:aws:apigateway:eu-west-1::/restapis/nosuch")})
	w.notFound(err, "Invalid API identifier specified")
}

func TestMutualTLSWithAnImportedCertificateNeedsAPublicOneToo(t *testing.T) { // fact J3
	w := newWorld(t)
	imported := w.addCertificate("eu-west-1", "imported", "ISSUED", "*.example.com")
	certificate := w.certs[imported]
	certificate.Imported = true
	w.certs[imported] = certificate
	foreign := w.addCertificate("eu-west-1", "foreign", "ISSUED", "*.example.org")
	input := &apigateway.CreateDomainNameInput{
		DomainName: aws.String(host), RegionalCertificateArn: aws.String(imported), SecurityPolicy: types.SecurityPolicyTls12,
		EndpointConfiguration:   &types.EndpointConfiguration{Types: []types.EndpointType{types.EndpointTypeRegional}},
		MutualTlsAuthentication: &types.MutualTlsAuthenticationInput{TruststoreUri: aws.String("s3://bucket/truststore.pem")},
	}
	_, err := w.client.CreateDomainName(w.ctx(), input)
	w.badRequest(err, "Missing ownershipVerificationCertificate")
	input.OwnershipVerificationCertificateArn = aws.String(imported)
	_, err = w.client.CreateDomainName(w.ctx(), input)
	w.badRequest(err, "must be a public certificate")
	input.OwnershipVerificationCertificateArn = aws.String(foreign)
	_, err = w.client.CreateDomainName(w.ctx(), input)
	w.badRequest(err, "does not cover the domain name")
	good := certificateArn("eu-west-1", "good")
	input.OwnershipVerificationCertificateArn = aws.String(good)
	out, err := w.client.CreateDomainName(w.ctx(), input)
	require.NoError(t, err)
	assert.Equal(t, good, *out.OwnershipVerificationCertificateArn)
}
