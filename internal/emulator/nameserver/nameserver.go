// Package nameserver answers DNS for the emulator, over UDP and TCP: what
// Route 53's zones hold, and the host names of API Gateway itself. For a client
// it stands in for the whole of public DNS, so a name that is nowhere does not
// exist (NXDOMAIN) rather than being refused.
package nameserver

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/miekg/dns"

	"apigateway-maintenance/internal/emulator/route53"
)

const (
	// aliasTTL is what Route 53 answers for an alias to an AWS resource, in
	// seconds (Route 53 guide, "Choosing between alias and non-alias records").
	aliasTTL = 60
	// maxChain bounds CNAMEs and aliases that follow each other.
	maxChain = 8
)

// Zones finds names in the hosted zones.
type Zones interface {
	Lookup(name string) (route53.Found, bool)
}

// Config is what the server needs from the emulator.
type Config struct {
	Zones Zones
	// Gateway tells whether a lower-case host name without trailing dot is one
	// of API Gateway's: an execute-api host or a domain's target.
	Gateway func(name string) bool
	// Website tells the same of hosts that are served files, whatever the zones
	// say; may be nil.
	Website func(name string) bool
	// Addresses are those where the edge listens.
	Addresses []netip.Addr
	// AddressOf gives another address for one of API Gateway's host names; nil
	// means that none has one.
	AddressOf func(name string) (netip.Addr, bool)
}

// Server is a running name server.
type Server struct {
	config  Config
	address string
	servers []*dns.Server
}

// Listen opens UDP and TCP at the same address; port 0 means a free one. The
// server answers once Serve is called.
func Listen(ctx context.Context, address string, config Config) (*Server, error) {
	const attempts = 20 // a free TCP port may be taken for UDP
	var lastErr error
	for range attempts {
		server, err := listenOnce(ctx, address, config)
		if err == nil {
			return server, nil
		}
		lastErr = err
		if !strings.HasSuffix(address, ":0") {
			break
		}
	}
	return nil, lastErr
}

func listenOnce(ctx context.Context, address string, config Config) (*Server, error) {
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	packets, err := lc.ListenPacket(ctx, "udp", listener.Addr().String())
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	s := &Server{config: config, address: listener.Addr().String()}
	s.servers = []*dns.Server{{Listener: listener, Handler: s}, {PacketConn: packets, Handler: s}}
	return s, nil
}

// Serve begins to answer and returns when both transports do.
func (s *Server) Serve() error {
	for _, server := range s.servers {
		started, failed := make(chan struct{}), make(chan error, 1)
		server.NotifyStartedFunc = func() { close(started) }
		go func() { failed <- server.ActivateAndServe() }()
		select {
		case <-started:
		case err := <-failed:
			return fmt.Errorf("serve DNS on %s: %w", s.address, err)
		}
	}
	return nil
}

// Address is host:port, the same for UDP and TCP.
func (s *Server) Address() string { return s.address }

// Close stops answering and frees the port.
func (s *Server) Close() error {
	var errs []error
	for _, server := range s.servers {
		if server.Listener != nil {
			errs = append(errs, closed(server.Listener.Close()))
		}
		if server.PacketConn != nil {
			errs = append(errs, closed(server.PacketConn.Close()))
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		// Not started or already stopped by the closed socket: both are what
		// was wanted.
		_ = server.ShutdownContext(ctx)
		cancel()
	}
	return errors.Join(errs...)
}

func closed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// ServeDNS answers one query.
func (s *Server) ServeDNS(w dns.ResponseWriter, query *dns.Msg) {
	reply := s.Answer(query)
	if _, udp := w.RemoteAddr().(*net.UDPAddr); udp {
		size := dns.MinMsgSize
		if opt := query.IsEdns0(); opt != nil {
			size = max(size, int(opt.UDPSize()))
		}
		reply.Truncate(size)
	}
	// The client went away: there is nobody to tell.
	_ = w.WriteMsg(reply)
}
