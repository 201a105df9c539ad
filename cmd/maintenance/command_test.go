package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/probe"
	"apigateway-maintenance/internal/runbook"
	"apigateway-maintenance/internal/switchover"
	"apigateway-maintenance/internal/terraform"
)

type outcomeOf struct {
	code        maintenance.ExitCode
	out, errOut string
}

func command(t *testing.T, args ...string) outcomeOf {
	t.Helper()
	var out, errOut bytes.Buffer
	code := run(t.Context(), args, streams{in: strings.NewReader(""), out: &out, err: &errOut})
	return outcomeOf{code, out.String(), errOut.String()}
}

func serve(t *testing.T, down bool) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if down {
			w.Header().Set(maintenance.MarkerHeader, "on")
			w.Header().Set("Cache-Control", "no-store")
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestWrongUsageExitsTwoAndPointsToTheHelp(t *testing.T) {
	cases := map[string]struct {
		args []string
		says string
	}{
		"an unknown command":            {[]string{"up"}, `no command "up"`},
		"an unknown flag":               {[]string{"on", "--frobnicate"}, "unknown flag"},
		"an argument not after dashes":  {[]string{"on", "now"}, "go after --"},
		"a chdir that is no root":       {[]string{"status", "--terraform-bin", "terraform", "--chdir", t.TempDir()}, "not a Terraform root"},
		"verify without an expectation": {[]string{"verify", "https://a.example"}, "--expect"},
		"verify without a URL":          {[]string{"verify", "--expect", "on"}, "URL"},
		"a live status that is none":    {[]string{"verify", "--expect", "on", "--live-status", "ok", "https://a.example"}, "--live-status"},
		"a URL without a scheme":        {[]string{"verify", "--expect", "on", "a.example"}, "not an http"},
		"a header file that is missing": {[]string{"verify", "--expect", "on", "--header-file", "/nowhere", "https://a.example"}, "--header-file"},
		"breakglass without a way":      {[]string{"breakglass", "--runbook", "x"}, "on or off"},
		"breakglass without a runbook":  {[]string{"breakglass", "on"}, "--runbook"},
		"breakglass without its file":   {[]string{"breakglass", "on", "--runbook", "/nowhere"}, "/nowhere"},
		"a confirm that takes too long": {[]string{"off", "--confirm", "500", "--timeout", "1m"}, "4m7.7s at least"},
		"guard without a plan":          {[]string{"guard"}, "one plan"},
		"a verify that takes too long":  {[]string{"verify", "--expect", "on", "--confirm", "100", "--timeout", "2s", "https://a.example"}, "47.7s at least"},
		"a confirm of zero":             {[]string{"off", "--confirm", "0"}, "--confirm"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			r := command(t, c.args...)
			assert.Equal(t, maintenance.ExitUsage, r.code, r.errOut)
			assert.Contains(t, r.errOut, c.says)
			assert.Contains(t, r.errOut, "--help")
			assert.Empty(t, r.out)
		})
	}
}

func TestVerifyExitsByTheAnswers(t *testing.T) {
	live, down := serve(t, false), serve(t, true)
	verify := func(timeout string, args ...string) outcomeOf {
		return command(t, append([]string{"verify", "--rate", "50", "--timeout", timeout}, args...)...)
	}
	assert.Equal(t, maintenance.ExitDone, verify("1m", "--expect", "off", live).code)
	assert.Equal(t, maintenance.ExitDone, verify("1m", "--expect", "on", down).code)
	r := verify("2s", "--expect", "on", down, live)
	assert.Equal(t, maintenance.ExitUnconfirmed, r.code)
	assert.Contains(t, r.errOut, live+" is live (status 200)")
	assert.NotContains(t, r.errOut, down)
}

func TestJSONIsOneObjectALine(t *testing.T) {
	r := command(t, "verify", "--json", "--rate", "50", "--expect", "off", serve(t, false))
	require.Equal(t, maintenance.ExitDone, r.code, r.errOut)
	for line := range strings.Lines(r.out) {
		var event map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &event), line)
		for _, field := range []string{"time", "event", "message"} {
			assert.Contains(t, event, field)
		}
	}
	assert.NotContains(t, r.out, "\x1b", "no colours")
}

