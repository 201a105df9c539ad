//go:build unix

package terraform

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/terraform/planfile"
)

// zoo is a root with what a plan file can hold, as far as the provider that is
// built into the binary has it.
var zoo = map[string]string{
	"main.tf": `
variable "mode" {
  type    = bool
  default = false
}

variable "nothing" {
  default = null
}

variable "text" {
  default = "a"
}

variable "converted" {
  type    = bool
  default = "false"
}

variable "completed" {
  type    = object({ start = string, end = optional(string, "2099-01-01T00:00:00Z") })
  default = { start = "2020-01-01T00:00:00Z" }
}

variable "window" {
  type    = object({ start = string, end = string })
  default = { start = "2026-01-01T00:00:00Z", end = "2026-01-02T00:00:00Z" }
}

variable "token" {
  sensitive = true
  default   = "hunter2"
}

resource "terraform_data" "plain" {
  input = { number = 1.5, list = [true, null, "x"], large = 12345678901, none = [], mode = var.mode }
}

resource "terraform_data" "keyed" {
  for_each = toset(["/", "a\"b", "c.d", "$${x}", "ü"])
  input    = var.mode
}

resource "terraform_data" "counted" {
  count = 2
  input = [count.index, var.token]
}

resource "terraform_data" "replaced" {
  input            = var.text
  triggers_replace = [var.text]
  lifecycle {
    create_before_destroy = true
  }
}

data "terraform_remote_state" "late" {
  backend    = "local"
  config     = { path = "${path.module}/other.tfstate" }
  defaults   = { of = terraform_data.replaced.id }
  depends_on = [terraform_data.replaced]
}

module "child" {
  source   = "./child"
  for_each = { "one" = 1, "two.x" = 2 }
  input    = { mode = var.mode, each = each.value }
  window   = var.window
}

module "constant" {
  source = "./child"
  input  = "${var.text}-${var.mode}"
  window = { start = "2026-01-01T00:00:00Z", end = null }
}
`,
	"outputs.tf": `
output "mode" {
  value = terraform_data.plain.input
}

output "unknown" {
  value = { id = terraform_data.replaced.id, fixed = 1 }
}

output "token" {
  value     = var.token
  sensitive = true
}

output "same" {
  value = { "/" = { live = { api_id = "a", stage_name = "b" } } }
}
`,
	"child/main.tf": `
variable "input" {}

variable "window" {
  default = null
}

resource "terraform_data" "this" {
  input = [var.input, var.window]
}
`,
}

func zooRunner(t *testing.T, name string) *Runner {
	t.Helper()
	r, _ := realRunner(t, name)
	for path, content := range zoo {
		path = filepath.Join(r.Dir, path)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	}
	state := `{"version":4,"terraform_version":"1.5.0","serial":1,"lineage":"x","outputs":{"of":{"value":[1],"type":["tuple",["number"]]}},"resources":[]}`
	require.NoError(t, os.WriteFile(filepath.Join(r.Dir, "other.tfstate"), []byte(state), 0o600))
	require.NoError(t, r.Init(t.Context()))
	return r
}

// facts are what [planfile.Read] promises to give of a plan.
func facts(plan *tfjson.Plan) map[string]any {
	changes := map[string]any{}
	for _, c := range plan.ResourceChanges {
		changes[c.Address] = []any{c.Mode, c.Type, c.Name, c.PreviousAddress, *change(c.Change)}
	}
	outputs := map[string]any{}
	for name, c := range plan.OutputChanges {
		outputs[name] = *change(c)
	}
	variables := map[string]any{}
	for name, v := range plan.Variables {
		variables[name] = v.Value
	}
	defaults := map[string]any{}
	for name, v := range plan.Config.RootModule.Variables {
		defaults[name] = v.Default
	}
	calls := map[string]any{}
	for name, call := range plan.Config.RootModule.ModuleCalls {
		calls[name] = call.Expressions["window"].ConstantValue
		for _, reference := range call.Expressions["window"].References {
			calls[name+" refers to "+reference] = true
		}
	}
	var order []string
	for _, c := range plan.ResourceChanges {
		if c.Mode == tfjson.ManagedResourceMode { // show has data sources first
			order = append(order, c.Address)
		}
	}
	return map[string]any{
		"order":   order,
		"version": plan.TerraformVersion, "complete": plan.Complete,
		"changes": changes, "outputs": outputs, "variables": variables, "defaults": defaults, "calls": calls,
		"planned": valueFacts(plan.PlannedValues), "prior": valueFacts(plan.PriorState.Values),
	}
}

