package execution_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"apigateway-maintenance/internal/emulator/definition"
)

func TestTheCanaryGetsItsShareOfTheRequests(t *testing.T) {
	canary := mockMethod()
	canary.Integration.Responses["503"].ResponseTemplates = map[string]string{"application/json": "$context.isCanaryRequest $stageVariables.color"}
	f := newFixture(map[string]*definition.Method{"ANY /": canary})
	stage := f.view.APIs["api1"].Stages["live"]
	overridden := *f.stage
	overridden.Variables = map[string]string{"color": "green"}
	stage.Canary = &definition.StageView{Stage: &overridden, Snapshot: f.snapshot}

	assert.Equal(t, "false ", read(t, f.get("https://api.example.com/")), "none at 0 %")
	stage.CanaryPercent = 100
	assert.Equal(t, "true green", read(t, f.get("https://api.example.com/")))
}