func TestFlagsCanBeSetByTheEnvironmentAndWinOverIt(t *testing.T) {
	t.Setenv("MAINTENANCE_EXPECT", "off")
	t.Setenv("MAINTENANCE_RATE", "50")
	t.Setenv("MAINTENANCE_TIMEOUT", "300ms")
	down := serve(t, true)
	assert.Equal(t, maintenance.ExitUnconfirmed, command(t, "verify", down).code)
	t.Setenv("MAINTENANCE_TIMEOUT", "1m")
	assert.Equal(t, maintenance.ExitDone, command(t, "verify", "--expect", "on", down).code)
	t.Setenv("MAINTENANCE_URL", down+","+serve(t, true))
	assert.Equal(t, maintenance.ExitDone, command(t, "verify", "--expect", "on").code)
	t.Setenv("MAINTENANCE_CA_FILE", "/nowhere.pem")
	assert.Contains(t, command(t, "verify", down).errOut, "MAINTENANCE_CA_FILE (the environment's --ca-file): stat /nowhere.pem")
	t.Setenv("MAINTENANCE_TIMEOUT", "soon")
	r := command(t, "verify", down)
	assert.Equal(t, maintenance.ExitUsage, r.code)
	assert.Contains(t, r.errOut, "MAINTENANCE_TIMEOUT")
}

func TestVariablesWithCommasComeFromTheEnvironmentWhole(t *testing.T) {
	t.Setenv("MAINTENANCE_VAR", "a={x=1,y=2}\nb=3")
	var f rootFlags
	flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
	f.add(flags)
	require.NoError(t, fromEnvironment(flags))
	assert.Equal(t, []string{"a={x=1,y=2}", "b=3"}, f.vars)
}

func TestExitCodes(t *testing.T) {
	t.Parallel()
	locked := &terraform.Error{Kind: terraform.KindLocked, Summary: "locked"}
	cases := map[string]struct {
		err  error
		code maintenance.ExitCode
	}{
		"done":                         {nil, maintenance.ExitDone},
		"an error":                     {errors.New("x"), maintenance.ExitError},
		"usage":                        {usageError("x"), maintenance.ExitUsage},
		"a refusal":                    {&switchover.RefusedError{}, maintenance.ExitRefused},
		"unconfirmed":                  {&probe.UnconfirmedError{Err: context.DeadlineExceeded}, maintenance.ExitUnconfirmed},
		"unconfirmed by interruption":  {&probe.UnconfirmedError{Err: context.Canceled}, maintenance.ExitInterrupted},
		"a lock":                       {locked, maintenance.ExitBlocked},
		"a lock, found by the apply":   {&switchover.ApplyError{Err: locked, Known: true}, maintenance.ExitBlocked},
		"an apply that moved some":     {&switchover.ApplyError{Err: locked, Known: true, Moved: []maintenance.Mapping{{}}}, maintenance.ExitUnconfirmed},
		"a stale plan":                 {&terraform.Error{Kind: terraform.KindStalePlan}, maintenance.ExitBlocked},
		"credentials":                  {&terraform.Error{Kind: terraform.KindCredentials}, maintenance.ExitBlocked},
		"throttled":                    {&terraform.Error{Kind: terraform.KindThrottled}, maintenance.ExitBlocked},
		"Terraform was interrupted":    {&switchover.ApplyError{Err: &terraform.Error{Kind: terraform.KindInterrupted}, Known: true, Moved: []maintenance.Mapping{{}}}, maintenance.ExitInterrupted},
		"an error in the root":         {&terraform.Error{Kind: terraform.KindOther}, maintenance.ExitError},
		"an error beside a refusal":    {errors.Join(&switchover.RefusedError{}, errors.New("report")), maintenance.ExitRefused},
		"an answer by exit code alone": {verdict(maintenance.ExitDrift), maintenance.ExitDrift},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, c.code, exitCode(t.Context(), c.err))
		})
	}
	assert.Empty(t, complaint(verdict(maintenance.ExitDrift)), "an answer is no complaint")
	assert.Contains(t, complaint(&terraform.Error{Kind: terraform.KindOther, Summary: "s", Detail: "on main.tf line 3"}), "main.tf line 3")
	assert.Equal(t, "Error: plan: the state is locked", complaint(&terraform.Error{Kind: terraform.KindLocked, Op: "plan", Summary: "the state is locked", Detail: "long"}))
}

