package harness

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/need"
	"apigateway-maintenance/internal/runbook"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/stretchr/testify/require"
)

// Runbook is what status --save-runbook writes, from the root's outputs and
// through the file.
func (s *Stage) Runbook() runbook.Runbook {
	s.T.Helper()
	var targets map[string]maintenance.Targets
	s.Output("targets", &targets)
	book := runbook.Runbook{WrittenAt: time.Now(), Workspace: "default", Region: s.region(), Variable: "maintenance_mode"}
	for path, t := range targets {
		book.Mappings = append(book.Mappings, runbook.Mapping{
			Domain: "api.example.com", Path: path, Live: t.Live, Maintenance: t.Maintenance,
		})
	}
	file := filepath.Join(s.Dir, "runbook.json")
	require.NoError(s.T, book.Save(file))
	read, err := runbook.Load(file)
	require.NoError(s.T, err)
	return read
}

func (s *Stage) region() string {
	for _, entry := range s.Emulator.Env() {
		if region, found := strings.CutPrefix(entry, "AWS_REGION="); found {
			return region
		}
	}
	return "us-east-1"
}

// sh runs a script with nothing of the tester's own AWS settings.
func (s *Stage) sh(t *testing.T, script, path string) {
	t.Helper()
	sh := exec.CommandContext(t.Context(), "/bin/sh")
	sh.Stdin = strings.NewReader(script)
	sh.Env = append([]string{"PATH=" + path, "HOME=" + t.TempDir()}, s.Emulator.Env()...)
	out, err := sh.CombinedOutput()
	require.NoError(t, err, "%s\n%s", script, out)
}

// RunByCLI runs the script with the AWS CLI itself.
func (s *Stage) RunByCLI(t *testing.T, script string) {
	t.Helper()
	need.For(t, need.AWS)
	s.sh(t, script, os.Getenv("PATH"))
}

// RunBySDK lets sh read the script, with an aws that writes its arguments down,
// and makes the calls that it was asked for.
func (s *Stage) RunBySDK(t *testing.T, script string) {
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
func (s *Stage) callBySDK(t *testing.T, args []string) {
	t.Helper()
	require.Greater(t, len(args), 2)
	require.Equal(t, "apigateway", args[0])
	options := map[string][]string{}
	var name string
	for _, arg := range args[2:] {
		if flag, value, valued := strings.Cut(arg, "="); strings.HasPrefix(arg, "--") {
			name = flag
			if valued {
				options[name] = append(options[name], value)
			}
			continue
		}
		options[name] = append(options[name], arg)
	}
	one := func(name string) string {
		require.Len(t, options[name], 1, "%s of %v", name, args)
		return options[name][0]
	}
	client := s.APIGateway(t, one("--region"))
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

// APIGateway is a client that goes by the emulator's environment alone.
func (s *Stage) APIGateway(t *testing.T, region string) *apigateway.Client {
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
