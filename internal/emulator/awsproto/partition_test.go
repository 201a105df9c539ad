package awsproto

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestPartitionsAreThoseOfTheSDK asks the SDK's own table where API Gateway is.
func TestPartitionsAreThoseOfTheSDK(t *testing.T) {
	for region, name := range map[string]string{
		"eu-west-1": "aws", "us-east-1": "aws", "cn-north-1": "aws-cn", "cn-northwest-1": "aws-cn", "us-gov-west-1": "aws-us-gov",
		"us-iso-east-1": "aws-iso", "us-isob-east-1": "aws-iso-b", "eu-isoe-west-1": "aws-iso-e", "us-isof-south-1": "aws-iso-f", "eusc-de-east-1": "aws-eusc",
	} {
		endpoint, err := apigateway.NewDefaultEndpointResolverV2().ResolveEndpoint(t.Context(), apigateway.EndpointParameters{Region: aws.String(region)})
		require.NoError(t, err, region)
		partition := PartitionOf(region)
		assert.Equal(t, "apigateway."+region+"."+partition.DNSSuffix, strings.TrimSuffix(endpoint.URI.Host, ":443"), region)
		assert.Equal(t, name, partition.Name, region)
	}
	assert.Equal(t, "arn:aws-cn:acm:cn-north-1:123456789012:certificate/x", ARN("acm", "cn-north-1", AccountID, "certificate/x"))
}
