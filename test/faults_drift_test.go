package test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/sandbox"
	"apigateway-maintenance/test/harness"
)

// TestDriftByHand changes things behind Terraform's back and then switches: the
// command refuses, names what it found and touches nothing. A deploy heals it.
func TestDriftByHand(t *testing.T) {
	t.Parallel()
	s := harness.NewFixture(t, "many", emulator.Config{}, map[string]any{"paths": 2})
	s.Apply(map[string]any{"maintenance_mode": false})
	o := s.Operator()
	gateway := apigateway.NewFromConfig(s.Config())
	for name, c := range map[string]struct {
		drift func(t *testing.T, targets maintenance.Targets)
		says  string
	}{
		"a mapping that points elsewhere": {func(t *testing.T, targets maintenance.Targets) {
			other := deployAnother(t, gateway)
			point(t, s, "/path1", other)
		}, `base_path_mapping.this\["/path1"\] \(update\)`},
		"a mapping that is gone": {func(t *testing.T, _ maintenance.Targets) {
			_, err := gateway.DeleteBasePathMapping(t.Context(), &apigateway.DeleteBasePathMappingInput{DomainName: aws.String(sandbox.Domain), BasePath: aws.String("path1")})
			require.NoError(t, err)
		}, `base_path_mapping.this\["/path1"\] \(create\)`},
		"a mock that is gone": {func(t *testing.T, targets maintenance.Targets) {
			_, err := gateway.DeleteRestApi(t.Context(), &apigateway.DeleteRestApiInput{RestApiId: aws.String(targets.Maintenance.APIID)})
			require.NoError(t, err)
		}, `targets will be known only after the apply|module.maintenance_api.aws_api_gateway_rest_api.this \(create\)`},
		"a stage that has another name": {func(t *testing.T, targets maintenance.Targets) {
			renameStage(t, gateway, targets.Maintenance)
		}, `module.maintenance_api.aws_api_gateway_stage.this \(create\)`},
	} {
		t.Run(name, func(t *testing.T) {
			var targets map[string]maintenance.Targets
			s.Output("targets", &targets)
			c.drift(t, targets["/path0"])
			s.Emulator.ResetCalls()
			r := o.Run("on", "--auto-approve")
			assert.Equal(t, 3, r.Code, "%s\n%s", r.Out, r.ErrOut)
			assert.Regexp(t, c.says, r.ErrOut)
			assert.Zero(t, harness.CountWrites(s.Emulator.Calls()))
			s.Apply(map[string]any{"maintenance_mode": false})
			o.Require(0, "verify", "--expect", "off", manyURLs()[0], manyURLs()[1])
		})
	}
	o.Require(0, "on", "--auto-approve")
}

// deployAnother makes an API that is neither the live one nor the mock.
func deployAnother(t *testing.T, gateway *apigateway.Client) maintenance.Target {
	t.Helper()
	api, err := gateway.ImportRestApi(t.Context(), &apigateway.ImportRestApiInput{
		Parameters: map[string]string{"endpointConfigurationTypes": "REGIONAL"},
		Body: []byte(`{"openapi":"3.0.1","info":{"title":"other","version":"1"},"paths":{"/":{"get":{"responses":{"200":{"description":""}},
			"x-amazon-apigateway-integration":{"type":"mock","requestTemplates":{"application/json":"{\"statusCode\": 200}"},"responses":{"default":{"statusCode":"200"}}}}}}}`),
	})
	require.NoError(t, err)
	_, err = gateway.CreateDeployment(t.Context(), &apigateway.CreateDeploymentInput{RestApiId: api.Id, StageName: aws.String("other")})
	require.NoError(t, err)
	return maintenance.Target{APIID: *api.Id, StageName: "other"}
}

// renameStage makes the stage again under another name, as a person would who
// does not know that it cannot be renamed.
func renameStage(t *testing.T, gateway *apigateway.Client, stage maintenance.Target) {
	t.Helper()
	old, err := gateway.GetStage(t.Context(), &apigateway.GetStageInput{RestApiId: aws.String(stage.APIID), StageName: aws.String(stage.StageName)})
	require.NoError(t, err)
	_, err = gateway.CreateStage(t.Context(), &apigateway.CreateStageInput{RestApiId: aws.String(stage.APIID), StageName: aws.String("renamed"), DeploymentId: old.DeploymentId})
	require.NoError(t, err)
	_, err = gateway.DeleteStage(t.Context(), &apigateway.DeleteStageInput{RestApiId: aws.String(stage.APIID), StageName: aws.String(stage.StageName)})
	require.NoError(t, err)
}
