package test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/test/harness"
)

// TestOperateStatus asks the command where a root stands.
func TestOperateStatus(t *testing.T) {
	t.Parallel()
	o := harness.OpenShop(t, emulator.Config{}, harness.Toolchain, "")
	t.Run("status without a plan shows the rest and why there is none", func(t *testing.T) {
		o := o.In(t)
		o.Given(maintenance.Off)
		r := o.Require(2, "status", "--var", "nosuch=1")
		assert.Contains(t, r.Out, "live  (workspace prod)")
		assert.Regexp(t, `next deploy: +not known`, r.Out)
		assert.Contains(t, r.ErrOut, `declares no variable "nosuch"`)
	})
	t.Run("a workspace where nothing was deployed is named with its folder", func(t *testing.T) {
		o := o.In(t)
		r := o.RunIn([]string{"TF_WORKSPACE=stage"}, nil, "status")
		assert.Equal(t, 3, r.Code)
		assert.Contains(t, r.ErrOut, "workspace stage of "+o.Root)
	})
	t.Run("status tells maintenance, the next deploy and the open back door", func(t *testing.T) {
		o := o.In(t)
		o.Given(maintenance.On)
		r := o.Require(10, "status", "--exit-code", "--json")
		status := r.Last(t, "status")
		assert.Equal(t, "maintenance", status["stand"])
		assert.Equal(t, "prod", status["workspace"])
		for _, p := range status["paths"].([]any) {
			path := p.(map[string]any)
			assert.Equal(t, "live", path["next"], "the variable's default switches back: %v", path)
		}
		door := status["execute_api"].([]any)[0].(map[string]any)
		assert.True(t, door["open"].(bool), "the shop's API does not disable its own address: %v", door)
	})
}
