package main

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// use is one block of ours.
type use struct {
	typ  string // "aws_route53_record", "data.aws_route53_zone", "provider"
	body *hclsyntax.Body
	at   hcl.Range
	// scope is what expressions in its module may name.
	scope scope
}

// reference is one attribute of a resource that an expression of ours reads.
type reference struct {
	typ  string
	path []string
	at   hcl.Range
}

// uses are all blocks and references that concern the AWS provider.
type uses struct {
	blocks     []use
	references []reference
}

func (u uses) types() map[string]bool {
	types := map[string]bool{}
	for _, b := range u.blocks {
		types[b.typ] = true
	}
	for _, r := range u.references {
		types[r.typ] = true
	}
	return types
}

// terraformFiles are the .tf and .tftest.hcl files below the folders, without
// what Terraform itself keeps in folders that begin with a dot.
func terraformFiles(folders []string) ([]string, error) {
	var files []string
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			name := entry.Name()
			if entry.IsDir() && path != folder && strings.HasPrefix(name, ".") {
				return filepath.SkipDir
			}
			if !entry.IsDir() && (strings.HasSuffix(name, ".tf") || strings.HasSuffix(name, ".tftest.hcl")) {
				files = append(files, path)
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("look for Terraform files: %w", err)
		}
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no Terraform file below %s", strings.Join(folders, ", "))
	}
	return files, nil
}

func parseFiles(files []string) (uses, error) {
	var found uses
	scopes := map[string]scope{} // by folder
	parser := hclparse.NewParser()
	for _, path := range files {
		file, diags := parser.ParseHCLFile(path)
		if diags.HasErrors() {
			return uses{}, fmt.Errorf("parse %s: %w", path, diags)
		}
		body := file.Body.(*hclsyntax.Body) // what ParseHCLFile gives for native syntax
		folder := filepath.Dir(path)
		if _, known := scopes[folder]; !known {
			scopes[folder] = newScope()
		}
		scopes[folder].add(body)
		found.addBlocks(body, scopes[folder])
		found.addReferences(body)
	}
	return found, nil
}

func (u *uses) addBlocks(body *hclsyntax.Body, scope scope) {
	for _, b := range body.Blocks {
		typ := ""
		switch {
		case b.Type == "resource" && len(b.Labels) == 2:
			typ = b.Labels[0]
		case b.Type == "data" && len(b.Labels) == 2:
			typ = "data." + b.Labels[0]
		}
		if isAWS(typ) {
			u.blocks = append(u.blocks, use{typ: typ, body: b.Body, at: b.DefRange(), scope: scope})
		}
	}
}

// addReferences collects what expressions read, in the three forms that HCL
// has for it: a.b.c, a.b[key].c and a.b[*].c.
func (u *uses) addReferences(body *hclsyntax.Body) {
	_ = hclsyntax.VisitAll(body, func(node hclsyntax.Node) hcl.Diagnostics {
		switch expr := node.(type) {
		case *hclsyntax.ScopeTraversalExpr:
			u.addReference(expr.Traversal, expr.Range())
		case *hclsyntax.RelativeTraversalExpr:
			if base := baseOf(expr.Source); base != nil {
				u.addReference(join(base, expr.Traversal), expr.Range())
			}
		case *hclsyntax.SplatExpr:
			each, ok := expr.Each.(*hclsyntax.RelativeTraversalExpr)
			if base := baseOf(expr.Source); ok && base != nil {
				u.addReference(join(base, each.Traversal), expr.Range())
			}
		}
		return nil
	})
}

// baseOf is the traversal below an index, nil for any other expression.
func baseOf(expr hclsyntax.Expression) hcl.Traversal {
	switch e := expr.(type) {
	case *hclsyntax.IndexExpr:
		return baseOf(e.Collection)
	case *hclsyntax.ScopeTraversalExpr:
		return e.Traversal
	case *hclsyntax.RelativeTraversalExpr:
		if base := baseOf(e.Source); base != nil {
			return join(base, e.Traversal)
		}
	}
	return nil
}

func join(a, b hcl.Traversal) hcl.Traversal {
	return append(append(hcl.Traversal{}, a...), b...)
}

func (u *uses) addReference(traversal hcl.Traversal, at hcl.Range) {
	var names []string
	for _, step := range traversal {
		switch s := step.(type) {
		case hcl.TraverseRoot:
			names = append(names, s.Name)
		case hcl.TraverseAttr:
			names = append(names, s.Name)
		}
	}
	skip := 2 // type and name
	if len(names) > 1 && names[0] == "data" {
		names = append([]string{"data." + names[1]}, names[2:]...)
	}
	if len(names) <= skip || !isAWS(names[0]) {
		return
	}
	u.references = append(u.references, reference{typ: names[0], path: names[skip:], at: at})
}

func isAWS(typ string) bool {
	return strings.HasPrefix(strings.TrimPrefix(typ, "data."), "aws_")
}
