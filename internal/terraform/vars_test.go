package terraform

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/zclconf/go-cty/cty"
	"pgregory.net/rapid"
)

// rootOf is a root with files of configuration.
func rootOf(t *testing.T, files map[string]string) *Runner {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	return New(dir, Binary{Name: Terraform, Version: version.Must(version.NewVersion("1.11.4"))})
}

// valuesOf reads a variable file as Terraform does.
func valuesOf(t require.TestingT, text []byte) map[string]cty.Value {
	parsed, diagnostics := hclparse.NewParser().ParseHCL(text, "values.tfvars")
	require.False(t, diagnostics.HasErrors(), "%s\n%s", diagnostics, text)
	attributes, diagnostics := parsed.Body.JustAttributes()
	require.False(t, diagnostics.HasErrors(), "%s", diagnostics)
	values := map[string]cty.Value{}
	for name, attribute := range attributes {
		v, diagnostics := attribute.Expr.Value(nil)
		require.False(t, diagnostics.HasErrors(), "%s", diagnostics)
		values[name] = v
	}
	return values
}

const declarations = `
variable "text" {
  type = string
}
variable "count_of" {
  type = number
}
variable "bare" {}
variable "list" {
  type    = list(string)
  default = []
}
variable "window" {
  type = object({ start = string, end = optional(string) })
}
variable "anything" {
  type = any
}
`

func TestVariablesInAFileMeanWhatTheyDoAsArguments(t *testing.T) {
	r := rootOf(t, map[string]string{"main.tf": declarations, "more.tf.json": `{"variable": {"json": {"type": "map(string)"}}}`, ".main.tf": `variable "hidden" {}`})
	text, err := r.varsText([]string{
		`text=["no", "expression"]`, "count_of=5", "bare={a=1}", `list=["a", "b"]`, `window={start="x", end=null}`, `anything="${"quoted"}"`, `json={k="v"}`, "text=the last ${one} \"counts\"\n",
	})
	require.NoError(t, err)
	got := valuesOf(t, text)
	assert.Equal(t, cty.StringVal("the last ${one} \"counts\"\n"), got["text"])
	assert.Equal(t, cty.StringVal("5"), got["count_of"], "Terraform makes a number of it")
	assert.Equal(t, cty.StringVal("{a=1}"), got["bare"])
	assert.Equal(t, []cty.Value{cty.StringVal("a"), cty.StringVal("b")}, got["list"].AsValueSlice())
	assert.True(t, got["window"].GetAttr("end").IsNull())
	assert.Equal(t, cty.StringVal("quoted"), got["anything"])
	assert.Equal(t, cty.StringVal("v"), got["json"].GetAttr("k"))
}

func TestAnyTextIsTheValueOfATextVariable(t *testing.T) {
	r := rootOf(t, map[string]string{"main.tf": declarations})
	rapid.Check(t, func(t *rapid.T) {
		value := strings.ToValidUTF8(rapid.String().Draw(t, "value"), "")
		text, err := r.varsText([]string{"text=" + value})
		require.NoError(t, err)
		require.True(t, cty.StringVal(value).RawEquals(valuesOf(t, text)["text"]), "%q in %s", value, text)
	})
}

func TestAVariableThatCannotBeIsToldWithoutItsValue(t *testing.T) {
	r := rootOf(t, map[string]string{"main.tf": declarations})
	for given, says := range map[string]string{
		"planted":             "not NAME=VALUE",
		"planted with=equals": "not NAME=VALUE",
		"=planted":            "not NAME=VALUE",
		"nosuch=planted":      `declares no variable "nosuch"`,
		`list=["planted`:      "the value of the variable list is no expression",
		"window=planted()":    "the value of the variable window is no expression",
		"hidden=planted":      `declares no variable "hidden"`,
	} {
		_, err := r.varsText([]string{given})
		require.ErrorContains(t, err, says)
		assert.Equal(t, KindUsage, KindOf(err))
		assert.NotContains(t, err.Error(), "planted")
	}
	broken := rootOf(t, map[string]string{"main.tf": "variable {"})
	_, err := broken.varsText([]string{"nosuch=x"})
	assert.NoError(t, err, "Terraform complains of the root itself")
}

func TestVariablesReachTerraformThroughAFileOfItsOwnersAlone(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	r, calls := fake(t, script{Exit: 2})
	require.NoError(t, os.WriteFile(filepath.Join(r.Dir, "main.tf"), []byte(declarations), 0o600))
	_, err := r.Plan(t.Context(), PlanOptions{VarFiles: []string{"prod.tfvars"}, Vars: []string{"text=planted"}, Switch: "mode=true"})
	require.NoError(t, err)
	require.Len(t, calls(), 1)
	got := calls()[0]
	assert.NotContains(t, strings.Join(got.Args, " "), "planted")
	require.Len(t, got.Files, 1, "%v", got.Args)
	for path, file := range got.Files {
		assert.Equal(t, os.FileMode(0o600), file.Mode)
		assert.Contains(t, file.Text, `text = "planted"`)
		assert.Equal(t, []string{"-var-file=prod.tfvars", "-var-file=" + path, "-var=mode=true"}, got.Args[len(got.Args)-3:], "the last one counts")
		assert.NoDirExists(t, filepath.Dir(path))
	}
}
