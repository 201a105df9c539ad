// Package test drives real Terraform and the real AWS provider over the
// examples, against the embedded AWS, and asks over HTTPS what clients get.
package test

import (
	"os"
	"testing"

	"apigateway-maintenance/test/harness"
)

func TestMain(m *testing.M) { os.Exit(harness.Main(m)) }
