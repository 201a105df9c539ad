package emulator

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"strings"
	"sync"

	"apigateway-maintenance/internal/emulator/definition"
)

// maxCached bounds what is kept for host names that clients make up.
const maxCached = 1024

// edgeTLS chooses how a connection is secured, by the server name that the
// client sends. It keeps what it made, since a configuration of its own for
// each connection would end session resumption.
type edgeTLS struct {
	emulator *Emulator

	mu      sync.Mutex
	domains map[domainTLS]*tls.Config
	hosts   map[hostTLS]*tls.Config
}

// domainTLS is all that a custom domain's configuration is made of.
type domainTLS struct {
	certificateArn, securityPolicy, truststoreURI, truststoreVersion string
}

// hostTLS is the same for one of API Gateway's own host names.
type hostTLS struct{ name, securityPolicy string }

func newEdgeTLS(e *Emulator) *edgeTLS {
	return &edgeTLS{emulator: e, domains: map[domainTLS]*tls.Config{}, hosts: map[hostTLS]*tls.Config{}}
}

func (t *edgeTLS) config() *tls.Config {
	base := baseTLS()
	base.GetConfigForClient = t.forClient
	return base
}

// baseTLS speaks HTTP/2 and HTTP/1.1, as API Gateway does.
func baseTLS() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}}
}

// forClient refuses the handshake for a name that is nobody's: no HTTP answer
// is possible then (fact A10).
func (t *edgeTLS) forClient(hello *tls.ClientHelloInfo) (*tls.Config, error) {
	name := hostOf(hello.ServerName)
	t.mu.Lock()
	defer t.mu.Unlock()
	if domain := t.emulator.gateway.View().Domain(name, t.emulator.regions.of(hello.Conn.LocalAddr())); domain != nil {
		return t.forDomain(domain)
	}
	if t.emulator.isGatewayHost(name) || t.emulator.isWebsite(name) {
		return t.forHost(hostTLS{name, t.policyOf(name)})
	}
	return nil, fmt.Errorf("no certificate for the server name %q", name)
}

func (t *edgeTLS) forDomain(domain *definition.DomainView) (*tls.Config, error) {
	key := domainTLS{domain.CertificateArn, domain.SecurityPolicy, domain.TruststoreURI, domain.TruststoreVersion}
	if config := t.domains[key]; config != nil {
		return config, nil
	}
	certificate, issued := t.emulator.manager.TLSCertificate(domain.CertificateArn)
	if !issued {
		return nil, fmt.Errorf("the certificate %s of %s is not issued", domain.CertificateArn, domain.Name)
	}
	config := baseTLS()
	config.Certificates = []tls.Certificate{*certificate}
	config.MinVersion = oldestTLS(domain.SecurityPolicy)
	if domain.TruststoreURI != "" {
		bundle, _ := t.emulator.truststore(domain.TruststoreURI)
		config.ClientCAs = x509.NewCertPool()
		config.ClientCAs.AppendCertsFromPEM(bundle)
		config.ClientAuth = tls.RequireAndVerifyClientCert
	}
	if len(t.domains) >= maxCached {
		clear(t.domains)
	}
	t.domains[key] = config
	return config, nil
}

// forHost makes a certificate for one of API Gateway's own host names, or a
// website's.
func (t *edgeTLS) forHost(host hostTLS) (*tls.Config, error) {
	if config := t.hosts[host]; config != nil {
		return config, nil
	}
	certificate, err := t.emulator.authority.Issue(host.name)
	if err != nil {
		return nil, err
	}
	config := baseTLS()
	config.Certificates = []tls.Certificate{*certificate}
	config.MinVersion = oldestTLS(host.securityPolicy)
	if len(t.hosts) >= maxCached {
		clear(t.hosts)
	}
	t.hosts[host] = config
	return config, nil
}

// policyOf gives the security policy of the API whose host name it is.
func (t *edgeTLS) policyOf(name string) string {
	id, _, _ := strings.Cut(name, ".")
	if api := t.emulator.gateway.View().APIs[id]; api != nil {
		return api.SecurityPolicy
	}
	return ""
}

// oldestTLS gives the oldest version that a security policy allows (developer
// guide, "Supported security policies").
func oldestTLS(policy string) uint16 {
	switch {
	case policy == "TLS_1_0":
		return tls.VersionTLS10
	case strings.HasPrefix(policy, "SecurityPolicy_TLS13_1_3_"), policy == "SecurityPolicy_TLS13_2025_EDGE":
		return tls.VersionTLS13
	default:
		return tls.VersionTLS12
	}
}
