package readonly

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/test/harness"
)

// service is the example's backend, as a process of its own.
type service struct{ url string }

func startService(t *testing.T) service {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "service")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "apigateway-maintenance/examples/read-only/service").CombinedOutput()
	require.NoError(t, err, "%s", out)
	cmd := exec.Command(binary, "-listen", "127.0.0.1:0")
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	url, err := bufio.NewReader(stdout).ReadString('\n')
	require.NoError(t, err)
	return service{strings.TrimSpace(url)}
}

// writes are those that the service has carried out.
func (s service) writes(t *testing.T) int {
	t.Helper()
	response, err := http.Get(s.url + "/writes")
	require.NoError(t, err)
	defer response.Body.Close()
	var count struct{ Writes int }
	require.NoError(t, json.NewDecoder(response.Body).Decode(&count))
	return count.Writes
}

// sample is one request of a client and what came back.
type sample struct {
	method, url string
	write       bool
	start, end  time.Time
	status      int
	maintenance bool
	err         error
}

// fits says whether the answer is that of a mode.
func (s sample) fits(mode maintenance.Mode) bool {
	out := mode == maintenance.ModeMaintenance || mode == maintenance.ModeReadOnly && s.write
	if out {
		return s.err == nil && s.status == http.StatusServiceUnavailable && s.maintenance
	}
	return s.err == nil && (s.status == http.StatusOK || s.status == http.StatusNoContent) && !s.maintenance
}

func (s sample) String() string {
	return fmt.Sprintf("%s %s: %d (maintenance answer: %t) %v", s.method, s.url, s.status, s.maintenance, s.err)
}

// crowd are clients that read and write without a pause.
type crowd struct {
	t       *testing.T
	stop    chan struct{}
	done    sync.WaitGroup
	mu      sync.Mutex
	samples [][]sample // by client
}

// calls are what the clients do, each its own over and over: all that writes,
// and reads of each kind.
var calls = []struct {
	method, path, body string
	write              bool
}{
	{"GET", "/orders", "", false},
	{"POST", "/orders", `{"item": "tea"}`, true},
	{"GET", "/orders/1", "", false},
	{"PUT", "/orders/1", `{"item": "coffee"}`, true},
	{"POST", "/search", `{"words": "tea"}`, false},
	{"PATCH", "/orders/1", `{"item": "water"}`, true},
	{"DELETE", "/orders/none", "", true},
}

func gather(s *harness.Stage, base string) *crowd {
	c := &crowd{t: s.T, stop: make(chan struct{}), samples: make([][]sample, len(calls))}
	for i, call := range calls {
		client := s.Emulator.HTTPClient()
		c.done.Go(func() {
			for {
				select {
				case <-c.stop:
					return
				case <-time.After(25 * time.Millisecond):
				}
				taken := sample{method: call.method, url: base + call.path, write: call.write, start: time.Now()}
				taken.ask(client, call.body)
				c.mu.Lock()
				c.samples[i] = append(c.samples[i], taken)
				c.mu.Unlock()
			}
		})
	}
	s.T.Cleanup(c.disperse)
	return c
}

func (s *sample) ask(client *http.Client, body string) {
	request, err := http.NewRequest(s.method, s.url, strings.NewReader(body))
	if err != nil {
		s.err = err
		return
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	if err != nil {
		s.err, s.end = err, time.Now()
		return
	}
	defer response.Body.Close()
	_, s.err = io.Copy(io.Discard, response.Body)
	s.end, s.status = time.Now(), response.StatusCode
	s.maintenance = response.Header.Get(maintenance.MarkerHeader) == maintenance.MarkerValue
}

// disperse ends all clients; a second call does nothing.
func (c *crowd) disperse() {
	select {
	case <-c.stop:
	default:
		close(c.stop)
	}
	c.done.Wait()
}

// pass waits until each client has asked again and got its answer.
func (c *crowd) pass(times int) {
	c.t.Helper()
	var had []int
	c.mu.Lock()
	for _, samples := range c.samples {
		had = append(had, len(samples))
	}
	c.mu.Unlock()
	require.Eventually(c.t, func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		for i, samples := range c.samples {
			if len(samples) < had[i]+times {
				return false
			}
		}
		return true
	}, time.Minute, 10*time.Millisecond, "the clients must go on")
}
