package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// scope is what tells the types of a module's expressions: its variables and
// locals, and the resources that they read.
type scope struct {
	variables map[string]cty.Type
	locals    map[string]hclsyntax.Expression
	schema    schema
}

func newScope() scope {
	return scope{variables: map[string]cty.Type{}, locals: map[string]hclsyntax.Expression{}}
}

func (s scope) with(known schema) scope { s.schema = known; return s }

// add takes the variables and locals of a file.
func (s scope) add(body *hclsyntax.Body) {
	for _, b := range body.Blocks {
		switch {
		case b.Type == "variable" && len(b.Labels) == 1:
			s.variables[b.Labels[0]] = cty.DynamicPseudoType
			if declared, ok := b.Body.Attributes["type"]; ok {
				if t, _, diags := typeexpr.TypeConstraintWithDefaults(declared.Expr); !diags.HasErrors() {
					s.variables[b.Labels[0]] = t
				}
			}
		case b.Type == "locals":
			for name, attribute := range b.Body.Attributes {
				s.locals[name] = attribute.Expr
			}
		}
	}
}

// mismatch says why an expression cannot be a value of a type; empty if it can,
// or if nobody knows before a plan.
func (s scope) mismatch(expr hclsyntax.Expression, want cty.Type) string {
	if value, diags := expr.Value(nil); !diags.HasErrors() {
		if _, err := convert.Convert(value, want); err != nil {
			return fmt.Sprintf("must be %s: %v", want.FriendlyName(), err)
		}
		return ""
	}
	for _, got := range s.typesOf(expr, 0) {
		if !got.Equals(want) && got != cty.DynamicPseudoType && convert.GetConversionUnsafe(got, want) == nil {
			return fmt.Sprintf("must be %s, and may be %s", want.FriendlyName(), got.FriendlyName())
		}
	}
	return ""
}

// deepest is how many locals may refer to one another.
const deepest = 20

// typesOf gives the types that an expression may have.
func (s scope) typesOf(expr hclsyntax.Expression, depth int) []cty.Type {
	unknown := []cty.Type{cty.DynamicPseudoType}
	if depth > deepest {
		return unknown
	}
	switch e := expr.(type) {
	case *hclsyntax.LiteralValueExpr:
		return []cty.Type{e.Val.Type()}
	case *hclsyntax.TemplateExpr:
		return []cty.Type{cty.String}
	case *hclsyntax.TemplateWrapExpr:
		return s.typesOf(e.Wrapped, depth+1)
	case *hclsyntax.ParenthesesExpr:
		return s.typesOf(e.Expression, depth+1)
	case *hclsyntax.ConditionalExpr:
		return append(s.typesOf(e.TrueResult, depth+1), s.typesOf(e.FalseResult, depth+1)...)
	case *hclsyntax.BinaryOpExpr:
		return []cty.Type{e.Op.Type}
	case *hclsyntax.UnaryOpExpr:
		return []cty.Type{e.Op.Type}
	case *hclsyntax.TupleConsExpr, *hclsyntax.SplatExpr:
		return []cty.Type{cty.List(cty.DynamicPseudoType)}
	case *hclsyntax.ObjectConsExpr:
		return []cty.Type{cty.Map(cty.DynamicPseudoType)}
	case *hclsyntax.ForExpr:
		if e.KeyExpr != nil {
			return []cty.Type{cty.Map(cty.DynamicPseudoType)}
		}
		return []cty.Type{cty.List(cty.DynamicPseudoType)}
	case *hclsyntax.FunctionCallExpr:
		return []cty.Type{functionType(e.Name)}
	case *hclsyntax.ScopeTraversalExpr:
		return s.typesOfTraversal(e.Traversal, depth)
	case *hclsyntax.RelativeTraversalExpr:
		if base := baseOf(e.Source); base != nil {
			return s.typesOfTraversal(join(base, e.Traversal), depth)
		}
	}
	return unknown
}

// functionType is what the functions that we use give, where that is always the
// same (developer.hashicorp.com/terraform/language/functions).
func functionType(name string) cty.Type {
	switch {
	case slices.Contains([]string{"jsonencode", "join", "format", "lower", "upper", "trimprefix", "trimsuffix", "replace", "sha1", "sha256", "base64encode", "tostring", "templatefile", "file", "substr"}, name):
		return cty.String
	case slices.Contains([]string{"length", "tonumber", "floor", "ceil"}, name):
		return cty.Number
	case slices.Contains([]string{"can", "tobool", "contains", "alltrue", "anytrue", "startswith", "endswith"}, name):
		return cty.Bool
	case slices.Contains([]string{"keys", "values", "concat", "compact", "distinct", "split", "sort"}, name):
		return cty.List(cty.DynamicPseudoType)
	}
	return cty.DynamicPseudoType
}

func (s scope) typesOfTraversal(traversal hcl.Traversal, depth int) []cty.Type {
	var names []string
	for _, step := range traversal {
		switch step := step.(type) {
		case hcl.TraverseRoot:
			names = append(names, step.Name)
		case hcl.TraverseAttr:
			names = append(names, step.Name)
		}
	}
	unknown := []cty.Type{cty.DynamicPseudoType}
	switch {
	case len(names) < 2:
	case names[0] == "var":
		return []cty.Type{within(s.variables[names[1]], names[2:])}
	case names[0] == "local" && len(names) == 2:
		if local, found := s.locals[names[1]]; found {
			return s.typesOf(local, depth+1)
		}
	case names[0] == "data" && len(names) == 4:
		return []cty.Type{s.attribute("data."+names[1], names[3])}
	case len(names) == 3 && strings.HasPrefix(names[0], "aws_"):
		return []cty.Type{s.attribute(names[0], names[2])}
	}
	return unknown
}

func (s scope) attribute(resource, name string) cty.Type {
	if known := s.schema[resource]; known != nil {
		if t, found := known.types[name]; found {
			return t
		}
	}
	return cty.DynamicPseudoType
}

// within follows names into an object type.
func within(t cty.Type, names []string) cty.Type {
	for _, name := range names {
		if t == cty.NilType || !t.IsObjectType() || !t.HasAttribute(name) {
			return cty.DynamicPseudoType
		}
		t = t.AttributeType(name)
	}
	if t == cty.NilType {
		return cty.DynamicPseudoType
	}
	return t
}
