package apigateway

import (
	"slices"
	"strings"

	"apigateway-maintenance/internal/emulator/definition"
)

func createUsagePlan(c *call) (answer, error) {
	plan := &definition.UsagePlan{}
	if err := c.decode(plan); err != nil {
		return refused(err)
	}
	plan.ID = newID(resourceIDLength, isKey(c.region.usagePlans))
	if plan.APIStages == nil {
		plan.APIStages = []definition.PlanStage{}
	}
	if err := c.checkUsagePlan(plan); err != nil {
		return refused(err)
	}
	c.region.usagePlans[plan.ID] = plan
	return created(plan)
}

// checkUsagePlan applies the rules of a plan as a whole, and says what of it is
// not enforced.
func (c *call) checkUsagePlan(plan *definition.UsagePlan) error {
	if strings.TrimSpace(plan.Name) == "" {
		return badRequest("Usage Plan name cannot be blank")
	}
	limited := plan.Throttle != nil || plan.Quota != nil
	for _, stage := range plan.APIStages {
		if api := c.region.apis[stage.APIID]; api == nil || api.Stages[stage.Stage] == nil {
			// Recorded by LocalStack's validated test_usage_plan_crud.
			return notFound("Invalid API Stage {api: %s, stage: %s} specified for usageplan %s", stage.APIID, stage.Stage, plan.ID)
		}
		limited = limited || len(stage.Throttle) > 0
	}
	if quota := plan.Quota; quota != nil {
		var wrong violations
		wrong.enum(quota.Period, "quota.period", "WEEK", "DAY", "MONTH")
		if err := wrong.err(); err != nil {
			return err
		}
		if quota.Limit < 0 || quota.Offset < 0 || quota.Period == "" {
			return badRequest("Usage Plan quota needs a period, a limit and an offset that are not negative")
		}
	}
	if limited {
		c.service.config.Notice(noticePlans)
	}
	return checkTags(plan.Tags)
}

// shownPlan is a plan as a single answer shows it: with its tags even where
// there are none (recorded by LocalStack's validated test_usage_plan_crud).
type shownPlan struct {
	*definition.UsagePlan
	Tags map[string]string `json:"tags"`
}

func showPlan(plan *definition.UsagePlan) shownPlan {
	tags := plan.Tags
	if tags == nil {
		tags = map[string]string{}
	}
	return shownPlan{plan, tags}
}

func getUsagePlans(c *call) (answer, error) {
	plans := []*definition.UsagePlan{}
	for _, plan := range sortedValues(c.region.usagePlans) {
		if key := c.URL.Query().Get("keyId"); key == "" || slices.Contains(plan.Keys, key) {
			plans = append(plans, plan)
		}
	}
	return page(c, plans)
}

func (c *call) usagePlan() (*definition.UsagePlan, error) {
	plan := c.region.usagePlans[c.PathValue("usageplan_id")]
	if plan == nil {
		return nil, notFound("Invalid Usage Plan ID specified")
	}
	return plan, nil
}

func getUsagePlan(c *call) (answer, error) {
	plan, err := c.usagePlan()
	if err != nil {
		return refused(err)
	}
	return ok(showPlan(plan))
}

func deleteUsagePlan(c *call) (answer, error) {
	plan, err := c.usagePlan()
	if err != nil {
		return refused(err)
	}
	delete(c.region.usagePlans, plan.ID)
	return accepted()
}

// usagePlanKey is an API key as its plan shows it.
type usagePlanKey struct {
	ID    string `json:"id"`
	Type  string `json:"type"`
	Value string `json:"value"`
	Name  string `json:"name"`
}

func showPlanKey(k *definition.APIKey) usagePlanKey {
	return usagePlanKey{ID: k.ID, Type: "API_KEY", Value: k.Value, Name: k.Name}
}

func createUsagePlanKey(c *call) (answer, error) {
	var in struct {
		KeyID   string `json:"keyId"`
		KeyType string `json:"keyType"`
	}
	if err := c.decode(&in); err != nil {
		return refused(err)
	}
	plan, err := c.usagePlan()
	if err != nil {
		return refused(err)
	}
	key := c.region.apiKeys[in.KeyID]
	switch {
	case in.KeyType != "API_KEY":
		return refused(badRequest("Invalid key type specified. Valid options are API_KEY"))
	case key == nil:
		return refused(notFound("Invalid API Key identifier specified"))
	case slices.Contains(plan.Keys, key.ID):
		return refused(conflict("Usage Plan %s cannot have API Key %s twice", plan.ID, key.ID))
	}
	plan.Keys = append(plan.Keys, key.ID)
	return created(showPlanKey(key))
}

// getUsagePlanKeys lists none for a plan that is nobody's (recorded by
// LocalStack's validated test_get_usage_plan_api_keys).
func getUsagePlanKeys(c *call) (answer, error) {
	keys := []usagePlanKey{}
	if plan := c.region.usagePlans[c.PathValue("usageplan_id")]; plan != nil {
		for _, id := range slices.Backward(plan.Keys) {
			if key := c.region.apiKeys[id]; strings.HasPrefix(key.Name, c.URL.Query().Get("name")) {
				keys = append(keys, showPlanKey(key))
			}
		}
	}
	return page(c, keys)
}

// usagePlanKey gives the plan and the key that the path names.
func (c *call) usagePlanKey() (*definition.UsagePlan, *definition.APIKey, error) {
	plan, err := c.usagePlan()
	if err != nil {
		return nil, nil, err
	}
	key := c.region.apiKeys[c.PathValue("key_id")]
	if key == nil || !slices.Contains(plan.Keys, key.ID) {
		return nil, nil, notFound("Invalid API Key identifier specified")
	}
	return plan, key, nil
}

func getUsagePlanKey(c *call) (answer, error) {
	_, key, err := c.usagePlanKey()
	if err != nil {
		return refused(err)
	}
	return ok(showPlanKey(key))
}

func deleteUsagePlanKey(c *call) (answer, error) {
	plan, key, err := c.usagePlanKey()
	if err != nil {
		return refused(err)
	}
	plan.Keys = slices.DeleteFunc(slices.Clone(plan.Keys), func(id string) bool { return id == key.ID })
	return accepted()
}
