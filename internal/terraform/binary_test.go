package terraform

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	saysTerraform = `echo "Terraform v1.11.4"; echo "on linux_amd64"`
	saysTofu      = `echo "OpenTofu v1.12.6-dev"`
	saysOld       = `echo "Terraform v1.5.7"`
)

func TestFind(t *testing.T) {
	cases := map[string]struct {
		onPath    map[string]string
		named     string
		want      string // product and version
		wantError string
	}{
		"the only Terraform on PATH is taken": {
			onPath: map[string]string{"terraform": saysTerraform},
			want:   "Terraform 1.11.4",
		},
		"the only OpenTofu on PATH is taken, a development build too": {
			onPath: map[string]string{"tofu": saysTofu},
			want:   "OpenTofu 1.12.6-dev",
		},
		"both on PATH is refused": {
			onPath:    map[string]string{"terraform": saysTerraform, "tofu": saysTofu},
			wantError: "both terraform",
		},
		"a named one settles it": {
			onPath: map[string]string{"terraform": saysTerraform, "tofu": saysTofu},
			named:  "tofu",
			want:   "OpenTofu 1.12.6-dev",
		},
		"neither on PATH says what to do": {
			wantError: "neither terraform nor tofu is on PATH; install one or name it with --terraform-bin",
		},
		"a named one that is missing is not replaced by another": {
			onPath:    map[string]string{"terraform": saysTerraform},
			named:     "/nowhere/terraform",
			wantError: "/nowhere/terraform is not an executable",
		},
		"an old one is refused with its version": {
			onPath:    map[string]string{"terraform": saysOld},
			wantError: `Terraform 1.5.7`,
		},
		"what the file is called does not matter": {
			onPath: map[string]string{"terraform": saysTofu},
			want:   "OpenTofu 1.12.6-dev",
		},
		"a wrapper that is neither is refused": {
			onPath:    map[string]string{"terraform": `echo "terragrunt version v0.80.0"`},
			wantError: `neither Terraform nor OpenTofu: its ` + "`version`" + ` says "terragrunt version v0.80.0"`,
		},
		"one that fails is told with what it said": {
			onPath:    map[string]string{"terraform": `echo "no version set" >&2; exit 3`},
			wantError: "does not answer `version` (no version set)",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			t.Setenv("PATH", dir)
			for file, body := range tc.onPath {
				executableFile(t, dir, file, body)
			}
			b, err := Find(t.Context(), FindOptions{Path: tc.named})
			if tc.wantError != "" {
				require.ErrorContains(t, err, tc.wantError)
				assert.Equal(t, KindBinary, KindOf(err))
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tc.want, b.Title()+" "+b.Version.String())
			assert.True(t, filepath.IsAbs(b.Path), b.Path)
		})
	}
}
