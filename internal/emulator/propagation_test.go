package emulator

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"apigateway-maintenance/internal/emulator/definition"
)

// TestNodesNeverGoBackAndEndWithTheNewestView publishes many views close
// together, so that older ones arrive after newer ones.
func TestNodesNeverGoBackAndEndWithTheNewestView(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		count := rapid.IntRange(1, 6).Draw(rt, "nodes")
		pauses := rapid.SliceOfN(rapid.IntRange(0, 1500), 1, 8).Draw(rt, "pauses in ms")
		seed := rapid.Uint64().Draw(rt, "seed")
		synctest.Test(t, func(t *testing.T) {
			n := newNodes(&Propagation{Nodes: count, MaxDelay: time.Second, Seed: seed})
			order := map[*definition.View]int{}
			publish := func() *definition.View {
				view := &definition.View{}
				order[view] = len(order)
				n.publish(view)
				return view
			}
			newest := publish()
			seen := make([]int, count)
			look := func() {
				for i := range n.views {
					now := order[n.views[i].Load()]
					assert.GreaterOrEqual(t, now, seen[i], "a node went back")
					seen[i] = now
				}
			}
			for _, pause := range pauses {
				newest = publish()
				for range pause / 50 {
					time.Sleep(50 * time.Millisecond)
					synctest.Wait()
					look()
				}
			}
			for range 21 {
				time.Sleep(50 * time.Millisecond)
				synctest.Wait()
				look()
			}
			for i := range n.views {
				assert.Same(t, newest, n.views[i].Load())
			}
		})
	})
}

func TestWithoutPropagationAChangeIsThereAtOnce(t *testing.T) {
	n := newNodes(nil)
	for range 3 {
		view := &definition.View{}
		n.publish(view)
		assert.Same(t, view, n.view())
	}
}
