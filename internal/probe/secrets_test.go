package probe

import (
	"context"
	"encoding/pem"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// api is an API behind https and http that notes its last request.
type api struct {
	got            *http.Request
	secure, plain  *httptest.Server
	certificate    string
	securePort     string
	plaintextPort  string
	answerOverride http.HandlerFunc
}

func newAPI(t *testing.T) *api {
	t.Helper()
	a := &api{certificate: filepath.Join(t.TempDir(), "ca.pem")}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.got = r.Clone(context.Background())
		if a.answerOverride != nil {
			a.answerOverride(w, r)
		}
	})
	a.secure, a.plain = httptest.NewTLSServer(handler), httptest.NewServer(handler)
	t.Cleanup(a.secure.Close)
	t.Cleanup(a.plain.Close)
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.secure.Certificate().Raw})
	require.NoError(t, os.WriteFile(a.certificate, text, 0o600))
	_, a.securePort, _ = net.SplitHostPort(a.secure.Listener.Addr().String())
	_, a.plaintextPort, _ = net.SplitHostPort(a.plain.Listener.Addr().String())
	return a
}

// ask asks a URL of example.com, for which the server has its certificate.
func (a *api) ask(t *testing.T, config Config, target string) Sample {
	t.Helper()
	config.URLs, config.CAFile = []string{target}, a.certificate
	config.ConnectTo = append(config.ConnectTo, ":443:127.0.0.1:"+a.securePort, ":8443:127.0.0.1:"+a.securePort, ":80:127.0.0.1:"+a.plaintextPort)
	p, err := New(config)
	require.NoError(t, err)
	defer p.Stop()
	return p.Ask(t.Context(), target)
}

func secretHeader(t *testing.T) http.Header {
	t.Helper()
	header, err := ReadHeader(strings.NewReader("# who\nAuthorization: Bearer a:b\n\nX-Tenant: 7\n"))
	require.NoError(t, err)
	return header
}

func TestHeaderMethodAndConnectToReachTheServer(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	config := Config{Method: http.MethodHead, Header: secretHeader(t), HeaderFor: []string{"https://example.com/"}, ConnectTo: []string{"other.example.com:443:127.0.0.1:1"}}
	s := a.ask(t, config, "https://example.com/orders")
	require.Equal(t, Live, s.Verdict, s.Reason)
	assert.Equal(t, "example.com", a.got.Host)
	assert.Equal(t, http.MethodHead, a.got.Method)
	assert.Equal(t, "Bearer a:b", a.got.Header.Get("Authorization"))
	assert.Equal(t, "7", a.got.Header.Get("X-Tenant"))
}

func TestTheHeaderGoesOnlyOverHTTPSToWhomItIsFor(t *testing.T) {
	t.Parallel()
	c := Config{HeaderFor: []string{"https://api.example.com/orders", "https://API.other.example.com:8443/", "http://plain.example.com/", "https://x1.execute-api.eu-west-1.amazonaws.com/live/"}}
	for target, why := range map[string]string{
		"https://api.example.com/orders":                            "",
		"https://api.example.com:443/elsewhere":                     "",
		"https://API.example.com/":                                  "",
		"https://api.other.example.com:8443/":                       "",
		"https://api.other.example.com/":                            "neither",
		"https://api.example.com:444/":                              "neither",
		"https://api.example.com.evil.example/":                     "neither",
		"https://evil.example/https://api.example.com/":             "neither",
		"http://api.example.com/":                                   "not https",
		"http://api.example.com:443/":                               "not https",
		"http://plain.example.com/":                                 "not https",
		"https://x1.execute-api.eu-west-1.amazonaws.com/live/":      "execute-api",
		"https://x1-vpce.EXECUTE-API.cn-north-1.amazonaws.com.cn/x": "execute-api",
		"https://[::1": "cannot be read",
	} {
		if why == "" {
			assert.Empty(t, c.Withheld(target), target)
			continue
		}
		assert.Contains(t, c.Withheld(target), why, target)
	}

	a := newAPI(t)
	for _, target := range []string{"https://example.com:8443/", "http://example.com/"} {
		s := a.ask(t, Config{Header: secretHeader(t), HeaderFor: []string{"https://example.com/", "http://example.com/"}}, target)
		require.Equal(t, Live, s.Verdict, s.Reason)
		assert.Empty(t, a.got.Header.Get("Authorization"), target)
		assert.Empty(t, a.got.Header.Get("X-Tenant"), target)
	}
}

func TestARedirectLeadsTheHeaderNowhere(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	requests := 0
	a.answerOverride = func(w http.ResponseWriter, r *http.Request) {
		requests++
		http.Redirect(w, r, "https://elsewhere.example.com/", http.StatusFound)
	}
	s := a.ask(t, Config{Header: secretHeader(t), HeaderFor: []string{"https://example.com/"}}, "https://example.com/")
	assert.Equal(t, http.StatusFound, s.Status)
	assert.Equal(t, 1, requests)
}

func TestAUserGoesToHisOwnURLAlone(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	users := map[string]*url.Userinfo{"https://example.com/health": url.UserPassword("robot", "word"), "http://example.com/health": url.UserPassword("robot", "word")}
	a.ask(t, Config{Users: users}, "https://example.com/health")
	name, password, ok := a.got.BasicAuth()
	assert.True(t, ok)
	assert.Equal(t, "robot word", name+" "+password)
	for _, target := range []string{"https://example.com/", "http://example.com/health"} {
		a.ask(t, Config{Users: users}, target)
		assert.Empty(t, a.got.Header.Get("Authorization"), target)
	}
	for _, raw := range []string{"https://robot:word@example.com/", "https://robot:wo rd@example.com/", "robot:word@example.com", "ftp://example.com/", "https://", "https://:443/"} {
		_, err := New(Config{URLs: []string{raw}})
		require.ErrorContains(t, err, "is not an http or https URL", raw)
		assert.NotContains(t, err.Error(), "wo", raw)
	}
	_, err := New(Config{URLs: []string{"https://example.com/"}, Method: "GE T"})
	assert.ErrorContains(t, err, "is not an HTTP method")
}
