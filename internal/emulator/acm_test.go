package emulator_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/acm/types"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	r53types "github.com/aws/aws-sdk-go-v2/service/route53/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/emulator/awsproto"
	"apigateway-maintenance/internal/emulator/ca"
)

func describe(t *testing.T, client *acm.Client, arn *string) *types.CertificateDetail {
	t.Helper()
	described, err := client.DescribeCertificate(t.Context(), &acm.DescribeCertificateInput{CertificateArn: arn})
	require.NoError(t, err)
	return described.Certificate
}

func TestACertificateIsIssuedOnceDNSProvesAllItsNames(t *testing.T) {
	ctx := t.Context()
	w := newWorld(t, emulator.Config{}, nil)
	client := acm.NewFromConfig(sdk(w.Emulator))
	requested, err := client.RequestCertificate(ctx, &acm.RequestCertificateInput{
		DomainName: aws.String("shop.example.com"), SubjectAlternativeNames: []string{"*.shop.example.com", "other.example.com"}, ValidationMethod: types.ValidationMethodDns,
		Tags: []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}},
	})
	require.NoError(t, err)
	arn := requested.CertificateArn

	detail := describe(t, client, arn)
	assert.Equal(t, types.CertificateStatusPendingValidation, detail.Status)
	require.Len(t, detail.DomainValidationOptions, 3)
	first, wildcard, other := detail.DomainValidationOptions[0], detail.DomainValidationOptions[1], detail.DomainValidationOptions[2]
	assert.Equal(t, first.ResourceRecord, wildcard.ResourceRecord, "a name and its wildcard share a record")
	assert.NotEqual(t, first.ResourceRecord.Name, other.ResourceRecord.Name)
	_, err = client.GetCertificate(ctx, &acm.GetCertificateInput{CertificateArn: arn})
	require.ErrorAs(t, err, new(*types.RequestInProgressException))

	w.mustApply(t, change(r53types.ChangeActionCreate, record(*first.ResourceRecord.Name, r53types.RRTypeCname, "wrong.example.org")),
		change(r53types.ChangeActionCreate, record(*other.ResourceRecord.Name, r53types.RRTypeCname, *other.ResourceRecord.Value)))
	detail = describe(t, client, arn)
	assert.Equal(t, types.CertificateStatusPendingValidation, detail.Status, "a record with another value proves nothing")
	assert.Equal(t, types.DomainStatusPendingValidation, detail.DomainValidationOptions[0].ValidationStatus)
	assert.Equal(t, types.DomainStatusSuccess, detail.DomainValidationOptions[2].ValidationStatus)

	w.mustApply(t, change(r53types.ChangeActionUpsert, record(*first.ResourceRecord.Name, r53types.RRTypeCname, *first.ResourceRecord.Value)))
	detail = describe(t, client, arn)
	assert.Equal(t, types.CertificateStatusIssued, detail.Status)
	assert.NotNil(t, detail.IssuedAt)

	got, err := client.GetCertificate(ctx, &acm.GetCertificateInput{CertificateArn: arn})
	require.NoError(t, err)
	block, _ := pem.Decode([]byte(*got.Certificate))
	leaf, err := x509.ParseCertificate(block.Bytes)
	require.NoError(t, err)
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM([]byte(*got.CertificateChain)))
	_, err = leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: "x.shop.example.com"})
	require.NoError(t, err)

	tags, err := client.ListTagsForCertificate(ctx, &acm.ListTagsForCertificateInput{CertificateArn: arn})
	require.NoError(t, err)
	assert.Equal(t, "v", *tags.Tags[0].Value)

	_, err = client.DeleteCertificate(ctx, &acm.DeleteCertificateInput{CertificateArn: arn})
	require.NoError(t, err)
	_, err = client.DescribeCertificate(ctx, &acm.DescribeCertificateInput{CertificateArn: arn})
	require.ErrorAs(t, err, new(*types.ResourceNotFoundException))
}

func TestACertificateInUseCannotBeDeleted(t *testing.T) {
	w := newWorld(t, emulator.Config{}, nil)
	client := acm.NewFromConfig(sdk(w.Emulator))
	list, err := client.ListCertificates(t.Context(), &acm.ListCertificatesInput{CertificateStatuses: []types.CertificateStatus{types.CertificateStatusIssued}})
	require.NoError(t, err)
	require.Len(t, list.CertificateSummaryList, 1)
	arn := list.CertificateSummaryList[0].CertificateArn
	assert.Len(t, describe(t, client, arn).InUseBy, 1)
	_, err = client.DeleteCertificate(t.Context(), &acm.DeleteCertificateInput{CertificateArn: arn})
	require.ErrorAs(t, err, new(*types.ResourceInUseException))

	_, err = w.gateway.DeleteDomainName(t.Context(), &apigateway.DeleteDomainNameInput{DomainName: aws.String(domainName)})
	require.NoError(t, err)
	_, err = client.DeleteCertificate(t.Context(), &acm.DeleteCertificateInput{CertificateArn: arn})
	require.NoError(t, err)
}

