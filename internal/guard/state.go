package guard

// stateBefore is the state that a plan starts from, refreshed.
func stateBefore(plan object) object { return objectIn(objectIn(plan, "prior_state"), "values") }

// resourcesIn are all resources of a state, as far down as this guard looks.
func resourcesIn(state object) []object {
	var all []object
	level := []object{objectIn(state, "root_module")}
	for range deepest + 1 {
		for _, module := range level {
			for _, raw := range listIn(module, "resources") {
				resource, _ := raw.(object)
				all = append(all, resource)
			}
		}
		level = children(level)
	}
	return all
}

func children(level []object) []object {
	var below []object
	for _, module := range level {
		for _, raw := range listIn(module, "child_modules") {
			child, _ := raw.(object)
			below = append(below, child)
		}
	}
	return below
}

// tooDeep says that a state has modules further down than this guard looks.
func tooDeep(state object) bool {
	level := []object{objectIn(state, "root_module")}
	for range deepest + 1 {
		level = children(level)
	}
	return len(level) > 0
}
