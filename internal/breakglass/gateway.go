package breakglass

import (
	"cmp"
	"context"
	"errors"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

// Gateway is what a switch needs of API Gateway.
type Gateway interface {
	GetBasePathMappings(context.Context, *apigateway.GetBasePathMappingsInput, ...func(*apigateway.Options)) (*apigateway.GetBasePathMappingsOutput, error)
	UpdateBasePathMapping(context.Context, *apigateway.UpdateBasePathMappingInput, ...func(*apigateway.Options)) (*apigateway.UpdateBasePathMappingOutput, error)
}

// What bounds a call that AWS does not answer, or answers badly. AWS_MAX_ATTEMPTS
// in the environment wins over the number of attempts.
const (
	attempts       = 8
	attemptTimeout = 10 * time.Second
	longestPause   = 3 * time.Second
)

// Connect reaches API Gateway in a region with the credentials, profile and
// endpoint that the AWS SDKs find by themselves. It calls nothing yet.
func Connect(ctx context.Context, region string) (Gateway, error) {
	environment, err := config.NewEnvConfig()
	if err != nil {
		return nil, explain(err)
	}
	settings, err := config.LoadDefaultConfig(ctx,
		config.WithRegion(region),
		config.WithRetryer(func() aws.Retryer { return retryer(cmp.Or(environment.RetryMaxAttempts, attempts)) }),
		config.WithHTTPClient(awshttp.NewBuildableClient().WithTimeout(attemptTimeout)),
	)
	if err != nil {
		return nil, explain(err)
	}
	return apigateway.NewFromConfig(settings), nil
}

// cutShort retries answers that end half-way, which the SDK does not: a mapping
// may be moved twice to the same place.
func cutShort(err error) aws.Ternary {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return aws.TrueTernary
	}
	return aws.UnknownTernary
}

// retryer slows down when AWS throttles, and gives up by the number of attempts
// alone: the SDK's own allowance of retries is used up by many calls that each
// need only a few.
func retryer(attempts int) aws.Retryer {
	return retry.NewAdaptiveMode(func(o *retry.AdaptiveModeOptions) {
		o.StandardOptions = append(o.StandardOptions, func(standard *retry.StandardOptions) {
			standard.MaxAttempts = attempts
			standard.MaxBackoff = longestPause
			standard.RateLimiter = ratelimit.None
			standard.Retryables = append(standard.Retryables, retry.IsErrorRetryableFunc(cutShort))
		})
	})
}
