package test

import (
	"encoding/json"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	tt "github.com/gruntwork-io/terratest/modules/terraform"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/test/harness"
)

// TestAccessLog logs the mock's requests, once the account has the role that
// API Gateway writes logs with.
func TestAccessLog(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var lines []string
	s := harness.NewStage(t, "basic", emulator.Config{AccessLog: func(line string) {
		mu.Lock()
		defer mu.Unlock()
		lines = append(lines, line)
	}}, nil)
	s.Override("maintenance_override.tf", `
		module "maintenance_api" {
		  access_log = { destination_arn = "arn:aws:logs:eu-west-1:123456789012:log-group:maintenance" }
		}`)
	on := map[string]any{"maintenance_mode": true}
	_, err := tt.ApplyContextE(t, t.Context(), s.Options(on))
	require.ErrorContains(t, err, "CloudWatch Logs role ARN must be set in account settings to enable logging")

	account := &apigateway.UpdateAccountInput{PatchOperations: []types.PatchOperation{
		{Op: types.OpReplace, Path: aws.String("/cloudwatchRoleArn"), Value: aws.String("arn:aws:iam::123456789012:role/apigateway-logs")},
	}}
	_, err = apigateway.NewFromConfig(s.Config()).UpdateAccount(t.Context(), account)
	require.ErrorContains(t, err, "The role ARN does not have required permissions configured", "there is no such role")
	logsRole(t, s)
	_, err = apigateway.NewFromConfig(s.Config()).UpdateAccount(t.Context(), account)
	require.NoError(t, err)
	// The stage exists, without its log: Terraform would replace it, before the
	// old one of the same name is gone.
	tt.RunTerraformCommandContext(t, t.Context(), s.Options(nil), "untaint", "module.maintenance_api.aws_api_gateway_stage.this")
	s.Apply(on)
	s.RequireNoChanges(on)
	_, err = cloudwatchlogs.NewFromConfig(s.Config()).CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("maintenance")})
	require.NoError(t, err)
	s.Ask("PUT", "https://api.example.com/orders/42", nil, "")

	mu.Lock()
	defer mu.Unlock()
	require.Len(t, lines, 1)
	var logged struct{ RequestID, Method, Path, Domain, Status string }
	require.NoError(t, json.Unmarshal([]byte(lines[0]), &logged), lines[0])
	assert.NotEmpty(t, logged.RequestID)
	assert.Equal(t, []string{"PUT", "/orders/42", "api.example.com", "503"}, []string{logged.Method, logged.Path, logged.Domain, logged.Status})
	kept, err := cloudwatchlogs.NewFromConfig(s.Config()).FilterLogEvents(t.Context(), &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String("maintenance")})
	require.NoError(t, err)
	require.Len(t, kept.Events, 1)
	assert.Equal(t, lines[0]+"\n", *kept.Events[0].Message)
}

// logsRole makes the role that API Gateway writes logs with.
func logsRole(t *testing.T, s *harness.Stage) {
	t.Helper()
	client := iam.NewFromConfig(s.Config())
	_, err := client.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: aws.String("apigateway-logs"), AssumeRolePolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},"Action":"sts:AssumeRole"}]}`)})
	require.NoError(t, err)
	_, err = client.AttachRolePolicy(t.Context(), &iam.AttachRolePolicyInput{
		RoleName: aws.String("apigateway-logs"), PolicyArn: aws.String("arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"),
	})
	require.NoError(t, err)
}
