package guard

import (
	"maps"
	"regexp"
	"strings"

	"apigateway-maintenance/internal/maintenance"
)

// flow is which expression of the configuration is made of which: a graph whose
// nodes are "PATH|REFERENCE", the module's path and what is referred to there.
// It ends at resources, data sources, the root's variables, and locals, whose
// expressions no plan tells.
type flow struct {
	config *configuration
	// follows are the ends that a switch or a redeploy changes, and pending
	// those that something unknown can come from.
	follows, pending map[string]bool
}

// reached says what the ends that an output is made of are.
type reached struct{ follows, pending, hidden bool }

// readFlow finds the ends that change with a switch: the mappings, the locals of
// the modules that hold them, the root's variables that these are called with,
// and what is redeployed or read.
func readFlow(config *configuration, redeployed, read []*change) *flow {
	f := &flow{config: config, follows: map[string]bool{}, pending: map[string]bool{}}
	for path, module := range config.modules {
		for _, raw := range listIn(module, "resources") {
			block, _ := raw.(object)
			if textIn(block, "mode") != managed || textIn(block, "type") != maintenance.MappingType {
				continue
			}
			f.follows[node(path, maintenance.MappingType+"."+textIn(block, "name"))] = true
			f.follows[node(path, "local")] = true
			maps.Copy(f.follows, f.variables(path, block))
		}
	}
	for _, c := range redeployed {
		path := moduleOf(c.address).path()
		for _, end := range []string{c.kind + "." + c.name, "local"} {
			f.follows[node(path, end)], f.pending[node(path, end)] = true, true
		}
	}
	for _, c := range read {
		f.pending[node(moduleOf(c.address).path(), "data."+c.kind+"."+c.name)] = true
	}
	return f
}

// variables are the root's that a mapping's module is called with, or that a
// mapping of the root itself is made of.
func (f *flow) variables(path string, block object) map[string]bool {
	from := objectIn(block, "expressions")
	where := ""
	if path != "" {
		var call object
		where, call = f.caller(path)
		from = objectIn(call, "expressions")
	}
	var start []string
	for _, raw := range from {
		expression, _ := raw.(object)
		start = append(start, f.next(where, expression)...)
	}
	found := map[string]bool{}
	for end := range f.reach(start) {
		if strings.HasPrefix(end, "|var.") {
			found[end] = true
		}
	}
	return found
}

// from says what an output of the root is made of.
func (f *flow) from(output string) reached {
	expression := objectIn(objectIn(objectIn(f.config.modules[""], "outputs"), output), "expression")
	var r reached
	for end := range f.reach(f.next("", expression)) {
		r.follows = r.follows || f.follows[end]
		r.pending = r.pending || f.pending[end]
		r.hidden = r.hidden || strings.HasSuffix(end, "|local")
	}
	return r
}

// reach is all that can be reached from some nodes, themselves included.
func (f *flow) reach(nodes []string) map[string]bool {
	seen := map[string]bool{}
	for len(nodes) > 0 {
		current := nodes[0]
		nodes = nodes[1:]
		if seen[current] {
			continue
		}
		seen[current] = true
		nodes = append(nodes, f.edges(current)...)
	}
	return seen
}

func node(path, reference string) string { return path + "|" + reference }

// edges are what a node is made of; none for an end.
func (f *flow) edges(of string) []string {
	path, reference, _ := strings.Cut(of, "|")
	parts := strings.Split(reference, ".")
	switch {
	case parts[0] == "var" && path != "":
		where, call := f.caller(path)
		expression, _ := objectIn(call, "expressions")[parts[1]].(object)
		return f.next(where, expression)
	case parts[0] == "module" && len(parts) > 1:
		inner := named(path, "module."+parts[1])
		outputs := objectIn(f.config.modules[inner], "outputs")
		var next []string
		for name, raw := range outputs {
			if output, _ := raw.(object); len(parts) == 2 || parts[2] == name {
				next = append(next, f.next(inner, objectIn(output, "expression"))...)
			}
		}
		return next
	}
	return nil
}

// caller is the module call that makes a module, and where it stands.
func (f *flow) caller(path string) (where string, call object) {
	cut := strings.LastIndex(path, "module.")
	where = strings.TrimSuffix(path[:cut], ".")
	call, _ = objectIn(f.config.modules[where], "module_calls")[path[cut+len("module."):]].(object)
	return where, call
}

var lastStep = regexp.MustCompile(`(?:\.[^.\[\]]+|\[[^\]]*\])$`)

// next are the nodes that an expression in a module refers to. Terraform lists a
// reference and all that it begins with; only the whole ones count.
func (f *flow) next(path string, expression object) []string {
	references, _ := texts(expression["references"])
	parts := map[string]bool{}
	for _, r := range references {
		parts[lastStep.ReplaceAllString(r, "")] = true
	}
	var found []string
	for _, r := range references {
		if !parts[r] {
			found = append(found, node(path, end(instanceKeys.ReplaceAllString(r, ""))))
		}
	}
	return found
}

// end shortens a reference to what a node is called by.
func end(reference string) string {
	parts := strings.Split(reference, ".")
	length := 2
	switch parts[0] {
	case "local":
		return "local"
	case "data", "module":
		length = 3
	}
	return strings.Join(parts[:min(length, len(parts))], ".")
}
