package apigateway_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func (w *world) key(name, value string) (*apigateway.CreateApiKeyOutput, error) {
	in := &apigateway.CreateApiKeyInput{Enabled: true}
	if name != "" {
		in.Name = &name
	}
	if value != "" {
		in.Value = &value
	}
	return w.client.CreateApiKey(w.ctx(), in)
}

func TestAPIKeys(t *testing.T) { // recorded by LocalStack
	w := newWorld(t)
	_, err := w.key(strings.Repeat("n", 1025), "")
	w.badRequest(err, "Invalid API Key name, can be at most 1024 characters.")
	_, err = w.key("short", "tooshort")
	w.badRequest(err, "API Key value should be at least 20 characters")
	_, err = w.key("long", strings.Repeat("v", 129))
	w.badRequest(err, "API Key value exceeds maximum size of 128 characters")
	made, err := w.key("Key", "")
	require.NoError(t, err)
	assert.GreaterOrEqual(t, len(*made.Value), 20)
	_, err = w.key("again", *made.Value)
	w.conflict(err, "API Key already exists")

	got, err := w.client.GetApiKey(w.ctx(), &apigateway.GetApiKeyInput{ApiKey: made.Id})
	require.NoError(t, err)
	assert.Nil(t, got.Value, "not unless asked for")
	got, err = w.client.GetApiKey(w.ctx(), &apigateway.GetApiKeyInput{ApiKey: made.Id, IncludeValue: aws.Bool(true)})
	require.NoError(t, err)
	assert.Equal(t, made.Value, got.Value)
	for query, count := range map[string]int{"": 1, "Ke": 1, "key": 0, "ey": 0} {
		listed, err := w.client.GetApiKeys(w.ctx(), &apigateway.GetApiKeysInput{NameQuery: aws.String(query)})
		require.NoError(t, err)
		assert.Len(t, listed.Items, count, query)
	}
	update := func(p types.PatchOperation) (*apigateway.UpdateApiKeyOutput, error) {
		return w.client.UpdateApiKey(w.ctx(), &apigateway.UpdateApiKeyInput{ApiKey: made.Id, PatchOperations: []types.PatchOperation{p}})
	}
	_, err = update(replace("/id", "x"))
	w.badRequest(err, "Invalid patch path  '/id' specified for op 'replace'. Must be one of: [/description, /enabled, /name, /customerId]")
	updated, err := update(replace("/enabled", "not-a-boolean"))
	require.NoError(t, err)
	assert.False(t, updated.Enabled)
}

func TestUsagePlans(t *testing.T) { // recorded by LocalStack
	w := newWorld(t)
	api, _ := w.deployed("planned", "live")
	plan, err := w.client.CreateUsagePlan(w.ctx(), &apigateway.CreateUsagePlanInput{Name: aws.String("plan"), ApiStages: []types.ApiStage{{ApiId: &api, Stage: aws.String("live")}}})
	require.NoError(t, err)
	assert.Empty(t, w.notices)
	update := func(patches ...types.PatchOperation) (*apigateway.UpdateUsagePlanOutput, error) {
		return w.client.UpdateUsagePlan(w.ctx(), &apigateway.UpdateUsagePlanInput{UsagePlanId: plan.Id, PatchOperations: patches})
	}
	updated, err := update(replace("/throttle/burstLimit", "100"), replace("/throttle/rateLimit", "200"), replace("/quota/limit", "5000"), replace("/quota/period", "MONTH"),
		replace("/apiStages/"+api+":live/throttle/~1pets/GET/rateLimit", "5"),
		replace("/apiStages/"+api+":live/throttle//pets/GET/burstLimit", "7"))
	require.NoError(t, err)
	assert.Equal(t, &types.ThrottleSettings{BurstLimit: 100, RateLimit: 200}, updated.Throttle)
	assert.Equal(t, &types.QuotaSettings{Limit: 5000, Period: types.QuotaPeriodTypeMonth}, updated.Quota)
	assert.Equal(t, map[string]types.ThrottleSettings{"/pets/GET": {RateLimit: 5, BurstLimit: 7}}, updated.ApiStages[0].Throttle)
	assert.Equal(t, []string{"Throttling and quotas of usage plans are stored and not enforced; that a method demands an API key is."}, w.notices)

	add := func(stage *string) error {
		_, err := update(types.PatchOperation{Op: types.OpAdd, Path: aws.String("/apiStages"), Value: stage})
		return err
	}
	w.badRequest(add(nil), "Invalid API Stage specified")
	w.badRequest(add(aws.String("fake")), "Invalid API Stage specified")
	w.notFound(add(aws.String(api+":fake")), "Invalid API Stage {api: "+api+", stage: fake} specified for usageplan "+*plan.Id)

	key, err := w.key("key", "")
	require.NoError(t, err)
	join := &apigateway.CreateUsagePlanKeyInput{UsagePlanId: plan.Id, KeyId: key.Id, KeyType: aws.String("API_KEY")}
	_, err = w.client.CreateUsagePlanKey(w.ctx(), join)
	require.NoError(t, err)
	_, err = w.client.CreateUsagePlanKey(w.ctx(), join)
	w.refuses(err, 409, "ConflictException", "")
	open := w.views[len(w.views)-1].APIs[api].Stages["live"].APIKeys
	assert.Equal(t, map[string]bool{*key.Value: true}, open, "the data plane lets the key in")
	keys, err := w.client.GetUsagePlanKeys(w.ctx(), &apigateway.GetUsagePlanKeysInput{UsagePlanId: plan.Id})
	require.NoError(t, err)
	assert.Equal(t, []types.UsagePlanKey{{Id: key.Id, Name: key.Name, Type: aws.String("API_KEY"), Value: key.Value}}, keys.Items)
	_, err = w.client.DeleteUsagePlanKey(w.ctx(), &apigateway.DeleteUsagePlanKeyInput{UsagePlanId: plan.Id, KeyId: key.Id})
	require.NoError(t, err)
	_, err = w.client.GetUsagePlanKey(w.ctx(), &apigateway.GetUsagePlanKeyInput{UsagePlanId: plan.Id, KeyId: key.Id})
	w.notFound(err, "")
	_, err = update(types.PatchOperation{Op: types.OpRemove, Path: aws.String("/apiStages"), Value: aws.String(api + ":live")}, types.PatchOperation{Op: types.OpRemove, Path: aws.String("/quota")})
	require.NoError(t, err)
	_, err = w.client.DeleteUsagePlan(w.ctx(), &apigateway.DeleteUsagePlanInput{UsagePlanId: plan.Id})
	require.NoError(t, err)
}
