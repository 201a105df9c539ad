package harness

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"

	"github.com/stretchr/testify/require"
)

// StateServer keeps a state and its lock for Terraform's http backend. A lock
// outlives its holder, as that of any remote backend does.
type StateServer struct {
	server *httptest.Server
	mu     sync.Mutex
	state  []byte
	lock   []byte // what its holder wrote; nil where nobody holds it
}

// UseStateServer gives the stage's root a remote backend. It has no state yet.
func (s *Stage) UseStateServer() *StateServer {
	s.T.Helper()
	b := &StateServer{}
	b.server = httptest.NewServer(b)
	s.T.Cleanup(b.server.Close)
	s.Override("backend.tf", fmt.Sprintf(`terraform {
  backend "http" {
    address        = %[1]q
    lock_address   = %[1]q
    unlock_address = %[1]q
    retry_max      = 0
  }
}
`, b.server.URL+"/state"))
	s.Init()
	return b
}

// LockID is that of the lock that is held; empty where none is.
func (b *StateServer) LockID() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var info struct{ ID string }
	_ = json.Unmarshal(b.lock, &info) // no lock, no id
	return info.ID
}

// ServeHTTP speaks the protocol of the http backend (Terraform's documents,
// "Backend Type: http").
func (b *StateServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // its sender is gone
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case r.Method == "LOCK" && b.lock != nil:
		w.WriteHeader(http.StatusLocked)
		_, _ = w.Write(b.lock)
	case r.Method == "LOCK":
		b.lock = body
	case r.Method == "UNLOCK":
		b.lock = nil
	case r.Method == http.MethodPost:
		b.state = body
	case r.Method == http.MethodGet && b.state == nil:
		w.WriteHeader(http.StatusNotFound)
	case r.Method == http.MethodGet:
		_, _ = w.Write(b.state)
	default:
		w.WriteHeader(http.StatusMethodNotAllowed)
	}
}

// Unlock releases a lock whose holder is dead, by the command that the operator
// is told to use.
func (o *Operator) Unlock(id string) {
	o.T.Helper()
	require.NotEmpty(o.T, id)
	o.Terraform("force-unlock", "-force", id)
}
