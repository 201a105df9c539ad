package harness

import (
	"net/http"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
)

// BuildOrders puts the orders function of a version where examples/serverless
// looks for it, as its README says.
func (s *Stage) BuildOrders(version string) {
	s.T.Helper()
	cmd := exec.CommandContext(s.T.Context(), "go", "run", "apigateway-maintenance/examples/serverless/orders/package",
		"-source", "apigateway-maintenance/examples/serverless/orders", "-arch", runtime.GOARCH, "-version", version, "-o", filepath.Join(s.Root, ".build", "orders.zip"))
	out, err := cmd.CombinedOutput()
	require.NoError(s.T, err, "%s", out)
}

// Architecture is what Lambda calls this machine's.
func Architecture() string {
	if runtime.GOARCH == "arm64" {
		return "arm64"
	}
	return "x86_64"
}

// NewServerless is a stage with examples/serverless in it, and version 1 of its
// function built.
func NewServerless(t *testing.T, config emulator.Config) *Stage {
	t.Helper()
	s := NewStage(t, "serverless", config, map[string]any{"backend_url": nil, "architecture": Architecture()})
	s.BuildOrders("1")
	return s
}

// Orders asks the orders API.
func (s *Stage) Orders(method, path, body string) Answer {
	s.T.Helper()
	return s.Ask(method, "https://api.example.com/orders"+path, http.Header{"Content-Type": {"application/json"}, "Origin": {"https://app.example.com"}}, body)
}
