package lambda

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"apigateway-maintenance/internal/emulator/awsproto"
)

// initTimeout of a process that was just started (Lambda guide, "Understanding
// the Lambda execution environment lifecycle").
const initTimeout = 10 * time.Second

// worker is one process of a function with the Runtime API that it talks to.
type worker struct {
	cmd     *exec.Cmd
	server  *http.Server
	log     *functionLog
	started time.Time

	// work goes to the process by its `next`, one after another.
	work chan *invocation
	// ready is closed by the first `next`: the process is initialised.
	ready     chan struct{}
	readyOnce sync.Once
	initFault *fault
	// gone is closed when the process has ended, exit says how.
	gone    chan struct{}
	exit    error
	endOnce sync.Once

	mu      sync.Mutex
	current *invocation
	begun   bool          // somebody waits, or waited, for it to be initialised
	polled  chan struct{} // closed when the process asks for the next request
}

// takeInit says, once, that the process is new.
func (w *worker) takeInit() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	first := !w.begun
	w.begun = true
	return first
}

// invocation is one request on its way through a worker.
type invocation struct {
	id       string
	payload  []byte
	deadline time.Time
	arn      string
	traceID  string
	outcome  chan outcome // holds one
}

// outcome is what a function answered: a payload, or what it failed of.
type outcome struct {
	payload []byte
	fault   *fault
}

// fault is the error object of a function that failed, in Lambda's form.
type fault struct {
	ErrorMessage string `json:"errorMessage"`
	ErrorType    string `json:"errorType"`
	raw          []byte // as the function gave it, where it did
}

// startWorker starts a process. Its error is a *fault where the code is to
// blame.
func startWorker(f *function, log *functionLog) (*worker, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for the runtime API: %w", err)
	}
	w := &worker{log: log, started: time.Now(), work: make(chan *invocation), ready: make(chan struct{}), gone: make(chan struct{}), polled: make(chan struct{})}
	bootstrap := filepath.Join(f.code.dir, "bootstrap")
	w.cmd = exec.Command(bootstrap)
	w.cmd.Dir = f.code.dir
	w.cmd.Env = environ(f, listener.Addr().String(), log.stream)
	ownGroup(w.cmd)
	printed, pipe, err := os.Pipe()
	if err != nil {
		_ = listener.Close()
		return nil, err
	}
	w.cmd.Stdout, w.cmd.Stderr = pipe, pipe
	if err := startOnLockedThread(w.cmd); err != nil {
		_ = listener.Close()
		_, _ = printed.Close(), pipe.Close()
		return nil, entrypointFault(err)
	}
	_ = pipe.Close() // the process has its own
	go w.readOutput(printed)
	go func() {
		w.exit = w.cmd.Wait()
		close(w.gone)
	}()
	w.server = &http.Server{Handler: w.runtimeAPI(), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = w.server.Serve(listener) }()
	return w, nil
}

// entrypointFault is what Lambda says of code that cannot be started.
func entrypointFault(err error) *fault {
	if errors.Is(err, os.ErrNotExist) {
		return &fault{ErrorType: "Runtime.InvalidEntrypoint", ErrorMessage: "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]"}
	}
	var path *os.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return &fault{ErrorType: "Runtime.InvalidEntrypoint", ErrorMessage: fmt.Sprintf("fork/exec /var/task/bootstrap: %v", err)}
}

func (f *fault) Error() string { return f.ErrorType + ": " + f.ErrorMessage }

// readOutput passes lines on to the log until the process and all that it
// started have closed their end.
func (w *worker) readOutput(from *os.File) {
	defer from.Close()
	lines := bufio.NewReaderSize(from, 64<<10)
	for {
		line, err := lines.ReadString('\n')
		if line != "" {
			w.log.line(line)
		}
		if err != nil {
			return
		}
	}
}

func (w *worker) alive() bool {
	select {
	case <-w.gone:
		return false
	default:
		return true
	}
}

// end kills the process with all that it started, and its Runtime API.
func (w *worker) end() {
	w.endOnce.Do(func() {
		killGroup(w.cmd)
		<-w.gone
		_ = w.server.Close()
	})
}

