package switchover

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	tfjson "github.com/hashicorp/terraform-json"

	"apigateway-maintenance/internal/file"
	"apigateway-maintenance/internal/guard"
	"apigateway-maintenance/internal/maintenance"
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

// hiddenWindow finds a window that the module calls take from something else
// than a variable, such as a local: its value is in no plan, so one is made as
// the next plain deploy would make it, with the variable at null, to see
// whether it switches on what this plan switches off. It says where the window
// comes from; empty where there is none, or none that opens.
func (s *story) hiddenWindow(ctx context.Context, plan *tfjson.Plan) string {
	where := computedWindow(plan)
	if where == "" {
		return ""
	}
	scratch, err := file.NewScratch()
	if err != nil {
		return ""
	}
	defer scratch.Remove()
	unset := scratch.Path("unset.tfvars.json") // -var has no null for a bool
	if err := file.Write(unset, fmt.Appendf(nil, `{%q: null}`, s.Variable)); err != nil {
		return ""
	}
	options := s.Plan
	options.NoRefresh = s.NoRefresh
	options.VarFiles = append(slices.Clone(options.VarFiles), unset)
	next, err := plainPlan(ctx, s.Runner, options)
	if err != nil {
		return "" // a variable that may not be null takes no window
	}
	after, wanted := guard.Planned(next), guard.Planned(plan)
	for _, m := range wanted.Mappings {
		if wanted.ModeOf(m) == maintenance.ModeLive && after.ModeOfURL(m.URL()) == maintenance.ModeMaintenance {
			return where
		}
	}
	return ""
}

// computedWindow names a module call whose window refers to no variable of the
// root, but to something.
func computedWindow(plan *tfjson.Plan) string {
	if plan.Config == nil || plan.Config.RootModule == nil {
		return ""
	}
	calls := plan.Config.RootModule.ModuleCalls
	for _, name := range slices.Sorted(maps.Keys(calls)) {
		expression := calls[name].Expressions[windowName]
		if expression == nil || expression.ExpressionData == nil || len(expression.References) == 0 {
			continue
		}
		if !slices.ContainsFunc(expression.References, func(r string) bool { return variableName(r) != "" }) {
			return fmt.Sprintf("module.%s's %s (%s)", name, windowName, expression.References[0])
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
