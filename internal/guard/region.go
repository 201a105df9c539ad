package guard

import (
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
)

// Region is the AWS region of the plan's API Gateway resources, by an ARN that
// one of them has; empty where none is known. Provider 6 names it outright.
func Region(plan *tfjson.Plan) string {
	for _, values := range []*tfjson.StateValues{plan.PlannedValues, stateValues(plan.PriorState)} {
		if values != nil {
			if region := moduleRegion(values.RootModule); region != "" {
				return region
			}
		}
	}
	return ""
}

// StateRegion is [Region] of a state.
func StateRegion(state *tfjson.State) string {
	if values := stateValues(state); values != nil {
		return moduleRegion(values.RootModule)
	}
	return ""
}

func stateValues(state *tfjson.State) *tfjson.StateValues {
	if state == nil {
		return nil
	}
	return state.Values
}

func moduleRegion(module *tfjson.StateModule) string {
	if module == nil {
		return ""
	}
	for _, r := range module.Resources {
		if r.Mode != tfjson.ManagedResourceMode || !strings.HasPrefix(r.Type, "aws_api_gateway_") {
			continue
		}
		if region, _ := r.AttributeValues["region"].(string); region != "" {
			return region
		}
		for _, name := range []string{"arn", "execution_arn"} {
			arn, _ := r.AttributeValues[name].(string)
			if parts := strings.SplitN(arn, ":", 6); len(parts) == 6 && parts[3] != "" {
				return parts[3]
			}
		}
	}
	for _, child := range module.ChildModules {
		if region := moduleRegion(child); region != "" {
			return region
		}
	}
	return ""
}
