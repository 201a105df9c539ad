package readonly

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/test/harness"
)

const message = "Reads go on. Writes will be back soon."

// keepsShared takes the parameters of paths, as AWS may: what is not there can
// do no harm.
var keepsShared = emulator.Config{PathParameters: func(string, string) {}}

// render plans a read-only API for each document, in one plan, and returns what
// the module made of each, and the mock.
func render(s *harness.Stage, documents map[string]*live) (rendered map[string]string, mock string) {
	s.T.Helper()
	given := object{}
	for name, l := range documents {
		body := []byte(l.text)
		if l.text == "" {
			var err error
			body, err = json.Marshal(l.Document)
			require.NoError(s.T, err)
		}
		given[name] = object{
			"body": string(body), "closed": l.Closed, "require_authorization": l.RequireAuthorization, "unsupported_media_type": l.UnsupportedMediaType,
		}
	}
	s.SetOnly(object{"documents": given, "maintenance_message": message})
	plan, _ := s.Planned(nil)
	rendered = map[string]string{}
	for _, change := range plan.ResourceChanges {
		if change.Type != "aws_api_gateway_rest_api" {
			continue
		}
		after := change.Change.After.(object)
		body, _ := after["body"].(string)
		if strings.HasPrefix(change.Address, "module.maintenance_api.") {
			mock = body
			continue
		}
		rendered[after["name"].(string)] = body
	}
	require.Len(s.T, rendered, len(documents))
	return rendered, mock
}

// setting reads a number from the environment.
func setting(t *testing.T, name string, fallback int) int {
	given := os.Getenv(name)
	if given == "" {
		return fallback
	}
	number, err := strconv.Atoi(given)
	require.NoError(t, err, name)
	return number
}

// TestDrawnDocuments draws documents and asks for each path and method of each:
// what the read-only API answers is what the live one answers if open, and what
// the mock answers if closed. READONLY_DOCUMENTS draws more of them, and
// READONLY_SEED draws a run's again.
func TestDrawnDocuments(t *testing.T) {
	t.Parallel()
	seed := setting(t, "READONLY_SEED", int(time.Now().UnixNano()%1_000_000))
	t.Logf("READONLY_SEED=%d", seed)
	generator := drawLive(startBackend(t))
	documents := map[string]*live{}
	for i := range setting(t, "READONLY_DOCUMENTS", 40) {
		documents[fmt.Sprintf("drawn-%d", seed+i)] = generator.Example(seed + i)
	}
	s := harness.NewFixture(t, "documents", keepsShared, nil)
	rendered, mock := render(s, documents)
	w := newWorld(s, mock)
	seen := counts{}
	for name, l := range documents {
		if len(l.operations) == 0 {
			continue // API Gateway deploys no API without methods
		}
		requests := rapid.Custom(func(t *rapid.T) error { return w.compare(t, l, rendered[name], seen) })
		if err := requests.Example(seed); err != nil {
			body, _ := json.MarshalIndent(l, "", " ")
			t.Errorf("%s: %v\n%s", name, err, body)
		}
	}
	t.Logf("compared: %v", seen)
	require.NotZero(t, seen[likeLive])
	require.NotZero(t, seen[likeMaintenance])
}
