package test

import (
	"fmt"
	"testing"

	tt "github.com/gruntwork-io/terratest/modules/terraform"
	"github.com/stretchr/testify/assert"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/test/harness"
)

// TestManyPaths counts what a switch costs as base paths are added.
func TestManyPaths(t *testing.T) {
	t.Parallel()
	counts := map[int]int{}
	sizes := []int{1, 10, 50, 200}
	for _, paths := range sizes {
		s := harness.NewFixture(t, "many", emulator.Config{}, map[string]any{"paths": paths})
		s.Apply(map[string]any{"maintenance_mode": false})
		s.Emulator.ResetCalls()
		plan, planned := s.Planned(map[string]any{"maintenance_mode": true})
		harness.RequireSwitchOnly(t, plan, paths)
		tt.ApplyContext(t, t.Context(), planned)
		calls := s.Emulator.Calls()
		counts[paths] = len(calls)
		assert.Equal(t, paths, harness.CountWrites(calls), "one write a mapping")
		for _, call := range calls {
			assert.Empty(t, call.ErrorCode, call.Operation)
			assert.NotEqual(t, "DELETE", call.Method, call.Operation)
		}
	}
	fmt.Println("| base paths | management calls of a switch (plan and apply) |")
	fmt.Println("|---|---|")
	for _, paths := range sizes {
		fmt.Printf("| %d | %d |\n", paths, counts[paths])
	}
	for i, paths := range sizes[1:] {
		slope := float64(counts[paths]-counts[sizes[i]]) / float64(paths-sizes[i])
		assert.LessOrEqual(t, slope, 3.0, "calls for each mapping between %d and %d base paths", sizes[i], paths)
		assert.Greater(t, slope, 2.9, "the read, the PATCH and its read are all counted")
	}
}
