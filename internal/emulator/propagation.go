package emulator

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"apigateway-maintenance/internal/emulator/definition"
)

// Propagation makes the data plane consist of several nodes, each of which
// hears of a change after a delay of its own. Requests land on nodes at random,
// so answers flap while a change is under way, as they may on AWS (fact D5).
type Propagation struct {
	Nodes    int           // at least 1
	MaxDelay time.Duration // each node's delay is drawn evenly from 0 to this
	Seed     uint64        // the same seed draws the same delays and nodes
}

// nodes are the simulated gateway nodes. Without propagation there is one, and
// it hears of a change at once.
type nodes struct {
	maxDelay time.Duration
	views    []atomic.Pointer[definition.View]

	mu      sync.Mutex
	random  *rand.Rand
	version uint64   // of the newest published view
	reached []uint64 // by node: the version that it has
	stopped bool
}

func newNodes(p *Propagation) *nodes {
	if p == nil {
		p = &Propagation{Nodes: 1}
	}
	count := max(p.Nodes, 1)
	return &nodes{
		maxDelay: p.MaxDelay,
		views:    make([]atomic.Pointer[definition.View], count),
		random:   rand.New(rand.NewPCG(p.Seed, p.Seed)),
		reached:  make([]uint64, count),
	}
}

// publish sends a view to every node. The first one is there at once, since
// before it there is nothing to show.
func (n *nodes) publish(view *definition.View) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.version++
	for i := range n.views {
		if n.maxDelay <= 0 || n.version == 1 {
			n.reach(i, n.version, view)
			continue
		}
		version, delay := n.version, time.Duration(n.random.Int64N(int64(n.maxDelay)+1))
		time.AfterFunc(delay, func() {
			n.mu.Lock()
			defer n.mu.Unlock()
			n.reach(i, version, view)
		})
	}
}

// reach gives a node a view, unless it has a newer one: an older view that
// arrives late must not undo a change. The lock is held.
func (n *nodes) reach(node int, version uint64, view *definition.View) {
	if n.stopped || version < n.reached[node] {
		return
	}
	n.reached[node] = version
	n.views[node].Store(view)
}

// view is what the node has on which a request lands.
func (n *nodes) view() *definition.View {
	if len(n.views) == 1 {
		return n.views[0].Load()
	}
	n.mu.Lock()
	node := n.random.IntN(len(n.views))
	n.mu.Unlock()
	return n.views[node].Load()
}

// stop lets changes that are under way go nowhere.
func (n *nodes) stop() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.stopped = true
}
