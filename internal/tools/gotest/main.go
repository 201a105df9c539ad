// Command gotest runs `go test` with its arguments and prints what it prints.
// Before, it names each tool that is missing, and after, it says which tests
// were skipped and why: a pass must not hide what was left out. A first argument
// -times=FILE writes down how many seconds each top-level test took.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"apigateway-maintenance/internal/need"
)

func main() {
	args := os.Args[1:]
	times := ""
	if len(args) > 0 && strings.HasPrefix(args[0], "-times=") {
		times, args = strings.TrimPrefix(args[0], "-times="), args[1:]
	}
	shown := &report{out: os.Stdout, errors: os.Stderr, verbose: slices.Contains(args, "-v")}
	code, err := run(".", shown, args)
	if err == nil && times != "" {
		err = shown.writeTimes(times)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gotest:", err)
		os.Exit(1)
	}
	os.Exit(code)
}

// run tests the packages of a folder and gives the exit code of go test.
func run(dir string, shown *report, args []string) (int, error) {
	if !slices.Contains(args, "-short") {
		for _, tool := range need.All() {
			if tool.Path() == "" {
				fmt.Fprintln(shown.out, "missing:", tool.Missing())
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
	if err := shown.read(events); err != nil {
		return 0, err
	}
	var failed *exec.ExitError
	if err := cmd.Wait(); err != nil && !errors.As(err, &failed) {
		return 0, err
	}
	if failed != nil {
		fmt.Fprintln(shown.out, "FAIL")
	}
	shown.summarize()
	return cmd.ProcessState.ExitCode(), nil
}
