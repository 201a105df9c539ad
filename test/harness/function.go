package harness

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/sandbox"
)

// NewServerless is a stage with examples/serverless in it, and version 1 of its
// function built. The variables are over the example's.
func NewServerless(t *testing.T, config emulator.Config, over map[string]any) *Stage {
	t.Helper()
	s := EmptyStage(t, config)
	vars := s.ServerlessVars()
	for name, value := range over {
		vars[name] = value
	}
	var err error
	s.Root, err = sandbox.CopyExample(s.Dir, "serverless", vars)
	require.NoError(t, err)
	s.Init()
	s.BuildOrders("1")
	return s
}

// BuildOrders builds a version of the function, for the next apply.
func (s *Stage) BuildOrders(version string) {
	s.T.Helper()
	require.NoError(s.T, sandbox.BuildOrders(s.T.Context(), s.Root, version))
}

// Orders asks the orders API, as the website does.
func (s *Stage) Orders(method, path, body string) Answer {
	s.T.Helper()
	return s.Ask(method, "https://api.example.com/orders"+path, http.Header{"Content-Type": {"application/json"}, "Origin": {"https://app.example.com"}}, body)
}
