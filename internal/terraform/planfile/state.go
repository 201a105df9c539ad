package planfile

import (
	"encoding/json"

	tfjson "github.com/hashicorp/terraform-json"
)

// stateVersion is that of state files since Terraform 0.12.
const stateVersion = 4

type state struct {
	Version int `json:"version"`
	Outputs map[string]struct {
		Value     any  `json:"value"`
		Sensitive bool `json:"sensitive"`
	} `json:"outputs"`
	Resources []struct {
		Module    string              `json:"module"`
		Mode      tfjson.ResourceMode `json:"mode"`
		Type      string              `json:"type"`
		Name      string              `json:"name"`
		Instances []struct {
			IndexKey   any            `json:"index_key"`
			Deposed    string         `json:"deposed"`
			Attributes map[string]any `json:"attributes"`
		} `json:"instances"`
	} `json:"resources"`
}

// readState reads the state that the plan starts from, refreshed.
func readState(src []byte, plan *tfjson.Plan) error {
	var s state
	if err := json.Unmarshal(src, &s); err != nil {
		return unfamiliar("its state: %v", err)
	}
	if s.Version != stateVersion {
		return unfamiliar("its state is version %d", s.Version)
	}
	values := &tfjson.StateValues{Outputs: map[string]*tfjson.StateOutput{}, RootModule: &tfjson.StateModule{}}
	for name, o := range s.Outputs {
		values.Outputs[name] = &tfjson.StateOutput{Sensitive: o.Sensitive, Value: o.Value}
	}
	for _, r := range s.Resources {
		address := r.Type + "." + r.Name
		if r.Mode == tfjson.DataResourceMode {
			address = "data." + address
		}
		if r.Module != "" {
			address = r.Module + "." + address
		}
		for _, i := range r.Instances {
			key, err := index(i.IndexKey)
			if err != nil {
				return err
			}
			values.RootModule.Resources = append(values.RootModule.Resources, &tfjson.StateResource{
				Address: address + key, Mode: r.Mode, Type: r.Type, Name: r.Name,
				Index: i.IndexKey, DeposedKey: i.Deposed, AttributeValues: i.Attributes,
			})
		}
	}
	plan.PriorState = &tfjson.State{FormatVersion: "1.0", TerraformVersion: plan.TerraformVersion, Values: values}
	return nil
}