func TestTheHelpNamesEveryVerbAndExitCode(t *testing.T) {
	r := command(t, "--help")
	assert.Equal(t, maintenance.ExitDone, r.code)
	for _, verb := range []string{"on", "off", "status", "verify", "guard", "breakglass"} {
		assert.Contains(t, r.out, "\n  "+verb)
		assert.Equal(t, maintenance.ExitDone, command(t, verb, "--help").code)
	}
	for _, code := range []maintenance.ExitCode{maintenance.ExitDone, maintenance.ExitError, maintenance.ExitUsage, maintenance.ExitRefused, maintenance.ExitUnconfirmed, maintenance.ExitBlocked, maintenance.ExitInterrupted, maintenance.ExitOn, maintenance.ExitMixed, maintenance.ExitDrift} {
		assert.Contains(t, r.out, fmt.Sprint(code))
	}
}

func TestBreakglassPrintsCalls(t *testing.T) {
	book := runbook.Runbook{
		WrittenAt: time.Now(), Workspace: "default", Region: "eu-west-1", Variable: "maintenance_mode",
		Mappings: []runbook.Mapping{{
			Domain: "api.example.com", Path: "/",
			Live: maintenance.Target{APIID: "live1", StageName: "live"}, Maintenance: maintenance.Target{APIID: "mock1", StageName: "maintenance"},
		}},
	}
	path := filepath.Join(t.TempDir(), "runbook.json")
	require.NoError(t, book.Save(path))
	r := command(t, "breakglass", "on", "--runbook", path)
	require.Equal(t, maintenance.ExitDone, r.code, r.errOut)
	assert.Contains(t, r.out, "op=replace,path=/restapiId,value=mock1 op=replace,path=/stage,value=maintenance")
	r = command(t, "breakglass", "off", "--json", "--runbook", path)
	var call struct {
		Event string
		Args  []string
	}
	require.NoError(t, json.Unmarshal([]byte(r.out), &call), r.out)
	assert.Equal(t, "call", call.Event)
	assert.Contains(t, call.Args, "op=replace,path=/restapiId,value=live1")
}

// planFile is a plan that Terraform or OpenTofu made, edited, as JSON.
func planFile(t *testing.T, name string, edit func(plan map[string]any)) string {
	t.Helper()
	text, err := os.ReadFile("../../internal/guard/testdata/plans/" + name + ".json")
	require.NoError(t, err)
	var plan map[string]any
	require.NoError(t, json.Unmarshal(text, &plan))
	if edit != nil {
		edit(plan)
	}
	text, err = json.Marshal(plan)
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "plan.json")
	require.NoError(t, os.WriteFile(path, text, 0o600))
	return path
}

