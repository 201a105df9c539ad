package terraform

import (
	"bytes"
	"maps"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"sync"
	"time"
)

// Stages of a resource in an apply.
const (
	StageBegun  = "begun"
	StageDone   = "done"
	StageFailed = "failed"
)

// Step is what became of one resource.
type Step struct {
	Stage string
	// Begun is when it began.
	Begun time.Time
}

// Attempt is the last call of the provider that AWS did not do.
type Attempt struct {
	// Number counts from one.
	Number int
	// Status that AWS answered; zero where it did not.
	Status int
}

// Progress is what is known of an apply while it runs: of each resource by what
// Terraform says, of each call by the log of the provider. Make one with
// [NewProgress].
type Progress struct {
	mu       sync.Mutex
	steps    map[string]Step
	attempts map[string]Attempt
	calls    map[string]*providerCall
}

// providerCall is one RPC of Terraform to its provider, with the call to AWS
// that it makes just now.
type providerCall struct {
	path            string
	attempt, status int
}

// NewProgress is that of an apply which has not begun.
func NewProgress() *Progress {
	return &Progress{steps: map[string]Step{}, attempts: map[string]Attempt{}, calls: map[string]*providerCall{}}
}

// Steps are those that have begun, by the address of their resource.
func (p *Progress) Steps() map[string]Step {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.steps)
}

// Attempts are the calls that AWS has not done so far, by the path of their URL.
func (p *Progress) Attempts() map[string]Attempt {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.attempts)
}

var stageOf = map[string]string{"apply_start": StageBegun, "apply_complete": StageDone, "apply_errored": StageFailed}

// hear takes what Terraform says of a resource.
func (p *Progress) hear(m message) {
	stage, known := stageOf[m.Type]
	if p == nil || !known {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	step := p.steps[m.Hook.Resource.Address]
	if step.Begun.IsZero() {
		step.Begun = time.Now()
	}
	step.Stage = stage
	p.steps[m.Hook.Resource.Address] = step
}

// follow reads the log that the provider will write to a file of ours, and gives
// the environment that makes it do so.
func (p *Progress) follow(path string) (stop func(), env []string, err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, nil, err
	}
	end, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		log := &output{file: f}
		tick := time.NewTicker(pollEvery)
		defer tick.Stop()
		for {
			select {
			case <-end:
				return
			case <-tick.C:
				p.readLog(log)
			}
		}
	}()
	stop = func() {
		close(end)
		<-done
		_ = f.Close()
		_ = os.Remove(path) // it may hold secrets
	}
	return stop, []string{"TF_LOG_PROVIDER=DEBUG", "TF_LOG_PATH=" + path}, nil
}

var (
	recordBegins = regexp.MustCompile(`^\d{4}-\d\d-\d\dT`)
	recordBody   = regexp.MustCompile(`^\s+\|`)
	requestID    = regexp.MustCompile(`\btf_req_id=(\S+)`)
	requestURL   = regexp.MustCompile(`\bhttp\.url="?([^"\s]+)`)
	requestTry   = regexp.MustCompile(`\bamz_sdk_request="?attempt=(\d+)`)
	retried      = regexp.MustCompile(`: retrying request [^:]*, attempt (\d+): `)
	answerStatus = regexp.MustCompile(`\bhttp\.status_code=(\d+)`)
)

// readLog takes what was written to the log since the last time. A record is
// written as a whole, so that one ends where there is no more.
func (p *Progress) readLog(log *output) {
	var record []byte
	log.read(false, func(line []byte) {
		switch {
		case recordBegins.Match(line):
			p.record(record)
			record = bytes.Clone(line)
		case !recordBody.Match(line): // what AWS wrote is none of the log's own
			record = append(append(record, ' '), line...)
		}
	})
	p.record(record)
}

func (p *Progress) record(record []byte) {
	id := requestID.FindSubmatch(record)
	if id == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	call := p.calls[string(id[1])]
	if call == nil {
		call = &providerCall{}
		p.calls[string(id[1])] = call
	}
	if m := requestURL.FindSubmatch(record); m != nil {
		if u, err := url.Parse(string(m[1])); err == nil {
			call.path = u.Path
		}
	}
	if m := retried.FindSubmatch(record); m != nil {
		if next := number(m); call.status == 0 && call.path != "" {
			p.attempts[call.path] = Attempt{Number: next - 1}
		}
		return
	}
	if m := requestTry.FindSubmatch(record); m != nil {
		call.attempt, call.status = number(m), 0
	}
	if m := answerStatus.FindSubmatch(record); m != nil {
		call.status = number(m)
		if call.status < 400 {
			delete(p.attempts, call.path)
		} else {
			p.attempts[call.path] = Attempt{Number: call.attempt, Status: call.status}
		}
	}
}

func number(m [][]byte) int {
	n, _ := strconv.Atoi(string(m[1])) // digits, and not many
	return n
}
