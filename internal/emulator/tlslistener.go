package emulator

import (
	"context"
	"crypto/tls"
	"net"
	"time"
)

// handshakeTimeout ends connections whose client never finishes the handshake.
const handshakeTimeout = 15 * time.Second

// spelledListener watches the connections that it accepts.
type spelledListener struct{ net.Listener }

func (l spelledListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &spelledConn{Conn: conn}, nil
}

// tlsListener does the handshake itself, since only after it is known whether a
// connection speaks HTTP/2, which net/http must get as it is, or HTTP/1, whose
// headers are to be watched.
type tlsListener struct {
	net.Listener
	config *tls.Config
	ready  chan net.Conn
	ctx    context.Context
	cancel context.CancelFunc
}

func newTLSListener(inner net.Listener, config *tls.Config) *tlsListener {
	ctx, cancel := context.WithCancel(context.Background())
	l := &tlsListener{Listener: inner, config: config, ready: make(chan net.Conn), ctx: ctx, cancel: cancel}
	go l.acceptAll()
	return l
}

func (l *tlsListener) acceptAll() {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			if l.ctx.Err() != nil {
				return
			}
			time.Sleep(5 * time.Millisecond) // such as no file descriptors left
			continue
		}
		go l.handshake(conn)
	}
}

func (l *tlsListener) handshake(conn net.Conn) {
	ctx, cancel := context.WithTimeout(l.ctx, handshakeTimeout)
	defer cancel()
	secure := tls.Server(conn, l.config)
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = conn.Close() // what is wrong with it, the client was told by the alert
		return
	}
	var accepted net.Conn = secure
	if secure.ConnectionState().NegotiatedProtocol != "h2" {
		accepted = &spelledConn{Conn: secure}
	}
	select {
	case l.ready <- accepted:
	case <-l.ctx.Done():
		_ = conn.Close()
	}
}

// Accept gives the next connection whose handshake is done.
func (l *tlsListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.ready:
		return conn, nil
	case <-l.ctx.Done():
		return nil, net.ErrClosed
	}
}

// Close ends the listener and the handshakes under way.
func (l *tlsListener) Close() error {
	l.cancel()
	return l.Listener.Close()
}
