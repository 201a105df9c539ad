package emulator

import (
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"apigateway-maintenance/internal/emulator/awsproto"
)

// Faults are failures to inject into management calls.
type Faults struct {
	Seed  uint64 // the same seed draws the same calls
	Rules []Fault
}

// Fault says which calls fail, and how. Of the rules that fit a call the first
// that strikes is taken.
type Fault struct {
	Service   string // as in a credential scope, for example "apigateway"; empty: any
	Operation string // for example "UpdateBasePathMapping"; empty: any

	First       int     // strike only the first so many calls that fit; 0: without end
	Probability float64 // strike that share of the calls that fit, 0 to 1; 0: all

	Latency time.Duration // wait that long first
	Status  int           // then answer this: 429 is throttling, 500 and above a failure; 0: go on
	Drop    bool          // then close the connection without an answer
	Lost    bool          // let the call take effect, then close the connection without an answer
	Cut     bool          // let the call take effect, then close the connection half-way through the answer
}

// faultGate injects the faults of the moment.
type faultGate struct {
	mu     sync.Mutex
	rules  []Fault
	seen   []int // by rule: the calls that fitted
	random *rand.Rand
}

func newFaultGate(faults *Faults) *faultGate {
	g := &faultGate{}
	g.set(faults)
	return g
}

func (g *faultGate) set(faults *Faults) {
	if faults == nil {
		faults = &Faults{}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.rules = append([]Fault(nil), faults.Rules...)
	g.seen = make([]int, len(g.rules))
	g.random = rand.New(rand.NewPCG(faults.Seed, faults.Seed))
}

// Pass lets the call through, late or not at all.
func (g *faultGate) Pass(r *awsproto.Request, operation string) error {
	fault, strikes := g.pick(r.Service, operation)
	if !strikes {
		return nil
	}
	if fault.Latency > 0 {
		select {
		case <-time.After(fault.Latency):
		case <-r.Context().Done():
			return awsproto.ErrDropConnection
		}
	}
	switch {
	case fault.Drop:
		return awsproto.ErrDropConnection
	case fault.Lost:
		return awsproto.ErrAnswerLost
	case fault.Cut:
		return awsproto.ErrAnswerCut
	case fault.Status == http.StatusTooManyRequests && r.Service == "apigateway":
		return tooManyRequests()
	case fault.Status == http.StatusTooManyRequests:
		// The other services say it with 400 and this code (AWS SDK retry rules).
		return awsproto.Errorf(http.StatusBadRequest, "Throttling", "Rate exceeded")
	case fault.Status == http.StatusServiceUnavailable:
		return awsproto.Errorf(fault.Status, "ServiceUnavailableException", "Service Unavailable")
	case fault.Status != 0:
		return awsproto.Errorf(fault.Status, "InternalFailure", "The request processing has failed because of an unknown error, exception or failure.")
	default:
		return nil
	}
}

func (g *faultGate) pick(service, operation string) (Fault, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for i, rule := range g.rules {
		if (rule.Service != "" && rule.Service != service) || (rule.Operation != "" && rule.Operation != operation) {
			continue
		}
		g.seen[i]++
		if rule.First > 0 && g.seen[i] > rule.First {
			continue
		}
		if rule.Probability > 0 && g.random.Float64() >= rule.Probability {
			continue
		}
		return rule, true
	}
	return Fault{}, false
}
