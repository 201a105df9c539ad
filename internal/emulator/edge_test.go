package emulator_test

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	apitypes "github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
)

// clientAuthority makes an authority and a client certificate of it.
func clientAuthority(t *testing.T) (bundle []byte, client tls.Certificate) {
	t.Helper()
	sign := func(template, parent *x509.Certificate, key, parentKey *ecdsa.PrivateKey) []byte {
		der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), parentKey)
		require.NoError(t, err)
		return der
	}
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "clients"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	caDER := sign(ca, ca, caKey, caKey)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "client"}, NotBefore: ca.NotBefore, NotAfter: ca.NotAfter,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	client = tls.Certificate{Certificate: [][]byte{sign(leaf, ca, key, caKey)}, PrivateKey: key}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: caDER}), client
}

func TestADomainWithATruststoreAnswersOnlyClientsThatItTrusts(t *testing.T) {
	const uri = "s3://bucket/truststore.pem"
	bundle, trusted := clientAuthority(t)
	_, stranger := clientAuthority(t)
	w := newWorld(t, emulator.Config{Truststores: map[string][]byte{uri: bundle}}, &apitypes.MutualTlsAuthenticationInput{TruststoreUri: aws.String(uri)})

	with := func(certificates ...tls.Certificate) *http.Client {
		client := w.HTTPClient()
		client.Transport.(*http.Transport).TLSClientConfig.Certificates = certificates
		return client
	}
	response, _ := get(t, with(trusted), "https://"+domainName+"/")
	assert.Equal(t, http.StatusOK, response.StatusCode)

	for name, client := range map[string]*http.Client{"no certificate": with(), "a stranger's certificate": with(stranger)} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+domainName+"/", nil)
		require.NoError(t, err)
		_, err = client.Do(request)
		require.Error(t, err, name)
	}
}

func TestTheSecurityPolicySetsTheOldestTLSVersion(t *testing.T) {
	w := newWorld(t, emulator.Config{}, nil)
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(w.CACertPEM()))
	dialer := tls.Dialer{Config: &tls.Config{ServerName: domainName, RootCAs: roots, MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}}
	_, err := dialer.DialContext(t.Context(), "tcp", w.HTTPSAddr())
	require.ErrorContains(t, err, "protocol version")
	dialer.Config.MaxVersion, dialer.Config.MinVersion = tls.VersionTLS12, tls.VersionTLS12
	conn, err := dialer.DialContext(t.Context(), "tcp", w.HTTPSAddr())
	require.NoError(t, err)
	require.NoError(t, conn.Close())
}

func TestTheAPIsSecurityPolicyHoldsOnItsOwnHost(t *testing.T) {
	w := newWorld(t, emulator.Config{}, nil)
	host := w.api + ".execute-api." + w.Region() + ".amazonaws.com"
	dial := func(version uint16) error {
		roots := x509.NewCertPool()
		require.True(t, roots.AppendCertsFromPEM(w.CACertPEM()))
		dialer := tls.Dialer{Config: &tls.Config{ServerName: host, RootCAs: roots, MinVersion: version, MaxVersion: version}}
		conn, err := dialer.DialContext(t.Context(), "tcp", w.HTTPSAddr())
		if err == nil {
			err = conn.Close()
		}
		return err
	}
	require.NoError(t, dial(tls.VersionTLS12))
	_, err := w.gateway.UpdateRestApi(t.Context(), &apigateway.UpdateRestApiInput{RestApiId: aws.String(w.api), PatchOperations: []apitypes.PatchOperation{
		{Op: apitypes.OpReplace, Path: aws.String("/securityPolicy"), Value: aws.String("SecurityPolicy_TLS13_1_3_2025_09")},
		{Op: apitypes.OpReplace, Path: aws.String("/endpointAccessMode"), Value: aws.String("BASIC")},
	}})
	require.NoError(t, err)
	require.ErrorContains(t, dial(tls.VersionTLS12), "protocol version")
	require.NoError(t, dial(tls.VersionTLS13))
}