func TestGuardJudgesAPlansJSON(t *testing.T) {
	on, off := planFile(t, "terraform-on", nil), planFile(t, "terraform-off", nil)
	assert.Equal(t, maintenance.ExitDone, command(t, "guard", on).code)
	assert.Equal(t, maintenance.ExitDone, command(t, "guard", off).code)
	assert.Equal(t, maintenance.ExitDone, command(t, "guard", planFile(t, "tofu-redeploy", nil)).code)
	assert.Equal(t, maintenance.ExitDone, command(t, "guard", "--direction", "off", off).code)
	assert.Equal(t, maintenance.ExitRefused, command(t, "guard", "--direction", "on", off).code)
	r := command(t, "guard", "--json", planFile(t, "terraform-on", func(plan map[string]any) {
		more := map[string]any{"address": "aws_x.y", "mode": "managed", "type": "aws_x", "name": "y", "provider_name": "registry.terraform.io/hashicorp/aws",
			"change": map[string]any{"actions": []any{"delete"}, "before": map[string]any{}, "after": nil}}
		plan["resource_changes"] = append(plan["resource_changes"].([]any), more)
	}))
	assert.Equal(t, maintenance.ExitRefused, r.code)
	assert.Contains(t, r.errOut, "aws_x.y (delete): it is no part of a switch; deploy it first")
	var result struct {
		Event, Direction string
		Pure             bool
		Switches         []any
		Violations       []map[string]string
	}
	require.NoError(t, json.Unmarshal([]byte(r.out), &result))
	assert.Equal(t, "guard", result.Event)
	assert.Equal(t, "on", result.Direction)
	assert.False(t, result.Pure)
	assert.Len(t, result.Switches, 1)
	require.Len(t, result.Violations, 1)
	for _, field := range []string{"address", "action", "why", "way_on"} {
		assert.NotEmpty(t, result.Violations[0][field], field)
	}
}

func TestGuardNamesOutputsThatItCannotTrace(t *testing.T) {
	r := command(t, "guard", planFile(t, "terraform-on", func(plan map[string]any) {
		plan["output_changes"].(map[string]any)["note"] = map[string]any{"actions": []any{"update"}, "before": "a", "after": "b", "after_unknown": false}
		outputs := plan["configuration"].(map[string]any)["root_module"].(map[string]any)["outputs"].(map[string]any)
		outputs["note"] = map[string]any{"expression": map[string]any{"references": []any{"local.note"}}}
	}))
	assert.Equal(t, maintenance.ExitDone, r.code, r.errOut)
	assert.Contains(t, r.out, "output.note")
}

func TestGuardExitsTwoForWhatIsNoPlan(t *testing.T) {
	cases := map[string]struct{ text, says string }{
		"nothing":              {"", "neither a plan file nor a plan's JSON"},
		"a text":               {"hello", "neither a plan file nor a plan's JSON"},
		"half of a JSON":       {`{"format_version": "1.2", "resource_`, "neither a plan file nor a plan's JSON"},
		"two JSONs":            {`{"resource_changes": []} {}`, "there is something after its end"},
		"an object":            {`{}`, "neither a plan file nor a plan's JSON"},
		"a state":              {`{"format_version": "1.0", "terraform_version": "1.11.4", "values": {}}`, "it is a state"},
		"something that nests": {strings.Repeat(`{"a":`, 20000), "neither a plan file nor a plan's JSON"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x")
			require.NoError(t, os.WriteFile(path, []byte(c.text), 0o600))
			r := command(t, "guard", path)
			assert.Equal(t, maintenance.ExitUsage, r.code, r.errOut)
			assert.Contains(t, r.errOut, c.says)
			assert.Contains(t, r.errOut, path)
			assert.Empty(t, r.out)
		})
	}
}

func TestGuardOfJSONLooksIntoTheRoot(t *testing.T) {
	root := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(root, "main.tf"), []byte("ephemeral \"aws_lambda_invocation\" \"x\" {}\n"), 0o600))
	r := command(t, "guard", "--chdir", root, planFile(t, "terraform-on", nil))
	assert.Equal(t, maintenance.ExitRefused, r.code)
	assert.Contains(t, r.errOut, "ephemeral.aws_lambda_invocation.x (open)")
}

// TestEveryFlagIsInTheDocument keeps docs/commands.md whole.
func TestEveryFlagIsInTheDocument(t *testing.T) {
	text, err := os.ReadFile("../../docs/commands.md")
	require.NoError(t, err)
	_, section, found := strings.Cut(string(text), "## Flags")
	require.True(t, found)
	section, _, _ = strings.Cut(section, "\n## ")
	for _, cmd := range newRoot(streams{in: strings.NewReader(""), out: io.Discard, err: io.Discard}).Commands() {
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if f.Name != "help" {
				assert.Contains(t, section, "`--"+f.Name+"`", "maintenance %s", cmd.Name())
			}
		})
	}
}
