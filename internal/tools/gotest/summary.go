package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

// summarize says what ran and what was left out.
func (r *report) summarize() {
	left := 0
	for _, tests := range r.skipped {
		left += len(tests)
	}
	fmt.Fprintf(r.out, "%d tests passed, %d failed, %d skipped\n", r.passed, r.failed, left)
	if len(r.took) > 0 {
		fmt.Fprintln(r.out, "slowest:", r.slowest(5))
	}
	r.foldReasons()
	for _, reason := range slices.Sorted(maps.Keys(r.skipped)) {
		tests := r.skipped[reason]
		fmt.Fprintf(r.out, "  %d skipped: %s\n    %s\n", len(tests), reason, strings.Join(tests, ", "))
	}
}

// manyReasons are more than a summary can list of one test.
const manyReasons = 5

// foldReasons makes one of the reasons of a test whose cases have many.
func (r *report) foldReasons() {
	reasons := map[string][]string{} // by top-level test
	for _, reason := range slices.Sorted(maps.Keys(r.skipped)) {
		for _, test := range r.skipped[reason] {
			top, _, _ := strings.Cut(test, "/")
			if !slices.Contains(reasons[top], reason) {
				reasons[top] = append(reasons[top], reason)
			}
		}
	}
	for top, all := range reasons {
		if len(all) <= manyReasons {
			continue
		}
		folded := 0
		for _, reason := range all {
			kept := slices.DeleteFunc(r.skipped[reason], func(test string) bool { return strings.HasPrefix(test, top+"/") })
			folded += len(r.skipped[reason]) - len(kept)
			if r.skipped[reason] = kept; len(kept) == 0 {
				delete(r.skipped, reason)
			}
		}
		reason := fmt.Sprintf("%d cases, each with its own reason (-v shows them)", folded)
		r.skipped[reason] = append(r.skipped[reason], top)
	}
}

func (r *report) time(test string, seconds float64) {
	if r.took == nil {
		r.took, r.parts = map[string]float64{}, map[string]float64{}
	}
	top, _, part := strings.Cut(test, "/")
	switch {
	case !part:
		r.took[top] = seconds
	case strings.Count(test, "/") == 1:
		r.parts[top] += seconds
	}
}

// seconds that a top-level test took.
func (r *report) seconds(test string) float64 { return max(r.took[test], r.parts[test]) }

// writeTimes keeps what each test took, for the table in test/README.md.
func (r *report) writeTimes(file string) error {
	seconds := map[string]float64{}
	for test := range r.took {
		seconds[test] = r.seconds(test)
	}
	text, err := json.MarshalIndent(seconds, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(text, '\n'), 0o644)
}

// slowest names the tests that took longest.
func (r *report) slowest(count int) string {
	tests := slices.SortedFunc(maps.Keys(r.took), func(a, b string) int { return cmp.Or(cmp.Compare(r.seconds(b), r.seconds(a)), cmp.Compare(a, b)) })
	var named []string
	for _, test := range tests[:min(count, len(tests))] {
		named = append(named, fmt.Sprintf("%s %.0f s", test, r.seconds(test)))
	}
	return strings.Join(named, ", ")
}
