package maintenance

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const repository = "../../"

// found is all that an expression's group matches in the files of a pattern,
// each of which must have at least one.
func found(t *testing.T, pattern, expression string) []string {
	t.Helper()
	files, err := filepath.Glob(repository + pattern)
	require.NoError(t, err)
	require.NotEmpty(t, files, pattern)
	var all []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		matches := regexp.MustCompile(expression).FindAllStringSubmatch(string(text), -1)
		require.NotEmpty(t, matches, "%s has none of %s", file, expression)
		for _, m := range matches {
			all = append(all, m[1])
		}
	}
	return all
}

func requireAll(t *testing.T, want string, pattern, expression string) {
	t.Helper()
	for _, got := range found(t, pattern, expression) {
		assert.Equal(t, want, got, pattern)
	}
}

// What has to be written in several languages is the same in each.
func TestOtherLanguagesSpellAsGoDoes(t *testing.T) {
	t.Parallel()
	t.Run("the marker", func(t *testing.T) {
		requireAll(t, MarkerHeader, "modules/maintenance-api/outputs.tf", `value\s+= "(X-[A-Za-z-]+)"`)
		requireAll(t, MarkerHeader, "modules/maintenance-api/answers.tf", `\b(?i:(x-maintenance-mode))\b`)
		requireAll(t, MarkerValue, "modules/maintenance-api/answers.tf", `X-Maintenance-Mode\s+= "(\w+)"`)
		requireAll(t, MarkerHeader, "modules/maintenance-api/templates/page.html.tftpl", `headers\.has\("([^"]+)"\)`)
		requireAll(t, "x-maintenance-mode", "examples/env0/verify.sh", `grep -qi '\^([a-z-]+):`)
		requireAll(t, MarkerValue, "examples/env0/verify.sh", `x-maintenance-mode:\[\[:space:\]\]\*(\w+)\[`)
	})
	t.Run("the versions", func(t *testing.T) {
		for _, roots := range []string{"modules/*/versions.tf", "examples/*/versions.tf"} {
			requireAll(t, TerraformVersions, roots, `required_version\s+= "([^"]+)"`)
			requireAll(t, ProviderVersions, roots, `source\s+= "hashicorp/aws"\s+version\s+= "([^"]+)"`)
		}
	})
	t.Run("the host of a wildcard domain", func(t *testing.T) {
		requireAll(t, WildcardLabel, "modules/custom-domain/main.tf", `"/\^\[\*\]/", "([a-z-]+)"`)
	})
	t.Run("the variable", func(t *testing.T) {
		requireAll(t, DefaultVariable, "modules/custom-domain/variables.tf", `variable "(maintenance_mode)"`)
		requireAll(t, DefaultVariable, "examples/env0/variables.tf", `variable "(maintenance_mode)"`)
	})
	t.Run("the modes", func(t *testing.T) {
		assert.Subset(t, found(t, "modules/custom-domain/outputs.tf", `\b(live|maintenance)\b`), []string{string(ModeLive), string(ModeMaintenance)})
		requireAll(t, string(ModeMaintenance), "policies/maintenance.rego", `"on": "(\w+)"`)
		requireAll(t, string(ModeLive), "policies/maintenance.rego", `"off": "(\w+)"`)
	})
	t.Run("the mapping's resource type", func(t *testing.T) {
		requireAll(t, MappingType, "policies/maintenance.rego", `mapping_type := "([^"]+)"`)
		requireAll(t, MappingType, "modules/custom-domain/main.tf", `resource "(aws_api_gateway_base_path_mapping)"`)
	})
}
