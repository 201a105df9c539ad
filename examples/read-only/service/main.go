// Service is the little backend behind the example: it keeps orders in memory
// and counts its writes, so that anybody can see when none arrives any more.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"
	"time"
)

func main() {
	address := flag.String("listen", "127.0.0.1:8080", "host:port to listen on")
	flag.Parse()
	listener, err := net.Listen("tcp", *address)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("http://" + listener.Addr().String())
	server := &http.Server{Handler: newShop(), ReadHeaderTimeout: 10 * time.Second}
	fmt.Fprintln(os.Stderr, server.Serve(listener))
	os.Exit(1)
}

// shop holds orders by id.
type shop struct {
	mu     sync.Mutex
	orders map[string]json.RawMessage
	writes int // that were carried out
}

func newShop() http.Handler {
	s := &shop{orders: map[string]json.RawMessage{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /orders", s.read(func(*http.Request) any { return map[string]int{"orders": len(s.orders)} }))
	mux.HandleFunc("GET /orders/{id}", s.read(func(r *http.Request) any { return s.orders[r.PathValue("id")] }))
	mux.HandleFunc("POST /search", s.read(func(*http.Request) any { return map[string]int{"found": len(s.orders)} }))
	mux.HandleFunc("GET /export", s.read(func(*http.Request) any { return s.orders }))
	mux.HandleFunc("GET /writes", s.read(func(*http.Request) any { return map[string]int{"writes": s.writes} }))
	mux.HandleFunc("POST /orders", s.write(func(_ *http.Request, order json.RawMessage) {
		s.orders[fmt.Sprint(len(s.orders)+1)] = order
	}))
	mux.HandleFunc("PUT /orders/{id}", s.write(func(r *http.Request, order json.RawMessage) { s.orders[r.PathValue("id")] = order }))
	mux.HandleFunc("PATCH /orders/{id}", s.write(func(r *http.Request, order json.RawMessage) { s.orders[r.PathValue("id")] = order }))
	mux.HandleFunc("DELETE /orders/{id}", s.write(func(r *http.Request, _ json.RawMessage) { delete(s.orders, r.PathValue("id")) }))
	return mux
}

// read answers 200 with what is looked up.
func (s *shop) read(look func(*http.Request) any) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(look(r))
	}
}

// write carries a write out and counts it. A body that is no JSON changes
// nothing.
func (s *shop) write(change func(*http.Request, json.RawMessage)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		order := json.RawMessage("null")
		if err := json.NewDecoder(r.Body).Decode(&order); err != nil && r.Method != http.MethodDelete {
			http.Error(w, `{"message": "an order is JSON"}`, http.StatusBadRequest)
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		change(r, order)
		s.writes++
		w.WriteHeader(http.StatusNoContent)
	}
}
