package awsproto

import (
	"net/http"
	"slices"
	"sync"
)

// NoticesPath is where the API endpoint lists its notices, to anybody.
const NoticesPath = "/_embedded-aws/notices"

// Notices are sentences about what is stored and not enforced, each said once.
// The zero value has said nothing.
type Notices struct {
	// Tell gets each sentence as it is said for the first time; may be nil.
	Tell func(sentence string)

	mu   sync.Mutex
	said []string
}

// Say notes a sentence, unless it was said before.
func (n *Notices) Say(sentence string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if slices.Contains(n.said, sentence) {
		return
	}
	n.said = append(n.said, sentence)
	if n.Tell != nil {
		n.Tell(sentence)
	}
}

// All gives what was said so far, in that order.
func (n *Notices) All() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return append([]string{}, n.said...)
}

// ServeHTTP lists the notices as JSON.
func (n *Notices) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, "application/json", http.StatusOK, map[string][]string{"storedAndNotEnforced": n.All()})
}
