package test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/probe"
	"apigateway-maintenance/internal/sandbox"
	"apigateway-maintenance/internal/terraform"
	"apigateway-maintenance/test/harness"
)

const (
	verifyEnv = "MAINTENANCE_VERIFY_AWS"
	// patience covers a new domain name and its DNS record; an operation on a
	// REGIONAL domain takes minutes at worst.
	patience = 15 * time.Minute
)

// awsTarget is an account, or what stands for one, and how clients reach it.
type awsTarget struct {
	env     []string // AWS_*: credentials, region, endpoints
	vars    map[string]any
	clients probe.Config
}

// TestAWS is the opt-in suite: real resources in the caller's account. Without
// the variable it says so and claims nothing.
func TestAWS(t *testing.T) {
	if os.Getenv(verifyEnv) != "1" {
		t.Skipf("makes real resources: set %s=1 and the variables in test/README.md", verifyEnv)
	}
	target, err := targetFrom(os.Getenv)
	require.NoError(t, err)
	target.env = harness.Account
	target.verify(t)
}

// TestOptInSuite tests TestAWS, on the embedded AWS and by the same
// variables.
func TestOptInSuite(t *testing.T) {
	t.Parallel()
	t.Run("tells which variables are missing", func(t *testing.T) {
		_, err := targetFrom(func(string) string { return "" })
		require.ErrorContains(t, err, "MAINTENANCE_AWS_DOMAIN_NAME, MAINTENANCE_AWS_CERTIFICATE_ARN, MAINTENANCE_AWS_ZONE_ID, MAINTENANCE_AWS_BACKEND_URL")
	})
	s := harness.EmptyStage(t, emulator.Config{})
	env := map[string]string{}
	for _, entry := range s.Exports(s.CAFile()) {
		name, value, _ := strings.Cut(entry, "=")
		env[strings.Replace(strings.ToUpper(name), "TF_VAR_", "MAINTENANCE_AWS_", 1)] = value
	}
	target, err := targetFrom(func(name string) string { return env[name] })
	require.NoError(t, err)
	target.env = s.Emulator.Env()
	observed := target.verify(t)
	require.Len(t, observed, len(observations()))
	for _, seen := range observed {
		assert.NotContains(t, seen, "no answer", "the embedded AWS answers everything")
	}
	s.RequireEmpty()
}

// targetFrom reads the MAINTENANCE_* variables.
func targetFrom(getenv func(string) string) (*awsTarget, error) {
	target := &awsTarget{vars: map[string]any{}}
	var missing []string
	for _, name := range []string{"domain_name", "certificate_arn", "zone_id", "backend_url"} {
		variable := "MAINTENANCE_AWS_" + strings.ToUpper(name)
		if target.vars[name] = getenv(variable); target.vars[name] == "" {
			missing = append(missing, variable)
		}
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("the opt-in suite needs %s; see test/README.md", strings.Join(missing, ", "))
	}
	target.clients = probe.Config{Resolver: getenv("MAINTENANCE_RESOLVER"), CAFile: getenv("MAINTENANCE_CA_FILE"), Rate: 5}
	if entries := getenv("MAINTENANCE_CONNECT_TO"); entries != "" {
		target.clients.ConnectTo = strings.Split(entries, ",")
	}
	return target, nil
}

// verify takes examples/basic through its life. It fails on what the kit
// promises, and returns what it saw of what AWS does not document.
func (a *awsTarget) verify(t *testing.T) map[string]string {
	t.Helper()
	root, err := sandbox.CopyExample(t.TempDir(), "basic", a.vars)
	require.NoError(t, err)
	runner := harness.Toolchain.Runner(root, a.env...)
	require.NoError(t, runner.Init(t.Context()))
	destroyed := false
	destroy := func(ctx context.Context) error { return runner.Destroy(ctx, terraform.PlanOptions{}) }
	t.Cleanup(func() {
		if !destroyed {
			assert.NoError(t, destroy(context.Background()), "destroy by hand what the state in %s still names", root)
		}
	})

	deploy(t, runner, root, false)
	changed, err := runner.Plan(t.Context(), terraform.PlanOptions{})
	require.NoError(t, err)
	require.False(t, changed, "a second plan must be empty")

	url := "https://" + a.vars["domain_name"].(string) + "/orders/42"
	a.await(t, url, probe.Live)
	a.clients.URLs = []string{url}
	prober, err := probe.New(a.clients)
	require.NoError(t, err)
	require.NoError(t, prober.Start(t.Context()))
	defer prober.Stop()

	began := time.Now()
	harness.RequireSwitchOnly(t, deploy(t, runner, root, true), 1)
	a.await(t, url, probe.Maintenance)
	t.Logf("on: every answer in a row of ten was the maintenance one %s after the deploy began", time.Since(began).Round(time.Second))
	client := a.client(t)
	for _, method := range harness.Methods {
		seen, err := a.send(t.Context(), client, observation{method: method, path: "/orders/42"})
		require.NoError(t, err)
		assert.Equal(t, http.StatusServiceUnavailable, seen.Status, method)
		assert.Equal(t, "on", seen.Header.Get("X-Maintenance-Mode"), method)
	}
	observed := a.observe(t, client)

	began = time.Now()
	harness.RequireSwitchOnly(t, deploy(t, runner, root, false), 1)
	a.await(t, url, probe.Live)
	t.Logf("off: live again %s after the deploy began", time.Since(began).Round(time.Second))
	prober.Stop()
	seen := prober.Timeline().Summary().URLs[0]
	assert.Zero(t, seen.Counts[probe.Wrong], "neither live nor maintenance: %v", seen.WrongFirst)
	t.Logf("the answer changed %d times (2: no old answer came after a new one)", seen.Flips)

	require.NoError(t, destroy(t.Context()))
	destroyed = true
	return observed
}

// deploy plans the mode to a file, applies just that, and returns the plan.
func deploy(t *testing.T, runner *terraform.Runner, root string, on bool) *tfjson.Plan {
	t.Helper()
	file := fmt.Sprintf("%s/%t.tfplan", root, on)
	_, err := runner.Plan(t.Context(), terraform.PlanOptions{Out: file, Vars: []string{fmt.Sprintf("maintenance_mode=%t", on)}})
	require.NoError(t, err)
	plan, err := runner.ShowPlan(t.Context(), file)
	require.NoError(t, err)
	require.NoError(t, runner.Apply(t.Context(), file, terraform.ApplyOptions{}))
	return plan
}

// await asks until ten answers in a row are right.
func (a *awsTarget) await(t *testing.T, url string, verdict probe.Verdict) {
	t.Helper()
	config := a.clients
	config.URLs = []string{url}
	prober, err := probe.New(config)
	require.NoError(t, err)
	require.NoError(t, prober.Start(t.Context()))
	defer prober.Stop()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	require.NoError(t, prober.WaitFor(ctx, probe.All(verdict, []string{url}), 10))
}
