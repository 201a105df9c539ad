package test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/terraform"
	"apigateway-maintenance/test/harness"
)

// badAnswers are what a busy AWS and a bad network do to management calls.
var badAnswers = map[string]emulator.Fault{
	"throttled":  {Status: 429},
	"failed":     {Status: 500},
	"overloaded": {Status: 503},
	"hung up":    {Drop: true},
	"late":       {Latency: 2 * time.Second},
	"lost":       {Lost: true},
	"cut":        {Cut: true},
}

// badAWS is faults that strike a share of the calls.
type badAWS struct {
	name   string
	faults emulator.Faults
}

// badAWSes are each kind at each share, or all kinds together at each share.
func badAWSes() []badAWS {
	var all []badAWS
	for i, share := range []float64{0.01, 0.1, 0.3, 0.5} {
		mixed := badAWS{name: fmt.Sprintf("%g of all kinds", share), faults: emulator.Faults{Seed: uint64(i + 1)}}
		for kind, fault := range badAnswers {
			fault.Probability = share / float64(len(badAnswers))
			mixed.faults.Rules = append(mixed.faults.Rules, fault)
			if harness.Thorough() {
				fault.Probability = share
				all = append(all, badAWS{fmt.Sprintf("%g %s", share, kind), emulator.Faults{Seed: uint64(i + 1), Rules: []emulator.Fault{fault}}})
			}
		}
		all = append(all, mixed)
	}
	return all
}

// nameOfAFault is how a sentence says what AWS did.
const nameOfAFault = `throttled|StatusCode: \d+|answered \d+|EOF|connection (reset|refused)|--apply-timeout|deserialization`

// TestBadAWS switches while AWS answers badly: the switch succeeds, or fails
// within the bound of --apply-timeout, in a sentence that names the fault. Then
// the same command heals it on a good AWS; clients only ever get the one answer
// or the other.
func TestBadAWS(t *testing.T) {
	t.Parallel()
	for product, tools := range harness.Toolchains(t) {
		t.Run(product, func(t *testing.T) {
			t.Parallel()
			s := harness.NewFixtureWith(t, tools, "many", emulator.Config{}, map[string]any{"paths": manyPaths})
			s.Apply(map[string]any{"maintenance_mode": false})
			prober := s.Clients(3, manyURLs()...)
			o := s.Operator("MAINTENANCE_APPLY_TIMEOUT=1m")
			cases := badAWSes()
			if product != terraform.Terraform && !harness.Thorough() {
				cases = cases[2:3] // what fails is the provider, which is the same
			}
			for i, bad := range cases {
				direction := []string{"on", "off"}[i%2]
				t.Run(bad.name, func(t *testing.T) {
					o.Emulator.SetFaults(&bad.faults)
					r := o.Run(direction, "--auto-approve")
					o.Emulator.SetFaults(nil)
					sentence, _, _ := strings.Cut(r.ErrOut, "\n")
					t.Logf("exit code %d: %s", r.Code, sentence)
					if r.Code != 0 {
						assert.Contains(t, []int{1, 4, 5}, r.Code)
						assert.Regexp(t, nameOfAFault, sentence)
					}
					r = o.Run(direction, "--auto-approve")
					require.Equal(t, 0, r.Code, "%s\n%s", r.Out, r.ErrOut)
					o.Require(0, append([]string{"verify", "--expect", direction}, manyURLs()...)...)
				})
			}
			requireNoneWrong(t, prober)
		})
	}
}