func TestCertificatesBelongToARegion(t *testing.T) {
	e := start(t, emulator.Config{})
	arn, err := e.IssueCertificate("us-east-1", "example.com")
	require.NoError(t, err)
	here, there := acm.NewFromConfig(sdk(e)), acm.NewFromConfig(sdk(e), func(o *acm.Options) { o.Region = "us-east-1" })
	_, err = here.DescribeCertificate(t.Context(), &acm.DescribeCertificateInput{CertificateArn: aws.String(arn)})
	require.ErrorAs(t, err, new(*types.ResourceNotFoundException))
	assert.Equal(t, types.CertificateStatusIssued, describe(t, there, aws.String(arn)).Status)
}

func TestACMRefusesRequestsThatMakeNoSense(t *testing.T) {
	client := acm.NewFromConfig(sdk(start(t, emulator.Config{})))
	for _, name := range []string{"no spaces.example.com", "*.*.example.com", "localhost"} {
		_, err := client.RequestCertificate(t.Context(), &acm.RequestCertificateInput{DomainName: aws.String(name), ValidationMethod: types.ValidationMethodDns})
		require.ErrorContains(t, err, "ValidationException", name)
	}
	_, err := client.RequestCertificate(t.Context(), &acm.RequestCertificateInput{DomainName: aws.String("example.com"), ValidationMethod: types.ValidationMethodEmail})
	require.ErrorContains(t, err, "validates by DNS only")
}

func TestTheSameTokenGivesTheSameCertificate(t *testing.T) {
	client := acm.NewFromConfig(sdk(start(t, emulator.Config{})))
	request := func(token string) string {
		output, err := client.RequestCertificate(t.Context(), &acm.RequestCertificateInput{DomainName: aws.String("example.com"), ValidationMethod: types.ValidationMethodDns, IdempotencyToken: aws.String(token)})
		require.NoError(t, err)
		return *output.CertificateArn
	}
	assert.Equal(t, request("a"), request("a"))
	assert.NotEqual(t, request("a"), request("b"))
}

func TestAnImportedCertificate(t *testing.T) {
	authority, err := ca.New()
	require.NoError(t, err)
	issued, err := authority.Issue("imported.example.com")
	require.NoError(t, err)
	key, err := x509.MarshalPKCS8PrivateKey(issued.PrivateKey)
	require.NoError(t, err)
	input := &acm.ImportCertificateInput{
		Certificate: ca.EncodeChain(issued.Certificate[:1]), CertificateChain: authority.PEM(),
		PrivateKey: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}),
	}
	client := acm.NewFromConfig(sdk(start(t, emulator.Config{})))
	imported, err := client.ImportCertificate(t.Context(), input)
	require.NoError(t, err)
	detail := describe(t, client, imported.CertificateArn)
	assert.Equal(t, types.CertificateTypeImported, detail.Type)
	assert.Equal(t, []string{"imported.example.com"}, detail.SubjectAlternativeNames)

	input.CertificateArn = imported.CertificateArn
	again, err := client.ImportCertificate(t.Context(), input)
	require.NoError(t, err)
	assert.Equal(t, imported.CertificateArn, again.CertificateArn)

	other, err := authority.Issue("imported.example.com")
	require.NoError(t, err)
	input.Certificate = ca.EncodeChain(other.Certificate[:1])
	_, err = client.ImportCertificate(t.Context(), input)
	require.ErrorContains(t, err, "ValidationException", "the key is another's")
	_, err = tls.X509KeyPair(input.Certificate, input.PrivateKey)
	require.Error(t, err)
}

func TestTheCallerIsTheEmulatorsAccount(t *testing.T) {
	e := start(t, emulator.Config{})
	identity, err := sts.NewFromConfig(sdk(e)).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
	require.NoError(t, err)
	assert.Equal(t, awsproto.AccountID, *identity.Account)
	require.Len(t, e.Calls(), 1)
	assert.Equal(t, "GetCallerIdentity", e.Calls()[0].Operation)
	assert.False(t, e.Calls()[0].Write())
}
