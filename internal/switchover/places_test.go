package switchover

import (
	"os"
	"path/filepath"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/terraform"
)

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
}

func planWithDefault(value any) *tfjson.Plan {
	return &tfjson.Plan{Config: &tfjson.Config{RootModule: &tfjson.ConfigModule{
		Variables: map[string]*tfjson.ConfigVariable{"closed": {Default: value}},
	}}}
}

func names(places []Place) []string {
	var all []string
	for _, p := range places {
		all = append(all, p.Name+" = "+p.Value)
	}
	return all
}

func TestPlacesAreListedInTerraformsOrder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "terraform.tfvars", `closed = null`)
	write(t, dir, "a.auto.tfvars", `closed = true`)
	write(t, dir, "z.auto.tfvars.json", `{"closed": "false", "other": 1}`)
	write(t, dir, "unasked.tfvars", `closed = true`)
	write(t, dir, "named.tfvars", "other = 2\n")
	runner := &terraform.Runner{Dir: dir, Env: []string{"TF_VAR_closed=1", "TF_VAR_other=x"}}

	places, err := findPlaces(runner, terraform.PlanOptions{VarFiles: []string{"named.tfvars"}}, planWithDefault(false), "closed", true)
	require.NoError(t, err)
	assert.Equal(t, []string{
		"the default of variable closed = false",
		"the environment's TF_VAR_closed = 1",
		"terraform.tfvars = null",
		"a.auto.tfvars = true",
		"z.auto.tfvars.json = false",
	}, names(places))
	for i, p := range places {
		assert.Equal(t, i == len(places)-1, p.Effective, p.Name)
		assert.Equal(t, p.Value == "true" || p.Value == "1", p.Agrees, p.Name)
	}
	assert.Contains(t, places[4].String(), "the next plain deploy switches back")
}

func TestSavingKeepsWhatElseIsInTheFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, SaveFile, `{"maintenance_message": "Soon.", "closed": false}`)
	path, err := savePlace(dir, "closed", true)
	require.NoError(t, err)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.JSONEq(t, `{"maintenance_message": "Soon.", "closed": true}`, string(text))

	write(t, dir, SaveFile, `not json`)
	_, err = savePlace(dir, "closed", true)
	assert.ErrorContains(t, err, "not a JSON object")
	text, err = os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "not json", string(text), "what cannot be read is left alone")
}

func TestASavedFileIsWeakerThanLaterOnes(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		places    []Place
		effective string
	}{
		"over the default":              {[]Place{{Name: "the default of variable closed"}}, SaveFile},
		"over terraform.tfvars":         {[]Place{{Name: "terraform.tfvars"}}, SaveFile},
		"over an earlier automatic one": {[]Place{{Name: "a.auto.tfvars"}}, SaveFile},
		"under a later automatic one":   {[]Place{{Name: "z.auto.tfvars"}}, "z.auto.tfvars"},
		"under one named by a flag":     {[]Place{{Name: "env/prod.tfvars"}}, "env/prod.tfvars"},
		"instead of itself":             {[]Place{{Name: SaveFile, Value: "false"}}, SaveFile},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			saved := markSaved(c.places, true)
			last := saved[len(saved)-1]
			assert.Equal(t, c.effective, last.Name)
			assert.True(t, last.Effective)
			assert.Contains(t, names(saved), SaveFile+" = true")
		})
	}
}
