package guard_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/guard"
	"apigateway-maintenance/internal/maintenance"
)

func TestEndpointsComeFromUrlsWithThePlannedModes(t *testing.T) {
	t.Parallel()
	view := guard.Planned(twoPaths().output("urls", object{"/": "https://" + domain + "/", "/orders": "https://" + domain + "/orders"}).plan(t))
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
	view := guard.Planned(switchOn().output("urls", nil).output("modes", nil).plan(t))
	require.Equal(t, []guard.Endpoint{{URL: "https://" + domain + "/", Domain: domain, Path: "/", Mode: maintenance.ModeMaintenance}}, view.Endpoints())
}

func TestTwoDomainsInOneRootAreToldApart(t *testing.T) {
	t.Parallel()
	view := guard.Planned(switchOn().
		output("urls", object{"public": object{"/": "https://" + domain + "/"}, "staff": object{"/": "https://staff.example.com/"}}).
		output("modes", object{"public": object{"/": "maintenance"}, "staff": object{"/": "live"}}).plan(t))
	assert.Equal(t, maintenance.ModeMaintenance, view.ModeOfURL("https://"+domain+"/"))
	assert.Equal(t, maintenance.ModeLive, view.ModeOfURL("https://staff.example.com/"))
}

func TestAMappingPointedElsewhereHasNoMode(t *testing.T) {
	t.Parallel()
	view := guard.Planned(switchOn().plan(t))
	require.Len(t, view.Mappings, 1)
	m := view.Mappings[0]
	assert.Equal(t, maintenance.ModeMaintenance, view.ModeOf(m))
	m.StageName = "byhand"
	assert.Empty(t, view.ModeOf(m))
}

func TestATargetedPlanTakesTargetsFromTheStateButNotModes(t *testing.T) {
	t.Parallel()
	b := switchOn().with("complete", false)
	b.outputs = object{}
	result, err := guard.Check(b.plan(t), maintenance.On)
	require.NoError(t, err)
	assert.True(t, result.Pure(), "%v", result.Violations)
	assert.Equal(t, maintenance.ModeMaintenance, guard.Planned(b.plan(t)).ModeOfURL("https://"+domain+"/"))

	delete(b.more, "complete") // as OpenTofu writes it
	result, err = guard.Check(b.plan(t), maintenance.On)
	require.NoError(t, err)
	assert.True(t, result.Pure(), "%v", result.Violations)
	b.outputChanges["targets"] = object{"actions": []any{"delete"}, "before": object{"/": pair(live)}, "after": nil, "after_unknown": false}
	_, err = guard.Check(b.plan(t), maintenance.On)
	assert.ErrorIs(t, err, guard.ErrNoTargets, "an output that goes was not left out")

	_, err = guard.Check(b.with("complete", true).plan(t), maintenance.On)
	assert.ErrorIs(t, err, guard.ErrNoTargets, "a whole plan has all its outputs")
}
