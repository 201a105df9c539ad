package emulator

import (
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"apigateway-maintenance/internal/emulator/awsproto"
)

// Limit is so many calls in so long a time.
type Limit struct {
	Calls int
	Per   time.Duration
}

// Quotas limits the management calls to API Gateway, in each region for itself.
type Quotas struct {
	Rate       float64          // all operations together, calls a second
	Burst      int              // calls at once, all operations together
	Operations map[string]Limit // operations with a limit of their own
}

// RealQuotas are the fixed quotas of API Gateway for an account and region
// (fact F1; AWS page "Amazon API Gateway quotas").
func RealQuotas() *Quotas {
	const second = time.Second
	return &Quotas{
		Rate:  10,
		Burst: 40,
		Operations: map[string]Limit{
			"CreateDeployment": {1, 5 * second},
			"CreateResource":   {5, second},
			"DeleteResource":   {5, second},
			"GetResources":     {5, 2 * second},
			"PutRestApi":       {1, second},
			"CreateDomainName": {1, 30 * second},
			"UpdateDomainName": {1, 30 * second},
			"DeleteDomainName": {1, 30 * second},
			"DeleteRestApi":    {1, 30 * second},
		},
	}
}

// quotaGate refuses calls beyond the quotas of the moment.
type quotaGate struct {
	now func() time.Time

	mu      sync.Mutex
	quotas  *Quotas                  // nil: none
	buckets map[string]*rate.Limiter // by region, and by region and operation
}

func newQuotaGate(quotas *Quotas, now func() time.Time) *quotaGate {
	g := &quotaGate{now: now}
	g.set(quotas)
	return g
}

func (g *quotaGate) set(quotas *Quotas) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.quotas, g.buckets = quotas, map[string]*rate.Limiter{}
}

// Pass takes a token of the operation's own bucket, then one of the region's.
func (g *quotaGate) Pass(r *awsproto.Request, operation string) error {
	if r.Service != "apigateway" {
		return nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.quotas == nil {
		return nil
	}
	if limit, limited := g.quotas.Operations[operation]; limited {
		every := rate.Limit(float64(limit.Calls) / limit.Per.Seconds())
		if !g.bucket(r.Region+"/"+operation, every, limit.Calls).AllowN(g.now(), 1) {
			return tooManyRequests()
		}
	}
	if !g.bucket(r.Region, rate.Limit(g.quotas.Rate), g.quotas.Burst).AllowN(g.now(), 1) {
		return tooManyRequests()
	}
	return nil
}

func (g *quotaGate) bucket(key string, every rate.Limit, burst int) *rate.Limiter {
	limiter := g.buckets[key]
	if limiter == nil {
		limiter = rate.NewLimiter(every, burst)
		g.buckets[key] = limiter
	}
	return limiter
}

func tooManyRequests() error {
	return awsproto.Errorf(http.StatusTooManyRequests, "TooManyRequestsException", "Too Many Requests")
}
