package apigateway

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"apigateway-maintenance/internal/emulator/definition"
)

var (
	stageName     = regexp.MustCompile(`^[A-Za-z0-9_-]{1,128}$`)
	variableName  = regexp.MustCompile(`^[A-Za-z0-9_]+$`)
	variableValue = regexp.MustCompile(`^[A-Za-z0-9._~:/?#&=,-]*$`)
)

// checkStage applies the rules of a stage as a whole, settles its cache, and
// says what of it is not enforced.
func (c *call) checkStage(api *definition.API, s *definition.Stage) error {
	if !stageName.MatchString(s.Name) {
		return badRequest("Stage name only allows a-zA-Z0-9_-")
	}
	if s.CacheClusterSize != "" && !slices.Contains(cacheSizes, s.CacheClusterSize) {
		return badRequest("Invalid cache cluster size specified: %s. Valid options are %s", s.CacheClusterSize, strings.Join(cacheSizes, ", "))
	}
	s.CacheClusterStatus = "NOT_AVAILABLE"
	if s.CacheClusterEnabled {
		s.CacheClusterStatus = "AVAILABLE"
		s.CacheClusterSize = cmp.Or(s.CacheClusterSize, cacheSizes[0])
		c.service.config.Notice(noticeCache)
	}
	if s.TracingEnabled {
		c.service.config.Notice(noticeMonitoring)
	}
	if err := checkCanary(api, s.Canary); err != nil {
		return err
	}
	if err := checkVariables(s.Variables); err != nil {
		return err
	}
	return checkTags(s.Tags)
}

// cacheSizes are in gigabytes (API reference, CreateStage).
var cacheSizes = []string{"0.5", "1.6", "6.1", "13.5", "28.4", "58.2", "118", "237"}

func checkVariables(variables map[string]string) error {
	for _, name := range sortedKeys(variables) {
		if !variableName.MatchString(name) {
			return badRequest("Stage variable name %s is invalid. Only alphanumeric and _ are allowed", name)
		}
		// "Values can be ... [A-Za-z0-9-._~:/?#&=,]+" (API reference, Stage).
		if !variableValue.MatchString(variables[name]) {
			return badRequest("Stage variable value is invalid. Please use values with alphanumeric characters and the symbols -._~:/?#&=,")
		}
	}
	return nil
}

func createStage(c *call) (answer, error) {
	var in struct {
		StageName            string             `json:"stageName"`
		DeploymentID         string             `json:"deploymentId"`
		Description          string             `json:"description"`
		CacheClusterEnabled  bool               `json:"cacheClusterEnabled"`
		CacheClusterSize     string             `json:"cacheClusterSize"`
		Variables            map[string]string  `json:"variables"`
		DocumentationVersion string             `json:"documentationVersion"`
		CanarySettings       *definition.Canary `json:"canarySettings"`
		TracingEnabled       bool               `json:"tracingEnabled"`
		Tags                 map[string]string  `json:"tags"`
	}
	if err := c.decode(&in); err != nil {
		return refused(err)
	}
	api, err := c.api()
	if err != nil {
		return refused(err)
	}
	if in.DocumentationVersion != "" && api.DocumentationVersions[in.DocumentationVersion] == nil {
		return refused(notFound(noSuchVersion))
	}
	now := c.service.now()
	stage := &definition.Stage{
		Name: in.StageName, DeploymentID: in.DeploymentID, Description: in.Description, Variables: in.Variables,
		TracingEnabled: in.TracingEnabled, Tags: in.Tags, CreatedDate: now, LastUpdatedDate: now,
		DocumentationVersion: in.DocumentationVersion,
		CacheClusterEnabled:  in.CacheClusterEnabled, CacheClusterSize: in.CacheClusterSize, Canary: in.CanarySettings,
		MethodSettings: map[string]*definition.MethodSetting{},
	}
	switch {
	case api.Stages[in.StageName] != nil:
		return refused(conflict("Stage already exists"))
	case api.Deployments[in.DeploymentID] == nil:
		return refused(badRequest(noDeployment))
	}
	if err := c.checkStage(api, stage); err != nil {
		return refused(err)
	}
	api.Stages[stage.Name] = stage
	return created(stage)
}

// stage gives the API and the stage that the path names.
func (c *call) stage() (*definition.API, *definition.Stage, error) {
	api, err := c.api()
	if err != nil {
		return nil, nil, err
	}
	stage := api.Stages[c.PathValue("stage_name")]
	if stage == nil {
		return nil, nil, notFound(noSuchStage)
	}
	return api, stage, nil
}

func getStage(c *call) (answer, error) {
	_, stage, err := c.stage()
	if err != nil {
		return refused(err)
	}
	return ok(stage)
}

func getStages(c *call) (answer, error) {
	api, err := c.api()
	if err != nil {
		return refused(err)
	}
	stages := []*definition.Stage{}
	for _, name := range sortedKeys(api.Stages) {
		if deployment := c.URL.Query().Get("deploymentId"); deployment == "" || deployment == api.Stages[name].DeploymentID {
			stages = append(stages, api.Stages[name])
		}
	}
	// Unlike other lists, this one has no pages.
	return ok(map[string]any{"item": stages})
}

func deleteStage(c *call) (answer, error) {
	api, stage, err := c.stage()
	if err != nil {
		return refused(err)
	}
	used := c.region.mappedDomains(func(m *definition.BasePathMapping) bool { return m.RestAPIID == api.ID && m.Stage == stage.Name })
	if len(used) > 0 {
		// Fact E3.
		return refused(badRequest("Deleting stage %s failed. Please remove all base path mappings related to the stage in your domains before deleting it.", stage.Name))
	}
	delete(api.Stages, stage.Name)
	return accepted()
}

func updateStage(c *call) (answer, error) {
	patches, err := c.patches("updateStageInput")
	if err != nil {
		return refused(err)
	}
	api, current, err := c.stage()
	if err != nil {
		return refused(err)
	}
	stage := current.Clone()
	for _, p := range patches {
		if err := c.patchStage(api, stage, p); err != nil {
			return refused(err)
		}
	}
	if err := c.checkStage(api, stage); err != nil {
		return refused(err)
	}
	if err := c.checkLogging(stage); err != nil {
		return refused(err)
	}
	stage.LastUpdatedDate = c.service.now()
	api.Stages[stage.Name] = stage
	return ok(stage)
}
