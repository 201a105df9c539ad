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

// server is an HTTP server with its listeners.
type server struct {
	listener net.Listener
	others   []net.Listener // on further addresses of this machine
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
	plain, err := e.open(ctx, "HTTP", e.config.HTTPAddr, e.plainHTTP())
	if err != nil {
		return err
	}
	edgeAddress, err := netip.ParseAddrPort(secure.address())
	if err != nil {
		return fmt.Errorf("read the address of the HTTPS listener: %w", err)
	}
	e.regions.free = secure.further(ctx, edgeAddress)
	e.names, err = nameserver.Listen(ctx, orLoopback(e.config.DNSAddr), nameserver.Config{
		Zones: e.zones, Gateway: e.isGatewayHost, Website: e.isWebsite, Addresses: reachable(edgeAddress.Addr()), AddressOf: e.regionAddress,
	})
	if err != nil {
		return listenError("DNS", e.config.DNSAddr, err)
	}
	config := newEdgeTLS(e).config()
	secure.listener = newTLSListener(secure.listener, config)
	for i, listener := range secure.others {
		secure.others[i] = newTLSListener(listener, config)
	}
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
	for _, listener := range append([]net.Listener{s.listener}, s.others...) {
		// It returns when the listener is closed, which is what ends it.
		go func() { _ = s.http.Serve(listener) }()
	}
}

// furtherRegions is how many regions get an address of their own.
const furtherRegions = 3

// further opens the same port on loopback addresses beside 127.0.0.1. A system
// has them all (Linux) or must be told of each (macOS), so to have none is no error.
func (s *server) further(ctx context.Context, at netip.AddrPort) []netip.Addr {
	if at.Addr() != netip.AddrFrom4([4]byte{127, 0, 0, 1}) {
		return nil
	}
	var lc net.ListenConfig
	var addresses []netip.Addr
	for i := range furtherRegions {
		address := netip.AddrFrom4([4]byte{127, 0, 0, byte(2 + i)})
		listener, err := lc.Listen(ctx, "tcp", netip.AddrPortFrom(address, at.Port()).String())
		if err != nil {
			continue
		}
		s.others, addresses = append(s.others, listener), append(addresses, address)
	}
	return addresses
}

// close ends the listener and its connections, whether it serves or not.
func (s *server) close() error {
	errs := []error{s.http.Close(), ignoreClosed(s.listener.Close())}
	for _, listener := range s.others {
		errs = append(errs, ignoreClosed(listener.Close()))
	}
	return errors.Join(errs...)
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
