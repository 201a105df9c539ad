package terraform

import (
	"archive/zip"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// planOf is a plan file that holds code alone.
func planOf(t *testing.T, files map[string]string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.tfplan")
	out, err := os.Create(path)
	require.NoError(t, err)
	w := zip.NewWriter(out)
	for name, text := range files {
		f, err := w.Create(name)
		require.NoError(t, err)
		_, err = f.Write([]byte(text))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	require.NoError(t, out.Close())
	return path
}

func TestEphemeralResourcesAreFoundInEveryModuleOfAPlan(t *testing.T) {
	t.Parallel()
	found, err := Ephemerals(planOf(t, map[string]string{
		"tfplan":                    "not code",
		"tfconfig/modules.json":     "[]",
		"tfconfig/m-/main.tf":       "resource \"aws_x\" \"y\" {}\nephemeral \"aws_lambda_invocation\" \"x\" {\n  function_name = var.f\n}\n",
		"tfconfig/m-/x.tf.json":     `{"ephemeral": {"aws_ssm_parameter": {"p": {"arn": "${var.a}"}}}}`,
		"tfconfig/m-a.b/main.tofu":  `ephemeral "aws_kms_secrets" "k" {}`,
		"tfconfig/m-a.b/README.txt": `ephemeral "not" "code" {`,
	}))
	require.NoError(t, err)
	assert.Equal(t, []Ephemeral{
		{"ephemeral.aws_lambda_invocation.x", "aws_lambda_invocation"},
		{"ephemeral.aws_ssm_parameter.p", "aws_ssm_parameter"},
		{"module.a.module.b.ephemeral.aws_kms_secrets.k", "aws_kms_secrets"},
	}, found)
}

func TestAPlanWhoseCodeCannotBeReadIsAnError(t *testing.T) {
	t.Parallel()
	_, err := Ephemerals(planOf(t, map[string]string{"tfplan": "x"}))
	assert.ErrorContains(t, err, "it holds none")
	_, err = Ephemerals(planOf(t, map[string]string{"tfconfig/m-/main.tf": "resource {{{"}))
	assert.Error(t, err)
	text := filepath.Join(t.TempDir(), "text")
	require.NoError(t, os.WriteFile(text, []byte("encrypted"), 0o600))
	_, err = Ephemerals(text)
	assert.Error(t, err)
}

func TestEphemeralResourcesOfARootAreThoseOfItsModulesToo(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	write := func(name, text string) {
		path := filepath.Join(root, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	assert.Empty(t, RootEphemerals(filepath.Join(root, "nowhere"), ""))
	write("main.tf", `ephemeral "aws_x" "y" {}`)
	write("broken.tf", `ephemeral "aws_x" {{{`)
	write("modules/a/main.tf.json", `{"ephemeral": {"aws_z": {"z": {}}}}`)
	write("data/modules/modules.json", `{"Modules": [{"Key": "", "Dir": "."}, {"Key": "a", "Dir": "modules/a"}]}`)
	assert.Equal(t, []Ephemeral{{"ephemeral.aws_x.y", "aws_x"}}, RootEphemerals(root, ""))
	assert.Equal(t, []Ephemeral{{"ephemeral.aws_x.y", "aws_x"}, {"module.a.ephemeral.aws_z.z", "aws_z"}}, RootEphemerals(root, filepath.Join(root, "data")))
}
