package switchover

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"apigateway-maintenance/internal/guard"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/plain"
	"apigateway-maintenance/internal/probe"
)

// confirmBurst is how many answers are asked for at once when a confirmation
// begins; more come at the rate.
const confirmBurst = 5

// LeastConfirmation is the least time that a confirmation takes: what its
// requests have between them, at a rate a second.
func LeastConfirmation(inARow int, rate float64) time.Duration {
	atOnce := min(inARow, confirmBurst)
	return time.Duration(atOnce-1)*probe.BurstGap + time.Duration(float64(inARow-atOnce)/rate*float64(time.Second))
}

// watch probes the URLs of a switch and tallies what each answers.
type watch struct {
	prober   *probe.Prober
	expected probe.Expected
	emit     func(Event)

	mu      sync.Mutex
	silent  bool // emits nothing yet
	tallies map[string]*tally
	applied time.Time
}

// urlModes tell which URLs there are, and in which mode each will be.
type urlModes interface {
	Endpoints() []guard.Endpoint
	ModeOfURL(raw string) maintenance.Mode
}

// everywhere makes the prober ask a domain that is in several regions in each.
func everywhere(config probe.Config, modes urlModes) probe.Config {
	view, regional := modes.(*guard.View)
	if !regional {
		return config
	}
	config.Via = view.Via
	var urls []string
	for _, url := range config.URLs {
		urls = append(urls, view.Everywhere(url)...)
	}
	config.URLs = urls
	return config
}

// expectations are the verdicts that the URLs have to give after the plan: by
// its modes, and where these do not tell by the direction.
func expectations(urls []string, view urlModes, direction maintenance.Direction) (probe.Expected, error) {
	fallback := maintenance.ModeLive
	if direction == maintenance.On {
		fallback = maintenance.ModeMaintenance
	}
	expected := probe.Expected{}
	if len(urls) == 0 {
		for _, e := range view.Endpoints() {
			urls = append(urls, e.URL)
		}
	}
	if len(urls) == 0 {
		return nil, fmt.Errorf("no URL to probe: the root has no output with its urls; name one with --url")
	}
	for _, url := range urls {
		url = bareURL(url)
		mode := view.ModeOfURL(url)
		if mode == "" {
			mode = fallback
		}
		expected[url] = verdictOf(mode)
	}
	return expected, nil
}

// bareURL leaves out user and password: an output's word is no reason to send
// them anywhere.
func bareURL(raw string) string {
	if bare, _, ok := plain.SplitURL(raw); ok {
		return bare
	}
	return raw
}

func verdictOf(mode maintenance.Mode) probe.Verdict {
	if mode == maintenance.ModeMaintenance {
		return probe.Maintenance
	}
	return probe.Live
}

func newWatch(config probe.Config, expected probe.Expected, emit func(Event)) (*watch, error) {
	w := &watch{expected: expected, emit: emit, tallies: map[string]*tally{}}
	config.URLs = nil
	for url, verdict := range expected {
		config.URLs = append(config.URLs, url)
		w.tallies[url] = &tally{Answers: Answers{URL: url, Expected: verdict}}
	}
	slices.Sort(config.URLs)
	config.OnSample = w.see
	prober, err := probe.New(config)
	if err != nil {
		return nil, err
	}
	w.prober = prober
	return w, nil
}

// expect changes what is expected of the URLs; it is false where these are
// others.
func (w *watch) expect(expected probe.Expected) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(expected) != len(w.tallies) {
		return false
	}
	for url := range expected {
		if w.tallies[url] == nil {
			return false
		}
	}
	for url, verdict := range expected {
		w.tallies[url].Expected = verdict
	}
	w.expected = expected
	return true
}

// speak tells the answers so far, and from then on each that is another; once.
func (w *watch) speak() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.silent {
		return
	}
	w.silent = false
	w.emit(Event{Time: time.Now(), Event: EventProbing, Message: fmt.Sprintf("probing %d URLs", len(w.tallies))})
	for _, url := range slices.Sorted(maps.Keys(w.tallies)) {
		if last := w.tallies[url].Last; last != nil {
			w.emit(answerEvent(*last))
		}
	}
}

func answerEvent(s probe.Sample) Event {
	return Event{Time: s.Due.Add(s.Latency), Event: EventAnswer, Message: s.URL + " " + s.Answer(), Data: s}
}

func (w *watch) see(s probe.Sample) {
	w.mu.Lock()
	defer w.mu.Unlock()
	t := w.tallies[s.URL]
	first := t.Last == nil
	if (t.see(s) || first) && !w.silent {
		w.emit(answerEvent(s))
	}
}

// baseline waits for the first answer of every URL, whatever it is.
func (w *watch) baseline(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, baselineWait)
	defer cancel()
	anything := probe.Expected{}
	for url := range w.expected {
		anything[url] = probe.Any
	}
	_ = w.prober.WaitSince(ctx, time.Time{}, anything, 1) // see baselineWait
}

func (w *watch) applying() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.prober.Mark(maintenance.MarkApply)
	w.applied = time.Now()
	for _, t := range w.tallies {
		t.applied = w.applied
	}
}

// confirm waits for the expected answers; those since the apply began count.
func (w *watch) confirm(ctx context.Context, inARow int, timeout time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	w.prober.Burst(min(inARow, confirmBurst))
	return w.prober.WaitSince(ctx, w.applied, w.expected, inARow)
}

// answersAsExpected says whether the last answers of the URLs that a mapping
// serves were the expected ones. Where none of them is probed nothing speaks
// against it.
func (w *watch) answersAsExpected(m maintenance.Mapping) bool {
	for _, a := range w.answers() {
		if served(m, a.URL) && (a.Last == nil || a.Last.Verdict != a.Expected) {
			return false
		}
	}
	return true
}

// switched says that clients of a mapping get the expected answers and did not
// before, whatever Terraform knows of it.
func (w *watch) switched(m maintenance.Mapping) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	found := false
	for _, t := range w.tallies {
		if !served(m, t.URL) {
			continue
		}
		if t.Last == nil || t.Last.Verdict != t.Expected || t.before == t.Expected || t.before == "" {
			return false
		}
		found = true
	}
	return found
}

// served says whether a URL is at or below a mapping's.
func served(m maintenance.Mapping, probed string) bool {
	u, err := url.Parse(probed)
	if err != nil || !maintenance.Covers(m.Domain, u.Hostname()) {
		return false
	}
	root := strings.TrimSuffix(m.Path, "/")
	return u.Path == root || strings.HasPrefix(u.Path, root+"/")
}

func (w *watch) answers() []Answers {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []Answers
	for _, t := range w.tallies {
		all = append(all, t.Answers)
	}
	slices.SortFunc(all, func(a, b Answers) int {
		if a.URL < b.URL {
			return -1
		}
		return 1
	})
	return all
}
