package terraform

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

func TestIsolate(t *testing.T) {
	inherited := []string{
		"PATH=/bin", "HOME=/home/me", "HTTPS_PROXY=http://proxy",
		"AWS_PROFILE=prod", "AWS_ENDPOINT_URL=https://elsewhere", "AWS_CONFIG_FILE=/home/me/.aws/config",
		"TF_VAR_maintenance_mode=true", "TF_CLI_ARGS=-lock=false", "TF_CLI_ARGS_plan=-destroy", "TF_CLI_CONFIG_FILE=/home/me/.tfrc",
		"TF_WORKSPACE=prod", "TF_DATA_DIR=/data", "TF_PLUGIN_CACHE_DIR=/cache", "TF_LOG=TRACE", "TF_REATTACH_PROVIDERS={}",
	}
	got := isolate(inherited, []string{"AWS_REGION=eu-west-1", "TF_CLI_CONFIG_FILE=ours"})
	slices.Sort(got)
	assert.Equal(t, []string{
		"AWS_CONFIG_FILE=/dev/null",
		"AWS_EC2_METADATA_DISABLED=true",
		"AWS_REGION=eu-west-1",
		"AWS_SHARED_CREDENTIALS_FILE=/dev/null",
		"CHECKPOINT_DISABLE=1",
		"HOME=/home/me",
		"HTTPS_PROXY=http://proxy",
		"PATH=/bin",
		"TF_CLI_CONFIG_FILE=ours",
		"TF_INPUT=0",
		"TF_IN_AUTOMATION=1",
	}, got)
}

func TestMergeKeepsTheLastOfEachName(t *testing.T) {
	entry := rapid.Custom(func(t *rapid.T) string {
		return rapid.SampledFrom([]string{"A", "B", "C", "AB"}).Draw(t, "name") + "=" + rapid.StringMatching(`[a-z=]{0,3}`).Draw(t, "value")
	})
	rapid.Check(t, func(t *rapid.T) {
		first, second := rapid.SliceOf(entry).Draw(t, "first"), rapid.SliceOf(entry).Draw(t, "second")
		merged := Merge(first, second)
		seen := map[string]bool{}
		for _, e := range merged {
			if seen[envName(e)] {
				t.Fatalf("%s twice in %q", envName(e), merged)
			}
			seen[envName(e)] = true
			if want := Lookup(slices.Concat(first, second), envName(e)); Lookup(merged, envName(e)) != want {
				t.Fatalf("%s is %q, want %q", envName(e), Lookup(merged, envName(e)), want)
			}
		}
		for _, e := range slices.Concat(first, second) {
			if !seen[envName(e)] {
				t.Fatalf("%s is lost", envName(e))
			}
		}
	})
}
