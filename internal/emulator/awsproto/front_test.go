package awsproto_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator/awsproto"
)

const (
	key    = "AKIATEST"
	secret = "secret"
)

// echo is a service whose one operation answers with the request's region.
type echo struct{ name string }

func (e echo) Name() string { return e.name }

func (e echo) Operation(r *awsproto.Request) string {
	if r.URL.Path == "/nothing" {
		return ""
	}
	return "Echo"
}

func (e echo) Operations() []string { return []string{"Echo"} }

func (e echo) Serve(w http.ResponseWriter, r *awsproto.Request) error {
	if r.URL.Path == "/missing" {
		return awsproto.Errorf(http.StatusNotFound, "NotFoundException", "not here")
	}
	_, err := io.WriteString(w, r.Region+" "+string(r.Payload))
	return err
}

func (e echo) WriteError(w http.ResponseWriter, failure *awsproto.Error, id string) {
	protocols := map[string]awsproto.Protocol{"acm": awsproto.JSON11, "route53": awsproto.RESTXML, "sts": awsproto.Query}
	protocols[e.name].WriteError(w, failure, id)
}

type endpoint struct {
	url string
	log *awsproto.CallLog
}

func newEndpoint(t *testing.T, gates ...awsproto.Gate) endpoint {
	t.Helper()
	log := &awsproto.CallLog{}
	server := httptest.NewServer(&awsproto.Front{
		Secret: func(given string) (string, bool) { return secret, given == key }, Log: log, Now: time.Now, Gates: gates,
		Services: []awsproto.Service{echo{"apigateway"}, echo{"acm"}, echo{"route53"}, echo{"sts"}},
	})
	t.Cleanup(server.Close)
	return endpoint{server.URL, log}
}

type call struct {
	service, method, path, body string
	key, secret                 string
	header                      http.Header
	at                          time.Time
	tamper                      func(*http.Request)
	unsigned                    bool
}

func (e endpoint) send(t *testing.T, c call) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), c.method, e.url+c.path, bytes.NewReader([]byte(c.body)))
	require.NoError(t, err)
	for name, values := range c.header {
		request.Header[name] = values
	}
	if !c.unsigned {
		if c.at.IsZero() {
			c.at = time.Now()
		}
		sum := sha256.Sum256([]byte(c.body))
		credentials := aws.Credentials{AccessKeyID: c.key, SecretAccessKey: c.secret}
		require.NoError(t, v4.NewSigner().SignHTTP(context.Background(), credentials, request, hex.EncodeToString(sum[:]), c.service, "eu-west-1", c.at))
	}
	if c.tamper != nil {
		c.tamper(request)
	}
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response, string(body)
}

func TestASignedCallReachesItsService(t *testing.T) {
	e := newEndpoint(t)
	for _, path := range []string{"/", "/domainnames/a/basepathmappings/%28none%29", "/tags/arn%3Aaws%3Aapigateway%3A%3A%2Frestapis%2Fx?limit=5&a=b%20c", "/2013-04-01/hostedzone/Z1/rrset"} {
		response, body := e.send(t, call{service: "apigateway", method: http.MethodPost, path: path, body: "payload", key: key, secret: secret})
		assert.Equal(t, http.StatusOK, response.StatusCode, "%s: %s", path, body)
		assert.Equal(t, "eu-west-1 payload", body)
		assert.NotEmpty(t, response.Header.Get("X-Amzn-Requestid"))
	}
	logged := e.log.Calls()
	require.Len(t, logged, 4)
	assert.Equal(t, awsproto.Call{Time: logged[0].Time, Duration: logged[0].Duration, Service: "apigateway", Operation: "Echo", Region: "eu-west-1", Method: "POST", Path: "/", Status: 200}, logged[0])
	e.log.Reset()
	assert.Empty(t, e.log.Calls())
}

