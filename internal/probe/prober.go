package probe

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"apigateway-maintenance/internal/maintenance"
)

// BurstGap is the time between the requests of a [Prober.Burst] on one URL.
const BurstGap = 50 * time.Millisecond

// Prober asks its URLs until it is stopped. Make one with [New].
type Prober struct {
	config     Config
	transports *transports
	regional   map[string]*transports // by URL, for those that name a region
	timeline   *Timeline
	bursts     []chan int // a URL each

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
	t, err := newTransports(config, "")
	if err != nil {
		return nil, err
	}
	p := &Prober{config: config, transports: t, regional: map[string]*transports{}, timeline: newTimeline(config)}
	for _, raw := range config.URLs {
		if via := config.via(raw); via != "" {
			if p.regional[raw], err = newTransports(config, via); err != nil {
				return nil, err
			}
		}
	}
	for range config.URLs {
		p.bursts = append(p.bursts, make(chan int, 1))
	}
	return p, nil
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
	for i := range p.config.URLs {
		// Spread over the interval, so that URLs are not asked all at once; a burst too.
		first := start.Add(interval * time.Duration(i) / time.Duration(len(p.config.URLs)))
		p.running.Go(func() { p.run(schedule, ctx, i, first, interval) })
	}
	return nil
}

// run keeps one URL's schedule. A late wake-up sends what became due meanwhile
// at once instead of leaving it out. A burst comes between, and the schedule
// goes on where it would have been.
func (p *Prober) run(schedule, ctx context.Context, i int, first time.Time, interval time.Duration) {
	url := p.config.URLs[i]
	var unanswered atomic.Int64
	due, scheduled := first, first
	timer := time.NewTimer(time.Until(due))
	defer timer.Stop()
	burst := 0
	for n := 0; ; n++ {
		timer.Reset(time.Until(due))
		select {
		case <-schedule.Done():
			return
		case burst = <-p.bursts[i]:
			begin := time.Now().Add(BurstGap * time.Duration(i) / time.Duration(len(p.config.URLs)))
			if begin.Before(due) {
				due = begin
			}
			n-- // nothing was sent
			continue
		case <-timer.C:
		}
		at := due
		for !scheduled.After(at) {
			scheduled = scheduled.Add(interval)
		}
		due = scheduled
		if burst--; burst > 0 {
			due = at.Add(min(interval, BurstGap))
		}
		if unanswered.Load() >= MaxUnanswered {
			p.timeline.add(Sample{URL: url, Due: at, sequence: n, Verdict: Wrong, Reason: fmt.Sprintf("not sent: %d earlier requests are unanswered", MaxUnanswered)})
			continue
		}
		unanswered.Add(1)
		p.running.Go(func() {
			defer unanswered.Add(-1)
			sample := p.ask(ctx, url, at, p.transport(url, n))
			sample.sequence = n
			p.timeline.add(sample)
		})
	}
}

// Burst asks each URL n times from now on, [BurstGap] apart, and then goes on at
// the rate: who waits for the answers to change need not wait for the schedule
// too. A burst that comes while an earlier one waits to begin is left out.
func (p *Prober) Burst(n int) {
	for _, burst := range p.bursts {
		select {
		case burst <- n:
		default:
		}
	}
}

// transport alternates: even requests come as a new client, odd ones as one
// that has been there before.
func (p *Prober) transport(url string, n int) *http.Transport {
	if n%2 == 0 {
		return p.transportsOf(url).fresh
	}
	return p.transportsOf(url).kept
}

func (p *Prober) transportsOf(url string) *transports {
	if regional := p.regional[url]; regional != nil {
		return regional
	}
	return p.transports
}

// Ask sends one request to a URL now, over a fresh connection, outside the
// schedule and the timeline.
func (p *Prober) Ask(ctx context.Context, url string) Sample {
	return p.ask(ctx, url, time.Now(), p.transportsOf(url).fresh)
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
	for _, regional := range p.regional {
		regional.close()
	}
}

// Timeline is what was seen so far.
func (p *Prober) Timeline() *Timeline { return p.timeline }

// Mark notes that something happened now; a mark also begins a phase, by which
// latency is summed up.
func (p *Prober) Mark(name maintenance.Mark) { p.timeline.mark(name, time.Now()) }
