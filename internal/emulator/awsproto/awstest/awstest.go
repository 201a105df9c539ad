// Package awstest lets an AWS SDK client talk to single services of the
// emulator, behind the API endpoint's real front, in tests.
package awstest

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"apigateway-maintenance/internal/emulator/awsproto"
)

// Serve answers for the services until the test ends, and gives a
// configuration that leads there. Clients ask once, so that a test sees the
// first answer.
func Serve(t testing.TB, services ...awsproto.Service) aws.Config {
	t.Helper()
	const key, secret = "AKIATESTTESTTESTTEST", "secret"
	server := httptest.NewServer(&awsproto.Front{
		Secret: func(given string) (string, bool) { return secret, given == key }, Services: services, Log: &awsproto.CallLog{}, Now: time.Now,
	})
	t.Cleanup(server.Close)
	return aws.Config{
		Region:       awsproto.DefaultRegion,
		BaseEndpoint: aws.String(server.URL),
		Credentials:  credentials.NewStaticCredentialsProvider(key, secret, ""),
		Retryer:      func() aws.Retryer { return aws.NopRetryer{} },
	}
}
