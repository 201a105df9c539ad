package test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/emulator/awsproto"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/sandbox"
	"apigateway-maintenance/internal/terraform"
	"apigateway-maintenance/test/harness"
)

// point moves a mapping behind Terraform's back.
func point(t *testing.T, s *harness.Stage, path string, to maintenance.Target) {
	t.Helper()
	replace := func(path, value string) types.PatchOperation {
		return types.PatchOperation{Op: types.OpReplace, Path: aws.String(path), Value: aws.String(value)}
	}
	_, err := apigateway.NewFromConfig(s.Config()).UpdateBasePathMapping(t.Context(), &apigateway.UpdateBasePathMappingInput{
		DomainName: aws.String(sandbox.Domain), BasePath: aws.String(path[1:]),
		PatchOperations: []types.PatchOperation{replace("/restapiId", to.APIID), replace("/stage", to.StageName)},
	})
	require.NoError(t, err)
}

// refreshing is what a run said about planning again; empty if it did not.
func refreshing(t *testing.T, r harness.Ran) string {
	t.Helper()
	for _, event := range r.Events(t) {
		if event["event"] == "refreshing" {
			return event["message"].(string)
		}
	}
	return ""
}

// TestWithoutARefresh goes by the state, and by what clients get.
func TestWithoutARefresh(t *testing.T) {
	t.Parallel()
	const paths = 3
	for product, tools := range harness.Toolchains(t) {
		t.Run(product, func(t *testing.T) {
			t.Parallel()
			s := harness.NewFixtureWith(t, tools, "many", emulator.Config{}, map[string]any{"paths": paths})
			s.Apply(map[string]any{"maintenance_mode": false})
			var targets map[string]maintenance.Targets
			s.Output("targets", &targets)
			o := s.Operator()
			url := func(i int) string { return fmt.Sprintf("https://%s/path%d", sandbox.Domain, i) }

			s.Emulator.ResetCalls()
			r := o.Require(0, "on", "--auto-approve", "--json", "--refresh=false")
			assert.Empty(t, refreshing(t, r))
			calls := s.Emulator.Calls()
			assert.LessOrEqual(t, len(calls), 2*paths+15, "at most two calls a mapping")
			assert.Equal(t, paths, harness.CountWrites(calls))
			harness.RequireNoCall(t, calls, "GetRestApi", "nothing is refreshed")

			t.Run("clients that get something else are told of, and asked AWS about", func(t *testing.T) {
				point(t, s, "/path1", targets["/path1"].Live)
				r := o.Require(0, "off", "--auto-approve", "--json", "--refresh=false")
				assert.Contains(t, refreshing(t, r), "the state says that "+url(1)+" is maintenance, and it is live (status 200): planning again with a refresh")
				o.Require(0, "verify", "--expect", "off", url(0), url(1), url(2))
			})
			if product != terraform.Terraform {
				return // the rest is the command's own
			}
			t.Run("what is already so by the state alone is not taken for it", func(t *testing.T) {
				point(t, s, "/path1", targets["/path1"].Maintenance)
				r := o.Require(0, "off", "--auto-approve", "--json", "--refresh=false")
				assert.NotEmpty(t, refreshing(t, r))
				assert.Equal(t, "done", r.Last(t, "result")["data"].(map[string]any)["outcome"])
				o.Require(0, "verify", "--expect", "off", url(0), url(1), url(2))
			})
			t.Run("base paths that nobody probes are looked at too", func(t *testing.T) {
				point(t, s, "/path2", targets["/path2"].Maintenance)
				r := o.Require(0, "on", "--auto-approve", "--json", "--refresh=false", "--url", url(0))
				assert.Contains(t, refreshing(t, r), url(2))
			})
		})
	}
}

// TestLanes switches the same base paths by each of the three lanes, one after
// the other under AWS's real quotas, which takes minutes: make figures runs it.
func TestLanes(t *testing.T) {
	const paths = 200
	if !harness.Figures() {
		t.Skip("measures, on a quiet machine: make figures")
	}
	s := harness.NewFixture(t, "many", emulator.Config{}, map[string]any{"paths": paths})
	s.StartProviderAnew() // each lane as users have it, with their settings
	s.Apply(map[string]any{"maintenance_mode": false})
	url := fmt.Sprintf("https://%s/path0", sandbox.Domain)
	o := s.Operator("AWS_RETRY_MODE=adaptive", "AWS_MAX_ATTEMPTS=25")
	book := filepath.Join(s.Dir, "runbook.json")
	o.Require(0, "status", "--no-plan", "--save-runbook", book, "--url", url)

	took := map[string]time.Duration{}
	fmt.Println("| lane | base paths | time | calls | of what the quota allows |")
	fmt.Println("|---|---|---|---|---|")
	for _, lane := range []struct {
		name string
		args []string
	}{
		{"plan and apply", []string{"on", "--auto-approve", "--url", url}},
		{"without a refresh", []string{"off", "--auto-approve", "--url", url, "--refresh=false"}},
		{"breakglass", []string{"breakglass", "on", "--runbook", book, "--run", "--auto-approve", "--url", url}},
	} {
		s.Emulator.SetQuotas(emulator.RealQuotas()) // with all of the burst left
		s.Emulator.ResetCalls()
		start := time.Now()
		o.Require(0, lane.args...)
		took[lane.name] = time.Since(start)
		calls := gatewayCalls(s.Emulator.Calls())
		bound := float64(calls-40) / 10
		fmt.Printf("| %s | %d | %.1f s | %d | %.2f |\n", lane.name, paths, took[lane.name].Seconds(), calls, took[lane.name].Seconds()/bound)
		switch lane.name {
		case "without a refresh":
			assert.LessOrEqual(t, calls, 2*paths+15)
		case "breakglass":
			assert.LessOrEqual(t, took[lane.name].Seconds(), 1.2*bound)
		}
	}
	assert.GreaterOrEqual(t, took["plan and apply"].Seconds(), 1.4*took["without a refresh"].Seconds())
	assert.GreaterOrEqual(t, took["plan and apply"].Seconds(), 3*took["breakglass"].Seconds())
}

// gatewayCalls counts the calls to API Gateway that were not turned away.
func gatewayCalls(calls []awsproto.Call) int {
	n := 0
	for _, call := range calls {
		if call.Service == "apigateway" && call.ErrorCode != "TooManyRequestsException" {
			n++
		}
	}
	return n
}
