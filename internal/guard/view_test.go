package guard_test

import (
	"encoding/json"
	"maps"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/guard"
	"apigateway-maintenance/internal/maintenance"
)

const (
	domain = "api.example.com"
	live   = "liveapi001"
	mock   = "mockapi001"
)

func pair(api string) object {
	return object{
		"live":        object{"api_id": api, "stage_name": "live"},
		"maintenance": object{"api_id": mock, "stage_name": "maintenance"},
	}
}

// viewed is what a view is of: outputs before and after, and one mapping that is
// on the mock after.
type viewed struct {
	prior, outputs, more object
	stage                any
}

func switched() viewed {
	return viewed{
		prior:   object{"targets": object{"/": pair(live)}, "modes": object{"/": "live"}},
		outputs: object{"targets": object{"/": pair(live)}, "modes": object{"/": "maintenance"}, "urls": object{"/": "https://" + domain + "/"}},
		more:    object{},
		stage:   "maintenance",
	}
}

func (v viewed) output(name string, value any) viewed {
	v.outputs = maps.Clone(v.outputs)
	v.outputs[name] = value
	return v
}

func (v viewed) plan(t *testing.T) *tfjson.Plan {
	t.Helper()
	told := func(values object) object {
		all := object{}
		for name, value := range values {
			all[name] = object{"sensitive": false, "value": value}
		}
		return all
	}
	// As Terraform writes it, the prior state has the planned outputs already.
	changes, stored := object{}, maps.Clone(v.prior)
	for name, after := range v.outputs {
		changes[name] = object{"actions": []any{"update"}, "before": v.prior[name], "after": after, "after_unknown": false}
		stored[name] = after
	}
	mapping := object{"address": "m", "mode": "managed", "type": mappingType, "name": "m",
		"values": object{"domain_name": domain, "base_path": "", "api_id": mock, "stage_name": v.stage}}
	document := object{
		"format_version": "1.2", "output_changes": changes,
		"planned_values": object{"outputs": told(v.outputs), "root_module": object{"resources": []any{mapping}}},
		"prior_state":    object{"format_version": "1.0", "values": object{"outputs": told(stored), "root_module": object{}}},
	}
	maps.Copy(document, v.more)
	text, err := json.Marshal(document)
	require.NoError(t, err)
	var plan tfjson.Plan
	require.NoError(t, json.Unmarshal(text, &plan))
	return &plan
}

func TestEndpointsComeFromUrlsWithThePlannedModes(t *testing.T) {
	t.Parallel()
	view := guard.Planned(switched().
		output("targets", object{"/": pair(live), "/orders": pair("liveapi002")}).
		output("modes", object{"/": "maintenance", "/orders": "live"}).
		output("urls", object{"/": "https://" + domain + "/", "/orders": "https://" + domain + "/orders"}).plan(t))
	assert.Equal(t, []guard.Endpoint{
		{URL: "https://" + domain + "/", Domain: domain, Path: "/", Mode: maintenance.ModeMaintenance},
		{URL: "https://" + domain + "/orders", Domain: domain, Path: "/orders", Mode: maintenance.ModeLive},
	}, view.Endpoints())
	assert.Equal(t, maintenance.ModeLive, view.ModeOfURL("https://"+domain+"/orders/7?x=1"))
	assert.Equal(t, maintenance.ModeMaintenance, view.ModeOfURL("https://"+domain+"/health"))
	assert.Empty(t, view.ModeOfURL("https://elsewhere.example/"))
}

func TestWithoutOutputsForThemEndpointsComeFromTheMappings(t *testing.T) {
	t.Parallel()
	view := guard.Planned(switched().output("urls", nil).output("modes", nil).plan(t))
	require.Equal(t, []guard.Endpoint{{URL: "https://" + domain + "/", Domain: domain, Path: "/", Mode: maintenance.ModeMaintenance}}, view.Endpoints())
}

func TestTwoDomainsInOneRootAreToldApart(t *testing.T) {
	t.Parallel()
	view := guard.Planned(switched().
		output("urls", object{"public": object{"/": "https://" + domain + "/"}, "staff": object{"/": "https://staff.example.com/"}}).
		output("modes", object{"public": object{"/": "maintenance"}, "staff": object{"/": "live"}}).plan(t))
	assert.Equal(t, maintenance.ModeMaintenance, view.ModeOfURL("https://"+domain+"/"))
	assert.Equal(t, maintenance.ModeLive, view.ModeOfURL("https://staff.example.com/"))
}

func TestAMappingPointedElsewhereHasNoMode(t *testing.T) {
	t.Parallel()
	view := guard.Planned(switched().plan(t))
	require.Len(t, view.Mappings, 1)
	m := view.Mappings[0]
	assert.Equal(t, maintenance.ModeMaintenance, view.ModeOf(m))
	m.StageName = "byhand"
	assert.Empty(t, view.ModeOf(m))
}

func TestATargetedPlanTakesTargetsFromTheStateButNotModes(t *testing.T) {
	t.Parallel()
	targeted := switched()
	targeted.outputs, targeted.more = object{}, object{"complete": false}
	assert.Equal(t, maintenance.ModeMaintenance, guard.Planned(targeted.plan(t)).ModeOfURL("https://"+domain+"/"))
	targeted.more = object{} // as OpenTofu writes it
	assert.Equal(t, maintenance.ModeMaintenance, guard.Planned(targeted.plan(t)).ModeOfURL("https://"+domain+"/"))
}

func TestAMappingMayNameNoStage(t *testing.T) {
	t.Parallel()
	entry := object{"live": object{"api_id": live, "stage_name": nil}, "maintenance": object{"api_id": mock, "stage_name": nil}, "read_only": nil, "newer": 1}
	v := switched().output("targets", object{"/": entry})
	v.stage = nil
	view := guard.Planned(v.plan(t))
	targets, found := view.TargetsOf(view.Mappings[0])
	require.True(t, found)
	assert.Equal(t, maintenance.Target{APIID: live}, targets.Live)
	assert.Equal(t, maintenance.ModeMaintenance, view.ModeOf(view.Mappings[0]))
	assert.Equal(t, live+" (callers name the stage)", targets.Live.String())
}
