package emulator_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	apitypes "github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	r53types "github.com/aws/aws-sdk-go-v2/service/route53/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
)

func start(t testing.TB, config emulator.Config) *emulator.Emulator {
	t.Helper()
	e, err := emulator.Start(config)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, e.Close()) })
	return e
}

// environment reads Env as a client does.
func environment(e *emulator.Emulator) map[string]string { return entries(e.Env()) }

func entries(environ []string) map[string]string {
	env := map[string]string{}
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		env[name] = value
	}
	return env
}

// sdk is a configuration of the AWS SDK as Env describes it, without retries
// so that a test sees the first answer.
func sdk(e *emulator.Emulator) aws.Config {
	env := environment(e)
	return aws.Config{
		Region:       env["AWS_REGION"],
		BaseEndpoint: aws.String(env["AWS_ENDPOINT_URL"]),
		Credentials:  credentials.NewStaticCredentialsProvider(env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"], ""),
		Retryer:      func() aws.Retryer { return aws.NopRetryer{} },
	}
}

// world is an API with a custom domain and its alias record, all made with the
// AWS SDK.
type world struct {
	*emulator.Emulator
	gateway *apigateway.Client
	dns     *route53.Client
	api     string
	zone    string
}

const domainName = "api.example.com"

// document is an API that answers by MOCK on the root, with a status that tells
// two APIs apart.
func document(status string) []byte {
	return []byte(`{"openapi":"3.0.1","info":{"title":"x","version":"1"},"paths":{"/":{"get":{
		"responses":{"` + status + `":{"description":""}},
		"x-amazon-apigateway-integration":{"type":"mock","requestTemplates":{"application/json":"{\"statusCode\": ` + status + `}"},
		"responses":{"default":{"statusCode":"` + status + `","responseTemplates":{"application/json":"{\"status\":` + status + `}"}}}}}}}}`)
}

func (w *world) deploy(t *testing.T, status string) (api string) {
	t.Helper()
	ctx := t.Context()
	imported, err := w.gateway.ImportRestApi(ctx, &apigateway.ImportRestApiInput{Body: document(status), Parameters: map[string]string{"endpointConfigurationTypes": "REGIONAL"}})
	require.NoError(t, err)
	_, err = w.gateway.CreateDeployment(ctx, &apigateway.CreateDeploymentInput{RestApiId: imported.Id, StageName: aws.String("live")})
	require.NoError(t, err)
	return *imported.Id
}

func newWorld(t *testing.T, config emulator.Config, mutualTLS *apitypes.MutualTlsAuthenticationInput) *world {
	t.Helper()
	ctx := t.Context()
	e := start(t, config)
	w := &world{Emulator: e, gateway: apigateway.NewFromConfig(sdk(e)), dns: route53.NewFromConfig(sdk(e))}
	w.api = w.deploy(t, "200")
	arn, err := e.IssueCertificate(e.Region(), "*.example.com")
	require.NoError(t, err)
	domain, err := w.gateway.CreateDomainName(ctx, &apigateway.CreateDomainNameInput{
		DomainName: aws.String(domainName), RegionalCertificateArn: aws.String(arn), SecurityPolicy: apitypes.SecurityPolicyTls12,
		EndpointConfiguration:   &apitypes.EndpointConfiguration{Types: []apitypes.EndpointType{apitypes.EndpointTypeRegional}},
		MutualTlsAuthentication: mutualTLS,
	})
	require.NoError(t, err)
	_, err = w.gateway.CreateBasePathMapping(ctx, &apigateway.CreateBasePathMappingInput{DomainName: aws.String(domainName), RestApiId: aws.String(w.api), Stage: aws.String("live")})
	require.NoError(t, err)
	zone, err := w.dns.CreateHostedZone(ctx, &route53.CreateHostedZoneInput{Name: aws.String("example.com"), CallerReference: aws.String("once")})
	require.NoError(t, err)
	w.zone = *zone.HostedZone.Id
	w.alias(t, domainName, *domain.RegionalDomainName, *domain.RegionalHostedZoneId)
	return w
}

// alias makes an alias record.
func (w *world) alias(t *testing.T, name, target, targetZone string) {
	t.Helper()
	_, err := w.dns.ChangeResourceRecordSets(t.Context(), &route53.ChangeResourceRecordSetsInput{HostedZoneId: aws.String(w.zone), ChangeBatch: &r53types.ChangeBatch{Changes: []r53types.Change{{
		Action: r53types.ChangeActionCreate,
		ResourceRecordSet: &r53types.ResourceRecordSet{Name: aws.String(name), Type: r53types.RRTypeA,
			AliasTarget: &r53types.AliasTarget{DNSName: aws.String(target), HostedZoneId: aws.String(targetZone)}},
	}}}})
	require.NoError(t, err)
}

func (w *world) remap(t *testing.T, api string) {
	t.Helper()
	_, err := w.gateway.UpdateBasePathMapping(t.Context(), &apigateway.UpdateBasePathMappingInput{
		DomainName: aws.String(domainName), BasePath: aws.String("(none)"),
		PatchOperations: []apitypes.PatchOperation{{Op: apitypes.OpReplace, Path: aws.String("/restapiId"), Value: aws.String(api)}},
	})
	require.NoError(t, err)
}

func get(t *testing.T, client *http.Client, url string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	response, err := client.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response, string(body)
}

func TestACustomDomainAnswersThroughDNSAndTLS(t *testing.T) {
	w := newWorld(t, emulator.Config{}, nil)
	client := w.HTTPClient()

	response, body := get(t, client, "https://"+domainName+"/")
	assert.Equal(t, http.StatusOK, response.StatusCode)
	assert.JSONEq(t, `{"status":200}`, body)
	assert.Equal(t, 2, response.ProtoMajor, "the edge speaks HTTP/2")

	w.remap(t, w.deploy(t, "503"))
	response, _ = get(t, client, "https://"+domainName+"/")
	assert.Equal(t, http.StatusServiceUnavailable, response.StatusCode, "a kept connection sees the new mapping")
}

func TestTheExecuteAPIHostAnswersWithACertificateOfItsOwn(t *testing.T) {
	w := newWorld(t, emulator.Config{}, nil)
	response, _ := get(t, w.HTTPClient(), "https://"+w.api+".execute-api."+w.Region()+".amazonaws.com/live/")
	assert.Equal(t, http.StatusOK, response.StatusCode)
	assert.Equal(t, []string{w.api + ".execute-api." + w.Region() + ".amazonaws.com"}, response.TLS.PeerCertificates[0].DNSNames)
}

func TestAServerNameThatIsNobodysFailsTheHandshake(t *testing.T) {
	e := start(t, emulator.Config{})
	client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		var dialer net.Dialer
		return dialer.DialContext(ctx, network, e.HTTPSAddr())
	}}}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://unknown.example.com/", nil)
	require.NoError(t, err)
	_, err = client.Do(request)
	require.ErrorContains(t, err, "tls")
}

