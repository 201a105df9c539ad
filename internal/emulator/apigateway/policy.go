package apigateway

import (
	"encoding/json"
	"slices"
	"strings"

	"apigateway-maintenance/internal/emulator/awsproto"
	"apigateway-maintenance/internal/emulator/definition"
)

// invalidPolicy is AWS's own word for every policy that it cannot read.
var invalidPolicy = badRequest("Invalid policy document. Please check the policy syntax and ensure that Principals are valid.")

// setPolicy stores a resource policy. API Gateway fills in the API in resources
// that are written in short, as execute-api:/live/GET/.
func setPolicy(api *definition.API, region, policy string) error {
	if strings.TrimSpace(policy) == "" {
		api.Policy = ""
		return nil
	}
	statements, err := statementsOf(policy)
	if err != nil || len(statements) == 0 {
		return invalidPolicy
	}
	for _, statement := range statements {
		_, hasAction := statement["Action"]
		_, hasNotAction := statement["NotAction"]
		effect := statement["Effect"]
		if effect != "Allow" && effect != "Deny" || statement["Principal"] == nil && statement["NotPrincipal"] == nil || !hasAction && !hasNotAction {
			return invalidPolicy
		}
	}
	whole := "arn:aws:execute-api:" + region + ":" + awsproto.AccountID + ":" + api.ID + "/"
	api.Policy = definition.Policy(strings.ReplaceAll(policy, `"execute-api:/`, `"`+whole))
	return nil
}

// statementsOf gives a policy's statements, of which there may be one without a
// list around it.
func statementsOf(policy string) ([]map[string]any, error) {
	var document struct{ Statement json.RawMessage }
	if err := json.Unmarshal([]byte(policy), &document); err != nil {
		return nil, err
	}
	var statements []map[string]any
	if json.Unmarshal(document.Statement, &statements) == nil {
		return statements, nil
	}
	var single map[string]any
	err := json.Unmarshal(document.Statement, &single)
	return []map[string]any{single}, err
}

// noticePolicy says that a policy is not enforced, unless it lets everybody in.
func (c *call) noticePolicy(api *definition.API) {
	statements, err := statementsOf(string(api.Policy))
	if api.Policy == "" || err != nil {
		return
	}
	closed := func(statement map[string]any) bool {
		principal, err := json.Marshal(statement["Principal"])
		open := err == nil && slices.Contains([]string{`"*"`, `{"AWS":"*"}`, `{"AWS":["*"]}`}, string(principal))
		return statement["Effect"] != "Allow" || statement["Condition"] != nil || !open
	}
	if slices.ContainsFunc(statements, closed) {
		c.service.config.Notice(noticePolicy)
	}
}
