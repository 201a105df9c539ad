package apigateway_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWhatAMappingUsesIsNotDeleted(t *testing.T) { // facts E3, E4
	w := newWorld(t)
	api, deployment := w.deployed("live", "live")
	w.domain(host)
	require.NoError(t, w.mapPath(host, "v1", api, "live"))

	_, err := w.client.DeleteRestApi(w.ctx(), &apigateway.DeleteRestApiInput{RestApiId: aws.String(api)})
	w.badRequest(err, "Deleting RestApi "+api+" failed. Please remove all base path mappings related to the RestApi in your domains: "+host+".")
	stage := &apigateway.DeleteStageInput{RestApiId: aws.String(api), StageName: aws.String("live")}
	_, err = w.client.DeleteStage(w.ctx(), stage)
	w.badRequest(err, "Deleting stage live failed. Please remove all base path mappings related to the stage in your domains before deleting it.")
	_, err = w.client.DeleteDeployment(w.ctx(), &apigateway.DeleteDeploymentInput{RestApiId: aws.String(api), DeploymentId: aws.String(deployment)})
	w.badRequest(err, "Active stages pointing to this deployment must be moved or deleted")

	_, err = w.client.DeleteBasePathMapping(w.ctx(), &apigateway.DeleteBasePathMappingInput{DomainName: aws.String(host), BasePath: aws.String("v1")})
	require.NoError(t, err)
	_, err = w.client.DeleteStage(w.ctx(), stage)
	require.NoError(t, err)
	_, err = w.client.DeleteDeployment(w.ctx(), &apigateway.DeleteDeploymentInput{RestApiId: aws.String(api), DeploymentId: aws.String(deployment)})
	require.NoError(t, err)
	_, err = w.client.DeleteRestApi(w.ctx(), &apigateway.DeleteRestApiInput{RestApiId: aws.String(api)})
	require.NoError(t, err)
	_, err = w.client.DeleteDomainName(w.ctx(), &apigateway.DeleteDomainNameInput{DomainName: aws.String(host)})
	require.NoError(t, err)
	assert.Empty(t, w.service.Inventory(), "nothing is left")
	assert.Empty(t, w.service.View().Domains)
	assert.Empty(t, w.service.View().APIs)
}

func TestAStageOfAnotherNameIsDeletedWhileOneIsMapped(t *testing.T) {
	w := newWorld(t)
	api, deployment := w.deployed("live", "live")
	w.stage(api, "spare", deployment)
	w.domain(host)
	require.NoError(t, w.mapPath(host, "", api, "live"))
	_, err := w.client.DeleteStage(w.ctx(), &apigateway.DeleteStageInput{RestApiId: aws.String(api), StageName: aws.String("spare")})
	require.NoError(t, err)
}

func TestADeploymentIsAFrozenSnapshot(t *testing.T) { // fact B4
	w := newWorld(t)
	api, _ := w.deployed("mock", "live")
	answerOf := func() string {
		stage := w.service.View().APIs[api].Stages["live"]
		for _, resource := range stage.Snapshot.Resources {
			if method := resource.Methods["ANY"]; method != nil {
				return method.Integration.Responses["503"].ResponseTemplates["application/json"] + stage.Snapshot.GatewayResponses["DEFAULT_4XX"].ResponseTemplates["application/json"]
			}
		}
		return "no method"
	}
	require.Equal(t, `{"message":"down"}{}`, answerOf())

	resources, err := w.client.GetResources(w.ctx(), &apigateway.GetResourcesInput{RestApiId: aws.String(api)})
	require.NoError(t, err)
	child := resources.Items[1]
	_, err = w.client.UpdateIntegrationResponse(w.ctx(), &apigateway.UpdateIntegrationResponseInput{
		RestApiId: aws.String(api), ResourceId: child.Id, HttpMethod: aws.String("ANY"), StatusCode: aws.String("503"),
		PatchOperations: []types.PatchOperation{replace("/responseTemplates/application~1json", "changed")},
	})
	require.NoError(t, err)
	_, err = w.client.PutGatewayResponse(w.ctx(), &apigateway.PutGatewayResponseInput{
		RestApiId: aws.String(api), ResponseType: types.GatewayResponseTypeDefault4xx, ResponseTemplates: map[string]string{"application/json": "changed too"},
	})
	require.NoError(t, err)
	assert.Equal(t, `{"message":"down"}{}`, answerOf(), "what was not deployed is not served")

	deployment, err := w.client.CreateDeployment(w.ctx(), &apigateway.CreateDeploymentInput{RestApiId: aws.String(api)})
	require.NoError(t, err)
	_, err = w.client.UpdateStage(w.ctx(), &apigateway.UpdateStageInput{
		RestApiId: aws.String(api), StageName: aws.String("live"), PatchOperations: []types.PatchOperation{replace("/deploymentId", *deployment.Id)},
	})
	require.NoError(t, err)
	assert.Equal(t, "changedchanged too", answerOf())
}

