package test

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/probe"
	"apigateway-maintenance/internal/runbook"
)

// TestBreakglass runs the script that a runbook prints, with Terraform's state
// out of reach, and asks what clients get.
func TestBreakglass(t *testing.T) {
	t.Parallel()
	const url = "https://api.example.com/orders/42"
	s := newStage(t, "basic", emulator.Config{}, nil)
	s.apply(map[string]any{"maintenance_mode": false})
	book := s.runbook()
	state := filepath.Join(s.root, "terraform.tfstate")
	require.NoError(t, os.Rename(state, state+".away"))

	prober := s.clients(20, url)
	requireAll(t, prober, probe.Live, url)
	for _, by := range []struct {
		name string
		run  func(*testing.T, string)
	}{{"the AWS CLI", s.runByCLI}, {"the SDK", s.runBySDK}} {
		t.Run("by "+by.name, func(t *testing.T) {
			by.run(t, book.Script(maintenance.On))
			requireAll(t, prober, probe.Maintenance, url)
			assert.Equal(t, http.StatusServiceUnavailable, s.ask("POST", url, nil, "").status)
			by.run(t, book.Script(maintenance.On)) // a second time it changes nothing
			by.run(t, book.Script(maintenance.Off))
			requireAll(t, prober, probe.Live, url)
		})
	}
	prober.Stop()
	assert.Zero(t, prober.Timeline().Summary().Counts[probe.Wrong], "each switch is one update, without a gap")

	t.Run("afterwards the variable makes Terraform agree", func(t *testing.T) {
		require.NoError(t, os.Rename(state+".away", state))
		s.runBySDK(t, book.Script(maintenance.On))
		plan, _ := s.planned(map[string]any{"maintenance_mode": false})
		requireSwitchOnly(t, plan, 1)
		s.apply(map[string]any{"maintenance_mode": true})
		s.requireNoChanges(map[string]any{"maintenance_mode": true})
		assert.Equal(t, http.StatusServiceUnavailable, s.ask("GET", url, nil, "").status)
	})
}

// runbook is what status --save-runbook writes, from the root's outputs and
// through the file.
func (s *stage) runbook() runbook.Runbook {
	s.t.Helper()
	var targets map[string]target
	s.output("targets", &targets)
	book := runbook.Runbook{WrittenAt: time.Now(), Workspace: "default", Region: s.region(), Variable: "maintenance_mode"}
	for path, t := range targets {
		book.Mappings = append(book.Mappings, runbook.Mapping{
			Domain: "api.example.com", Path: path, Live: maintenance.Target(t.Live), Maintenance: maintenance.Target(t.Maintenance),
		})
	}
	file := filepath.Join(s.dir, "runbook.json")
	require.NoError(s.t, book.Save(file))
	read, err := runbook.Load(file)
	require.NoError(s.t, err)
	return read
}

func (s *stage) region() string {
	for _, entry := range s.Emulator.Env() {
		if region, found := strings.CutPrefix(entry, "AWS_REGION="); found {
			return region
		}
	}
	return "us-east-1"
}

// sh runs a script with nothing of the tester's own AWS settings.
func (s *stage) sh(t *testing.T, script, path string) {
	t.Helper()
	sh := exec.CommandContext(t.Context(), "/bin/sh")
	sh.Stdin = strings.NewReader(script)
	sh.Env = append([]string{"PATH=" + path, "HOME=" + t.TempDir()}, s.Emulator.Env()...)
	out, err := sh.CombinedOutput()
	require.NoError(t, err, "%s\n%s", script, out)
}

func (s *stage) runByCLI(t *testing.T, script string) {
	t.Helper()
	if _, err := exec.LookPath("aws"); err != nil {
		t.Skip("no aws on PATH: the SDK makes the same calls")
	}
	s.sh(t, script, os.Getenv("PATH"))
}

// runBySDK lets sh read the script, with an aws that writes its arguments down,
// and makes the calls that it was asked for.
func (s *stage) runBySDK(t *testing.T, script string) {
	t.Helper()
	dir := t.TempDir()
	calls := filepath.Join(dir, "calls")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "aws"), []byte("#!/bin/sh\nprintf '%s\\n' \"$@\" END >>'"+calls+"'\n"), 0o700))
	s.sh(t, script, dir)
	text, err := os.ReadFile(calls)
	require.NoError(t, err)
	for call := range strings.SplitSeq(strings.TrimSuffix(string(text), "END\n"), "END\n") {
		s.callBySDK(t, strings.Split(strings.TrimSuffix(call, "\n"), "\n"))
	}
}

// callBySDK makes one call of the AWS CLI. It fails on what it does not know,
// so that no argument is passed over.
func (s *stage) callBySDK(t *testing.T, args []string) {
	t.Helper()
	require.Greater(t, len(args), 2)
	require.Equal(t, "apigateway", args[0])
	options := map[string][]string{}
	var name string
	for _, arg := range args[2:] {
		if strings.HasPrefix(arg, "--") {
			name = arg
			continue
		}
		options[name] = append(options[name], arg)
	}
	one := func(name string) string {
		require.Len(t, options[name], 1, "%s of %v", name, args)
		return options[name][0]
	}
	client := s.apiGateway(t, one("--region"))
	switch args[1] {
	case "get-base-path-mappings":
		_, err := client.GetBasePathMappings(t.Context(), &apigateway.GetBasePathMappingsInput{DomainName: aws.String(one("--domain-name"))})
		require.NoError(t, err)
	case "update-base-path-mapping":
		input := &apigateway.UpdateBasePathMappingInput{DomainName: aws.String(one("--domain-name")), BasePath: aws.String(one("--base-path"))}
		for _, shorthand := range options["--patch-operations"] {
			input.PatchOperations = append(input.PatchOperations, patch(t, shorthand))
		}
		_, err := client.UpdateBasePathMapping(t.Context(), input)
		require.NoError(t, err)
	default:
		require.Fail(t, "a call that the runbook has no reason to make", "%v", args)
	}
}

// patch reads the AWS CLI's shorthand: op=replace,path=/stage,value=x.
func patch(t *testing.T, shorthand string) types.PatchOperation {
	t.Helper()
	var operation types.PatchOperation
	for _, field := range strings.Split(shorthand, ",") {
		name, value, _ := strings.Cut(field, "=")
		switch name {
		case "op":
			operation.Op = types.Op(value)
		case "path":
			operation.Path = aws.String(value)
		case "value":
			operation.Value = aws.String(value)
		default:
			require.Fail(t, "no field of a patch operation", shorthand)
		}
	}
	return operation
}

// apiGateway is a client that goes by the emulator's environment alone.
func (s *stage) apiGateway(t *testing.T, region string) *apigateway.Client {
	t.Helper()
	env := map[string]string{}
	for _, entry := range s.Emulator.Env() {
		name, value, _ := strings.Cut(entry, "=")
		env[name] = value
	}
	settings, err := config.LoadDefaultConfig(t.Context(),
		config.WithRegion(region),
		config.WithBaseEndpoint(env["AWS_ENDPOINT_URL"]),
		config.WithSharedConfigFiles(nil),
		config.WithCredentialsProvider(aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: env["AWS_ACCESS_KEY_ID"], SecretAccessKey: env["AWS_SECRET_ACCESS_KEY"], SessionToken: env["AWS_SESSION_TOKEN"]}, nil
		})))
	require.NoError(t, err)
	return apigateway.NewFromConfig(settings)
}
