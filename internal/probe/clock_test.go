package probe

import (
	"context"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// onAClock runs a test on a clock of its own, which moves on when everything
// waits: what the test says of seconds holds on a busy machine too.
func onAClock(t *testing.T, test func(*testing.T)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, test)
}

// piped is a gateway in this process: waiting for a real connection would not
// move the clock on.
type piped struct {
	URL    string
	answer atomic.Pointer[http.HandlerFunc]
	conns  chan net.Conn
	closed chan struct{}
}

// answerTime is what a piped gateway takes for an answer.
const answerTime = time.Millisecond

func newPiped(t *testing.T, name string, answer http.HandlerFunc) *piped {
	t.Helper()
	g := &piped{URL: "http://" + name + ".example", conns: make(chan net.Conn), closed: make(chan struct{})}
	g.become(answer)
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(answerTime)
		(*g.answer.Load())(w, r)
	})}
	go func() { _ = server.Serve(g) }()
	t.Cleanup(func() {
		_ = server.Close()
		time.Sleep(answerTime) // the clock stands still when the test is over: answers under way end before
	})
	return g
}

func (g *piped) become(answer http.HandlerFunc) { g.answer.Store(&answer) }

// A piped gateway is the listener of its server.

func (g *piped) Accept() (net.Conn, error) {
	select {
	case conn := <-g.conns:
		return conn, nil
	case <-g.closed:
		return nil, net.ErrClosed
	}
}

func (g *piped) Close() error {
	close(g.closed)
	return nil
}

func (g *piped) Addr() net.Addr { return &net.UnixAddr{Name: "piped"} }

func (g *piped) dial(ctx context.Context) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case g.conns <- theirs:
		return ours, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// start probes the gateways.
func start(t *testing.T, config Config, gateways ...*piped) *Prober {
	t.Helper()
	p := prepare(t, config, gateways...)
	require.NoError(t, p.Start(t.Context()))
	return p
}

func prepare(t *testing.T, config Config, gateways ...*piped) *Prober {
	t.Helper()
	byAddress := map[string]*piped{}
	for _, g := range gateways {
		config.URLs = append(config.URLs, g.URL)
		byAddress[strings.TrimPrefix(g.URL, "http://")+":80"] = g
	}
	p, err := New(config)
	require.NoError(t, err)
	for _, transport := range []*http.Transport{p.transports.fresh, p.transports.kept} {
		transport.Proxy = nil
		transport.DialContext = func(ctx context.Context, _, address string) (net.Conn, error) {
			return byAddress[address].dial(ctx)
		}
	}
	t.Cleanup(p.Stop)
	return p
}

// within ends what never happens.
func within(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}
