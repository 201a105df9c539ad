package emulator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"

	"apigateway-maintenance/internal/emulator/nameserver"
)

// readHeaderTimeout ends connections that never send a request.
const readHeaderTimeout = 30 * time.Second

// server is an HTTP server with its listener.
type server struct {
	listener net.Listener
	http     *http.Server
}

// listen opens all addresses before anything is served, so that a failure
// leaves no half of an emulator answering.
func (e *Emulator) listen() error {
	ctx := context.Background()
	_, err := e.open(ctx, "the AWS API", e.config.APIAddr, e.front())
	if err != nil {
		return err
	}
	edge := withSpelling(e.withWebsites(e.dataPlane()))
	secure, err := e.open(ctx, "HTTPS", e.config.HTTPSAddr, edge)
	if err != nil {
		return err
	}
	plain, err := e.open(ctx, "HTTP", e.config.HTTPAddr, edge)
	if err != nil {
		return err
	}
	edgeAddress, err := netip.ParseAddrPort(secure.address())
	if err != nil {
		return fmt.Errorf("read the address of the HTTPS listener: %w", err)
	}
	e.names, err = nameserver.Listen(ctx, orLoopback(e.config.DNSAddr), nameserver.Config{
		Zones: e.zones, Gateway: e.isGatewayHost, Website: e.isWebsite, Addresses: reachable(edgeAddress.Addr()),
	})
	if err != nil {
		return listenError("DNS", e.config.DNSAddr, err)
	}
	secure.listener = newTLSListener(secure.listener, newEdgeTLS(e).config())
	plain.listener = spelledListener{plain.listener}
	for _, s := range e.servers {
		s.serve()
	}
	return e.names.Serve()
}

func (e *Emulator) open(ctx context.Context, what, address string, handler http.Handler) (*server, error) {
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", orLoopback(address))
	if err != nil {
		return nil, listenError(what, address, err)
	}
	s := &server{
		listener: listener,
		http: &http.Server{
			Handler:           handler,
			ConnContext:       rememberConn,
			ConnState:         forgetWhenIdle,
			ReadHeaderTimeout: readHeaderTimeout,
			// A refused handshake is the client's to report.
			ErrorLog: log.New(io.Discard, "", 0),
		},
	}
	e.servers = append(e.servers, s)
	return s, nil
}

func orLoopback(address string) string {
	if address == "" {
		return loopback
	}
	return address
}

func listenError(what, address string, err error) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("the emulator cannot listen for %s on %s: the port is in use; choose another or end what uses it", what, address)
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("the emulator cannot listen for %s on %s: ports below 1024 need more rights; choose a higher one", what, address)
	default:
		return fmt.Errorf("the emulator cannot listen for %s on %s: %w", what, orLoopback(address), err)
	}
}

// reachable gives the addresses at which a client of this machine finds the
// listener: loopback where it listens everywhere.
func reachable(address netip.Addr) []netip.Addr {
	address = address.Unmap()
	if !address.IsUnspecified() {
		return []netip.Addr{address}
	}
	if address.Is4() {
		return []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1})}
	}
	return []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1}), netip.IPv6Loopback()}
}

func (s *server) address() string { return s.listener.Addr().String() }

func (s *server) serve() {
	// It returns when the listener is closed, which is what ends it.
	go func() { _ = s.http.Serve(s.listener) }()
}

// close ends the listener and its connections, whether it serves or not.
func (s *server) close() error {
	return errors.Join(s.http.Close(), ignoreClosed(s.listener.Close()))
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// APIURL is the URL of the AWS API endpoint.
func (e *Emulator) APIURL() string { return "http://" + e.servers[0].address() }

// HTTPSAddr is host:port where APIs answer HTTPS.
func (e *Emulator) HTTPSAddr() string { return e.servers[1].address() }

// HTTPAddr is host:port where APIs answer HTTP.
func (e *Emulator) HTTPAddr() string { return e.servers[2].address() }

// DNSAddr is host:port of the name server, over UDP and TCP.
func (e *Emulator) DNSAddr() string { return e.names.Address() }
