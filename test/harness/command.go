package harness

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// built is the folder that BuildCommand made; Main takes it away.
var built string

// BuildCommand builds the operator's command once for all tests.
var BuildCommand = sync.OnceValues(func() (string, error) {
	var err error
	if built, err = os.MkdirTemp("", "maintenance-command-*"); err != nil {
		return "", err
	}
	path := filepath.Join(built, "maintenance")
	out, err := exec.Command("go", "build", "-o", path, "apigateway-maintenance/cmd/maintenance").CombinedOutput()
	if err != nil {
		return "", errors.New(string(out))
	}
	return path, nil
})

// Ran is what a run of the command came to.
type Ran struct {
	Code        int
	Out, ErrOut string
}

// Events parses --json output, each line of which must be an object.
func (r Ran) Events(t *testing.T) []map[string]any {
	t.Helper()
	var all []map[string]any
	for line := range strings.Lines(r.Out) {
		var event map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &event), line)
		all = append(all, event)
	}
	return all
}

// Last is the last event of a name.
func (r Ran) Last(t *testing.T, name string) map[string]any {
	t.Helper()
	events := r.Events(t)
	for i := len(events) - 1; i >= 0; i-- {
		if events[i]["event"] == name {
			return events[i]
		}
	}
	require.Fail(t, "no event "+name, r.Out)
	return nil
}
