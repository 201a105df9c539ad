package test

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/test/harness"
)

// TestTwoAtOnce lets two switches of one root run against each other, the same
// way and opposite ways, and a deploy between the plan of a switch and its apply.
func TestTwoAtOnce(t *testing.T) {
	t.Parallel()
	s := harness.NewFixture(t, "many", emulator.Config{}, map[string]any{"paths": manyPaths})
	s.UseStateServer()
	s.Apply(map[string]any{"maintenance_mode": false})
	prober := s.Clients(3, manyURLs()...)
	o := s.Operator()

	for _, ways := range [][2]string{{"on", "on"}, {"off", "on"}} {
		t.Run(ways[0]+" beside "+ways[1], func(t *testing.T) {
			var both [2]harness.Ran
			var running sync.WaitGroup
			for i, way := range ways {
				running.Go(func() { both[i] = o.RunIn(nil, nil, way, "--auto-approve") })
			}
			running.Wait()
			for i, r := range both {
				switch r.Code {
				case 0:
				case 4: // the other one switched back before the answers were confirmed
					assert.Contains(t, r.ErrOut, "not confirmed", ways[i])
				default:
					assert.Equal(t, 5, r.Code, "%s: %s", ways[i], r.ErrOut)
					assert.Regexp(t, `the state is locked by .* \(OperationType(Plan|Apply), lock |the state has changed since the plan was made`, r.ErrOut)
				}
			}
			// Whoever came last is what counts, and the state knows it.
			o.Require(0, "on", "--auto-approve")
			s.RequireNoChanges(map[string]any{"maintenance_mode": true})
		})
	}

	t.Run("a deploy between plan and apply", func(t *testing.T) {
		binary := harness.Toolchain.Binary.Path
		between := filepath.Join(s.Dir, "between")
		script := fmt.Sprintf("#!/bin/sh\nif [ \"$1\" = apply ]; then '%[1]s' apply -input=false -auto-approve -var=maintenance_mode=true -replace=module.maintenance_api.aws_api_gateway_deployment.this >&2 || exit 9; fi\nexec '%[1]s' \"$@\"\n", binary)
		require.NoError(t, os.WriteFile(between, []byte(script), 0o755))
		r := o.RunIn([]string{"MAINTENANCE_TERRAFORM_BIN=" + between}, nil, "off", "--auto-approve")
		assert.Equal(t, 5, r.Code, "%s\n%s", r.Out, r.ErrOut)
		assert.Contains(t, r.ErrOut, "the state has changed since the plan was made; plan again")
		o.Require(0, append([]string{"verify", "--expect", "on"}, manyURLs()...)...)
		o.Require(0, "off", "--auto-approve")
	})
	requireNoneWrong(t, prober)
}
