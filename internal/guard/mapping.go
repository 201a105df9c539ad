package guard

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
)

// MappingType is the resource that a switch updates in place.
const MappingType = "aws_api_gateway_base_path_mapping"

// Mapping is a base path mapping as a state or a plan holds it.
type Mapping struct {
	Address string `json:"address"`
	// Domain and Path: "/" for the root, else "/" and the base path.
	Domain string `json:"domain"`
	Path   string `json:"path"`
	Target
}

// URL of the mapping on its domain.
func (m Mapping) URL() string { return "https://" + m.Domain + m.Path }

func (m Mapping) place() place {
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
func readMapping(address string, attributes any) Mapping {
	object, _ := attributes.(map[string]any)
	text := func(name string) string {
		s, _ := object[name].(string)
		return s
	}
	return Mapping{
		Address: address,
		Domain:  text("domain_name"),
		Path:    "/" + strings.TrimPrefix(text("base_path"), "(none)"),
		Target:  Target{APIID: text("api_id"), StageName: text("stage_name")},
	}
}

// StateMappings are all base path mappings of a state, in order of address.
func StateMappings(state *tfjson.State) []Mapping {
	if state == nil || state.Values == nil {
		return nil
	}
	return moduleMappings(state.Values.RootModule)
}

// PlannedMappings are those that there will be after the apply.
func PlannedMappings(plan *tfjson.Plan) []Mapping {
	if plan.PlannedValues == nil {
		return nil
	}
	return moduleMappings(plan.PlannedValues.RootModule)
}

func moduleMappings(module *tfjson.StateModule) []Mapping {
	if module == nil {
		return nil
	}
	var found []Mapping
	for _, r := range module.Resources {
		if r.Mode == tfjson.ManagedResourceMode && r.Type == MappingType {
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
	slices.SortFunc(found, func(a, b Mapping) int { return strings.Compare(a.Address, b.Address) })
	return found
}

func (t Target) String() string { return fmt.Sprintf("%s/%s", t.APIID, t.StageName) }
