package apigateway_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const host = "api.example.com"

func TestOnePatchSwitchesAPIAndStageOfTheRootMapping(t *testing.T) { // facts D1, E1
	w := newWorld(t)
	live, _ := w.deployed("live", "live")
	mock, _ := w.deployed("mock", "maintenance")
	w.domain(host)
	require.NoError(t, w.mapPath(host, "", live, "live"))

	out, err := w.patchMapping(host, "(none)", replace("/restapiId", mock), replace("/stage", "maintenance"))
	require.NoError(t, err)
	assert.Equal(t, []string{"(none)", mock, "maintenance"}, []string{*out.BasePath, *out.RestApiId, *out.Stage})

	published := w.service.View().Domains[host].Mappings[""]
	assert.Equal(t, mock, published.RestAPIID)
	assert.Equal(t, "maintenance", published.Stage)
	got, err := w.client.GetBasePathMapping(w.ctx(), &apigateway.GetBasePathMappingInput{DomainName: aws.String(host), BasePath: aws.String("(none)")})
	require.NoError(t, err)
	assert.Equal(t, mock, *got.RestApiId)
}

func TestAPublishedViewNeverChanges(t *testing.T) {
	w := newWorld(t)
	live, _ := w.deployed("live", "live")
	mock, _ := w.deployed("mock", "maintenance")
	w.domain(host)
	require.NoError(t, w.mapPath(host, "v1", live, "live"))
	before := w.service.View()
	seen := len(w.views)

	_, err := w.patchMapping(host, "v1", replace("/restapiId", mock), replace("/stage", "maintenance"))
	require.NoError(t, err)
	assert.Equal(t, live, before.Domains[host].Mappings["v1"].RestAPIID, "the view of before")
	require.Len(t, w.views, seen+1, "one change publishes one view")
	assert.Same(t, w.service.View(), w.views[seen])
}

func TestMappingsAreRefusedAsOnAWS(t *testing.T) {
	w := newWorld(t)
	live, _ := w.deployed("live", "live")
	w.domain(host)
	require.NoError(t, w.mapPath(host, "", live, "live"))
	require.NoError(t, w.mapPath(host, "v1", live, "live"))

	t.Run("a second mapping of a base path is a conflict (fact D1)", func(t *testing.T) {
		w.conflict(w.mapPath(host, "v1", live, "live"), "Base path already exists for this domain name")
		w.conflict(w.mapPath(host, "(none)", live, "live"), "Base path already exists for this domain name")
	})
	t.Run("a slash in a v1 base path is refused (fact D3)", func(t *testing.T) {
		w.badRequest(w.mapPath(host, "a/b", live, "live"), "API Gateway V1 doesn't support the slash character (/) in base path mappings.")
		_, err := w.patchMapping(host, "v1", replace("/basePath", "a/b"))
		w.badRequest(err, "slash character")
	})
	t.Run("odd characters in a base path are refused (fact D2)", func(t *testing.T) {
		for _, path := range []string{"a b", "ä", "a?b", "a%b", "a~b"} {
			w.badRequest(w.mapPath(host, path, live, "live"), "Invalid base path specified")
		}
	})
	t.Run("the characters that the guide lists are taken (fact D2)", func(t *testing.T) {
		require.NoError(t, w.mapPath(host, "aZ9$-_.+!*'()", live, "live"))
	})
	t.Run("an API that does not exist is refused", func(t *testing.T) {
		w.badRequest(w.mapPath(host, "x", "nosuchapi", "live"), "Invalid API identifier specified")
		_, err := w.patchMapping(host, "v1", replace("/restapiId", "nosuchapi"))
		w.badRequest(err, "Invalid API identifier specified")
	})
	t.Run("a stage that the API lacks is refused (fact D1)", func(t *testing.T) {
		w.badRequest(w.mapPath(host, "x", live, "nosuch"), "Invalid stage identifier specified")
		_, err := w.patchMapping(host, "v1", replace("/stage", "nosuch"))
		w.badRequest(err, "Invalid stage identifier specified")
	})
	t.Run("an API alone is not switched to where it lacks the stage", func(t *testing.T) {
		mock, _ := w.deployed("mock", "maintenance")
		_, err := w.patchMapping(host, "v1", replace("/restapiId", mock))
		w.badRequest(err, "Invalid stage identifier specified")
		assert.Equal(t, live, w.service.View().Domains[host].Mappings["v1"].RestAPIID, "nothing is half-done")
	})
	t.Run("a mapping that does not exist is not found (fact D1)", func(t *testing.T) {
		_, err := w.patchMapping(host, "nosuch", replace("/stage", "live"))
		w.notFound(err, "Invalid base path mapping identifier specified")
		_, err = w.client.DeleteBasePathMapping(w.ctx(), &apigateway.DeleteBasePathMappingInput{DomainName: aws.String(host), BasePath: aws.String("nosuch")})
		w.notFound(err, "Invalid base path mapping identifier specified")
	})
	t.Run("a domain that does not exist is not found", func(t *testing.T) {
		w.notFound(w.mapPath("other.example.com", "", live, "live"), "Invalid domain name identifier specified")
	})
	t.Run("an unknown patch path is refused", func(t *testing.T) {
		_, err := w.patchMapping(host, "v1", replace("/restApiId", live))
		w.badRequest(err, "Invalid patch path /restApiId")
	})
	t.Run("an unknown operation is refused", func(t *testing.T) {
		_, err := w.patchMapping(host, "v1", types.PatchOperation{Op: "wrong", Path: aws.String("/stage")})
		w.refuses(err, 400, "ValidationException", "Value 'wrong' at 'updateBasePathMappingInput.patchOperations.1.member.op' failed to satisfy constraint")
		_, err = w.patchMapping(host, "v1", types.PatchOperation{Op: types.OpRemove, Path: aws.String("/stage")})
		w.badRequest(err, "Invalid patch operation specified. Must be one of: [replace]")
	})
}

