package terraform

import (
	"os"
	"slices"
	"strings"
)

// Isolated returns the inherited environment without what would make a run
// depend on the machine it happens on, then base settings, then extra
// ("NAME=value" entries, later ones win).
//
// Dropped is every AWS_* (credentials, profiles, regions, endpoints) and every
// TF_* (TF_VAR_*, TF_CLI_ARGS*, TF_CLI_CONFIG_FILE, TF_WORKSPACE, TF_DATA_DIR,
// TF_PLUGIN_CACHE_DIR, TF_LOG* and whatever is added later). The shared AWS
// files are turned off too: a profile there can set an endpoint or a role.
func Isolated(extra []string) []string {
	return isolate(os.Environ(), extra)
}

func isolate(inherited, extra []string) []string {
	kept := slices.DeleteFunc(slices.Clone(inherited), func(entry string) bool {
		name := strings.ToUpper(envName(entry))
		return strings.HasPrefix(name, "AWS_") || strings.HasPrefix(name, "TF_")
	})
	base := []string{
		"AWS_CONFIG_FILE=" + os.DevNull,
		"AWS_SHARED_CREDENTIALS_FILE=" + os.DevNull,
		"AWS_EC2_METADATA_DISABLED=true",
		"TF_IN_AUTOMATION=1",
		"TF_INPUT=0",
		"CHECKPOINT_DISABLE=1",
	}
	return Merge(kept, base, extra)
}

// Merge joins environments; of entries with one name the last wins, as
// os/exec has it, but without leaving the earlier ones for readers to trip on.
func Merge(envs ...[]string) []string {
	all := slices.Concat(envs...)
	last := make(map[string]int, len(all))
	for i, entry := range all {
		last[envName(entry)] = i
	}
	merged := make([]string, 0, len(last))
	for i, entry := range all {
		if last[envName(entry)] == i {
			merged = append(merged, entry)
		}
	}
	return merged
}

// Lookup gives the value of a name in an environment, empty when unset.
func Lookup(env []string, name string) string {
	for _, entry := range slices.Backward(env) {
		if envName(entry) == name {
			_, value, _ := strings.Cut(entry, "=")
			return value
		}
	}
	return ""
}

func envName(entry string) string {
	name, _, _ := strings.Cut(entry, "=")
	return name
}
