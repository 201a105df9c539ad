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

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/test/harness"
)

// TestMutualTLS asks clients of a dualstack domain for certificates, in
// maintenance as well.
func TestMutualTLS(t *testing.T) {
	t.Parallel()
	const truststore, url = "s3://truststores/clients.pem", "https://api.example.com/orders"
	certificate, bundle := clientCertificate(t)
	s := harness.NewStage(t, "basic", emulator.Config{Truststores: map[string][]byte{truststore: bundle}}, nil)
	s.Override("maintenance_override.tf", `
		module "domain" {
		  mutual_tls      = { truststore_uri = "`+truststore+`" }
		  ip_address_type = "dualstack"
		}`)
	on := map[string]any{"maintenance_mode": true}
	s.Apply(on)
	s.RequireNoChanges(on)
	assert.Equal(t, []string{"api.example.com.", "api.example.com."}, s.Aliases(), "A and AAAA")

	_, err := s.Emulator.HTTPClient().Get(url)
	require.Error(t, err, "without a certificate there is no answer at all, so no 503 either")

	transport := s.Emulator.HTTPClient().Transport.(*http.Transport).Clone()
	transport.TLSClientConfig.Certificates = []tls.Certificate{certificate}
	response, err := (&http.Client{Transport: transport}).Get(url)
	require.NoError(t, err)
	defer response.Body.Close()
	assert.Equal(t, http.StatusServiceUnavailable, response.StatusCode)
	assert.Equal(t, "on", response.Header.Get("X-Maintenance-Mode"))
	s.Destroy(on)
}

// clientCertificate makes a certificate that signs itself, and the truststore
// that accepts it.
func clientCertificate(t *testing.T) (tls.Certificate, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "client"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}
