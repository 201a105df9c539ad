// Package harness is what the suites in test are written with: a stage with a
// copy of an example on an AWS of its own, clients that ask it, the operator's
// command in a root that is not ours, a terminal and a browser.
package harness

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/gruntwork-io/terratest/modules/logger"

	"apigateway-maintenance/internal/toolchain"
)

// Toolchain is shared: finding a binary and a provider is not what is tested.
var Toolchain *toolchain.Toolchain

// Account is the caller's AWS_* environment, kept for the opt-in suite alone.
var Account []string

// Main runs a package's suites; its TestMain calls it with the exit code to end
// with.
func Main(m *testing.M) int {
	flag.Parse()
	if testing.Short() {
		fmt.Println("-short: the suites that need Terraform are left out")
		return 0
	}
	isolate()
	overlap()
	if !testing.Verbose() {
		logger.Default = logger.Discard
	}
	var err error
	if Toolchain, err = toolchain.Prepare(context.Background(), toolchain.EnsureOptions{}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { os.RemoveAll(built) }()
	return m.Run()
}

// Figures says that this run measures, on a quiet machine: only then is a time
// judged.
func Figures() bool { return os.Getenv("FIGURES") != "" }

// isolate drops settings that would leak into Terraform: Terratest adds to the
// environment and takes nothing away.
func isolate() {
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, "AWS_") || strings.HasPrefix(name, "TF_") {
			os.Unsetenv(name)
			if strings.HasPrefix(name, "AWS_") {
				Account = append(Account, entry)
			}
		}
	}
}

// overlap lets twice as many suites run at a time as there are processors, and six
// at most, since each takes more than a gigabyte, unless the caller says how many.
// The provider waits 15 s for each change of a DNS record, and Terraform for the
// provider.
func overlap() {
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "test.parallel" })
	if !given {
		_ = flag.Set("test.parallel", strconv.Itoa(min(2*runtime.GOMAXPROCS(0), 6)))
	}
}

// Thorough says that this run takes every point and every fault, which takes
// the better part of an hour; otherwise a few stand for all.
func Thorough() bool { return os.Getenv("THOROUGH") != "" }