func TestAnAPIThatCannotAnswerIsNotDeployed(t *testing.T) { // fact E3
	w := newWorld(t)
	api := w.api("empty")
	deploy := func() error {
		_, err := w.client.CreateDeployment(w.ctx(), &apigateway.CreateDeploymentInput{RestApiId: api.Id})
		return err
	}
	w.badRequest(deploy(), "The REST API doesn't contain any methods")
	_, err := w.client.PutMethod(w.ctx(), &apigateway.PutMethodInput{
		RestApiId: api.Id, ResourceId: api.RootResourceId, HttpMethod: aws.String("GET"), AuthorizationType: aws.String("NONE"),
	})
	require.NoError(t, err)
	w.badRequest(deploy(), "No integration defined for method")
	_, err = w.client.PutIntegration(w.ctx(), &apigateway.PutIntegrationInput{
		RestApiId: api.Id, ResourceId: api.RootResourceId, HttpMethod: aws.String("GET"), Type: types.IntegrationTypeMock,
	})
	require.NoError(t, err)
	require.NoError(t, deploy())
}

func TestADeploymentCanMakeItsStage(t *testing.T) {
	w := newWorld(t)
	api := w.api("live")
	_, err := w.put(*api.Id, mockDocument)
	require.NoError(t, err)
	deployment, err := w.client.CreateDeployment(w.ctx(), &apigateway.CreateDeploymentInput{
		RestApiId: api.Id, StageName: aws.String("v1"), Variables: map[string]string{"color": "blue"},
	})
	require.NoError(t, err)
	stage := w.service.View().APIs[*api.Id].Stages["v1"].Stage
	assert.Equal(t, *deployment.Id, stage.DeploymentID)
	assert.Equal(t, map[string]string{"color": "blue"}, stage.Variables)
}

// TestADeploymentWithoutAStageTakesItsSettings: a variable or a description forces
// a new deployment in many roots (provider issue 40052).
func TestADeploymentWithoutAStageTakesItsSettings(t *testing.T) {
	w := newWorld(t)
	api := w.api("live")
	_, err := w.put(*api.Id, mockDocument)
	require.NoError(t, err)
	_, err = w.client.CreateDeployment(w.ctx(), &apigateway.CreateDeploymentInput{
		RestApiId: api.Id, StageDescription: aws.String("now"), Variables: map[string]string{"deployed_at": "now"},
	})
	require.NoError(t, err)
	assert.Empty(t, w.service.View().APIs[*api.Id].Stages)
}

