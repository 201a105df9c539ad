package apigateway_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Whatever is asked in whatever order, and whatever of it is refused: a mapping
// leads to a stage that exists, a stage to what a deployment froze, and the
// published view is complete.
func TestNoOrderOfCallsLeavesAMappingWithoutItsStage(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t)
		first, firstDeployment := w.deployed("first", "a")
		second, secondDeployment := w.deployed("second", "b")
		w.domain(host)
		apis := []string{first, second, "nosuch"}
		deployments := []string{firstDeployment, secondDeployment}
		stages := []string{"a", "b", "c"}
		paths := []string{"(none)", "v1"}

		pick := func(label string, from []string) *string { return aws.String(rapid.SampledFrom(from).Draw(rt, label)) }
		// What a call is refused for is the other tests' matter; here only the
		// state that it leaves counts.
		var ignored error
		rt.Repeat(map[string]func(*rapid.T){
			"map": func(*rapid.T) {
				ignored = w.mapPath(host, *pick("path", paths), *pick("api", apis), *pick("stage", stages))
			},
			"switch": func(*rapid.T) {
				_, ignored = w.patchMapping(host, *pick("path", paths), replace("/restapiId", *pick("api", apis)), replace("/stage", *pick("stage", stages)))
			},
			"unmap": func(*rapid.T) {
				_, ignored = w.client.DeleteBasePathMapping(w.ctx(), &apigateway.DeleteBasePathMappingInput{DomainName: aws.String(host), BasePath: pick("path", paths)})
			},
			"create a stage": func(*rapid.T) {
				_, ignored = w.client.CreateStage(w.ctx(), &apigateway.CreateStageInput{RestApiId: pick("api", apis), StageName: pick("stage", stages), DeploymentId: pick("deployment", deployments)})
			},
			"delete a stage": func(*rapid.T) {
				_, ignored = w.client.DeleteStage(w.ctx(), &apigateway.DeleteStageInput{RestApiId: pick("api", apis), StageName: pick("stage", stages)})
			},
			"delete a deployment": func(*rapid.T) {
				_, ignored = w.client.DeleteDeployment(w.ctx(), &apigateway.DeleteDeploymentInput{RestApiId: pick("api", apis), DeploymentId: pick("deployment", deployments)})
			},
			"": func(rt *rapid.T) {
				_ = ignored
				view := w.service.View()
				for _, api := range view.APIs {
					for name, stage := range api.Stages {
						require.NotNil(rt, stage.Snapshot, "stage %s of %s", name, api.ID)
					}
				}
				for path, mapping := range view.Domains[host].Mappings {
					require.Contains(rt, view.APIs, mapping.RestAPIID, "mapping %q", path)
					require.Contains(rt, view.APIs[mapping.RestAPIID].Stages, mapping.Stage, "mapping %q", path)
				}
			},
		})
	})
}

func TestAPublishedStageKeepsItsTags(t *testing.T) {
	w := newWorld(t)
	api, _ := w.deployed("live", "live")
	arn := aws.String("arn:aws:apigateway:eu-west-1::/restapis/" + api + "/stages/live")
	_, err := w.client.TagResource(w.ctx(), &apigateway.TagResourceInput{ResourceArn: arn, Tags: map[string]string{"a": "1"}})
	require.NoError(t, err)
	before := w.service.View()
	_, err = w.client.UntagResource(w.ctx(), &apigateway.UntagResourceInput{ResourceArn: arn, TagKeys: []string{"a"}})
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"a": "1"}, before.APIs[api].Stages["live"].Stage.Tags)
}

func TestManyCallsAtOnceLoseNone(t *testing.T) {
	w := newWorld(t)
	api, _ := w.deployed("live", "live")
	w.domain(host)
	const callers = 8
	var group sync.WaitGroup
	for i := range callers {
		group.Go(func() {
			path := fmt.Sprintf("p%d", i)
			assert.NoError(t, w.mapPath(host, path, api, "live"))
			_, err := w.patchMapping(host, path, types.PatchOperation{Op: types.OpReplace, Path: aws.String("/basePath"), Value: aws.String("q" + path)})
			assert.NoError(t, err)
			w.service.AliasTarget("d-x.execute-api.eu-west-1.amazonaws.com")
		})
	}
	group.Wait()
	assert.Len(t, w.service.View().Domains[host].Mappings, callers)
	assert.Equal(t, callers, w.service.Inventory()["base_path_mappings"])
}
