package sandbox

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"time"
)

// Backend is a small real HTTP service behind the live API.
type Backend struct {
	// URL is its address, without a slash at the end.
	URL string

	server *http.Server
}

// StartBackend listens on a free loopback port. It answers every request with
// 200 and a JSON object that tells what it was asked.
func StartBackend() (*Backend, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start the backend: %w", err)
	}
	b := &Backend{
		URL:    "http://" + listener.Addr().String(),
		server: &http.Server{Handler: http.HandlerFunc(answer), ReadHeaderTimeout: 10 * time.Second},
	}
	go func() { _ = b.server.Serve(listener) }()
	return b, nil
}

// Close ends it, giving requests under way a moment.
func (b *Backend) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if err := b.server.Shutdown(ctx); err != nil {
		return b.server.Close()
	}
	return nil
}

func answer(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]string{"service": "orders", "method": r.Method, "path": r.URL.Path})
}