func TestStages(t *testing.T) {
	w := newWorld(t)
	api, deployment := w.deployed("live", "live")
	create := func(name, deployment string) error {
		_, err := w.client.CreateStage(w.ctx(), &apigateway.CreateStageInput{RestApiId: aws.String(api), StageName: aws.String(name), DeploymentId: aws.String(deployment)})
		return err
	}
	update := func(patches ...types.PatchOperation) (*apigateway.UpdateStageOutput, error) {
		return w.client.UpdateStage(w.ctx(), &apigateway.UpdateStageInput{RestApiId: aws.String(api), StageName: aws.String("live"), PatchOperations: patches})
	}

	t.Run("a stage exists only once", func(t *testing.T) { w.conflict(create("live", deployment), "Stage already exists") })
	t.Run("a stage needs a deployment that exists", func(t *testing.T) {
		w.badRequest(create("x", "nosuch"), "Deployment id does not exist")
		_, err := update(replace("/deploymentId", "nosuch"))
		w.badRequest(err, "Deployment id does not exist")
	})
	t.Run("a stage name has letters, digits, hyphens and underscores", func(t *testing.T) {
		w.badRequest(create("a b", deployment), "Stage name only allows a-zA-Z0-9_-")
	})
	t.Run("an unknown patch path names those that exist (recorded by LocalStack)", func(t *testing.T) {
		_, err := update(replace("/documentation_version", "1"))
		w.badRequest(err, "Invalid method setting path: /documentation_version. Must be one of: [/deploymentId, /description,")
	})
	t.Run("a setting that is not there cannot be removed (recorded by LocalStack)", func(t *testing.T) {
		_, err := update(types.PatchOperation{Op: types.OpRemove, Path: aws.String("/*/*")})
		w.badRequest(err, "Cannot remove method setting */* because there is no method setting for this method ")
	})
	t.Run("throttling is set for all methods and for one", func(t *testing.T) {
		out, err := update(replace("/*/*/throttling/rateLimit", "5.000000"), replace("/*/*/throttling/burstLimit", "2"),
			replace("/~1orders~1{id}/GET/throttling/burstLimit", "-1"))
		require.NoError(t, err)
		assert.InDelta(t, 5.0, out.MethodSettings["*/*"].ThrottlingRateLimit, 0)
		assert.EqualValues(t, 2, out.MethodSettings["*/*"].ThrottlingBurstLimit)
		assert.EqualValues(t, -1, out.MethodSettings["orders~1{id}/GET"].ThrottlingBurstLimit)
		assert.InDelta(t, 5.0, w.service.View().APIs[api].Stages["live"].Stage.MethodSettings["*/*"].ThrottlingRateLimit, 0)
		out, err = update(types.PatchOperation{Op: types.OpRemove, Path: aws.String("/*/*")})
		require.NoError(t, err)
		assert.NotContains(t, out.MethodSettings, "*/*")
	})
	t.Run("stage variables are replaced and removed", func(t *testing.T) {
		out, err := update(replace("/variables/color", "blue"))
		require.NoError(t, err)
		assert.Equal(t, map[string]string{"color": "blue"}, out.Variables)
		out, err = update(types.PatchOperation{Op: types.OpRemove, Path: aws.String("/variables/color")})
		require.NoError(t, err)
		assert.Empty(t, out.Variables)
	})
	t.Run("a cache is stored, and said not to be there", func(t *testing.T) {
		out, err := update(replace("/cacheClusterSize", "1.6"))
		require.NoError(t, err, "a size with the cache off")
		assert.Equal(t, types.CacheClusterStatusNotAvailable, out.CacheClusterStatus)
		assert.Empty(t, w.notices)
		out, err = update(replace("/cacheClusterEnabled", "true"), replace("/*/*/caching/enabled", "true"))
		require.NoError(t, err)
		assert.Equal(t, types.CacheClusterStatusAvailable, out.CacheClusterStatus)
		assert.Equal(t, types.CacheClusterSize("1.6"), out.CacheClusterSize)
		assert.Contains(t, w.notices, "Cache clusters and caching settings are stored and not enforced: nothing is cached.")
		_, err = update(replace("/cacheClusterSize", "2"))
		w.badRequest(err, "Invalid cache cluster size specified: 2")
	})
	t.Run("a boolean that is none is false (recorded by LocalStack for methods and keys)", func(t *testing.T) {
		out, err := update(replace("/tracingEnabled", "wrong"))
		require.NoError(t, err)
		assert.False(t, out.TracingEnabled)
	})
}

func TestAnAccessLogNeedsTheAccountsRole(t *testing.T) {
	w := newWorld(t)
	api, _ := w.deployed("live", "live")
	update := func(patches ...types.PatchOperation) error {
		_, err := w.client.UpdateStage(w.ctx(), &apigateway.UpdateStageInput{RestApiId: aws.String(api), StageName: aws.String("live"), PatchOperations: patches})
		return err
	}
	destination := replace("/accessLogSettings/destinationArn", "arn:aws:logs:eu-west-1:123456789012:log-group:api")
	format := replace("/accessLogSettings/format", "$context.requestId $context.status")
	const missing = "CloudWatch Logs role ARN must be set in account settings to enable logging"
	w.badRequest(update(destination, format), missing)
	w.badRequest(update(replace("/*/*/logging/loglevel", "INFO")), missing)

	_, err := w.client.UpdateAccount(w.ctx(), &apigateway.UpdateAccountInput{
		PatchOperations: []types.PatchOperation{replace("/cloudwatchRoleArn", "arn:aws:iam::123456789012:role/logs")},
	})
	require.NoError(t, err)
	w.badRequest(update(destination, replace("/accessLogSettings/format", "$context.status")), "must contain at least $context.requestId")
	w.badRequest(update(replace("/accessLogSettings/destinationArn", "")), "Access Log value must not be empty")
	w.badRequest(update(replace("/accessLogSettings/other", "x")), "Invalid accessLogSettings path.")
	require.NoError(t, update(destination), "each of the two can be set by itself (recorded)")
	require.NoError(t, update(destination, format))
	assert.Equal(t, "$context.requestId $context.status", w.service.View().APIs[api].Stages["live"].Stage.AccessLog.Format)
	require.NoError(t, update(types.PatchOperation{Op: types.OpRemove, Path: aws.String("/accessLogSettings")}))
	assert.Nil(t, w.service.View().APIs[api].Stages["live"].Stage.AccessLog)
}