// change leaves out what is not promised, and how what is known throughout is
// written in a tree of unknowns.
func change(c *tfjson.Change) *tfjson.Change {
	return &tfjson.Change{Actions: c.Actions, Before: c.Before, After: c.After, AfterUnknown: unknowns(c.AfterUnknown), Importing: c.Importing}
}

func unknowns(tree any) any {
	switch branch := tree.(type) {
	case map[string]any:
		found := map[string]any{}
		for name, child := range branch {
			if u := unknowns(child); u != nil {
				found[name] = u
			}
		}
		if len(found) > 0 {
			return found
		}
	case []any:
		found := make([]any, len(branch))
		for i, child := range branch {
			found[i] = unknowns(child)
		}
		if slices.ContainsFunc(found, func(u any) bool { return u != nil }) {
			return found
		}
	case bool:
		if branch {
			return true
		}
	}
	return nil
}

func valueFacts(values *tfjson.StateValues) map[string]any {
	found := map[string]any{}
	for name, o := range values.Outputs {
		found["output "+name] = []any{o.Sensitive, o.Value}
	}
	maps.Copy(found, resourceFacts(values.RootModule))
	return found
}

func resourceFacts(module *tfjson.StateModule) map[string]any {
	found := map[string]any{}
	for _, r := range module.Resources {
		attributes := map[string]any{}
		for name, v := range r.AttributeValues {
			attributes[name] = untyped(v)
		}
		found[r.Address] = []any{r.Mode, r.Type, r.Name, r.DeposedKey, attributes}
	}
	for _, child := range module.ChildModules {
		maps.Copy(found, resourceFacts(child))
	}
	return found
}

// untyped takes the type away that state files put beside a value of dynamic
// type.
func untyped(v any) any {
	if object, ok := v.(map[string]any); ok && len(object) == 2 && object["type"] != nil && object["value"] != nil {
		return object["value"]
	}
	return v
}

func TestAPlanFileReadDirectlySaysWhatShowSays(t *testing.T) {
	for _, name := range []string{Terraform, OpenTofu} {
		t.Run(name, func(t *testing.T) {
			r := zooRunner(t, name)
			ctx := t.Context()
			plan := func(opts PlanOptions) string {
				opts.Out = filepath.Join(t.TempDir(), "plan")
				_, err := r.Plan(ctx, opts)
				require.NoError(t, err)
				return opts.Out
			}
			unfamiliar := func(opts PlanOptions) {
				t.Helper()
				_, err := planfile.Read(plan(opts), planfile.Product(name))
				assert.ErrorAs(t, err, new(*planfile.UnfamiliarError))
			}
			unfamiliar(PlanOptions{}) // creates everything
			require.NoError(t, r.Apply(ctx, plan(PlanOptions{}), ApplyOptions{}))

			for what, vars := range map[string][]string{
				"nothing":                         nil,
				"updates":                         {"mode=true"},
				"a replacement, unknowns, a read": {"text=b", "mode=true", `window={"start":"x","end":"y"}`},
				"a sensitive value":               {"token=other"},
			} {
				file := plan(PlanOptions{Vars: vars})
				shown, err := r.ShowPlan(ctx, file)
				require.NoError(t, err)
				read, err := planfile.Read(file, planfile.Product(name))
				require.NoError(t, err, what)
				assert.Equal(t, facts(shown), facts(read), what)
			}

			unfamiliar(PlanOptions{Destroy: true})
			unfamiliar(PlanOptions{Targets: []string{"terraform_data.plain"}, Vars: []string{"mode=true"}})
			unfamiliar(PlanOptions{ExtraArgs: []string{"-replace=terraform_data.plain"}})
			moved := "moved {\n  from = terraform_data.plain\n  to   = terraform_data.renamed\n}\nresource \"terraform_data\" \"renamed\" {}\n"
			require.NoError(t, os.WriteFile(filepath.Join(r.Dir, "moved.tf"), []byte(moved), 0o600))
			main := zoo["main.tf"]
			start, end := "resource \"terraform_data\" \"plain\" {", "resource \"terraform_data\" \"keyed\""
			require.NoError(t, os.WriteFile(filepath.Join(r.Dir, "main.tf"), []byte(cut(main, start, end)), 0o600))
			require.NoError(t, os.WriteFile(filepath.Join(r.Dir, "outputs.tf"), []byte(""), 0o600))
			unfamiliar(PlanOptions{})
		})
	}
}

// cut leaves out what is between two markers, the first one included.
func cut(text, from, to string) string {
	before, rest, _ := strings.Cut(text, from)
	_, after, _ := strings.Cut(rest, to)
	return before + to + after
}
