package test

import (
	"encoding/json"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
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

	_, err = apigateway.NewFromConfig(s.Config()).UpdateAccount(t.Context(), &apigateway.UpdateAccountInput{PatchOperations: []types.PatchOperation{
		{Op: types.OpReplace, Path: aws.String("/cloudwatchRoleArn"), Value: aws.String("arn:aws:iam::123456789012:role/apigateway-logs")},
	}})
	require.NoError(t, err)
	// The stage exists, without its log: Terraform would replace it, before the
	// old one of the same name is gone.
	tt.RunTerraformCommandContext(t, t.Context(), s.Options(nil), "untaint", "module.maintenance_api.aws_api_gateway_stage.this")
	s.Apply(on)
	s.RequireNoChanges(on)
	s.Ask("PUT", "https://api.example.com/orders/42", nil, "")

	mu.Lock()
	defer mu.Unlock()
	require.Len(t, lines, 1)
	var logged struct{ RequestID, Method, Path, Domain, Status string }
	require.NoError(t, json.Unmarshal([]byte(lines[0]), &logged), lines[0])
	assert.NotEmpty(t, logged.RequestID)
	assert.Equal(t, []string{"PUT", "/orders/42", "api.example.com", "503"}, []string{logged.Method, logged.Path, logged.Domain, logged.Status})
}
