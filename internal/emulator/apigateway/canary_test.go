package apigateway_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// canaryWorld is an API with two deployments and a stage "live" on the first.
type canaryWorld struct {
	*world
	api, first, second string
}

func newCanaryWorld(t *testing.T) *canaryWorld {
	t.Helper()
	w := &canaryWorld{world: newWorld(t)}
	w.api, w.first = w.deployed("live", "live")
	made, err := w.client.CreateDeployment(w.ctx(), &apigateway.CreateDeploymentInput{RestApiId: aws.String(w.api)})
	require.NoError(t, err)
	w.second = *made.Id
	return w
}

func (w *canaryWorld) update(patches ...types.PatchOperation) (*apigateway.UpdateStageOutput, error) {
	return w.client.UpdateStage(w.ctx(), &apigateway.UpdateStageInput{RestApiId: aws.String(w.api), StageName: aws.String("live"), PatchOperations: patches})
}

func (w *canaryWorld) deployCanary(stage *string) error {
	_, err := w.client.CreateDeployment(w.ctx(), &apigateway.CreateDeploymentInput{
		RestApiId: aws.String(w.api), StageName: stage, CanarySettings: &types.DeploymentCanarySettings{PercentTraffic: 50, StageVariableOverrides: map[string]string{"color": "green"}},
	})
	return err
}

func op(kind types.Op, path, from string) types.PatchOperation {
	p := types.PatchOperation{Op: kind, Path: aws.String(path)}
	if from != "" {
		p.From = aws.String(from)
	}
	return p
}

// What follows is recorded by LocalStack's validated tests of canaries.

func TestACanaryIsMadeChangedAndRemoved(t *testing.T) {
	w := newCanaryWorld(t)
	out, err := w.client.CreateStage(w.ctx(), &apigateway.CreateStageInput{
		RestApiId: aws.String(w.api), StageName: aws.String("dev"), DeploymentId: aws.String(w.first), Variables: map[string]string{"color": "blue"},
		CanarySettings: &types.CanarySettings{DeploymentId: aws.String(w.second), PercentTraffic: 50, StageVariableOverrides: map[string]string{"color": "green"}},
	})
	require.NoError(t, err)
	assert.Equal(t, &types.CanarySettings{DeploymentId: aws.String(w.second), PercentTraffic: 50, StageVariableOverrides: map[string]string{"color": "green"}}, out.CanarySettings)
	view := w.service.View().APIs[w.api].Stages["dev"]
	assert.InDelta(t, 50, view.CanaryPercent, 0)
	assert.Equal(t, "green", view.Canary.Stage.Variables["color"])
	assert.Equal(t, "blue", view.Stage.Variables["color"])

	changed, err := w.update(replace("/canarySettings/percentTraffic", "25.5"))
	require.NoError(t, err)
	assert.Equal(t, &types.CanarySettings{DeploymentId: aws.String(w.first), PercentTraffic: 25.5}, changed.CanarySettings, "a canary of the stage's own deployment")
	changed, err = w.update(replace("/canarySettings/deploymentId", w.second), replace("/canarySettings/stageVariableOverrides/color", "red"))
	require.NoError(t, err)
	assert.Equal(t, &types.CanarySettings{DeploymentId: aws.String(w.second), PercentTraffic: 25.5, StageVariableOverrides: map[string]string{"color": "red"}}, changed.CanarySettings)

	_, err = w.client.DeleteDeployment(w.ctx(), &apigateway.DeleteDeploymentInput{RestApiId: aws.String(w.api), DeploymentId: aws.String(w.second)})
	w.badRequest(err, "Active stages pointing to this deployment must be moved or deleted")
	changed, err = w.update(op(types.OpRemove, "/canarySettings", ""))
	require.NoError(t, err)
	assert.Nil(t, changed.CanarySettings)
}

func TestACanaryIsDeployedToAStageThatExists(t *testing.T) {
	w := newCanaryWorld(t)
	const invalid = "Invalid deployment content specified."
	w.badRequest(w.deployCanary(nil), invalid+"Non null and non empty stageName must be provided for canary deployment. Provided value is null")
	w.badRequest(w.deployCanary(aws.String("")), invalid+"Non null and non empty stageName must be provided for canary deployment. Provided value is ")
	w.badRequest(w.deployCanary(aws.String("dev")), invalid+"Stage dev must already be created before making a canary release deployment")
	require.NoError(t, w.deployCanary(aws.String("live")))
	stage := w.service.View().APIs[w.api].Stages["live"]
	assert.Equal(t, w.first, stage.Stage.DeploymentID)
	assert.NotContains(t, []string{w.first, w.second}, stage.Canary.Stage.DeploymentID)
	assert.Equal(t, "green", stage.Canary.Stage.Variables["color"])
}

func TestACanaryIsPromotedByCopying(t *testing.T) {
	w := newCanaryWorld(t)
	deployment := op(types.OpCopy, "/deploymentId", "/canarySettings/deploymentId")
	variables := op(types.OpCopy, "/variables", "/canarySettings/stageVariableOverrides")
	_, err := w.update(variables, deployment)
	w.badRequest(err, "Promotion not available. Canary does not exist.")
	_, err = w.update(op(types.OpCopy, "/canarySettings/stageVariableOverrides", "/variables"))
	w.badRequest(err, "Invalid copy operation with path: /canarySettings/stageVariableOverrides and from /variables. Valid copy:path are [/deploymentId, /variables]")
	require.NoError(t, w.deployCanary(aws.String("live")))
	out, err := w.update(replace("/canarySettings/percentTraffic", "0.0"), deployment, variables)
	require.NoError(t, err)
	assert.Equal(t, *out.CanarySettings.DeploymentId, *out.DeploymentId)
	assert.Equal(t, map[string]string{"color": "green"}, out.Variables)
}

func TestCanarySettingsAreRefusedAsOnAWS(t *testing.T) {
	w := newCanaryWorld(t)
	for name, test := range map[string]struct {
		patch   types.PatchOperation
		message string
	}{
		"removing what is not there":    {op(types.OpRemove, "/canarySettings/stageVariableOverrides", ""), "Cannot remove method setting canarySettings/stageVariableOverrides because there is no method setting for this method "},
		"the settings as a whole":       {replace("/canarySettings", "x"), "Invalid method setting path: /canarySettings. Must be one of: [/deploymentId, "},
		"an unknown path":               {replace("/canarySettings/badPath", "x"), "Invalid method setting path: /canarySettings/badPath. Must be one of: [/deploymentId, "},
		"adding":                        {types.PatchOperation{Op: types.OpAdd, Path: aws.String("/canarySettings/deploymentId"), Value: aws.String(w.second)}, "Invalid add operation with path: /canarySettings/deploymentId"},
		"a deployment that is nobody's": {replace("/canarySettings/deploymentId", "deploy"), "Deployment id does not exist"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.update(test.patch)
			w.badRequest(err, test.message)
		})
	}
}
