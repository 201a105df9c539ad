package switchover

import (
	"fmt"
	"maps"
	"slices"
	"time"

	tfjson "github.com/hashicorp/terraform-json"
)

// windowName is the module's input, which roots tend to keep as a name.
const windowName = "maintenance_window"

// openWindow finds an announced window that is open now, in the root's
// variables or in a module call's arguments, and says where and until when;
// empty where there is none. Inside it the next plain deploy with the variable
// left at null would switch on again.
func openWindow(plan *tfjson.Plan, now time.Time) string {
	if plan.Config == nil || plan.Config.RootModule == nil {
		return ""
	}
	calls := plan.Config.RootModule.ModuleCalls
	for _, name := range slices.Sorted(maps.Keys(calls)) {
		expression := calls[name].Expressions[windowName]
		if expression == nil || expression.ExpressionData == nil {
			continue
		}
		value, where := expression.ConstantValue, fmt.Sprintf("module.%s's %s", name, windowName)
		for _, reference := range expression.References {
			if v, ok := plan.Variables[variableName(reference)]; ok {
				value, where = v.Value, "the variable "+variableName(reference)
			}
		}
		if end, open := openUntil(value, now); open {
			return fmt.Sprintf("%s is open until %s", where, end.UTC().Format(time.RFC3339))
		}
	}
	return ""
}

func variableName(reference string) string {
	if len(reference) > 4 && reference[:4] == "var." {
		return reference[4:]
	}
	return ""
}

func openUntil(value any, now time.Time) (end time.Time, open bool) {
	window, ok := value.(map[string]any)
	if !ok {
		return time.Time{}, false
	}
	from, _ := window["start"].(string)
	to, _ := window["end"].(string)
	start, err1 := time.Parse(time.RFC3339, from)
	end, err2 := time.Parse(time.RFC3339, to)
	return end, err1 == nil && err2 == nil && !now.Before(start) && now.Before(end)
}
