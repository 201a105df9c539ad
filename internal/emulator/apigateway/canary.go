package apigateway

import (
	"maps"
	"strconv"
	"strings"

	"apigateway-maintenance/internal/emulator/definition"
)

// deployCanary points an existing stage's canary at a new deployment (recorded
// by LocalStack's validated test_create_canary_deployment_validation).
func deployCanary(api *definition.API, stageName *string, settings *definition.Canary, deployment string) error {
	const invalid = "Invalid deployment content specified."
	switch {
	case stageName == nil || *stageName == "":
		given := "null"
		if stageName != nil {
			given = ""
		}
		return badRequest("%sNon null and non empty stageName must be provided for canary deployment. Provided value is %s", invalid, given)
	case api.Stages[*stageName] == nil:
		return badRequest("%sStage %s must already be created before making a canary release deployment", invalid, *stageName)
	}
	stage := api.Stages[*stageName].Clone()
	canary := *settings
	canary.DeploymentID = deployment
	stage.Canary = &canary
	api.Stages[stage.Name] = stage
	return nil
}

// checkCanary applies the rules of canary settings.
func checkCanary(api *definition.API, canary *definition.Canary) error {
	switch {
	case canary == nil:
		return nil
	case api.Deployments[canary.DeploymentID] == nil:
		return badRequest(noDeployment)
	case canary.PercentTraffic < 0 || canary.PercentTraffic > 100:
		return badRequest("Invalid percentTraffic specified: it must be between 0.0 and 100.0")
	}
	return checkVariables(canary.StageVariableOverrides)
}

// patchCanary changes a stage's canary; a first replace makes one of the stage's
// own deployment (recorded by LocalStack's validated
// test_create_canary_deployment_by_stage_update).
func patchCanary(stage *definition.Stage, p patchOperation) error {
	path := strings.TrimPrefix(*p.Path, "/canarySettings")
	if p.Op == "remove" {
		return removeFromCanary(stage, p, path)
	}
	if p.Op == "add" {
		return badRequest("Invalid add operation with path: %s", *p.Path)
	}
	canary := definition.Canary{DeploymentID: stage.DeploymentID}
	if stage.Canary != nil {
		canary = *stage.Canary
	}
	var err error
	switch variable, isVariable := strings.CutPrefix(path, "/stageVariableOverrides/"); {
	case isVariable:
		canary.StageVariableOverrides = maps.Clone(canary.StageVariableOverrides)
		if canary.StageVariableOverrides == nil {
			canary.StageVariableOverrides = map[string]string{}
		}
		canary.StageVariableOverrides[variable] = p.value()
	case path == "/deploymentId":
		canary.DeploymentID = p.value()
	case path == "/percentTraffic":
		if canary.PercentTraffic, err = strconv.ParseFloat(p.value(), 64); err != nil {
			return badRequest("Invalid percentTraffic specified: it must be between 0.0 and 100.0")
		}
	case path == "/useStageCache":
		canary.UseStageCache = isTrue(p.Value)
	default:
		return badRequest("Invalid method setting path: %s. Must be one of: [%s]", *p.Path, stagePaths)
	}
	stage.Canary = &canary
	return nil
}

func removeFromCanary(stage *definition.Stage, p patchOperation, path string) error {
	variable, isVariable := strings.CutPrefix(path, "/stageVariableOverrides/")
	switch {
	case path == "":
		stage.Canary = nil
		return nil
	case isVariable && stage.Canary != nil:
		delete(stage.Canary.StageVariableOverrides, variable)
		return nil
	}
	return removeMethodSetting(stage, p)
}

// promoteCanary is what the operation copy does, and all that it does (recorded
// by LocalStack's validated test_update_stage_with_copy_ops).
func promoteCanary(stage *definition.Stage, p patchOperation) error {
	from := text(p.From)
	valid := *p.Path == "/deploymentId" && from == "/canarySettings/deploymentId" ||
		*p.Path == "/variables" && from == "/canarySettings/stageVariableOverrides"
	switch {
	case !valid:
		return badRequest("Invalid copy operation with path: %s and from %s. Valid copy:path are [/deploymentId, /variables] and valid copy:from are [/canarySettings/deploymentId, /canarySettings/stageVariableOverrides]", *p.Path, from)
	case stage.Canary == nil:
		return badRequest("Promotion not available. Canary does not exist.")
	case *p.Path == "/deploymentId":
		stage.DeploymentID = stage.Canary.DeploymentID
		return nil
	}
	if stage.Variables == nil {
		stage.Variables = map[string]string{}
	}
	maps.Copy(stage.Variables, stage.Canary.StageVariableOverrides)
	return nil
}
