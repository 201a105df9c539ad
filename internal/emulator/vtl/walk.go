package vtl

import "fmt"

// resolve gives the value of a reference. silent tells that a null renders
// empty instead of as it is written: API Gateway's own objects do so.
func (r *reference) resolve(x *execution) (value any, silent bool, err error) {
	switch r.root {
	case rootInput:
		value, err = callInput(x, r.parts[0])
		silent = true
		if err == nil && len(r.parts) > 1 {
			value, _, err = walk(x, value, r.parts[1:])
		}
	case rootUtil:
		value, err = callUtil(x, r.parts[0])
		silent = true
		if err == nil && len(r.parts) > 1 {
			value, _, err = walk(x, value, r.parts[1:])
		}
	case rootContext:
		value, err = r.contextRoot(x)
		if err == nil {
			value, _, err = walk(x, value, r.parts)
		}
		silent = true
	case rootStageVariables:
		value, _, err = walk(x, x.stageVariables(), r.parts)
		silent = true
	default:
		value, silent, err = walk(x, x.vars[r.slot], r.parts)
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", r.literal, err)
	}
	return value, silent, err
}

func (r *reference) contextRoot(x *execution) (any, error) {
	name, err := r.contextName(x)
	switch {
	case err != nil:
		return nil, err
	case r.put != nil:
		return r.putOverride(x, name)
	}
	return x.contextValue(name), nil
}

// walk takes the steps of a reference down from a value.
func walk(x *execution, value any, steps []part) (result any, silent bool, err error) {
	for _, step := range steps {
		switch v := value.(type) {
		case nil:
			return nil, silent, nil
		case absent:
			return v, true, nil
		case *Map:
			silent = silent || v.api
		case *List:
			silent = silent || v.json
		}
		switch {
		case step.index != nil:
			value, err = index(x, value, step.index)
		case step.call:
			value, err = callMethod(x, value, step)
		default:
			value, err = property(value, step.name)
		}
		if err != nil {
			return nil, silent, err
		}
	}
	return value, silent, nil
}

func index(x *execution, value any, e expression) (any, error) {
	key, err := e.value(x)
	if err != nil {
		return nil, err
	}
	switch v := value.(type) {
	case *Map:
		if name, ok := key.(string); ok {
			return v.values[name], nil
		}
	case *List:
		i, ok := key.(int64)
		if !ok {
			return nil, nil
		}
		if i < 0 {
			i += int64(len(v.items)) // Velocity 1.7 counts from the end
		}
		return v.get(i)
	}
	return nil, nil
}

func (l *List) get(i int64) (any, error) {
	if i < 0 || i >= int64(len(l.items)) {
		return nil, fmt.Errorf("index %d is outside a list of %d", i, len(l.items))
	}
	return l.items[i], nil
}

// property is $value.name: a map's key, or a Java getter of the few that
// matter. Getters that Java has and this package does not are errors.
func property(value any, name string) (any, error) {
	if name == "class" || name == "bytes" {
		return nil, fmt.Errorf("the property .%s is not supported", name)
	}
	switch v := value.(type) {
	case *Map:
		return v.values[name], nil
	case *loop:
		return v.property(name)
	case *entry:
		switch name {
		case "key":
			return v.key, nil
		case "value":
			return v.value, nil
		}
	case string:
		if name == "empty" {
			return v == "", nil
		}
	case *List:
		if name == "empty" {
			return len(v.items) == 0, nil
		}
	}
	return nil, nil
}
