package guard_test

import (
	"encoding/json"
	"maps"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/stretchr/testify/require"
)

// object is an attribute map, as JSON decodes it.
type object = map[string]any

const (
	domain  = "api.example.com"
	live    = "liveapi001"
	mock    = "mockapi001"
	rootMap = `module.domain.aws_api_gateway_base_path_mapping.this["/"]`
)

func target(api, stage string) object { return object{"api_id": api, "stage_name": stage} }

func pair(api string) object {
	return object{"live": target(api, "live"), "maintenance": target(mock, "maintenance")}
}

func mapping(path, api, stage string) object {
	return object{"id": domain + "/" + path, "domain_name": domain, "domain_name_id": "", "base_path": path, "api_id": api, "stage_name": stage}
}

// planBuilder makes plans as `terraform show -json` prints them.
type planBuilder struct {
	outputs, prior, outputChanges object
	changes, planned              []any
	more                          object
}

// switchOn is the pure switch of one root path, which the cases vary.
func switchOn() *planBuilder {
	b := &planBuilder{
		outputs:       object{"targets": object{"/": pair(live)}, "modes": object{"/": "maintenance"}, "urls": object{"/": "https://" + domain + "/"}},
		prior:         object{"targets": object{"/": pair(live)}, "modes": object{"/": "live"}},
		outputChanges: object{},
		more:          object{},
	}
	return b.update("aws_api_gateway_base_path_mapping", rootMap, mapping("", live, "live"), mapping("", mock, "maintenance"))
}

func switchOff() *planBuilder {
	b := switchOn()
	b.changes, b.planned = nil, nil
	b.outputs["modes"] = object{"/": "live"}
	b.prior["modes"] = object{"/": "maintenance"}
	return b.update("aws_api_gateway_base_path_mapping", rootMap, mapping("", mock, "maintenance"), mapping("", live, "live"))
}

func (b *planBuilder) change(kind, address string, change object) *planBuilder {
	b.changes = append(b.changes, object{"address": address, "mode": "managed", "type": kind, "name": "this", "change": change})
	if after, ok := change["after"].(object); ok {
		b.planned = append(b.planned, object{"address": address, "mode": "managed", "type": kind, "name": "this", "values": after})
	}
	return b
}

func (b *planBuilder) update(kind, address string, before, after object) *planBuilder {
	return b.change(kind, address, object{"actions": []any{"update"}, "before": before, "after": after, "after_unknown": object{}})
}

func (b *planBuilder) with(name string, value any) *planBuilder {
	b.more[name] = value
	return b
}

func (b *planBuilder) output(name string, value any) *planBuilder {
	b.outputs[name] = value
	return b
}

func (b *planBuilder) document() object {
	outputs := func(values object) object {
		out := object{}
		for name, v := range values {
			out[name] = object{"sensitive": false, "value": v}
		}
		return out
	}
	// As Terraform writes it, the prior state has the planned outputs already.
	changes, stored := object{}, maps.Clone(b.prior)
	for name, after := range b.outputs {
		changes[name] = object{"actions": []any{"update"}, "before": b.prior[name], "after": after, "after_unknown": false}
		stored[name] = after
	}
	maps.Copy(changes, b.outputChanges)
	plan := object{
		"format_version":   "1.2",
		"resource_changes": b.changes,
		"output_changes":   changes,
		"planned_values":   object{"outputs": outputs(b.outputs), "root_module": object{"child_modules": []any{object{"address": "module.domain", "resources": b.planned}}}},
		"prior_state":      object{"format_version": "1.0", "values": object{"outputs": outputs(stored), "root_module": object{}}},
	}
	maps.Copy(plan, b.more)
	return plan
}

func (b *planBuilder) plan(t *testing.T) *tfjson.Plan {
	t.Helper()
	text, err := json.Marshal(b.document())
	require.NoError(t, err)
	var plan tfjson.Plan
	require.NoError(t, json.Unmarshal(text, &plan))
	return &plan
}
