package lambda

import "sync"

// maxIdle processes of a function are kept warm.
const maxIdle = 50

// pool holds the processes of one function as it was when it was made. Each
// serves one request at a time (Lambda guide, "Understanding Lambda function
// scaling"); one that is idle is used again before another is started.
type pool struct {
	start func() (*worker, error)
	// users are the requests under way.
	users sync.WaitGroup

	mu      sync.Mutex
	changed *sync.Cond // idle or settling changed
	idle    []*worker
	// settling are workers that have answered and not yet asked for more.
	settling int
	running  map[*worker]bool
	dead     bool
}

func newPool(start func() (*worker, error)) *pool {
	p := &pool{start: start, running: map[*worker]bool{}}
	p.changed = sync.NewCond(&p.mu)
	return p
}

// take gives an idle worker, the one that was used last, or starts one.
func (p *pool) take() (*worker, error) {
	if w := p.takeIdle(); w != nil {
		return w, nil
	}
	w, err := p.start()
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	p.running[w] = true
	dead := p.dead
	p.mu.Unlock()
	if dead {
		w.end()
		return nil, errClosed
	}
	return w, nil
}

// takeIdle waits for workers that will be idle in a moment; nil if there are
// none.
func (p *pool) takeIdle() *worker {
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		for len(p.idle) > 0 {
			w := p.idle[len(p.idle)-1]
			p.idle = p.idle[:len(p.idle)-1]
			if w.alive() {
				return w
			}
			delete(p.running, w)
		}
		if p.settling == 0 {
			return nil
		}
		p.changed.Wait()
	}
}

// put takes a worker back, to be used again unless it ends. It does not wait.
func (p *pool) put(w *worker) {
	if w == nil {
		p.users.Done()
		return
	}
	p.mu.Lock()
	p.settling++
	p.mu.Unlock()
	go func() {
		defer p.users.Done()
		w.settle()
		p.mu.Lock()
		defer p.mu.Unlock()
		p.settling--
		defer p.changed.Broadcast()
		if w.alive() && !p.dead && len(p.idle) < maxIdle {
			p.idle = append(p.idle, w)
			return
		}
		delete(p.running, w)
		w.end()
	}()
}

// endIdle ends the workers that nobody uses.
func (p *pool) endIdle() {
	p.mu.Lock()
	idle := p.idle
	p.idle = nil
	for _, w := range idle {
		delete(p.running, w)
	}
	p.mu.Unlock()
	for _, w := range idle {
		w.end()
	}
}

// kill ends all workers, also those in use, for good.
func (p *pool) kill() {
	p.mu.Lock()
	p.dead = true
	running := p.running
	p.running, p.idle = map[*worker]bool{}, nil
	p.mu.Unlock()
	for w := range running {
		w.end()
	}
}
