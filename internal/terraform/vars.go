package terraform

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
)

// SplitVar reads "name=value" as Terraform's -var. Its error does not quote the
// text, any part of which may be the value.
func SplitVar(text string) (name, value string, err error) {
	name, value, found := strings.Cut(text, "=")
	if !found || !hclsyntax.ValidIdentifier(name) {
		return "", "", errors.New("it is not NAME=VALUE (it is not shown, since it could hold a secret)")
	}
	return name, value, nil
}

// varsText is a variable file that says what -var arguments would: what is in
// arguments, all users of the machine can read. Terraform takes a -var value
// for text where the variable's type is a primitive or not declared, else for
// an expression (its documentation, "Variables on the Command Line").
func (r *Runner) varsText(vars []string) ([]byte, error) {
	types, complete := r.variableTypes()
	body := hclwrite.NewEmptyFile()
	for _, text := range vars {
		name, value, err := SplitVar(text)
		if err != nil {
			return nil, &Error{Kind: KindUsage, Summary: "a variable for the plan: " + err.Error()}
		}
		expression, declared := types[name]
		if !declared && complete {
			return nil, undeclared(name)
		}
		parsed := cty.StringVal(value)
		if declared && !literal(expression) {
			if parsed, err = evaluate(value); err != nil {
				return nil, &Error{Kind: KindUsage, Summary: fmt.Sprintf("the value of the variable %s is no expression, as its type needs one (it is not shown)", name)}
			}
		}
		body.Body().SetAttributeValue(name, parsed)
	}
	return body.Bytes(), nil
}

// undeclared is what Terraform says of -var; of a variable file it only warns.
func undeclared(name string) error {
	return &Error{Kind: KindUsage, Op: "plan", Summary: fmt.Sprintf(undeclaredSummary, `"`+name+`"`)}
}

func evaluate(value string) (cty.Value, error) {
	expression, diagnostics := hclsyntax.ParseExpression([]byte(value), "value", hcl.InitialPos)
	if diagnostics.HasErrors() {
		return cty.NilVal, errors.New("it does not parse")
	}
	v, diagnostics := expression.Value(nil)
	if diagnostics.HasErrors() || !v.IsWhollyKnown() {
		return cty.NilVal, errors.New("it has no value")
	}
	return v, nil
}

// literal says whether values of a variable with this type are text; without a
// type they are.
func literal(kind hcl.Expression) bool {
	return kind == nil || slices.Contains([]string{"string", "number", "bool"}, hcl.ExprAsKeyword(kind))
}

var (
	rootSchema     = &hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{{Type: "variable", LabelNames: []string{"name"}}}}
	variableSchema = &hcl.BodySchema{Attributes: []hcl.AttributeSchema{{Name: "type"}}}
)

// variableTypes are the types that the root declares, by variable; nil for one
// without. It is not complete where a file cannot be parsed, of which Terraform
// complains itself.
func (r *Runner) variableTypes() (types map[string]hcl.Expression, complete bool) {
	types, complete = map[string]hcl.Expression{}, true
	parser := hclparse.NewParser()
	for _, path := range r.configuration() {
		parse := parser.ParseHCLFile
		if strings.HasSuffix(path, ".json") {
			parse = parser.ParseJSONFile
		}
		parsed, diagnostics := parse(path)
		if diagnostics.HasErrors() {
			complete = false
			continue
		}
		content, _, _ := parsed.Body.PartialContent(rootSchema) // what it complains of, Terraform does
		for _, block := range content.Blocks {
			attributes, _, _ := block.Body.PartialContent(variableSchema)
			name := block.Labels[0]
			if kind := attributes.Attributes["type"]; kind != nil {
				types[name] = kind.Expr
			} else if _, known := types[name]; !known {
				types[name] = nil
			}
		}
	}
	return types, complete
}

// configuration is the files of the root that the binary reads.
func (r *Runner) configuration() []string {
	entries, err := os.ReadDir(r.Dir)
	if err != nil {
		return nil
	}
	var files []string
	for _, e := range entries {
		tofu := strings.Contains(e.Name(), ".tofu")
		hidden := strings.HasPrefix(e.Name(), ".")
		if isConfiguration(e.Name()) && !hidden && (!tofu || r.Binary.Name == OpenTofu) {
			files = append(files, filepath.Join(r.Dir, e.Name()))
		}
	}
	return files
}

// isConfiguration says whether a file is called as those are that hold
// configuration, and so not the values of variables.
func isConfiguration(name string) bool {
	return slices.ContainsFunc([]string{".tf", ".tf.json", ".tofu", ".tofu.json"}, func(suffix string) bool {
		return strings.HasSuffix(name, suffix)
	})
}
