package guard

import (
	"encoding/json"
	"fmt"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/maintenance"
)

// regional is a module with one domain and one mapping, in a region.
func regional(name, region, domain, api string) string {
	return fmt.Sprintf(`{"address": "module.%[1]s", "resources": [
		{"address": "module.%[1]s.aws_api_gateway_domain_name.this[0]", "mode": "managed", "type": "aws_api_gateway_domain_name", "name": "this",
		 "values": {"domain_name": %[3]q, "regional_domain_name": "d-%[1]s.execute-api.%[2]s.amazonaws.com", "arn": "arn:aws:apigateway:%[2]s::/domainnames/x"}},
		{"address": "module.%[1]s.aws_api_gateway_base_path_mapping.this[\"/\"]", "mode": "managed", "type": "aws_api_gateway_base_path_mapping", "name": "this",
		 "values": {"domain_name": %[3]q, "base_path": "", "api_id": %[4]q, "stage_name": "live"}}]}`, name, region, domain, api)
}

func stateOf(t *testing.T, outputs map[string]any, modules ...string) *tfjson.State {
	t.Helper()
	var children []json.RawMessage
	for _, m := range modules {
		children = append(children, json.RawMessage(m))
	}
	wrapped := map[string]any{}
	for name, value := range outputs {
		wrapped[name] = map[string]any{"value": value, "sensitive": false}
	}
	text, err := json.Marshal(map[string]any{
		"format_version": "1.0", "terraform_version": "1.11.4",
		"values": map[string]any{"outputs": wrapped, "root_module": map[string]any{"child_modules": children}},
	})
	require.NoError(t, err)
	var state tfjson.State
	require.NoError(t, state.UnmarshalJSON(text))
	return &state
}

func pair(live string) map[string]any {
	return map[string]any{"/": map[string]any{
		"live":        map[string]any{"api_id": live, "stage_name": "live"},
		"maintenance": map[string]any{"api_id": "mock", "stage_name": "maintenance"},
	}}
}

func TestAWildcardDomainIsAskedAtTheHostOfItsURL(t *testing.T) {
	state := stateOf(t, map[string]any{
		"urls": map[string]any{"/": "https://shop.example.com/"}, "modes": map[string]any{"/": "maintenance"}, "targets": pair("live1"),
	}, regional("domain", "eu-west-1", "*.example.com", "mock"))
	view := Stored(state)
	require.Len(t, view.Endpoints(), 1)
	assert.Equal(t, "*.example.com", view.Endpoints()[0].Domain)
	assert.Equal(t, "shop.example.com", view.HostOf("*.example.com"))
	assert.Equal(t, maintenance.ModeMaintenance, view.ModeOfURL("https://other.example.com/orders"))
	assert.Empty(t, view.ModeOfURL("https://a.other.example.com/"))
	assert.Equal(t, []string{"https://shop.example.com/"}, view.Everywhere("https://shop.example.com/"))

	without := Stored(stateOf(t, nil, regional("domain", "eu-west-1", "*.example.com", "live1")))
	assert.Equal(t, "https://maintenance-probe.example.com/", without.Endpoints()[0].URL)
}

func TestADomainInTwoRegionsIsAskedInEach(t *testing.T) {
	urls := map[string]any{"/": "https://api.example.com/"}
	modes := map[string]any{"/": "maintenance"}
	for name, outputs := range map[string]map[string]any{
		"one set of urls": {"urls": urls, "targets": map[string]any{"ireland": pair("live1"), "frankfurt": pair("live2")}},
		"one for each":    {"urls": map[string]any{"ireland": urls, "frankfurt": urls}, "modes": map[string]any{"ireland": modes, "frankfurt": modes}, "targets": map[string]any{"ireland": pair("live1"), "frankfurt": pair("live2")}},
		"no urls":         {"targets": map[string]any{"ireland": pair("live1"), "frankfurt": pair("live2")}},
	} {
		t.Run(name, func(t *testing.T) {
			view := Stored(stateOf(t, outputs, regional("ireland", "eu-west-1", "api.example.com", "mock"), regional("frankfurt", "eu-central-1", "api.example.com", "live2")))
			var seen []string
			for _, e := range view.Endpoints() {
				seen = append(seen, e.URL)
			}
			assert.Equal(t, []string{"https://api.example.com/#eu-central-1", "https://api.example.com/#eu-west-1"}, seen)
			assert.Equal(t, seen, view.Everywhere("https://api.example.com/"))
			assert.Equal(t, []string{"https://api.example.com/orders#eu-west-1"}, view.Everywhere("https://api.example.com/orders#eu-west-1"))
			assert.Equal(t, "d-frankfurt.execute-api.eu-central-1.amazonaws.com", view.Via("api.example.com", "eu-central-1"))
			assert.Empty(t, view.Via("api.example.com", "us-east-1"))
			assert.Equal(t, "eu-central-1", view.RegionOfTarget(maintenance.Target{APIID: "live2", StageName: "live"}))
			assert.Equal(t, maintenance.ModeLive, view.ModeOfURL("https://api.example.com/orders#eu-central-1"), "by its mapping, whatever the other is")
		})
	}
}

func TestADomainInOneRegionHasPlainURLs(t *testing.T) {
	view := Stored(stateOf(t, map[string]any{"urls": map[string]any{"/": "https://api.example.com/"}}, regional("domain", "eu-west-1", "api.example.com", "live1")))
	assert.Equal(t, "https://api.example.com/", view.Endpoints()[0].URL)
	assert.Empty(t, view.Via("api.example.com", "eu-west-1"))
}
