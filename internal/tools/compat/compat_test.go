package main

import (
	"archive/tar"
	"compress/gzip"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// writeArchive packs the made-up binding like the published package, saying it
// was generated from the given provider.
func writeArchive(t *testing.T, provider string) string {
	t.Helper()
	binding, err := os.ReadFile(filepath.Join("testdata", "api-gateway-deployment.js"))
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "package.tgz")
	file, err := os.Create(path)
	require.NoError(t, err)
	defer file.Close()
	zipped := gzip.NewWriter(file)
	archive := tar.NewWriter(zipped)
	for name, content := range map[string]string{
		"package/package.json":                        `{ "provider": { "version": "` + provider + `" } }`,
		"package/lib/api-gateway-deployment/index.js": string(binding),
	} {
		require.NoError(t, archive.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(content))}))
		_, err := archive.Write([]byte(content))
		require.NoError(t, err)
	}
	require.NoError(t, archive.Close())
	require.NoError(t, zipped.Close())
	return path
}

func TestCheck(t *testing.T) {
	archive := writeArchive(t, providerVersion)
	cases := map[string]struct {
		hcl  string
		want []string // without the file's folder
	}{
		"what the provider has passes": {
			hcl: `resource "aws_api_gateway_deployment" "this" {
  for_each    = toset(["a"])
  rest_api_id = "x"
  tags        = { a = "b" }
  canary_settings {
    percent_traffic = 1
  }
  lifecycle {
    create_before_destroy = true
  }
}
output "id" { value = aws_api_gateway_deployment.this["a"].id }
output "tag" { value = aws_api_gateway_deployment.this["a"].tags.anything }
`,
		},
		"an argument that provider 6 dropped is caught": {
			hcl:  "resource \"aws_api_gateway_deployment\" \"this\" {\n  rest_api_id = \"x\"\n  stage_name  = \"live\"\n}\n",
			want: []string{"main.tf:3: aws_api_gateway_deployment has no argument stage_name"},
		},
		"an attribute that cannot be set is caught": {
			hcl:  "resource \"aws_api_gateway_deployment\" \"this\" {\n  id = \"x\"\n  rest_api_id = \"x\"\n}\n",
			want: []string{"main.tf:2: aws_api_gateway_deployment has no argument id"},
		},
		"an unknown nested block is caught": {
			hcl:  "resource \"aws_api_gateway_deployment\" \"this\" {\n  canary {\n  }\n  rest_api_id = \"x\"\n}\n",
			want: []string{"main.tf:2: aws_api_gateway_deployment has no block canary"},
		},
		"a plain argument written as a block is caught": {
			hcl:  "resource \"aws_api_gateway_deployment\" \"this\" {\n  tags {\n  }\n  rest_api_id = \"x\"\n}\n",
			want: []string{"main.tf:2: aws_api_gateway_deployment has no block tags"},
		},
		"an unknown argument in a dynamic block is caught": {
			hcl: "resource \"aws_api_gateway_deployment\" \"this\" {\n  dynamic \"canary_settings\" {\n    for_each = [1]\n" +
				"    content {\n      share = 1\n      percent_traffic = 1\n    }\n  }\n  rest_api_id = \"x\"\n}\n",
			want: []string{"main.tf:5: aws_api_gateway_deployment.canary_settings has no argument share"},
		},
		"an unknown attribute is caught, plain, indexed by key and in a splat": {
			hcl: "output \"a\" { value = aws_api_gateway_deployment.this.invoke_url }\n" +
				"output \"b\" { value = aws_api_gateway_deployment.this[var.key].invoke_url }\n" +
				"output \"c\" { value = aws_api_gateway_deployment.this[*].invoke_url }\n",
			want: []string{
				"main.tf:1: aws_api_gateway_deployment has no attribute invoke_url",
				"main.tf:2: aws_api_gateway_deployment has no attribute invoke_url",
				"main.tf:3: aws_api_gateway_deployment has no attribute invoke_url",
			},
		},
		"an unknown attribute of a nested block is caught": {
			hcl:  `output "a" { value = "x-${aws_api_gateway_deployment.this.canary_settings[0].share}" }`,
			want: []string{"main.tf:1: aws_api_gateway_deployment has no attribute canary_settings.share"},
		},
		"a resource and a data source that provider 6 lacks are caught": {
			hcl: "resource \"aws_gone\" \"this\" {}\noutput \"a\" { value = data.aws_gone.this.id }\n",
			want: []string{
				"main.tf:1: aws_gone does not exist",
				"main.tf:2: data.aws_gone does not exist",
			},
		},
		"a required argument that is missing is caught, in a block too": {
			hcl: "resource \"aws_api_gateway_deployment\" \"this\" {\n  canary_settings {\n  }\n}\n",
			want: []string{
				"main.tf:1: aws_api_gateway_deployment lacks rest_api_id, which is required",
				"main.tf:2: aws_api_gateway_deployment.canary_settings lacks percent_traffic, which is required",
			},
		},
		"a value of another type is caught, through locals, variables and conditions": {
			hcl: "variable \"share\" { type = object({ percent = optional(list(number)) }) }\nlocals { tags = var.on ? join(\",\", []) : null }\n" +
				"resource \"aws_api_gateway_deployment\" \"this\" {\n  rest_api_id = [1]\n  tags        = local.tags\n" +
				"  canary_settings {\n    percent_traffic = var.share.percent\n  }\n}\n" +
				"resource \"aws_api_gateway_deployment\" \"that\" {\n  rest_api_id = aws_api_gateway_deployment.this.tags\n  tags = { a = 1 }\n  canary_settings {\n    percent_traffic = \"ten\"\n  }\n}\n",
			want: []string{
				"main.tf:11: aws_api_gateway_deployment.rest_api_id must be string, and may be map of string",
				"main.tf:14: aws_api_gateway_deployment.canary_settings.percent_traffic must be number: a number is required",
				"main.tf:4: aws_api_gateway_deployment.rest_api_id must be string: string required, but have tuple",
				"main.tf:5: aws_api_gateway_deployment.tags must be map of string, and may be string",
				"main.tf:7: aws_api_gateway_deployment.canary_settings.percent_traffic must be number, and may be list of number",
			},
		},
		"other providers are none of its business": {
			hcl: "resource \"terraform_data\" \"this\" {\n  anything = 1\n}\n",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			require.NoError(t, os.WriteFile("main.tf", []byte(tc.hcl), 0o600))
			found, err := parseFiles([]string{"main.tf"})
			require.NoError(t, err)
			known, err := readBindings(archive, found.types())
			require.NoError(t, err)
			assert.Equal(t, tc.want, check(found, known))
		})
	}
}

