package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Terraform's own arguments and blocks, which no provider declares
// (developer.hashicorp.com/terraform/language/meta-arguments).
var (
	metaArguments = []string{"count", "for_each", "provider", "depends_on"}
	metaBlocks    = []string{"lifecycle", "provisioner", "connection"}
)

// check gives a sentence, with its place, for each use that the schema lacks.
func check(u uses, s schema) []string {
	var problems []string
	report := func(at hcl.Range, format string, args ...any) {
		problems = append(problems, fmt.Sprintf("%s:%d: ", at.Filename, at.Start.Line)+fmt.Sprintf(format, args...))
	}
	for _, b := range u.blocks {
		known, ok := s[b.typ]
		if !ok {
			report(b.at, "%s does not exist", b.typ)
			continue
		}
		checkBody(b.typ, b.body, known, true, b.scope.with(s), report)
	}
	for _, r := range u.references {
		known, ok := s[r.typ]
		if !ok {
			report(r.at, "%s does not exist", r.typ)
			continue
		}
		checkPath(r, known, report)
	}
	slices.Sort(problems)
	return slices.Compact(problems)
}

type reporter func(at hcl.Range, format string, args ...any)

func checkBody(where string, body *hclsyntax.Body, known *block, top bool, scope scope, report reporter) {
	for _, name := range slices.Sorted(maps.Keys(body.Attributes)) {
		if top && slices.Contains(metaArguments, name) {
			continue
		}
		if _, ok := known.arguments[name]; !ok {
			report(body.Attributes[name].NameRange, "%s has no argument %s", where, name)
			continue
		}
		if want, ok := known.types[name]; ok {
			if problem := scope.mismatch(body.Attributes[name].Expr, want); problem != "" {
				report(body.Attributes[name].NameRange, "%s.%s %s", where, name, problem)
			}
		}
	}
	checkRequired(where, body, known, report)
	for _, b := range body.Blocks {
		if top && slices.Contains(metaBlocks, b.Type) {
			continue
		}
		name, content := b.Type, b.Body
		if name == "dynamic" && len(b.Labels) == 1 {
			name, content = b.Labels[0], dynamicContent(b.Body)
		}
		nested, ok := known.arguments[name]
		if !ok || nested == nil {
			report(b.DefRange(), "%s has no block %s", where, name)
			continue
		}
		if content != nil {
			checkBody(where+"."+name, content, nested, false, scope, report)
		}
	}
}

// checkRequired wants each argument or block without which there is no plan.
func checkRequired(where string, body *hclsyntax.Body, known *block, report reporter) {
	given := map[string]bool{}
	for name := range body.Attributes {
		given[name] = true
	}
	for _, b := range body.Blocks {
		given[b.Type] = true
		if b.Type == "dynamic" && len(b.Labels) == 1 {
			given[b.Labels[0]] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(known.required)) {
		if _, settable := known.arguments[name]; settable && known.required[name] && !given[name] {
			report(body.SrcRange, "%s lacks %s, which is required", where, name)
		}
	}
}

func dynamicContent(body *hclsyntax.Body) *hclsyntax.Body {
	for _, b := range body.Blocks {
		if b.Type == "content" {
			return b.Body
		}
	}
	return nil
}

func checkPath(r reference, known *block, report reporter) {
	for i, name := range r.path {
		next, ok := known.attributes[name]
		if !ok {
			report(r.at, "%s has no attribute %s", r.typ, strings.Join(r.path[:i+1], "."))
			return
		}
		if next == nil {
			return // a plain value or a map: what follows is the user's key
		}
		known = next
	}
}
