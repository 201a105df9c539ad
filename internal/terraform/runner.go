package terraform

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// DefaultGrace is how long an interrupted command may take to end before it is
// killed: an apply finishes the calls under way, writes its state and releases
// the lock, and under throttling those calls are slow.
const DefaultGrace = 5 * time.Minute

// Runner runs one binary in one root module. Its fields may be set before the
// first command; commands must not run at the same time, since they share the
// root's state.
type Runner struct {
	// Dir is the root module's folder.
	Dir string
	// Binary to run.
	Binary Binary
	// Env of the child; nil inherits all of ours, as operators expect.
	Env []string
	// Stdout and Stderr get what commands meant for people say, soon after they
	// do; nil discards. What is read by the program (show, output) is never
	// streamed, so state values do not reach them.
	Stdout, Stderr io.Writer
	// Color lets Terraform colour what it streams.
	Color bool
	// Grace defaults to [DefaultGrace].
	Grace time.Duration
	// Stopping is told every few seconds, while a command that was asked to stop
	// has not, for how long; nil tells nobody. It must be safe for concurrent use.
	Stopping func(waited time.Duration)

	// BeforeInit runs before an init, and what it returns after it; nil for
	// neither.
	BeforeInit func(context.Context) (release func(), err error)
}

// New makes a Runner that inherits the environment and discards progress.
func New(dir string, binary Binary) *Runner {
	return &Runner{Dir: dir, Binary: binary}
}

// CheckRoot says whether Dir can be a root module; its error is of kind
// [KindNotRoot].
func (r *Runner) CheckRoot() error {
	info, err := os.Stat(r.Dir)
	if err != nil || !info.IsDir() {
		return &Error{Kind: KindNotRoot, Summary: fmt.Sprintf("%s is not a folder", r.Dir), Err: err}
	}
	for _, pattern := range []string{"*.tf", "*.tf.json", "*.tofu", "*.tofu.json"} {
		if found, err := filepath.Glob(filepath.Join(globEscape(r.Dir), pattern)); err == nil && len(found) > 0 {
			return nil
		}
	}
	return &Error{Kind: KindNotRoot, Summary: fmt.Sprintf("%s is not a Terraform root: it has no .tf file", r.Dir)}
}

// invocation is one run of the binary.
type invocation struct {
	args []string
	// env is added to the Runner's.
	env []string
	// json says that it prints JSON lines, of which listen gets each.
	json   bool
	listen func(message)
	// varFiles are files of values, of which no error quotes anything.
	varFiles []string
}

func (c invocation) op() string { return c.args[0] }

// stream runs a command that changes something or takes a lock. Its output goes
// to files; see [output].
func (r *Runner) stream(ctx context.Context, c invocation) (exitCode int, err error) {
	switch {
	case c.json:
		c.args = slices.Insert(c.args, 1, "-json")
	case !r.Color:
		c.args = slices.Insert(c.args, 1, "-no-color")
	}
	l, err := newListener(r.Stdout, r.Stderr, c.listen)
	if err != nil {
		return -1, fmt.Errorf("keep what %s prints: %w", r.Binary.Title(), err)
	}
	defer l.finish()
	code, err := r.run(ctx, c, l.stdout.file, l.stderr.file, l)
	l.finish()
	if code > 0 {
		err = classify(c.op(), l.complaints(c.varFiles), err)
	}
	return code, err
}

// read runs a command whose output is for the program. It changes nothing, so
// a pipe will do.
func (r *Runner) read(ctx context.Context, args ...string) ([]byte, error) {
	var out, diagnostics bytes.Buffer
	code, err := r.run(ctx, invocation{args: args}, &out, &diagnostics, nil)
	if code > 0 {
		found := readDiagnostics(diagnostics.String())
		err = classify(args[0], complaints{found: found, rest: diagnostics.String()}, err)
	}
	return out.Bytes(), err
}

func (r *Runner) readJSON(ctx context.Context, v any, args ...string) error {
	out, err := r.read(ctx, args...)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(out, v); err != nil {
		return fmt.Errorf("read the answer of %s %s: %w", r.Binary.Name, args[0], err)
	}
	return nil
}

// run starts the command in a process group of its own: a terminal's Ctrl-C
// reaches us alone, and Terraform gets the one SIGINT that we send when ctx is
// cancelled, at a moment when it heeds it; l hears when that is, and is nil where
// it does not matter.
func (r *Runner) run(ctx context.Context, c invocation, stdout, stderr io.Writer, l *listener) (int, error) {
	if err := r.CheckRoot(); err != nil {
		return -1, err
	}
	if ctx.Err() != nil {
		return -1, cancelled(c.op(), context.Cause(ctx))
	}
	cmd := exec.CommandContext(ctx, r.Binary.Path, c.args...)
	cmd.Dir = r.Dir
	cmd.Env = Merge(r.env(), c.env)
	cmd.Stdout, cmd.Stderr = stdout, stderr
	cmd.WaitDelay = r.grace()
	interruptible(cmd)
	ask, ended := cmd.Cancel, make(chan struct{})
	if l != nil && c.json {
		cmd.Cancel = func() error { return l.whenHeeded(ended, ask) }
	}
	go r.tellStopping(ctx, ended)
	err := cmd.Run()
	close(ended)
	if err == nil || (cmd.ProcessState != nil && cmd.ProcessState.Success()) {
		return 0, nil // also where it was told to stop too late
	}
	endGroup(cmd)
	return r.outcome(ctx, c.op(), err)
}

// outcome tells a command that failed from one that was stopped or killed.
func (r *Runner) outcome(ctx context.Context, op string, err error) (int, error) {
	var exit *exec.ExitError
	ended := errors.As(err, &exit)
	switch {
	case ctx.Err() != nil && ended && strings.Contains(exit.String(), "killed"):
		return -1, killed(op, context.Cause(ctx), r.grace())
	case ctx.Err() != nil:
		return -1, cancelled(op, context.Cause(ctx))
	case !ended:
		return -1, binaryError(err, "%s could not be started (%v)", r.Binary.Path, err)
	case !exit.Exited():
		return -1, &Error{Kind: KindOther, Op: op, Err: err, Summary: fmt.Sprintf("%s was ended from outside (%s): its lock may still be there, and its state may be behind", r.Binary.Title(), exit)}
	default:
		return exit.ExitCode(), err
	}
}

// tellEvery is how often it is told that a command has still not stopped.
const tellEvery = 5 * time.Second

func (r *Runner) tellStopping(ctx context.Context, ended <-chan struct{}) {
	select {
	case <-ended:
		return
	case <-ctx.Done():
	}
	begun := time.Now()
	tick := time.NewTicker(tellEvery)
	defer tick.Stop()
	for {
		select {
		case <-ended:
			return
		case <-tick.C:
			if r.Stopping != nil {
				r.Stopping(time.Since(begun))
			}
		}
	}
}

func (r *Runner) grace() time.Duration {
	if r.Grace > 0 {
		return r.Grace
	}
	return DefaultGrace
}

// env is the environment that the child gets.
func (r *Runner) env() []string {
	if r.Env == nil {
		return os.Environ()
	}
	return r.Env
}

func writer(w io.Writer) io.Writer {
	if w == nil {
		return io.Discard
	}
	return w
}

func globEscape(path string) string {
	return strings.NewReplacer(`*`, `\*`, `?`, `\?`, `[`, `\[`, `\`, `\\`).Replace(path)
}
