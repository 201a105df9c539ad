package probe

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/plain"
)

// hostile is a server that says what it wants.
func hostile(t *testing.T, speak func(io.Writer)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer connection.Close()
				_, _ = http.ReadRequest(bufio.NewReader(connection))
				speak(connection)
			}()
		}
	}()
	return "http://" + listener.Addr().String()
}

func TestAHostileAnswerIsBoundedAndShownPlain(t *testing.T) {
	t.Parallel()
	const odd = "\u202e\u009b2J\u200b" // Go's client turns away C0 and DEL itself
	for name, c := range map[string]struct {
		speak func(io.Writer)
		says  string
	}{
		"a header without end": {func(w io.Writer) {
			fmt.Fprint(w, "HTTP/1.1 200 OK\r\nX-Long: ")
			_, _ = io.Copy(w, endless('a'))
		}, "exceed"},
		"more headers than anybody sends": {func(w io.Writer) {
			fmt.Fprint(w, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"+strings.Repeat("X-A: b\r\n", 1000)+"\r\n")
		}, "header fields"},
		"informational answers without end": {func(w io.Writer) {
			for {
				if _, err := fmt.Fprint(w, "HTTP/1.1 103 Early Hints\r\nX-Pad: "+strings.Repeat("a", 4000)+"\r\n\r\n"); err != nil {
					return
				}
			}
		}, ""},
		"controls in what is repeated": {func(w io.Writer) {
			fmt.Fprintf(w, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nRetry-After: %[1]s\r\nX-Amzn-Errortype: %[1]s%[2]s\r\n\r\n", odd, strings.Repeat("long", 1000))
		}, "API Gateway says"},
		"no HTTP at all": {func(w io.Writer) { fmt.Fprintf(w, "\x1b]0;owned\a\x7f%s%s\r\n\r\n", odd, strings.Repeat("x", 5000)) }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target := hostile(t, c.speak)
			p, err := New(Config{URLs: []string{target}, Timeout: 20 * time.Second})
			require.NoError(t, err)
			s := p.Ask(t.Context(), target)
			assert.Equal(t, Wrong, s.Verdict)
			assert.Contains(t, s.Reason, c.says)
			for _, repeated := range []string{s.Reason, s.RetryAfter} {
				assert.Equal(t, plain.Line(repeated), repeated)
				assert.LessOrEqual(t, utf8.RuneCountInString(repeated), reasonLimit)
			}
		})
	}
}

func TestABodyWithoutEndIsNotReadToIt(t *testing.T) {
	t.Parallel()
	var sent atomic.Int64
	target := hostile(t, func(w io.Writer) {
		fmt.Fprint(w, "HTTP/1.1 200 OK\r\n\r\n")
		n, _ := io.Copy(w, endless('b'))
		sent.Store(n)
	})
	p, err := New(Config{URLs: []string{target}, Timeout: 20 * time.Second})
	require.NoError(t, err)
	assert.Equal(t, Live, p.Ask(t.Context(), target).Verdict)
	require.Eventually(t, func() bool { return sent.Load() > 0 }, 20*time.Second, 10*time.Millisecond, "it is hung up on")
	assert.Less(t, sent.Load(), int64(64<<20), "what lay in the buffers on the way counts")
}

func TestAServerThatSaysNothingHoldsNoRequestLonger(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	go func() {
		for {
			if _, err := listener.Accept(); err != nil { // and nothing is said in the handshake
				return
			}
		}
	}()
	target := "https://" + listener.Addr().String()
	before := runtime.NumGoroutine()
	p, err := New(Config{URLs: []string{target}, Timeout: 200 * time.Millisecond})
	require.NoError(t, err)
	for range 20 {
		s := p.Ask(context.Background(), target)
		assert.Contains(t, s.Reason, "no answer within")
	}
	assert.Eventually(t, func() bool { return runtime.NumGoroutine() <= before+2 }, 20*time.Second, 20*time.Millisecond, "dialling ends with the request")
}

// endless gives the same letter for ever.
type endless byte

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
}