func TestABackendIsReachedThroughTheEdge(t *testing.T) {
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "backend "+r.URL.Path) }))
	t.Cleanup(backend.Close)
	e := start(t, emulator.Config{})
	gateway := apigateway.NewFromConfig(sdk(e))
	body := `{"openapi":"3.0.1","info":{"title":"x","version":"1"},"paths":{"/{proxy+}":{"x-amazon-apigateway-any-method":{
		"parameters":[{"name":"proxy","in":"path","required":true,"schema":{"type":"string"}}],
		"x-amazon-apigateway-integration":{"type":"http_proxy","httpMethod":"ANY","uri":"` + backend.URL + `/{proxy}",
		"requestParameters":{"integration.request.path.proxy":"method.request.path.proxy"}}}}}}`
	api, err := gateway.ImportRestApi(t.Context(), &apigateway.ImportRestApiInput{Body: []byte(body), Parameters: map[string]string{"endpointConfigurationTypes": "REGIONAL"}})
	require.NoError(t, err)
	_, err = gateway.CreateDeployment(t.Context(), &apigateway.CreateDeploymentInput{RestApiId: api.Id, StageName: aws.String("live")})
	require.NoError(t, err)
	_, text := get(t, e.HTTPClient(), "https://"+*api.Id+".execute-api."+e.Region()+".amazonaws.com/live/a/b")
	assert.Equal(t, "backend /a/b", text)
}

func TestAnAddressInUseLeavesNothingListening(t *testing.T) {
	taken, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = taken.Close() })
	free, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, free.Close())

	cases := map[string]emulator.Config{
		"HTTP": {APIAddr: free.Addr().String(), HTTPAddr: taken.Addr().String()},
		"DNS":  {APIAddr: free.Addr().String(), DNSAddr: taken.Addr().String()},
	}
	for what, config := range cases {
		t.Run(what, func(t *testing.T) {
			_, err := emulator.Start(config)
			require.EqualError(t, err, "the emulator cannot listen for "+what+" on "+taken.Addr().String()+": the port is in use; choose another or end what uses it")
			var dialer net.Dialer
			_, err = dialer.DialContext(t.Context(), "tcp", free.Addr().String())
			assert.Error(t, err, "the API endpoint must not listen any more")
		})
	}
}

