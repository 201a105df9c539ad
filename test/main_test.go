// Package test drives real Terraform and the real AWS provider over the
// examples, against the embedded AWS, and asks over HTTPS what clients get.
package test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/gruntwork-io/terratest/modules/logger"

	tc "apigateway-maintenance/internal/toolchain"
)

// toolchain is shared: finding a binary and a provider is not what is tested.
var toolchain *tc.Toolchain

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(run(m))
}

func run(m *testing.M) int {
	if testing.Short() {
		fmt.Println("-short: the suites that need Terraform are left out")
		return 0
	}
	isolate()
	if !testing.Verbose() {
		logger.Default = logger.Discard
	}
	var err error
	if toolchain, err = tc.Prepare(context.Background(), tc.EnsureOptions{}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// account is the caller's AWS_* environment, kept for the opt-in suite alone.
var account []string

// isolate drops settings that would leak into Terraform: Terratest adds to the
// environment and takes nothing away.
func isolate() {
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, "AWS_") || strings.HasPrefix(name, "TF_") {
			os.Unsetenv(name)
			if strings.HasPrefix(name, "AWS_") {
				account = append(account, entry)
			}
		}
	}
}
