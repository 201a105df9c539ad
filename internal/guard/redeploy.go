package guard

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	tfjson "github.com/hashicorp/terraform-json"
)

// isRedeploy says whether a change is one of the three that a new text of the
// mock makes: the document of its API, a new deployment before the old one
// goes, and its stage turning to the new one (the maintenance-api module).
func (c *checker) isRedeploy(change *tfjson.ResourceChange) bool {
	switch change.Type {
	case "aws_api_gateway_rest_api":
		return change.Change.Actions.Update() && c.mocks[attribute(change.Change.Before, "id")] && onlyChange(change, "body")
	case "aws_api_gateway_deployment":
		return change.Change.Actions.CreateBeforeDestroy() &&
			c.mocks[attribute(change.Change.Before, "rest_api_id")] && c.mocks[attribute(change.Change.After, "rest_api_id")] &&
			onlyChange(change, "triggers", "id", "created_date", "execution_arn", "invoke_url")
	case "aws_api_gateway_stage":
		return change.Change.Actions.Update() && c.mocks[attribute(change.Change.Before, "rest_api_id")] && onlyChange(change, "deployment_id")
	}
	return false
}

// whyNot says what is wrong with a change that is neither a switch nor a
// redeploy.
func (c *checker) whyNot(change *tfjson.ResourceChange) string {
	id := attribute(change.Change.Before, "rest_api_id")
	if change.Type == "aws_api_gateway_rest_api" {
		id = attribute(change.Change.Before, "id")
	}
	switch {
	case id == "" || !change.Change.Actions.Update():
		return "it is no part of a switch"
	case c.mocks[id]:
		return fmt.Sprintf("of the maintenance API a switch changes the text alone, and this changes %v", differingNames(change))
	default:
		return fmt.Sprintf("it belongs to API %s, which is not the maintenance API", id)
	}
}

func attribute(object any, name string) string {
	attributes, _ := object.(map[string]any)
	s, _ := attributes[name].(string)
	return s
}

// onlyChange says that nothing but the named attributes differs or is unknown.
func onlyChange(change *tfjson.ResourceChange, names ...string) bool {
	return !slices.ContainsFunc(differingNames(change), func(name string) bool { return !slices.Contains(names, name) })
}

// differingNames are the attributes that change or may change.
func differingNames(change *tfjson.ResourceChange) []string {
	names := append(changedNames(change), unknownNames(change)...)
	slices.Sort(names)
	return slices.Compact(names)
}

// changedNames are the attributes whose known values differ. An empty text is
// as good as none: the provider reads "" back where nothing was set, and plans
// null for a resource that it makes anew.
func changedNames(change *tfjson.ResourceChange) []string {
	before, _ := change.Change.Before.(map[string]any)
	after, _ := change.Change.After.(map[string]any)
	unknown := map[string]bool{}
	for _, name := range unknownNames(change) {
		unknown[name] = true
	}
	all := maps.Clone(before)
	if all == nil {
		all = map[string]any{}
	}
	maps.Copy(all, after)
	var names []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if !unknown[name] && !reflect.DeepEqual(value(before, name), value(after, name)) {
			names = append(names, name)
		}
	}
	return names
}

func value(attributes map[string]any, name string) any {
	if v := attributes[name]; v != "" {
		return v
	}
	return nil
}

// unknownNames are the attributes with anything in them that only the apply
// will tell.
func unknownNames(change *tfjson.ResourceChange) []string {
	unknown, _ := change.Change.AfterUnknown.(map[string]any)
	var names []string
	for _, name := range slices.Sorted(maps.Keys(unknown)) {
		if hasUnknown(unknown[name]) {
			names = append(names, name)
		}
	}
	return names
}

func hasUnknown(value any) bool {
	switch v := value.(type) {
	case bool:
		return v
	case []any:
		return slices.ContainsFunc(v, hasUnknown)
	case map[string]any:
		return slices.ContainsFunc(slices.Collect(maps.Values(v)), hasUnknown)
	}
	return false
}
