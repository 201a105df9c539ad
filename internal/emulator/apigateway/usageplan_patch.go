package apigateway

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"apigateway-maintenance/internal/emulator/definition"
)

func updateUsagePlan(c *call) (answer, error) {
	patches, err := c.patches("updateUsagePlanInput")
	if err != nil {
		return refused(err)
	}
	current, err := c.usagePlan()
	if err != nil {
		return refused(err)
	}
	plan := *current
	plan.APIStages = slices.Clone(plan.APIStages)
	for _, p := range patches {
		if err := patchUsagePlan(&plan, p); err != nil {
			return refused(err)
		}
	}
	if err := c.checkUsagePlan(&plan); err != nil {
		return refused(err)
	}
	c.region.usagePlans[plan.ID] = &plan
	return ok(showPlan(&plan))
}

func patchUsagePlan(plan *definition.UsagePlan, p patchOperation) error {
	path := *p.Path
	switch {
	case path == "/apiStages":
		return patchPlanStages(plan, p)
	case strings.HasPrefix(path, "/apiStages/"):
		return patchPlanStageThrottle(plan, p)
	case p.Op == "remove" && path == "/throttle":
		plan.Throttle = nil
		return nil
	case p.Op == "remove" && path == "/quota":
		plan.Quota = nil
		return nil
	case p.Op == "remove" && path == "/productCode":
		plan.ProductCode = ""
		return nil
	case strings.HasPrefix(path, "/throttle/"):
		throttle := definition.PlanThrottle{}
		if plan.Throttle != nil {
			throttle = *plan.Throttle
		}
		plan.Throttle = &throttle
		return setPlanLimit(&throttle, strings.TrimPrefix(path, "/throttle/"), p)
	case strings.HasPrefix(path, "/quota/"):
		return patchQuota(plan, p)
	}
	p.Op = strings.Replace(p.Op, "add", "replace", 1)
	return patchTable{
		"/name":        func(v *string) error { plan.Name = text(v); return nil },
		"/description": func(v *string) error { plan.Description = text(v); return nil },
		"/productCode": func(v *string) error { plan.ProductCode = text(v); return nil },
	}.apply(p)
}

const invalidPlanStage = "Invalid API Stage specified"

// patchPlanStages adds or removes a stage, spelled api:stage.
func patchPlanStages(plan *definition.UsagePlan, p patchOperation) error {
	api, stage, found := strings.Cut(p.value(), ":")
	if !found {
		return badRequest(invalidPlanStage)
	}
	at := planStage(plan, api, stage)
	switch {
	case p.Op == "add" && at < 0:
		plan.APIStages = append(plan.APIStages, definition.PlanStage{APIID: api, Stage: stage})
	case p.Op == "add":
	case p.Op == "remove" && at >= 0:
		plan.APIStages = slices.Delete(plan.APIStages, at, at+1)
	case p.Op == "remove":
		return notFound("Invalid API Stage {api: %s, stage: %s} specified for usageplan %s", api, stage, plan.ID)
	default:
		return badRequest("Invalid patch operation specified. Must be 'add'|'remove'")
	}
	return nil
}

func planStage(plan *definition.UsagePlan, api, stage string) int {
	return slices.IndexFunc(plan.APIStages, func(s definition.PlanStage) bool { return s.APIID == api && s.Stage == stage })
}

// patchPlanStageThrottle changes /apiStages/api:stage/throttle, or below it
// /path/METHOD and the limit. The provider writes the path with its slashes as
// they are, others escape them.
func patchPlanStageThrottle(plan *definition.UsagePlan, p patchOperation) error {
	named, rest, found := strings.Cut(strings.TrimPrefix(*p.Path, "/apiStages/"), "/throttle")
	api, stage, _ := strings.Cut(named, ":")
	at := planStage(plan, api, stage)
	if at < 0 {
		return badRequest(invalidPlanStage)
	}
	if !found || rest == "" && p.Op != "remove" {
		return invalidPath(p)
	}
	limits := maps.Clone(plan.APIStages[at].Throttle)
	if limits == nil {
		limits = map[string]definition.PlanThrottle{}
	}
	method := strings.NewReplacer("~1", "/", "~0", "~").Replace(strings.TrimPrefix(rest, "/"))
	switch {
	case rest == "":
		limits = nil
	case p.Op == "remove":
		delete(limits, method)
	default:
		slash := strings.LastIndex(method, "/")
		if slash < 0 {
			return invalidPath(p)
		}
		limit := limits[method[:slash]]
		if err := setPlanLimit(&limit, method[slash+1:], p); err != nil {
			return err
		}
		limits[method[:slash]] = limit
	}
	plan.APIStages[at].Throttle = limits
	return nil
}

func setPlanLimit(throttle *definition.PlanThrottle, name string, p patchOperation) (err error) {
	switch name {
	case "burstLimit":
		throttle.BurstLimit, err = number(p, strconv.Atoi)
	case "rateLimit":
		throttle.RateLimit, err = number(p, func(v string) (float64, error) { return strconv.ParseFloat(v, 64) })
	default:
		return invalidPath(p)
	}
	return err
}

func patchQuota(plan *definition.UsagePlan, p patchOperation) (err error) {
	quota := definition.PlanQuota{}
	if plan.Quota != nil {
		quota = *plan.Quota
	}
	switch *p.Path {
	case "/quota/limit":
		quota.Limit, err = number(p, strconv.Atoi)
	case "/quota/offset":
		quota.Offset, err = number(p, strconv.Atoi)
	case "/quota/period":
		quota.Period = p.value()
	default:
		return invalidPath(p)
	}
	plan.Quota = &quota
	return err
}
