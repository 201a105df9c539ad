package planfile

import (
	"archive/zip"
	"encoding/json"
	"path"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclparse"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// rootFolder is where the archive keeps the root module's files.
const rootFolder = "tfconfig/m-"

var rootBlocks = &hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{
	{Type: "variable", LabelNames: []string{"name"}},
	{Type: "module", LabelNames: []string{"name"}},
}}

// readConfig reads the root module's variables and module calls. Files that
// override others (Terraform's "Override Files") are unfamiliar.
func readConfig(archive *zip.Reader, plan *tfjson.Plan) error {
	root := &tfjson.ConfigModule{Variables: map[string]*tfjson.ConfigVariable{}, ModuleCalls: map[string]*tfjson.ModuleCall{}}
	for _, f := range archive.File {
		dir, name := path.Split(f.Name)
		if dir != rootFolder+"/" {
			continue
		}
		parser := hclparse.NewParser()
		parse := parser.ParseHCL
		stem, isJSON := strings.CutSuffix(name, ".json")
		if isJSON {
			parse = parser.ParseJSON
		}
		stem = strings.TrimSuffix(strings.TrimSuffix(stem, ".tofu"), ".tf")
		if stem == "override" || strings.HasSuffix(stem, "_override") {
			return unfamiliar("the root has a file %s", name)
		}
		content, err := contentOf(archive, f.Name)
		if err != nil {
			return err
		}
		file, diagnostics := parse(content, name)
		if diagnostics.HasErrors() {
			return unfamiliar("%v", diagnostics)
		}
		blocks, _, diagnostics := file.Body.PartialContent(rootBlocks)
		if diagnostics.HasErrors() {
			return unfamiliar("%v", diagnostics)
		}
		for _, block := range blocks.Blocks {
			if err := readBlock(block, root); err != nil {
				return err
			}
		}
	}
	plan.Config = &tfjson.Config{RootModule: root}
	for name, v := range root.Variables {
		if plan.Variables[name] == nil { // the plan file has those that were set
			plan.Variables[name] = &tfjson.PlanVariable{Value: v.Default}
		}
	}
	return nil
}

func readBlock(block *hcl.Block, root *tfjson.ConfigModule) error {
	// Blocks inside are no attributes, and nothing that is asked for.
	attributes, _ := block.Body.JustAttributes()
	if block.Type == "variable" {
		value, err := defaultOf(attributes)
		root.Variables[block.Labels[0]] = &tfjson.ConfigVariable{Default: value}
		return err
	}
	call := &tfjson.ModuleCall{Expressions: map[string]*tfjson.Expression{}}
	for name, a := range attributes {
		call.Expressions[name] = &tfjson.Expression{ExpressionData: expression(a.Expr)}
	}
	root.ModuleCalls[block.Labels[0]] = call
	return nil
}

// defaultOf is a variable's default as its type makes it: converted, with the
// defaults of optional attributes.
func defaultOf(attributes hcl.Attributes) (any, error) {
	if attributes["default"] == nil {
		return nil, nil
	}
	v, diagnostics := attributes["default"].Expr.Value(nil)
	if t := attributes["type"]; t != nil && !diagnostics.HasErrors() {
		kind, defaults, wrong := typeexpr.TypeConstraintWithDefaults(t.Expr)
		diagnostics = append(diagnostics, wrong...)
		if defaults != nil && !v.IsNull() {
			v = defaults.Apply(v)
		}
		converted, err := convert.Convert(v, kind)
		if err != nil {
			return nil, unfamiliar("a variable's default: %v", err)
		}
		v = converted
	}
	if diagnostics.HasErrors() {
		return nil, unfamiliar("%v", diagnostics)
	}
	return plain(v)
}

// plain is a value as JSON has it.
func plain(v cty.Value) (found any, err error) {
	text, err := json.Marshal(ctyjson.SimpleJSONValue{Value: v})
	if err == nil {
		err = json.Unmarshal(text, &found)
	}
	if err != nil {
		return nil, unfamiliar("a value: %v", err)
	}
	return found, nil
}

// expression is a constant's value, or what it refers to.
func expression(e hcl.Expression) *tfjson.ExpressionData {
	data := &tfjson.ExpressionData{ConstantValue: tfjson.UnknownConstantValue}
	for _, traversal := range e.Variables() {
		reference := traversal.RootName()
		if len(traversal) > 1 {
			if attribute, ok := traversal[1].(hcl.TraverseAttr); ok {
				reference += "." + attribute.Name
			}
		}
		data.References = append(data.References, reference)
	}
	if len(data.References) > 0 {
		return data
	}
	v, diagnostics := e.Value(nil)
	if diagnostics.HasErrors() || !v.IsWhollyKnown() {
		return data
	}
	if constant, err := plain(v); err == nil {
		data.ConstantValue = constant
	}
	return data
}
