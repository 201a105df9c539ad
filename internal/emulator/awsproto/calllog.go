package awsproto

import (
	"net/http"
	"slices"
	"sync"
	"time"
)

// Call is one line of the call log.
type Call struct {
	Time      time.Time
	Service   string
	Operation string
	Region    string
	Method    string
	Path      string
	Status    int    // 0: the connection was dropped without an answer
	ErrorCode string // empty if it succeeded
	Duration  time.Duration
}

// Write tells whether the call changes something: its verb is not GET, and it
// is not a read that AWS spells as POST.
func (c Call) Write() bool {
	return c.Method != http.MethodGet && !readByPost[c.Service+"."+c.Operation]
}

var readByPost = map[string]bool{
	"acm.DescribeCertificate":      true,
	"acm.ListCertificates":         true,
	"acm.ListTagsForCertificate":   true,
	"acm.GetCertificate":           true,
	"sts.GetCallerIdentity":        true,
	"route53.ListTagsForResources": true,
}

// CallLog keeps every management call, in the order in which they ended. The
// zero value is ready to use.
type CallLog struct {
	mu    sync.Mutex
	calls []Call
}

// Add appends a call.
func (l *CallLog) Add(c Call) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls = append(l.calls, c)
}

// Calls gives a copy of the log.
func (l *CallLog) Calls() []Call {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.calls)
}

// Reset empties the log.
func (l *CallLog) Reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls = nil
}
