package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// event is a line of `go test -json` (go doc cmd/test2json).
type event struct {
	Action, Package, ImportPath, Test, Output string

	Elapsed float64 // seconds
}

// report turns events back into what go test prints, and counts. A failed test
// stands before the one that it is part of, as with -v.
type report struct {
	out     io.Writer
	errors  io.Writer // of the compiler
	verbose bool

	packages map[string]*progress
	passed   int
	failed   int
	skipped  map[string][]string // tests by reason
	// took is how long each top-level test was at work, and how long its subtests
	// were: where they run side by side it ends before they do.
	took, parts map[string]float64
}

// progress is what a package has printed so far and how its tests ended.
type progress struct {
	lines []event
	ended map[string]string // action by test
}

func (r *report) read(events io.Reader) error {
	lines := bufio.NewReader(events)
	for {
		line, err := lines.ReadBytes('\n')
		var e event
		switch {
		case len(line) == 0:
		case json.Unmarshal(line, &e) != nil:
			fmt.Fprint(r.out, string(line))
		default:
			r.take(e)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (r *report) take(e event) {
	if e.Action == "build-output" {
		fmt.Fprint(r.errors, e.Output)
		return
	}
	p := r.packages[e.Package]
	if p == nil {
		p = &progress{ended: map[string]string{}}
		if r.packages == nil {
			r.packages = map[string]*progress{}
		}
		r.packages[e.Package] = p
	}
	switch e.Action {
	case "output":
		p.lines = append(p.lines, e)
		if r.verbose {
			fmt.Fprint(r.out, e.Output)
		}
	case "pass", "fail", "skip":
		r.end(p, e)
	}
}

// end counts a test that ended, and prints a package that did.
func (r *report) end(p *progress, e event) {
	if e.Test == "" {
		if !r.verbose {
			p.print(r.out, e.Action == "fail")
		}
		delete(r.packages, e.Package)
		return
	}
	p.ended[e.Test] = e.Action
	name := e.Package[strings.LastIndex(e.Package, "/")+1:] + "." + e.Test
	r.time(name, e.Elapsed)
	switch e.Action {
	case "pass":
		r.passed++
	case "fail":
		r.failed++
	case "skip":
		if r.skipped == nil {
			r.skipped = map[string][]string{}
		}
		reason := p.reason(e.Test)
		r.skipped[reason] = append(r.skipped[reason], name)
	}
}

// print gives the closing line of a package that passed, and of one that failed
// everything but what the tests that passed printed.
func (p *progress) print(out io.Writer, failed bool) {
	for _, line := range p.lines {
		switch {
		case line.Test == "" && (failed || isClosing(line.Output)):
			fmt.Fprint(out, line.Output)
		case line.Test != "" && failed && p.ended[line.Test] != "pass" && p.ended[line.Test] != "skip" && !isMark(line.Output):
			fmt.Fprint(out, line.Output)
		}
	}
}

// isClosing recognises the line that go test ends a package with.
func isClosing(line string) bool {
	return strings.HasPrefix(line, "ok  \t") || strings.HasPrefix(line, "?   \t")
}

// isMark recognises what only `go test -v` prints.
func isMark(line string) bool {
	for _, mark := range []string{"=== RUN ", "=== PAUSE ", "=== CONT ", "=== NAME "} {
		if strings.HasPrefix(line, mark) {
			return true
		}
	}
	return false
}

// reason is what a skipped test said last before it ended, without its place.
func (p *progress) reason(test string) string {
	reason := "no reason given"
	for _, line := range p.lines {
		if line.Test != test || isMark(line.Output) || strings.HasPrefix(strings.TrimSpace(line.Output), "--- ") {
			continue
		}
		reason = strings.TrimSpace(line.Output)
		if _, text, found := strings.Cut(reason, ".go:"); found {
			if _, text, found = strings.Cut(text, ": "); found {
				reason = text
			}
		}
	}
	return reason
}
