package guard

import (
	"regexp"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"

	"apigateway-maintenance/internal/maintenance"
)

func placeOf(m maintenance.Mapping) place {
	return place{domain: m.Domain, path: m.Path, hints: hints(m.Address)}
}

var (
	moduleName  = regexp.MustCompile(`(?:^|\.)module\.([A-Za-z0-9_-]+)`)
	instanceKey = regexp.MustCompile(`\["((?:[^"\\]|\\.)*)"\]`)
)

// hints are the module names and instance keys in an address, of which the
// root's output may be keyed by one: targets = { orders = module.orders.targets }.
func hints(address string) []string {
	var names []string
	for _, m := range moduleName.FindAllStringSubmatch(address, -1) {
		names = append(names, m[1])
	}
	for _, m := range instanceKey.FindAllStringSubmatch(address, -1) {
		names = append(names, m[1])
	}
	return names
}

// readMapping reads a mapping's attributes; what is unknown stays empty.
func readMapping(address string, attributes any) maintenance.Mapping {
	object, _ := attributes.(map[string]any)
	text := func(name string) string {
		s, _ := object[name].(string)
		return s
	}
	return maintenance.Mapping{
		Address: address,
		Domain:  text("domain_name"),
		Path:    "/" + strings.TrimPrefix(text("base_path"), "(none)"),
		Target:  maintenance.Target{APIID: text("api_id"), StageName: text("stage_name")},
	}
}

// StateMappings are all base path mappings of a state, in order of address.
func StateMappings(state *tfjson.State) []maintenance.Mapping {
	if state == nil || state.Values == nil {
		return nil
	}
	return moduleMappings(state.Values.RootModule)
}

// PlannedMappings are those that there will be after the apply.
func PlannedMappings(plan *tfjson.Plan) []maintenance.Mapping {
	if plan.PlannedValues == nil {
		return nil
	}
	return moduleMappings(plan.PlannedValues.RootModule)
}

func moduleMappings(module *tfjson.StateModule) []maintenance.Mapping {
	if module == nil {
		return nil
	}
	var found []maintenance.Mapping
	for _, r := range module.Resources {
		if r.Mode == tfjson.ManagedResourceMode && r.Type == maintenance.MappingType {
			attributes := make(map[string]any, len(r.AttributeValues))
			for k, v := range r.AttributeValues {
				attributes[k] = v
			}
			found = append(found, readMapping(r.Address, attributes))
		}
	}
	for _, child := range module.ChildModules {
		found = append(found, moduleMappings(child)...)
	}
	slices.SortFunc(found, func(a, b maintenance.Mapping) int { return strings.Compare(a.Address, b.Address) })
	return found
}
