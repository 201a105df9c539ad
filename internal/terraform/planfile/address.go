package planfile

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"
)

// parseAddress takes a resource instance's address apart
// (developer.hashicorp.com/terraform/cli/state/resource-addressing).
func parseAddress(address string) (mode tfjson.ResourceMode, kind, name string, err error) {
	steps, diagnostics := hclsyntax.ParseTraversalAbs([]byte(address), "", hcl.InitialPos)
	if diagnostics.HasErrors() {
		return "", "", "", unfamiliar("the address %s", address)
	}
	var names []string
	for _, step := range steps {
		switch s := step.(type) {
		case hcl.TraverseRoot:
			names = append(names, s.Name)
		case hcl.TraverseAttr:
			names = append(names, s.Name)
		}
	}
	for len(names) > 2 && names[0] == "module" {
		names = names[2:]
	}
	switch {
	case len(names) == 2 && names[0] != "module":
		return tfjson.ManagedResourceMode, names[0], names[1], nil
	case len(names) == 3 && names[0] == "data":
		return tfjson.DataResourceMode, names[1], names[2], nil
	default:
		return "", "", "", unfamiliar("the address %s", address)
	}
}

// index is an instance key as addresses have it; empty for none.
func index(key any) (string, error) {
	switch k := key.(type) {
	case nil:
		return "", nil
	case string:
		return "[" + string(hclwrite.TokensForValue(cty.StringVal(k)).Bytes()) + "]", nil
	case float64:
		return "[" + string(hclwrite.TokensForValue(cty.NumberFloatVal(k)).Bytes()) + "]", nil
	default:
		return "", unfamiliar("the instance key %v", k)
	}
}
