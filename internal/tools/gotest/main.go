// Command gotest runs `go test` with its arguments and prints what it prints.
// Before, it names each tool that is missing, and after, it says which tests
// were skipped and why: a pass must not hide what was left out.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"syscall"

	"apigateway-maintenance/internal/need"
)

func main() {
	code, err := run(".", os.Stdout, os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "gotest:", err)
		os.Exit(1)
	}
	os.Exit(code)
}

// run tests the packages of a folder and gives the exit code of go test.
func run(dir string, out io.Writer, args []string) (int, error) {
	if !slices.Contains(args, "-short") {
		for _, tool := range need.All() {
			if tool.Path() == "" {
				fmt.Fprintln(out, "missing:", tool.Missing())
			}
		}
	}
	// A terminal's Ctrl-C reaches go test as well: it ends, and so do we.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	cmd := exec.Command("go", append([]string{"test", "-json"}, args...)...)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	events, err := cmd.StdoutPipe()
	if err != nil {
		return 0, err
	}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	defer context.AfterFunc(ctx, func() { _ = cmd.Process.Signal(os.Interrupt) })()
	shown := &report{out: out, errors: os.Stderr, verbose: slices.Contains(args, "-v")}
	if err := shown.read(events); err != nil {
		return 0, err
	}
	var failed *exec.ExitError
	if err := cmd.Wait(); err != nil && !errors.As(err, &failed) {
		return 0, err
	}
	if failed != nil {
		fmt.Fprintln(out, "FAIL")
	}
	shown.summarize()
	return cmd.ProcessState.ExitCode(), nil
}
