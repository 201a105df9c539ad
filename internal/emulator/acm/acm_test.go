package acm_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/acm/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator/acm"
	"apigateway-maintenance/internal/emulator/awsproto/awstest"
	"apigateway-maintenance/internal/emulator/ca"
)

// world is ACM with the DNS and the users of certificates that a test puts in.
type world struct {
	service *acm.Service
	config  aws.Config
	cnames  map[string]string   // DNS
	users   map[string][]string // by certificate
}

func newWorld(t *testing.T) *world {
	t.Helper()
	authority, err := ca.New()
	require.NoError(t, err)
	w := &world{cnames: map[string]string{}, users: map[string][]string{}}
	w.service = acm.New(acm.Config{
		Authority: authority,
		CNAME:     func(name string) (string, bool) { target, found := w.cnames[name]; return target, found },
		InUseBy:   func(arn string) []string { return w.users[arn] },
	})
	w.config = awstest.Serve(t, w.service)
	return w
}

func (w *world) client() *sdk.Client { return sdk.NewFromConfig(w.config) }

func describe(t *testing.T, client *sdk.Client, arn *string) *types.CertificateDetail {
	t.Helper()
	described, err := client.DescribeCertificate(t.Context(), &sdk.DescribeCertificateInput{CertificateArn: arn})
	require.NoError(t, err)
	return described.Certificate
}

func TestACertificateIsIssuedOnceDNSProvesAllItsNames(t *testing.T) {
	ctx := t.Context()
	w := newWorld(t)
	client := w.client()
	requested, err := client.RequestCertificate(ctx, &sdk.RequestCertificateInput{
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
	_, err = client.GetCertificate(ctx, &sdk.GetCertificateInput{CertificateArn: arn})
	require.ErrorAs(t, err, new(*types.RequestInProgressException))

	w.cnames[*first.ResourceRecord.Name] = "wrong.example.org."
	w.cnames[*other.ResourceRecord.Name] = *other.ResourceRecord.Value
	detail = describe(t, client, arn)
	assert.Equal(t, types.CertificateStatusPendingValidation, detail.Status, "a record with another value proves nothing")
	assert.Equal(t, types.DomainStatusPendingValidation, detail.DomainValidationOptions[0].ValidationStatus)
	assert.Equal(t, types.DomainStatusSuccess, detail.DomainValidationOptions[2].ValidationStatus)

	w.cnames[*first.ResourceRecord.Name] = *first.ResourceRecord.Value
	detail = describe(t, client, arn)
	assert.Equal(t, types.CertificateStatusIssued, detail.Status)
	assert.NotNil(t, detail.IssuedAt)

	got, err := client.GetCertificate(ctx, &sdk.GetCertificateInput{CertificateArn: arn})
	require.NoError(t, err)
	block, _ := pem.Decode([]byte(*got.Certificate))
	leaf, err := x509.ParseCertificate(block.Bytes)
	require.NoError(t, err)
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM([]byte(*got.CertificateChain)))
	_, err = leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: "x.shop.example.com"})
	require.NoError(t, err)

	tags, err := client.ListTagsForCertificate(ctx, &sdk.ListTagsForCertificateInput{CertificateArn: arn})
	require.NoError(t, err)
	assert.Equal(t, "v", *tags.Tags[0].Value)

	_, err = client.DeleteCertificate(ctx, &sdk.DeleteCertificateInput{CertificateArn: arn})
	require.NoError(t, err)
	_, err = client.DescribeCertificate(ctx, &sdk.DescribeCertificateInput{CertificateArn: arn})
	require.ErrorAs(t, err, new(*types.ResourceNotFoundException))
}

func TestACertificateInUseCannotBeDeleted(t *testing.T) {
	w := newWorld(t)
	client := w.client()
	arn, err := w.service.Issue(w.config.Region, "example.com")
	require.NoError(t, err)
	list, err := client.ListCertificates(t.Context(), &sdk.ListCertificatesInput{CertificateStatuses: []types.CertificateStatus{types.CertificateStatusIssued}})
	require.NoError(t, err)
	require.Len(t, list.CertificateSummaryList, 1)

	w.users[arn] = []string{"arn:aws:apigateway:eu-west-1::/domainnames/api.example.com"}
	assert.Equal(t, w.users[arn], describe(t, client, &arn).InUseBy)
	_, err = client.DeleteCertificate(t.Context(), &sdk.DeleteCertificateInput{CertificateArn: &arn})
	require.ErrorAs(t, err, new(*types.ResourceInUseException))

	delete(w.users, arn)
	_, err = client.DeleteCertificate(t.Context(), &sdk.DeleteCertificateInput{CertificateArn: &arn})
	require.NoError(t, err)
}

func TestCertificatesBelongToARegion(t *testing.T) {
	w := newWorld(t)
	arn, err := w.service.Issue("us-east-1", "example.com")
	require.NoError(t, err)
	here, there := w.client(), sdk.NewFromConfig(w.config, func(o *sdk.Options) { o.Region = "us-east-1" })
	_, err = here.DescribeCertificate(t.Context(), &sdk.DescribeCertificateInput{CertificateArn: aws.String(arn)})
	require.ErrorAs(t, err, new(*types.ResourceNotFoundException))
	assert.Equal(t, types.CertificateStatusIssued, describe(t, there, aws.String(arn)).Status)
}

func TestACMRefusesRequestsThatMakeNoSense(t *testing.T) {
	client := newWorld(t).client()
	for _, name := range []string{"no spaces.example.com", "*.*.example.com", "localhost"} {
		_, err := client.RequestCertificate(t.Context(), &sdk.RequestCertificateInput{DomainName: aws.String(name), ValidationMethod: types.ValidationMethodDns})
		require.ErrorContains(t, err, "ValidationException", name)
	}
	_, err := client.RequestCertificate(t.Context(), &sdk.RequestCertificateInput{DomainName: aws.String("example.com"), ValidationMethod: types.ValidationMethodEmail})
	require.ErrorContains(t, err, "does not do this: validation by anything but DNS")
}

func TestTheSameTokenGivesTheSameCertificate(t *testing.T) {
	client := newWorld(t).client()
	request := func(token string) string {
		output, err := client.RequestCertificate(t.Context(), &sdk.RequestCertificateInput{DomainName: aws.String("example.com"), ValidationMethod: types.ValidationMethodDns, IdempotencyToken: aws.String(token)})
		require.NoError(t, err)
		return *output.CertificateArn
	}
	assert.Equal(t, request("a"), request("a"))
	assert.NotEqual(t, request("a"), request("b"))
}

func TestAnImportedCertificateWithACommonNameAlone(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "old.example.com"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	encoded, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	client := newWorld(t).client()
	imported, err := client.ImportCertificate(t.Context(), &sdk.ImportCertificateInput{
		Certificate: ca.EncodeChain([][]byte{der}), PrivateKey: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: encoded}),
	})
	require.NoError(t, err)
	assert.Equal(t, "old.example.com", *describe(t, client, imported.CertificateArn).DomainName)
}

func TestAnImportedCertificate(t *testing.T) {
	authority, err := ca.New()
	require.NoError(t, err)
	issued, err := authority.Issue("imported.example.com")
	require.NoError(t, err)
	key, err := x509.MarshalPKCS8PrivateKey(issued.PrivateKey)
	require.NoError(t, err)
	input := &sdk.ImportCertificateInput{
		Certificate: ca.EncodeChain(issued.Certificate[:1]), CertificateChain: authority.PEM(),
		PrivateKey: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}),
	}
	client := newWorld(t).client()
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