func TestReadBindingsRefusesAnotherProvider(t *testing.T) {
	_, err := readBindings(writeArchive(t, "5.100.0"), nil)
	assert.ErrorContains(t, err, "does not say that it describes provider "+providerVersion)
}

func TestParseBindingRefusesCodeOfAnotherForm(t *testing.T) {
	_, err := parseBinding("export const nothing = 1\n")
	assert.ErrorContains(t, err, "not the expected form")
}

func TestVerifyRefusesAnotherPackage(t *testing.T) {
	path := filepath.Join(t.TempDir(), packageFile)
	require.NoError(t, os.WriteFile(path, []byte("tampered"), 0o600))
	assert.ErrorContains(t, verify(path), "is not the pinned package")
}

func TestTerraformFilesSkipsWhatTerraformKeeps(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, path := range []string{"a/main.tf", "a/tests/x.tftest.hcl", "a/.terraform/modules/b/main.tf", "a/README.md"} {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, nil, 0o600))
	}
	files, err := terraformFiles([]string{"a"})
	require.NoError(t, err)
	assert.Equal(t, []string{"a/main.tf", "a/tests/x.tftest.hcl"}, files)

	_, err = terraformFiles([]string{"a/.terraform/modules/none"})
	assert.ErrorContains(t, err, "look for Terraform files")
}
