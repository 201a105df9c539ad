package vtl

import "strings"

// resolveOverride reads $context.responseOverride.status and the like. The
// syntax has the name still in parts when it is assigned to.
func (p *parser) resolveOverride(ref *reference, start int) error {
	ref.root = rootContext
	if len(ref.parts) > 0 && ref.parts[0].name == "context" {
		ref.parts = ref.parts[1:]
	}
	names := namesOf(ref.parts)
	kind := strings.Join(names[:min(2, len(names))], ".")
	switch {
	case kind == overrideStatus:
		ref.context, ref.parts = overrideStatus, ref.parts[2:]
		return nil
	case overrideKinds[kind] && len(names) > 2:
		ref.context, ref.parts = kind+"."+names[2], ref.parts[3:]
		return nil
	case overrideKinds[kind] && len(ref.parts) > 2:
		switch step := ref.parts[2]; {
		case step.index != nil:
			ref.context, ref.key, ref.parts = kind+".", step.index, ref.parts[3:]
			return nil
		case step.name == "put" && len(step.args) == 2:
			ref.context, ref.key, ref.put, ref.parts = kind+".", step.args[0], step.args[1], ref.parts[3:]
			return nil
		}
	}
	// What is none of AWS's goes to the response template (recorded by LocalStack's
	// validated test_integration_mock_with_response_override_in_request_template).
	if len(names) > 1 && !overrideKinds[kind] {
		ref.context, ref.parts = kind, ref.parts[2:]
		return nil
	}
	return p.errorAt(start, "%s is neither responseOverride.status, responseOverride.header.NAME nor requestOverride.header, .path or .querystring with a name", ref.literal)
}

// namesOf gives the names that steps begin with, spelled .name or ["name"].
func namesOf(steps []part) []string {
	var names []string
	for _, step := range steps {
		name := step.name
		if literal, isLiteral := step.index.(stringLiteral); isLiteral {
			name = string(literal)
		} else if step.call || step.index != nil {
			break
		}
		names = append(names, name)
	}
	return names
}

// contextName is the name of a context variable, its dynamic part filled in.
func (r *reference) contextName(x *execution) (string, error) {
	if r.key == nil {
		return r.context, nil
	}
	key, err := r.key.value(x)
	if err != nil {
		return "", err
	}
	text, err := display(key)
	return r.context + text, err
}

// putOverride is $context....put(name, value). As in Java it gives what was there.
func (r *reference) putOverride(x *execution, name string) (any, error) {
	value, err := r.put.value(x)
	if err != nil {
		return nil, err
	}
	before := x.ctx.Overrides.get(name)
	return before, x.ctx.Overrides.set(name, value)
}

const overrideStatus = "responseOverride.status"

var overrideKinds = map[string]bool{
	"responseOverride.header": true, "requestOverride.header": true,
	"requestOverride.path": true, "requestOverride.querystring": true,
}
