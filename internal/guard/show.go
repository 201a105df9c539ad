package guard

import (
	"context"
	"encoding/json"

	tfjson "github.com/hashicorp/terraform-json"

	"apigateway-maintenance/internal/terraform"
)

// Show reads a plan file that a root made, and what the JSON of a plan of
// Terraform's does not tell: its ephemeral resources.
func Show(ctx context.Context, runner *terraform.Runner, planFile string) (*Plan, error) {
	text, err := runner.ShowPlanJSON(ctx, planFile)
	if err != nil {
		return nil, err
	}
	plan, err := Parse(text)
	if err != nil {
		return nil, err
	}
	if runner.Binary.Name == terraform.Terraform {
		plan.ephemerals, plan.blind = terraform.Ephemerals(planFile)
	}
	return plan, nil
}

// InRoot looks for ephemeral resources in the folder of the root that a plan's
// JSON is of, where there is one: the code as it is now, not as it was planned.
func (p *Plan) InRoot(dir, dataDir string) *Plan {
	p.ephemerals = terraform.RootEphemerals(dir, dataDir)
	return p
}

// Decoded is the plan as the rest of the command reads it.
func (p *Plan) Decoded() (*tfjson.Plan, error) {
	var plan tfjson.Plan
	return &plan, json.Unmarshal(p.text, &plan)
}

// hidden are the ephemeral resources that only the plan file tells.
func (p *Plan) hidden() []Violation {
	if p.blind != nil {
		return []Violation{{Address: "plan", Action: "configuration", Why: "its file does not show its code, so nobody can say which ephemeral resources it opens (" + p.blind.Error() + ")", Way: wayPlan}}
	}
	var found []Violation
	for _, e := range p.ephemerals {
		if !harmlessEphemeral(e.Type) {
			found = append(found, opening(e.Address))
		}
	}
	return found
}