func TestABasePathIsMovedInPlace(t *testing.T) { // fact E1: base_path updates in place
	w := newWorld(t)
	live, _ := w.deployed("live", "live")
	w.domain(host)
	require.NoError(t, w.mapPath(host, "v1", live, "live"))
	require.NoError(t, w.mapPath(host, "v2", live, "live"))

	_, err := w.patchMapping(host, "v1", replace("/basePath", "v2"))
	w.conflict(err, "Base path already exists for this domain name")
	_, err = w.patchMapping(host, "v1", replace("/basePath", ""))
	require.NoError(t, err)
	mappings := w.service.View().Domains[host].Mappings
	assert.Len(t, mappings, 2)
	assert.Contains(t, mappings, "")
}

func TestAMappingMayLeaveTheStageToTheCaller(t *testing.T) { // fact D1
	w := newWorld(t)
	live, _ := w.deployed("live", "live")
	w.domain(host)
	require.NoError(t, w.mapPath(host, "v1", live, ""))
	assert.Empty(t, w.service.View().Domains[host].Mappings["v1"].Stage)
}

func TestListsOfMappingsHavePages(t *testing.T) {
	w := newWorld(t)
	live, _ := w.deployed("live", "live")
	w.domain(host)
	for i := range 30 {
		require.NoError(t, w.mapPath(host, "p"+string(rune('a'+i%26))+string(rune('a'+i/26)), live, "live"))
	}
	pages := apigateway.NewGetBasePathMappingsPaginator(w.client, &apigateway.GetBasePathMappingsInput{DomainName: aws.String(host)})
	var sizes []int
	seen := map[string]bool{}
	for pages.HasMorePages() {
		page, err := pages.NextPage(w.ctx())
		require.NoError(t, err)
		sizes = append(sizes, len(page.Items))
		for _, item := range page.Items {
			seen[*item.BasePath] = true
		}
	}
	assert.Equal(t, []int{25, 5}, sizes)
	assert.Len(t, seen, 30)
}
