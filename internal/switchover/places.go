package switchover

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclparse"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"apigateway-maintenance/internal/file"
	"apigateway-maintenance/internal/terraform"
)

// SaveFile is the file in the root that --save writes.
const SaveFile = "maintenance.auto.tfvars.json"

// Place is somewhere the variable gets its value from, in Terraform's order of
// precedence (developer.hashicorp.com/terraform/language/values/variables,
// "Variable Definition Precedence"): of several the last one counts.
type Place struct {
	Name string `json:"name"`
	// Value as it stands there: true, false, 1, 0 or null; anything else is not
	// told.
	Value string `json:"value"`
	// Agrees says that it is what the switch set.
	Agrees bool `json:"agrees"`
	// Effective says that the next plain deploy takes this one.
	Effective bool `json:"effective"`
}

func (p Place) String() string {
	if p.Effective {
		return fmt.Sprintf("the next plain deploy switches back: %s says %s; change it there, or use --save", p.Name, p.Value)
	}
	return fmt.Sprintf("%s says %s", p.Name, p.Value)
}

// findPlaces lists what a plain deploy of the root would read, from weakest to
// strongest.
func findPlaces(runner *terraform.Runner, options terraform.PlanOptions, plan *tfjson.Plan, variable string, want bool) ([]Place, error) {
	var places []Place
	add := func(name, value string) {
		places = append(places, Place{Name: name, Value: told(value), Agrees: agrees(value, want)})
	}
	if plan.Config != nil && plan.Config.RootModule != nil {
		if v := plan.Config.RootModule.Variables[variable]; v != nil {
			add("the default of variable "+variable, literal(v.Default))
		}
	}
	env := runner.Env
	if env == nil {
		env = os.Environ()
	}
	for _, entry := range env {
		if name, value, _ := strings.Cut(entry, "="); name == "TF_VAR_"+variable {
			add("the environment's "+name, value)
		}
	}
	files, err := variableFiles(runner.Dir)
	if err != nil {
		return nil, err
	}
	for _, name := range append(files, options.VarFiles...) {
		path := name
		if !filepath.IsAbs(path) {
			path = filepath.Join(runner.Dir, path)
		}
		value, found := readVariable(path, variable)
		if found {
			add(name, value)
		}
	}
	if len(places) > 0 {
		places[len(places)-1].Effective = true
	}
	return places, nil
}

// told is a value of the switch. Anything else that stands in its place may be
// somebody's secret.
func told(value string) string {
	if slices.Contains([]string{"true", "false", "1", "0", "null"}, value) {
		return value
	}
	return "something else"
}

// agrees reads a value as Terraform does for a bool. Null leaves the choice to
// the module, which is off outside a window.
func agrees(value string, want bool) bool {
	switch value {
	case "true", "1":
		return want
	case "false", "0", "null":
		return !want
	default:
		return false
	}
}

// variableFiles are those that Terraform reads unasked, in its order.
func variableFiles(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("look for variable files: %w", err)
	}
	var fixed, automatic []string
	for _, e := range entries {
		switch name := e.Name(); {
		case name == "terraform.tfvars" || name == "terraform.tfvars.json":
			fixed = append(fixed, name)
		case strings.HasSuffix(name, ".auto.tfvars") || strings.HasSuffix(name, ".auto.tfvars.json"):
			automatic = append(automatic, name)
		}
	}
	return slices.Concat(fixed, automatic), nil
}

// readVariable reads one variable of a file; a file that cannot be read or
// parsed has made Terraform's plan fail before.
func readVariable(path, variable string) (value string, found bool) {
	parser := hclparse.NewParser()
	parse := parser.ParseHCLFile
	if strings.HasSuffix(path, ".json") {
		parse = parser.ParseJSONFile
	}
	file, diagnostics := parse(path)
	if diagnostics.HasErrors() {
		return "", false
	}
	attributes, diagnostics := file.Body.JustAttributes()
	if diagnostics.HasErrors() || attributes[variable] == nil {
		return "", false
	}
	v, diagnostics := attributes[variable].Expr.Value(nil)
	if diagnostics.HasErrors() || !v.IsKnown() {
		return "an expression", true
	}
	if v.IsNull() {
		return "null", true
	}
	text, err := convert.Convert(v, cty.String)
	if err != nil {
		return "an expression", true
	}
	return text.AsString(), true
}

func literal(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return "an expression"
	}
	return string(text)
}

// CheckSave finds out whether --save could write in a root's folder.
func CheckSave(dir string) error {
	if _, err := savedValues(dir); err != nil {
		return err
	}
	return file.Check(filepath.Join(dir, SaveFile))
}

func savedValues(dir string) (map[string]json.RawMessage, error) {
	path := filepath.Join(dir, SaveFile)
	values := map[string]json.RawMessage{}
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return values, nil
	case err != nil:
		return nil, err
	case json.Unmarshal(text, &values) != nil || values == nil:
		return nil, fmt.Errorf("%s is not a JSON object", path) // the parser would quote a value
	}
	return values, nil
}

// savePlace sets the variable in [SaveFile] and leaves what else is in it.
func savePlace(dir, variable string, value bool) (string, error) {
	path := filepath.Join(dir, SaveFile)
	values, err := savedValues(dir)
	if err != nil {
		return "", err
	}
	values[variable] = json.RawMessage(fmt.Sprint(value))
	text, err := json.MarshalIndent(values, "", "  ")
	if err != nil {
		return "", err
	}
	return path, file.Update(path, append(text, '\n'))
}

// markSaved puts the saved file where it stands in the order: stronger places
// may still say otherwise.
func markSaved(places []Place, value bool) []Place {
	saved := Place{Name: SaveFile, Value: fmt.Sprint(value), Agrees: true}
	kept := slices.DeleteFunc(slices.Clone(places), func(p Place) bool { return p.Name == SaveFile })
	i := slices.IndexFunc(kept, func(p Place) bool { return strings.Contains(p.Name, ".tfvars") && stronger(p.Name) })
	if i < 0 {
		i = len(kept)
	}
	kept = slices.Insert(kept, i, saved)
	for n := range kept {
		kept[n].Effective = n == len(kept)-1
	}
	return kept
}

// stronger says whether a variable file is read after [SaveFile]: a later
// .auto.tfvars file, or one that is named by a flag.
func stronger(name string) bool {
	automatic := strings.HasSuffix(name, ".auto.tfvars") || strings.HasSuffix(name, ".auto.tfvars.json")
	fixed := name == "terraform.tfvars" || name == "terraform.tfvars.json"
	return !fixed && (!automatic || name > SaveFile)
}
