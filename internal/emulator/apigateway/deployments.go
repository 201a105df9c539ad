package apigateway

import (
	"cmp"
	"slices"

	"apigateway-maintenance/internal/emulator/definition"
)

// deploymentDoc is a deployment with, if asked for, a summary of its methods.
type deploymentDoc struct {
	*definition.Deployment
	APISummary map[string]map[string]methodMark `json:"apiSummary,omitempty"`
}

// methodMark is what a deployment's summary says of a method.
type methodMark struct {
	AuthorizationType string `json:"authorizationType"`
	APIKeyRequired    bool   `json:"apiKeyRequired"`
}

func deploymentDocOf(c *call, d *definition.Deployment) deploymentDoc {
	doc := deploymentDoc{Deployment: d}
	if !slices.Contains(c.URL.Query()["embed"], "apisummary") {
		return doc
	}
	doc.APISummary = map[string]map[string]methodMark{}
	for _, resource := range d.Snapshot.Resources {
		for verb, method := range resource.Methods {
			if doc.APISummary[resource.Path] == nil {
				doc.APISummary[resource.Path] = map[string]methodMark{}
			}
			doc.APISummary[resource.Path][verb] = methodMark{method.AuthorizationType, method.APIKeyRequired}
		}
	}
	return doc
}

// deployable refuses what API Gateway refuses to deploy (fact E3).
func deployable(api *definition.API) error {
	methods := 0
	for _, resource := range api.Resources {
		for _, method := range resource.Methods {
			methods++
			if method.Integration == nil {
				return badRequest("No integration defined for method")
			}
		}
	}
	if api.Endpoint.Type() == private && api.Policy == "" {
		return badRequest("Private REST API doesn't have a resource policy attached to it")
	}
	if methods == 0 {
		return badRequest("The REST API doesn't contain any methods")
	}
	return nil
}

func createDeployment(c *call) (answer, error) {
	var in struct {
		Description         string             `json:"description"`
		StageName           *string            `json:"stageName"`
		StageDescription    string             `json:"stageDescription"`
		Variables           map[string]string  `json:"variables"`
		TracingEnabled      bool               `json:"tracingEnabled"`
		CacheClusterEnabled bool               `json:"cacheClusterEnabled"`
		CacheClusterSize    string             `json:"cacheClusterSize"`
		CanarySettings      *definition.Canary `json:"canarySettings"`
	}
	if err := c.decode(&in); err != nil {
		return refused(err)
	}
	api, err := c.api()
	if err != nil {
		return refused(err)
	}
	if err := deployable(api); err != nil {
		return refused(err)
	}
	deployment := &definition.Deployment{
		ID:          newID(deploymentIDLength, isKey(api.Deployments)),
		Description: in.Description,
		CreatedDate: c.service.now(),
		Snapshot:    api.Freeze(),
	}
	// A description or variables without a stage's name go nowhere: AWS takes them
	// (provider issue 40052; many roots force a deployment so).
	switch {
	case in.CanarySettings != nil:
		if err := deployCanary(api, in.StageName, in.CanarySettings, deployment.ID); err != nil {
			return refused(err)
		}
	case text(in.StageName) != "":
		stage := stageOf(api, *in.StageName, deployment)
		if in.StageDescription != "" {
			stage.Description = in.StageDescription
		}
		if in.Variables != nil {
			stage.Variables = in.Variables
		}
		stage.TracingEnabled = stage.TracingEnabled || in.TracingEnabled
		stage.CacheClusterEnabled = stage.CacheClusterEnabled || in.CacheClusterEnabled
		stage.CacheClusterSize = cmp.Or(in.CacheClusterSize, stage.CacheClusterSize)
		if err := c.checkStage(api, stage); err != nil {
			return refused(err)
		}
		api.Stages[stage.Name] = stage
	}
	api.Deployments[deployment.ID] = deployment
	return created(deploymentDocOf(c, deployment))
}

// stageOf gives a copy of a stage, or a new one, that serves the deployment.
func stageOf(api *definition.API, name string, deployment *definition.Deployment) *definition.Stage {
	stage := &definition.Stage{Name: name, CreatedDate: deployment.CreatedDate, MethodSettings: map[string]*definition.MethodSetting{}}
	if current := api.Stages[name]; current != nil {
		stage = current.Clone()
	}
	stage.DeploymentID, stage.LastUpdatedDate = deployment.ID, deployment.CreatedDate
	return stage
}

// deployment gives the API and the deployment that the path names.
func (c *call) deployment() (*definition.API, *definition.Deployment, error) {
	api, err := c.api()
	if err != nil {
		return nil, nil, err
	}
	deployment := api.Deployments[c.PathValue("deployment_id")]
	if deployment == nil {
		return nil, nil, notFound(noSuchDeployment)
	}
	return api, deployment, nil
}

func getDeployment(c *call) (answer, error) {
	_, deployment, err := c.deployment()
	if err != nil {
		return refused(err)
	}
	return ok(deploymentDocOf(c, deployment))
}

func getDeployments(c *call) (answer, error) {
	api, err := c.api()
	if err != nil {
		return refused(err)
	}
	docs := []deploymentDoc{}
	for _, id := range sortedKeys(api.Deployments) {
		docs = append(docs, deploymentDocOf(c, api.Deployments[id]))
	}
	return page(c, docs)
}

func updateDeployment(c *call) (answer, error) {
	patches, err := c.patches("updateDeploymentInput")
	if err != nil {
		return refused(err)
	}
	api, current, err := c.deployment()
	if err != nil {
		return refused(err)
	}
	deployment := *current
	for _, p := range patches {
		table := patchTable{"/description": func(v *string) error { deployment.Description = text(v); return nil }}
		if err := table.apply(p); err != nil {
			return refused(err)
		}
	}
	api.Deployments[deployment.ID] = &deployment
	return ok(deploymentDocOf(c, &deployment))
}

func deleteDeployment(c *call) (answer, error) {
	api, deployment, err := c.deployment()
	if err != nil {
		return refused(err)
	}
	for _, stage := range api.Stages {
		if stage.DeploymentID == deployment.ID || stage.Canary != nil && stage.Canary.DeploymentID == deployment.ID {
			return refused(badRequest("Active stages pointing to this deployment must be moved or deleted"))
		}
	}
	delete(api.Deployments, deployment.ID)
	return accepted()
}
