package emulator_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	apitypes "github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
)

// domainIn makes a domain in a region, mapped to an API there that answers with
// the status.
func (w *world) domainIn(t *testing.T, region, name, kind, status string) *apigateway.CreateDomainNameOutput {
	t.Helper()
	config := sdk(w.Emulator)
	config.Region = region
	gateway := apigateway.NewFromConfig(config)
	home := w.gateway
	w.gateway = gateway
	api := w.deploy(t, status)
	w.gateway = home
	certificates := region
	input := &apigateway.CreateDomainNameInput{DomainName: aws.String(name), SecurityPolicy: apitypes.SecurityPolicyTls12,
		EndpointConfiguration: &apitypes.EndpointConfiguration{Types: []apitypes.EndpointType{apitypes.EndpointType(kind)}}}
	if kind == "EDGE" {
		certificates = "us-east-1"
	}
	arn, err := w.IssueCertificate(certificates, "*.example.com")
	require.NoError(t, err)
	if kind == "EDGE" {
		input.CertificateArn = aws.String(arn)
	} else {
		input.RegionalCertificateArn = aws.String(arn)
	}
	domain, err := gateway.CreateDomainName(t.Context(), input)
	require.NoError(t, err)
	_, err = gateway.CreateBasePathMapping(t.Context(), &apigateway.CreateBasePathMappingInput{DomainName: aws.String(name), RestApiId: aws.String(api), Stage: aws.String("live")})
	require.NoError(t, err)
	return domain
}

func TestAWildcardDomainAnswersForNamesWithoutADomainOfTheirOwn(t *testing.T) {
	w := newWorld(t, emulator.Config{}, nil)
	domain := w.domainIn(t, w.Region(), "*.example.com", "REGIONAL", "201")
	w.alias(t, "*.example.com", *domain.RegionalDomainName, *domain.RegionalHostedZoneId)
	for host, status := range map[string]int{"shop.example.com": 201, "other.example.com": 201, domainName: 200} {
		response, _ := get(t, w.HTTPClient(), "https://"+host+"/")
		assert.Equal(t, status, response.StatusCode, host)
	}
	_, err := w.HTTPClient().Get("https://a.shop.example.com/")
	require.Error(t, err, "a wildcard stands for one label")
}

func TestOneNameIsADomainInEachOfTwoRegions(t *testing.T) {
	w := newWorld(t, emulator.Config{}, nil)
	const name = "world.example.com"
	var targets []string
	for region, status := range map[string]string{w.Region(): "201", "eu-central-1": "202"} {
		targets = append(targets, *w.domainIn(t, region, name, "REGIONAL", status).RegionalDomainName)
	}
	got := map[int]bool{}
	for _, target := range targets {
		transport := w.HTTPClient().Transport.(*http.Transport)
		dial := transport.DialContext
		transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
			return dial(ctx, network, net.JoinHostPort(target, "443"))
		}
		response, err := (&http.Client{Transport: transport}).Get("https://" + name + "/")
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		got[response.StatusCode] = true
	}
	assert.Equal(t, map[int]bool{201: true, 202: true}, got, "the way to a target leads to its region")
}

func TestPlainHTTPIsNotServed(t *testing.T) { // fact J5
	w := newWorld(t, emulator.Config{}, nil)
	_, err := w.HTTPClient().Get("http://" + domainName + "/orders")
	require.Error(t, err)
	assert.True(t, errors.Is(err, io.EOF), "closed without an answer: %v", err)

	domain := w.domainIn(t, w.Region(), "edge.example.com", "EDGE", "200")
	w.alias(t, "edge.example.com", *domain.DistributionDomainName, "Z2FDTNDATAQYW2")
	response, _ := get(t, w.HTTPClient(), "http://edge.example.com/orders?a=b")
	assert.Equal(t, http.StatusMovedPermanently, response.StatusCode)
	assert.Equal(t, "https://edge.example.com/orders?a=b", response.Header.Get("Location"))
}

func TestChinaHasItsOwnPartition(t *testing.T) {
	w := newWorld(t, emulator.Config{}, nil)
	domain := w.domainIn(t, "cn-north-1", "china.example.com", "REGIONAL", "200")
	assert.Regexp(t, `^d-[a-z0-9]+\.execute-api\.cn-north-1\.amazonaws\.com\.cn$`, *domain.RegionalDomainName)
	assert.Equal(t, "arn:aws-cn:apigateway:cn-north-1::/domainnames/china.example.com", *domain.DomainNameArn)
	w.alias(t, "china.example.com", *domain.RegionalDomainName, *domain.RegionalHostedZoneId)
	response, _ := get(t, w.HTTPClient(), "https://china.example.com/")
	assert.Equal(t, http.StatusOK, response.StatusCode)
}
