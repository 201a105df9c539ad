package guard_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"apigateway-maintenance/internal/guard"
	"apigateway-maintenance/internal/maintenance"
)

// perCheck is how many plans are drawn in each of rapid's 100 checks: 20,000 in
// all by the two tests below, 1,000 with -short.
func perCheck() int {
	if testing.Short() {
		return 5
	}
	return 100
}

// TestDrawnPlans compares the guard, the policy and the small rule on recorded
// plans in which anything may be missing, null, of another type, there twice,
// renamed or taken from elsewhere.
func TestDrawnPlans(t *testing.T) {
	t.Parallel()
	compare(t, func(t *rapid.T, plan object) []string {
		var done []string
		for range rapid.IntRange(1, 3).Draw(t, "mutations") {
			done = append(done, mutate(t, plan))
		}
		return done
	})
}

// TestComposedPlans compares them on plans in which several of the things that
// the written plans do meet.
func TestComposedPlans(t *testing.T) {
	t.Parallel()
	known := writtenPlans()
	names := slices.Sorted(maps.Keys(known))
	compare(t, func(t *rapid.T, plan object) []string {
		var done []string
		for range rapid.IntRange(0, 3).Draw(t, "edits") {
			name := rapid.SampledFrom(names).Draw(t, "edit")
			if attempt(known[name].edit, plan) {
				done = append(done, name)
			}
		}
		return done
	})
}

// attempt edits a plan if what it edits is still there.
func attempt(e edit, plan object) (done bool) {
	defer func() { done = recover() == nil }()
	e(plan)
	return true
}

func compare(t *testing.T, change func(*rapid.T, object) []string) {
	policy := preparePolicy(t)
	texts := map[string][]byte{}
	for _, name := range recorded {
		text, err := json.Marshal(trimmed(recordedPlan(t, name)))
		require.NoError(t, err)
		texts[name] = text
	}
	var drawn, passed atomic.Int64
	rapid.Check(t, func(t *rapid.T) {
		for i := range perCheck() {
			name := rapid.SampledFrom(recorded).Draw(t, fmt.Sprintf("plan %d", i))
			direction := rapid.SampledFrom([]maintenance.Direction{directionOf(name), directionOf(name), directionOf(name), directionOf(name).Opposite()}).Draw(t, "direction")
			var plan object
			if err := json.Unmarshal(texts[name], &plan); err != nil {
				t.Fatal(err)
			}
			done := change(t, plan)
			drawn.Add(1)
			if agree(t, policy, plan, direction, fmt.Sprintf("%s, %s", name, strings.Join(done, ", "))) {
				passed.Add(1)
			}
		}
	})
	t.Logf("%d plans, of which %d are switches", drawn.Load(), passed.Load())
}

// agree judges a plan by all three, and says whether it passes.
func agree(t *rapid.T, policy policy, plan object, direction maintenance.Direction, what string) bool {
	text, err := json.Marshal(plan)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := guard.Parse(text)
	if err != nil {
		return false
	}
	found := reasonsOf(guard.Check(parsed, direction))
	reasons, err := policy.reasons(plan, direction)
	if err != nil {
		t.Fatalf("%s: the policy failed: %v", what, err)
	}
	if !slices.Equal(found, reasons) {
		t.Fatalf("%s: the guard says\n%s\nand the policy\n%s", what, strings.Join(found, "\n"), strings.Join(reasons, "\n"))
	}
	if len(found) > 0 {
		return false
	}
	if left := leftover(plan, direction); left != "" {
		t.Fatalf("%s: it passes, and yet it does more than switch: %s", what, left)
	}
	return true
}