func TestASignatureThatIsNotRightIsRefusedInTheServicesOwnProtocol(t *testing.T) {
	good := call{service: "apigateway", method: http.MethodPost, path: "/restapis", body: "x", key: key, secret: secret}
	with := func(change func(*call)) call { c := good; change(&c); return c }
	cases := map[string]struct {
		call     call
		wantBody string
		wantType string
	}{
		"an unsigned call to API Gateway": {
			call:     with(func(c *call) { c.unsigned = true }),
			wantBody: `{"message":"Missing Authentication Token"}`, wantType: "MissingAuthenticationTokenException",
		},
		"an unsigned call to Route 53": {
			call:     with(func(c *call) { c.unsigned, c.path = true, "/2013-04-01/hostedzone" }),
			wantBody: "<Code>MissingAuthenticationToken</Code>",
		},
		"an unsigned call to STS": {
			call:     with(func(c *call) { c.unsigned, c.path, c.body = true, "/", "Action=GetCallerIdentity&Version=2011-06-15" }),
			wantBody: "<Code>MissingAuthenticationToken</Code>",
		},
		"an unsigned call to ACM": {
			call: with(func(c *call) {
				c.unsigned, c.path, c.header = true, "/", http.Header{"X-Amz-Target": {"CertificateManager.ListCertificates"}}
			}),
			wantBody: `"__type":"MissingAuthenticationTokenException"`,
		},
		"a key that nobody has": {
			call:     with(func(c *call) { c.key = "AKIAOTHER" }),
			wantBody: "The security token included in the request is invalid.", wantType: "UnrecognizedClientException",
		},
		"a key that nobody has, for STS": {
			call:     with(func(c *call) { c.key, c.service = "AKIAOTHER", "sts" }),
			wantBody: "<Code>InvalidClientTokenId</Code>",
		},
		"a wrong secret": {
			call:     with(func(c *call) { c.secret = "other" }),
			wantBody: "The request signature we calculated does not match", wantType: "InvalidSignatureException",
		},
		"a wrong secret, for Route 53": {
			call:     with(func(c *call) { c.secret, c.service = "other", "route53" }),
			wantBody: "<Code>SignatureDoesNotMatch</Code>",
		},
		"a body changed after signing": {
			call: with(func(c *call) {
				c.tamper = func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader("y")) }
			}),
			wantType: "InvalidSignatureException",
		},
		"a path changed after signing": {
			call:     with(func(c *call) { c.tamper = func(r *http.Request) { r.URL.Path = "/domainnames" } }),
			wantType: "InvalidSignatureException",
		},
		"a signature of an hour ago": {
			call:     with(func(c *call) { c.at = time.Now().Add(-time.Hour) }),
			wantBody: "Signature expired", wantType: "InvalidSignatureException",
		},
		"a credential without its scope": {
			call: with(func(c *call) {
				c.tamper = func(r *http.Request) {
					r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=AKIATEST, SignedHeaders=host, Signature=00")
				}
			}),
			wantType: "IncompleteSignatureException",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			e := newEndpoint(t)
			response, body := e.send(t, c.call)
			assert.Equal(t, http.StatusForbidden, response.StatusCode)
			assert.Contains(t, body, c.wantBody)
			assert.Equal(t, c.wantType, response.Header.Get("X-Amzn-Errortype"))
			assert.NotEmpty(t, e.log.Calls()[0].ErrorCode, "refusals are logged")
		})
	}
}

func TestWhatTheEmulatorDoesNotHaveIsRefusedByName(t *testing.T) {
	e := newEndpoint(t)
	response, body := e.send(t, call{service: "lambda", method: http.MethodGet, path: "/functions", key: key, secret: secret})
	assert.Equal(t, http.StatusNotImplemented, response.StatusCode)
	assert.Equal(t, "unsupported", response.Header.Get(awsproto.NotSupportedHeader), "no answer of AWS has this header")
	assert.Equal(t, awsproto.NotSupported, response.Header.Get("X-Amzn-Errortype"))
	assert.Contains(t, body, `does not do this: the service \"lambda\" (asked: GET /functions); it has apigateway, acm, route53, sts`)

	response, body = e.send(t, call{service: "acm", method: http.MethodPost, path: "/nothing", key: key, secret: secret, header: http.Header{"X-Amz-Target": {"CertificateManager.RenewCertificate"}}})
	assert.Equal(t, http.StatusNotImplemented, response.StatusCode)
	assert.Contains(t, body, "does not do this: the operation of acm at POST /nothing (CertificateManager.RenewCertificate)")
}

func TestAServicesErrorIsWrittenAndLogged(t *testing.T) {
	e := newEndpoint(t)
	response, body := e.send(t, call{service: "route53", method: http.MethodGet, path: "/missing", key: key, secret: secret})
	assert.Equal(t, http.StatusNotFound, response.StatusCode)
	assert.Contains(t, body, "<Type>Sender</Type><Code>NotFoundException</Code><Message>not here</Message></Error><RequestId>"+response.Header.Get("X-Amzn-Requestid"))
	assert.Equal(t, "NotFoundException", e.log.Calls()[0].ErrorCode)
	assert.Equal(t, http.StatusNotFound, e.log.Calls()[0].Status)
}

type dropping struct{}

func (dropping) Pass(*awsproto.Request, string) error { return awsproto.ErrDropConnection }

func TestAGateCanDropTheConnection(t *testing.T) {
	e := newEndpoint(t, dropping{})
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, e.url+"/", nil)
	require.NoError(t, err)
	sum := sha256.Sum256(nil)
	require.NoError(t, v4.NewSigner().SignHTTP(t.Context(), aws.Credentials{AccessKeyID: key, SecretAccessKey: secret}, request, hex.EncodeToString(sum[:]), "apigateway", "eu-west-1", time.Now()))
	_, err = (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(request)
	require.ErrorIs(t, err, io.EOF)
	require.Len(t, e.log.Calls(), 1)
	assert.Equal(t, "ConnectionDropped", e.log.Calls()[0].ErrorCode)
	assert.Zero(t, e.log.Calls()[0].Status)
}

func TestWriteTellsChangesFromReads(t *testing.T) {
	cases := []struct {
		call awsproto.Call
		want bool
	}{
		{awsproto.Call{Method: http.MethodGet, Service: "apigateway", Operation: "GetStage"}, false},
		{awsproto.Call{Method: http.MethodPatch, Service: "apigateway", Operation: "UpdateBasePathMapping"}, true},
		{awsproto.Call{Method: http.MethodPost, Service: "acm", Operation: "DescribeCertificate"}, false},
		{awsproto.Call{Method: http.MethodPost, Service: "acm", Operation: "RequestCertificate"}, true},
		{awsproto.Call{Method: http.MethodPost, Service: "sts", Operation: "GetCallerIdentity"}, false},
	}
	for _, c := range cases {
		assert.Equal(t, c.want, c.call.Write(), c.call.Operation)
	}
}