// run gives the process one request and waits for its outcome.
func (w *worker) run(i *invocation) outcome {
	timer := time.NewTimer(time.Until(i.deadline))
	defer timer.Stop()
	w.mu.Lock()
	w.current, w.polled = i, make(chan struct{})
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		w.current = nil
		w.mu.Unlock()
	}()
	select {
	case w.work <- i:
	case <-w.gone:
		return outcome{fault: w.exited()}
	case <-timer.C:
		w.end()
		return outcome{fault: &fault{ErrorType: timedOut}}
	}
	select {
	case o := <-i.outcome:
		return o
	case <-w.gone:
		select {
		case o := <-i.outcome: // it answered and then ended
			return o
		default:
			return outcome{fault: w.exited()}
		}
	case <-timer.C:
		w.end()
		return outcome{fault: &fault{ErrorType: timedOut}}
	}
}

// settle waits until the process that has answered asks for more work, or ends:
// a function that panics answers first and exits then.
func (w *worker) settle() {
	w.mu.Lock()
	polled := w.polled
	w.mu.Unlock()
	timer := time.NewTimer(settleTimeout)
	defer timer.Stop()
	select {
	case <-polled:
	case <-w.gone:
	case <-timer.C:
		w.end()
	}
}

const settleTimeout = 10 * time.Second

// initialised waits until the process asks for its first request.
func (w *worker) initialised() *fault {
	timer := time.NewTimer(initTimeout)
	defer timer.Stop()
	select {
	case <-w.ready:
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.initFault
	case <-w.gone:
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.initFault != nil {
			return w.initFault
		}
		return w.exited()
	case <-timer.C:
		w.end()
		return &fault{ErrorType: timedOut, ErrorMessage: fmt.Sprintf("Task timed out after %.2f seconds", initTimeout.Seconds())}
	}
}

func (w *worker) exited() *fault {
	how := "exit status 0"
	if w.exit != nil {
		how = w.exit.Error()
	}
	return &fault{ErrorType: "Runtime.ExitError", ErrorMessage: "Runtime exited with error: " + how}
}

// timedOut is the error type of a request that took too long.
const timedOut = "Sandbox.Timedout"

// environ is what a function finds in its environment (Lambda guide, "Defined
// runtime environment variables"). The emulator's own credentials are not in it.
func environ(f *function, runtimeAPI, stream string) []string {
	env := []string{
		"AWS_LAMBDA_RUNTIME_API=" + runtimeAPI,
		"AWS_LAMBDA_FUNCTION_NAME=" + f.name,
		"AWS_LAMBDA_FUNCTION_VERSION=" + latest,
		fmt.Sprintf("AWS_LAMBDA_FUNCTION_MEMORY_SIZE=%d", f.memory),
		"AWS_LAMBDA_LOG_GROUP_NAME=" + f.logGroup,
		"AWS_LAMBDA_LOG_STREAM_NAME=" + stream,
		"AWS_LAMBDA_INITIALIZATION_TYPE=on-demand",
		"AWS_REGION=" + f.region,
		"AWS_DEFAULT_REGION=" + f.region,
		"_HANDLER=" + f.handler,
		"LAMBDA_TASK_ROOT=" + f.code.dir,
		"LAMBDA_RUNTIME_DIR=" + f.code.dir,
		"LANG=en_US.UTF-8", "TZ=:UTC", "PATH=/usr/local/bin:/usr/bin:/bin",
	}
	for name, value := range f.variables {
		env = append(env, name+"="+value)
	}
	return env
}

// readPayload reads a body of at most what Lambda takes: 6 MB for a request or
// an answer (Lambda guide, "Lambda quotas").
func readPayload(r io.Reader) ([]byte, error) {
	payload, err := io.ReadAll(io.LimitReader(r, maxPayload+1))
	if err == nil && len(payload) > maxPayload {
		return nil, awsproto.Errorf(http.StatusRequestEntityTooLarge, "RequestTooLargeException", "the payload is longer than %d bytes", maxPayload)
	}
	return payload, err
}

const maxPayload = 6291556