func TestCloseFreesAllAddresses(t *testing.T) {
	e, err := emulator.Start(emulator.Config{})
	require.NoError(t, err)
	addresses := emulator.Config{APIAddr: strings.TrimPrefix(e.APIURL(), "http://"), HTTPSAddr: e.HTTPSAddr(), HTTPAddr: e.HTTPAddr(), DNSAddr: e.DNSAddr()}
	require.NoError(t, e.Close())
	again, err := emulator.Start(addresses)
	require.NoError(t, err)
	require.NoError(t, again.Close())
}

func TestTheInventoryIsEmptyBeforeAndAfter(t *testing.T) {
	e := start(t, emulator.Config{})
	assert.Empty(t, e.Inventory())
	dns := route53.NewFromConfig(sdk(e))
	zone, err := dns.CreateHostedZone(t.Context(), &route53.CreateHostedZoneInput{Name: aws.String("example.com"), CallerReference: aws.String("once")})
	require.NoError(t, err)
	assert.Equal(t, map[string]int{"hosted_zones": 1}, e.Inventory())
	_, err = dns.DeleteHostedZone(t.Context(), &route53.DeleteHostedZoneInput{Id: zone.HostedZone.Id})
	require.NoError(t, err)
	assert.Empty(t, e.Inventory())
}

// The nodes get a change at times of their own, which a busy machine may give
// nobody the time to see: then the change is made once more.
func TestAnswersFlapWhileAChangePropagatesAndThenSettle(t *testing.T) {
	const delay = 400 * time.Millisecond
	w := newWorld(t, emulator.Config{Propagation: &emulator.Propagation{Nodes: 4, MaxDelay: delay, Seed: 7}}, nil)
	client := w.HTTPClient()
	status := func() int { response, _ := get(t, client, "https://"+domainName+"/"); return response.StatusCode }
	settle := func(want int) {
		t.Helper()
		deadline := time.Now().Add(time.Minute)
		for inARow := 0; inARow < 40; inARow++ {
			if status() != want {
				inARow = -1
			}
			require.True(t, time.Now().Before(deadline), "the answers do not settle")
		}
	}
	places := map[int]string{http.StatusOK: w.api, http.StatusServiceUnavailable: w.deploy(t, "503")}
	settle(http.StatusOK)
	changes, want := 0, http.StatusOK
	for attempt := 0; attempt < 20 && changes < 2; attempt++ {
		last := want
		if want = http.StatusServiceUnavailable; last == want {
			want = http.StatusOK
		}
		w.remap(t, places[want])
		changes = 0
		for end := time.Now().Add(delay); time.Now().Before(end); {
			if now := status(); now != last {
				changes, last = changes+1, now
			}
		}
		settle(want)
	}
	assert.Greater(t, changes, 1, "old and new answers alternate")
}

func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		e, err := emulator.Start(emulator.Config{})
		require.NoError(b, err)
		require.NoError(b, e.Close())
	}
}

// BenchmarkMockOverTLS asks the mock over kept TLS connections, as fast as two
// clients can, on an API with a custom domain.
func BenchmarkMockOverTLS(b *testing.B) {
	e := start(b, emulator.Config{})
	gateway := apigateway.NewFromConfig(sdk(e))
	ctx := b.Context()
	api, err := gateway.ImportRestApi(ctx, &apigateway.ImportRestApiInput{Body: document("503"), Parameters: map[string]string{"endpointConfigurationTypes": "REGIONAL"}})
	require.NoError(b, err)
	_, err = gateway.CreateDeployment(ctx, &apigateway.CreateDeploymentInput{RestApiId: api.Id, StageName: aws.String("live")})
	require.NoError(b, err)
	url := "https://" + *api.Id + ".execute-api." + e.Region() + ".amazonaws.com/live/"
	b.RunParallel(func(pb *testing.PB) {
		client := e.HTTPClient()
		transport := client.Transport.(*http.Transport)
		transport.ForceAttemptHTTP2 = false
		transport.TLSClientConfig.NextProtos = []string{"http/1.1"}
		for pb.Next() {
			response, err := client.Get(url)
			if err != nil {
				b.Error(err)
				return
			}
			_, _ = io.Copy(io.Discard, response.Body)
			_ = response.Body.Close()
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
}
