package guard_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/guard"
)

func TestRecordedSwitchesPassBoth(t *testing.T) {
	t.Parallel()
	policy := preparePolicy(t)
	for _, name := range recorded {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plan := recordedPlan(t, name)
			result := guard.Check(parse(t, plan), directionOf(name))
			assert.Empty(t, reasonsOf(result))
			require.Len(t, result.Switches, 1)
			assert.Equal(t, "/orders", result.Switches[0].Path)
			reasons, err := policy.reasons(plan, directionOf(name))
			require.NoError(t, err)
			assert.Empty(t, reasons)
			reasons, err = policy.reasons(plan, directionOf(name).Opposite())
			require.NoError(t, err)
			assert.Equal(t, reasonsOf(guard.Check(parse(t, plan), directionOf(name).Opposite())), reasons)
			assert.NotEmpty(t, reasons)
		})
	}
}
