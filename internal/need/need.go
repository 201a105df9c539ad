// Package need knows the programs that some tests need and a machine may lack.
// A test that lacks one is skipped, and `make test` says before it starts what is
// missing and at its end what was left out for it.
package need

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// Tool is a program, or one of several that do the same.
type Tool struct {
	// Title is what people call it.
	Title string
	// names under which it may be on PATH.
	names []string
	// get says how to get it.
	get string
	// ci must have it: there the test fails.
	ci bool
}

// The tools.
var (
	Terraform = Tool{Title: "Terraform", names: []string{"terraform"}, ci: true,
		get: "https://developer.hashicorp.com/terraform/install (until then most tests download a release of it)"}
	OpenTofu = Tool{Title: "OpenTofu", names: []string{"tofu"}, ci: true,
		get: "https://opentofu.org/docs/intro/install, or .ci/run, which builds it"}
	Browser = Tool{Title: "a browser", names: []string{"chromium", "chromium-browser", "google-chrome", "chrome"}, ci: true,
		get: "apt-get install chromium, or brew install --cask chromium"}
	Curl = Tool{Title: "curl", names: []string{"curl"}, ci: true,
		get: "apt-get install curl, or brew install curl"}
	AWS = Tool{Title: "the AWS CLI", names: []string{"aws"},
		get: "https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html"}
)

// All are the tools that tests ask for.
func All() []Tool { return []Tool{Terraform, OpenTofu, Browser, Curl, AWS} }

// Path of the tool; empty where there is none.
func (t Tool) Path() string {
	for _, name := range t.names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// Missing says in a line that there is none, and how to get it.
func (t Tool) Missing() string {
	return t.Title + " is not on PATH (" + strings.Join(t.names, ", ") + "); get it: " + t.get
}

// For gives the path of a tool to a test that cannot do without, which is
// skipped where there is none.
func For(t testing.TB, tool Tool) string {
	t.Helper()
	path := tool.Path()
	if path != "" {
		return path
	}
	if tool.ci && os.Getenv("CI") != "" {
		t.Fatal("the CI must have it: " + tool.Missing())
	}
	t.Skip(tool.Missing())
	return ""
}
