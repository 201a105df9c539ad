package test

import (
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/test/harness"
)

// TestTwoRegions switches one domain name in two regions. DNS shows clients the
// nearer one; the command confirms both, and tells when they differ.
func TestTwoRegions(t *testing.T) {
	t.Parallel()
	const other = "eu-central-1"
	s := harness.NewStage(t, "two-regions", emulator.Config{}, nil)
	arn, err := s.RequestCertificate(t.Context(), other, "api.example.com")
	require.NoError(t, err)
	s.SetVars(map[string]any{"other_certificate_arn": arn})
	off := map[string]any{"maintenance_mode": false}
	s.Apply(off)
	s.RequireNoChanges(off)
	assert.Equal(t, []string{"api.example.com.", "api.example.com."}, s.Aliases(), "a record for each region")

	o := s.Operator()
	on := o.Require(0, "on", "--auto-approve", "--json", "--save-runbook", filepath.Join(s.Dir, "runbook.json"))
	var asked []string
	for _, answer := range on.Last(t, "result")["data"].(map[string]any)["answers"].([]any) {
		asked = append(asked, answer.(map[string]any)["url"].(string))
	}
	assert.Equal(t, []string{"https://api.example.com/#eu-central-1", "https://api.example.com/#eu-west-1"}, asked)
	for _, region := range []string{s.Emulator.Region(), other} {
		assert.FileExists(t, filepath.Join(s.Dir, "runbook."+region+".json"), "a runbook is for one region")
	}
	assert.NoFileExists(t, filepath.Join(s.Dir, "runbook.json"))

	var targets map[string]map[string]maintenance.Targets
	s.Output("targets", &targets)
	config := s.Config()
	config.Region = other
	_, err = apigateway.NewFromConfig(config).UpdateBasePathMapping(t.Context(), &apigateway.UpdateBasePathMappingInput{
		DomainName: aws.String("api.example.com"), BasePath: aws.String("(none)"),
		PatchOperations: []types.PatchOperation{
			{Op: types.OpReplace, Path: aws.String("/restapiId"), Value: aws.String(targets["other_region"]["/"].Live.APIID)},
			{Op: types.OpReplace, Path: aws.String("/stage"), Value: aws.String("live")},
		},
	})
	require.NoError(t, err)
	status := o.Require(0, "status", "--no-plan").Out
	assert.Contains(t, status, "https://api.example.com/#eu-central-1 is maintenance by the state, but it is live")
	assert.NotContains(t, status, "https://api.example.com/#eu-west-1 is maintenance by the state, but")

	o.Require(4, "on", "--auto-approve", "--timeout", "5s", "--confirm", "2", "--url", "https://api.example.com/orders", "--", "-refresh=false")
	o.Require(0, "off", "--auto-approve", "--url", "https://api.example.com/orders/42")
	s.RequireNoChanges(off)
	s.Destroy(off)
}
