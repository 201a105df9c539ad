package probe

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Prober asks its URLs until it is stopped. Make one with [New].
type Prober struct {
	config     Config
	transports *transports
	timeline   *Timeline

	mu      sync.Mutex
	stop    context.CancelFunc // ends the schedule, not what is under way
	abandon context.CancelFunc // ends both
	running sync.WaitGroup
}

// New checks the configuration and reads the files that it names.
func New(config Config) (*Prober, error) {
	config = config.withDefaults()
	if err := config.validate(); err != nil {
		return nil, err
	}
	t, err := newTransports(config)
	if err != nil {
		return nil, err
	}
	return &Prober{config: config, transports: t, timeline: newTimeline(config)}, nil
}

// Start begins to ask and returns at once. When ctx ends, what is under way is
// abandoned and not accounted. It fails if the prober was started before.
func (p *Prober) Start(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stop != nil {
		return errors.New("the prober was started already")
	}
	ctx, p.abandon = context.WithCancel(ctx)
	var schedule context.Context
	schedule, p.stop = context.WithCancel(ctx)
	start := time.Now()
	interval := time.Duration(float64(time.Second) / p.config.Rate)
	for i, url := range p.config.URLs {
		// Spread over the interval, so that URLs do not come in bursts.
		first := start.Add(interval * time.Duration(i) / time.Duration(len(p.config.URLs)))
		p.running.Go(func() { p.run(schedule, ctx, url, first, interval) })
	}
	return nil
}

// run keeps one URL's schedule. A late wake-up sends what became due meanwhile
// at once instead of leaving it out.
func (p *Prober) run(schedule, ctx context.Context, url string, first time.Time, interval time.Duration) {
	var unanswered atomic.Int64
	timer := time.NewTimer(time.Until(first))
	defer timer.Stop()
	for n := 0; ; n++ {
		due := first.Add(time.Duration(n) * interval)
		timer.Reset(time.Until(due))
		select {
		case <-schedule.Done():
			return
		case <-timer.C:
		}
		if unanswered.Load() >= MaxUnanswered {
			p.timeline.add(Sample{URL: url, Due: due, sequence: n, Verdict: Wrong, Reason: fmt.Sprintf("not sent: %d earlier requests are unanswered", MaxUnanswered)})
			continue
		}
		unanswered.Add(1)
		p.running.Go(func() {
			defer unanswered.Add(-1)
			sample := p.ask(ctx, url, due, p.transport(n))
			sample.sequence = n
			p.timeline.add(sample)
		})
	}
}

// transport alternates: even requests come as a new client, odd ones as one
// that has been there before.
func (p *Prober) transport(n int) *http.Transport {
	if n%2 == 0 {
		return p.transports.fresh
	}
	return p.transports.kept
}

// Ask sends one request to a URL now, over a fresh connection, outside the
// schedule and the timeline.
func (p *Prober) Ask(ctx context.Context, url string) Sample {
	return p.ask(ctx, url, time.Now(), p.transports.fresh)
}

// Stop ends the schedule, waits for the requests under way (at most their
// timeout) and closes the connections. It may be called more than once.
func (p *Prober) Stop() {
	p.mu.Lock()
	stop, abandon := p.stop, p.abandon
	p.mu.Unlock()
	if stop != nil {
		stop()
	}
	p.running.Wait()
	if abandon != nil {
		abandon()
	}
	p.transports.close()
}

// Timeline is what was seen so far.
func (p *Prober) Timeline() *Timeline { return p.timeline }

// Mark notes that something happened now; a mark also begins a phase, by which
// latency is summed up.
func (p *Prober) Mark(name string) { p.timeline.mark(name, time.Now()) }
