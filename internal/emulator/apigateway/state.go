package apigateway

import (
	"slices"
	"strings"

	"apigateway-maintenance/internal/emulator/definition"
)

func newRegion(name string) *region {
	return &region{
		name: name, apis: map[string]*definition.API{}, domains: map[string]*definition.DomainName{},
		apiKeys: map[string]*definition.APIKey{}, usagePlans: map[string]*definition.UsagePlan{},
	}
}

// api gives the API that the call's path names.
func (c *call) api() (*definition.API, error) {
	id := c.PathValue("restapi_id")
	api := c.region.apis[id]
	if api == nil {
		return nil, noSuchAPI(id)
	}
	return api, nil
}

// mappedDomains gives the domain names of the region on which a mapping for
// which the test holds stands.
func (r *region) mappedDomains(uses func(*definition.BasePathMapping) bool) []string {
	var names []string
	for _, name := range sortedKeys(r.domains) {
		for _, mapping := range r.domains[name].Mappings {
			if uses(mapping) {
				names = append(names, name)
				break
			}
		}
	}
	return names
}

// sortedValues gives the values in the order of their keys; never nil, since an
// empty list is written as one.
func sortedValues[V any](m map[string]V) []V {
	values := make([]V, 0, len(m))
	for _, key := range sortedKeys(m) {
		values = append(values, m[key])
	}
	return values
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, strings.Compare)
	return keys
}