func TestAnEdgeDomainAnswersUnderItsDistributionsZone(t *testing.T) {
	w := newWorld(t, emulator.Config{}, nil)
	const name = "edge.example.com"
	input := &apigateway.CreateDomainNameInput{DomainName: aws.String(name), SecurityPolicy: apitypes.SecurityPolicyTls12,
		EndpointConfiguration: &apitypes.EndpointConfiguration{Types: []apitypes.EndpointType{apitypes.EndpointTypeEdge}}}
	wrong, err := w.IssueCertificate(w.Region(), name)
	require.NoError(t, err)
	input.CertificateArn = aws.String(wrong)
	_, err = w.gateway.CreateDomainName(t.Context(), input)
	require.Error(t, err, "an EDGE domain wants its certificate in us-east-1 (fact D4)")

	right, err := w.IssueCertificate("us-east-1", name)
	require.NoError(t, err)
	input.CertificateArn = aws.String(right)
	domain, err := w.gateway.CreateDomainName(t.Context(), input)
	require.NoError(t, err)
	_, err = w.gateway.CreateBasePathMapping(t.Context(), &apigateway.CreateBasePathMappingInput{DomainName: aws.String(name), RestApiId: aws.String(w.api), Stage: aws.String("live")})
	require.NoError(t, err)
	w.alias(t, name, *domain.DistributionDomainName, "Z2FDTNDATAQYW2")
	response, _ := get(t, w.HTTPClient(), "https://"+name+"/")
	assert.Equal(t, http.StatusOK, response.StatusCode)
}

// TestHeaderNamesKeepTheirSpellingOnHTTP1 asks twice over one connection, once
// with a body, since the second request's names are found behind it (fact C2).
func TestHeaderNamesKeepTheirSpellingOnHTTP1(t *testing.T) {
	e := start(t, emulator.Config{})
	gateway := apigateway.NewFromConfig(sdk(e))
	body := `{"openapi":"3.0.1","info":{"title":"x","version":"1"},"paths":{"/":{"post":{
		"responses":{"200":{"description":""}},
		"x-amazon-apigateway-integration":{"type":"mock","requestTemplates":{"application/json":"{\"statusCode\": 200}"},
		"responses":{"default":{"statusCode":"200","responseTemplates":{"application/json":"#foreach($name in $input.params().header.keySet())$name #end"}}}}}}}}`
	api, err := gateway.ImportRestApi(t.Context(), &apigateway.ImportRestApiInput{Body: []byte(body), Parameters: map[string]string{"endpointConfigurationTypes": "REGIONAL"}})
	require.NoError(t, err)
	_, err = gateway.CreateDeployment(t.Context(), &apigateway.CreateDeploymentInput{RestApiId: api.Id, StageName: aws.String("live")})
	require.NoError(t, err)

	host := *api.Id + ".execute-api." + e.Region() + ".amazonaws.com"
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(e.CACertPEM()))
	dialer := tls.Dialer{Config: &tls.Config{ServerName: host, RootCAs: roots, NextProtos: []string{"http/1.1"}}}
	conn, err := dialer.DialContext(t.Context(), "tcp", e.HTTPSAddr())
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	reader := bufio.NewReader(conn)
	for _, name := range []string{"x-LOWER-First", "X-tHEN"} {
		_, err = fmt.Fprintf(conn, "POST /live/ HTTP/1.1\r\nHost: %s\r\n%s: v\r\nContent-Length: 9\r\n\r\nX-No: v\r\n", host, name)
		require.NoError(t, err)
		response, err := http.ReadResponse(reader, nil)
		require.NoError(t, err)
		text, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		assert.Contains(t, strings.Fields(string(text)), name)
		assert.NotContains(t, string(text), "X-No")
	}
}
