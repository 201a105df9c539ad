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
	// Stdout and Stderr get what commands meant for people print, while they
	// print it; nil discards. What is read by the program (show, output) is
	// never streamed, so state values do not reach them.
	Stdout, Stderr io.Writer
	// Color lets Terraform colour what it streams.
	Color bool
	// Grace defaults to [DefaultGrace].
	Grace time.Duration

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

// stream runs a command whose output is for people.
func (r *Runner) stream(ctx context.Context, args ...string) (exitCode int, err error) {
	if !r.Color {
		args = slices.Insert(args, 1, "-no-color")
	}
	return r.run(ctx, writer(r.Stdout), args)
}

// read runs a command whose output is for the program.
func (r *Runner) read(ctx context.Context, args ...string) ([]byte, error) {
	var out bytes.Buffer
	quiet := *r
	quiet.Stderr = nil
	_, err := quiet.run(ctx, &out, args)
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
// cancelled. A second one would make it quit without writing its state.
func (r *Runner) run(ctx context.Context, stdout io.Writer, args []string) (int, error) {
	if err := r.CheckRoot(); err != nil {
		return -1, err
	}
	if err := ctx.Err(); err != nil {
		return -1, cancelled(args[0], err)
	}
	var diagnostics bytes.Buffer
	cmd := exec.CommandContext(ctx, r.Binary.Path, args...)
	cmd.Dir = r.Dir
	cmd.Env = r.Env
	cmd.Stdout = stdout
	cmd.Stderr = io.MultiWriter(writer(r.Stderr), &diagnostics)
	cmd.WaitDelay = r.grace()
	interruptible(cmd)

	err := cmd.Run()
	if err == nil {
		return 0, nil
	}
	if ctx.Err() != nil {
		endGroup(cmd)
		return -1, cancelled(args[0], ctx.Err())
	}
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return -1, binaryError(err, "%s could not be started (%v)", r.Binary.Path, err)
	}
	return exit.ExitCode(), classify(args[0], diagnostics.String(), err)
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
