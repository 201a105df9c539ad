package test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/test/harness"
)

// TestMutualTLS asks clients of a dualstack domain for certificates, in
// maintenance as well. The domain's own certificate is an imported one, so that a
// public one has to prove the name's ownership.
func TestMutualTLS(t *testing.T) {
	t.Parallel()
	const truststore, url = "s3://truststores/clients.pem", "https://api.example.com/orders"
	certificate, bundle := clientCertificate(t)
	s := harness.NewStage(t, "basic", emulator.Config{Truststores: map[string][]byte{truststore: bundle}}, nil)
	own, ownPEM := clientCertificate(t)
	key, err := x509.MarshalPKCS8PrivateKey(own.PrivateKey)
	require.NoError(t, err)
	imported, err := acm.NewFromConfig(s.Config()).ImportCertificate(t.Context(), &acm.ImportCertificateInput{
		Certificate: ownPEM, PrivateKey: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}),
	})
	require.NoError(t, err)
	s.Override("maintenance_override.tf", `
		module "domain" {
		  mutual_tls      = { truststore_uri = "`+truststore+`" }
		  ip_address_type = "dualstack"
		  certificate_arn = "`+*imported.CertificateArn+`"

		  ownership_verification_certificate_arn = var.certificate_arn
		}`)
	on := map[string]any{"maintenance_mode": true}
	s.Apply(on)
	s.RequireNoChanges(on)
	assert.Equal(t, []string{"api.example.com.", "api.example.com."}, s.Aliases(), "A and AAAA")

	transport := s.Emulator.HTTPClient().Transport.(*http.Transport).Clone()
	transport.TLSClientConfig.RootCAs = x509.NewCertPool()
	require.True(t, transport.TLSClientConfig.RootCAs.AppendCertsFromPEM(ownPEM))
	_, err = (&http.Client{Transport: transport.Clone()}).Get(url)
	require.Error(t, err, "without a certificate there is no answer at all, so no 503 either")

	transport.TLSClientConfig.Certificates = []tls.Certificate{certificate}
	response, err := (&http.Client{Transport: transport}).Get(url)
	require.NoError(t, err)
	defer response.Body.Close()
	assert.Equal(t, http.StatusServiceUnavailable, response.StatusCode)
	assert.Equal(t, "on", response.Header.Get("X-Maintenance-Mode"))
	s.Destroy(on)
}

// clientCertificate makes a certificate that signs itself, for a client or for
// the domain, and the truststore that accepts it.
func clientCertificate(t *testing.T) (tls.Certificate, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "client"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, DNSNames: []string{"api.example.com"},
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}
