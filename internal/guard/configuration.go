package guard

import (
	"fmt"
	"iter"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// configuration is the code that a plan was made from, as far as the plan
// tells it: what would act during the apply without being a change.
type configuration struct {
	// modules by their path ("module.a.module.b", empty for the root).
	modules   map[string]object
	providers object
	// problems are what cannot be read.
	problems []Violation
	raw      any
}

// moduleFields are what a module is known to have.
var moduleFields = []string{"actions", "module_calls", "outputs", "resources", "variables"}

func readConfiguration(plan object) *configuration {
	c := &configuration{modules: map[string]object{}, raw: plan["configuration"]}
	root := objectIn(plan, "configuration")
	c.providers = objectIn(root, "provider_config")
	if objectIn(root, "root_module") == nil {
		c.problem("plan", "configuration", "the plan does not hold its configuration, so nobody can say what else would run")
		return c
	}
	c.module("", objectIn(root, "root_module"), 0)
	return c
}

func (c *configuration) problem(where, action, why string) {
	c.problems = append(c.problems, Violation{Address: where, Action: action, Why: why, Way: wayPlan})
}

// deepest is how far below the root this guard looks, the policy being written
// in a language without recursion.
const deepest = 8

func (c *configuration) module(path string, module object, depth int) {
	if depth > deepest {
		c.problem(path, "read", "its modules are nested deeper than this guard looks")
		return
	}
	c.modules[path] = module
	if field, found := stranger(module, moduleFields); found {
		c.problem(named(path, "configuration"), field, "this guard does not know what it is")
	}
	calls := objectIn(module, "module_calls")
	if isSet(module, "module_calls") && calls == nil || isSet(module, "resources") && listIn(module, "resources") == nil {
		c.problem(named(path, "configuration"), "read", "its resources or module calls are not told as they should be")
	}
	for _, name := range slices.Sorted(maps.Keys(calls)) {
		call, _ := calls[name].(object)
		inner := objectIn(call, "module")
		if inner == nil {
			c.problem(named(path, "module."+name), "read", "the plan does not hold its configuration, so nobody can say what else would run")
			continue
		}
		c.module(named(path, "module."+name), inner, depth+1)
	}
}

// named puts a module's path before a name.
func named(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// resource is a change's block in the configuration; nil where there is none.
func (c *configuration) resource(of *change) object {
	for _, raw := range listIn(c.modules[moduleOf(of.address).path()], "resources") {
		block, _ := raw.(object)
		if textIn(block, "mode") == of.mode && textIn(block, "type") == of.kind && textIn(block, "name") == of.name {
			return block
		}
	}
	return nil
}

// provisioners are the types of those that a block has.
func provisioners(block object) []string {
	var kinds []string
	for _, raw := range listIn(block, "provisioners") {
		provisioner, _ := raw.(object)
		kinds = append(kinds, textIn(provisioner, "type"))
	}
	if isSet(block, "provisioners") && len(kinds) == 0 && !same(block["provisioners"], []any{}) {
		kinds = append(kinds, "unknown")
	}
	return kinds
}

// sameProvider says that two blocks use one provider configuration, or two that
// are written alike: the same region and account.
func (c *configuration) sameProvider(a, b object) bool {
	one, other := textIn(a, "provider_config_key"), textIn(b, "provider_config_key")
	if one == "" || other == "" {
		return false
	}
	if one == other {
		return true
	}
	x, y := objectIn(c.providers, one), objectIn(c.providers, other)
	return x != nil && y != nil && textIn(x, "full_name") == textIn(y, "full_name") && same(x["expressions"], y["expressions"])
}

var ephemeralReference = regexp.MustCompile(`^ephemeral\.([^.\[]+)\.([^.\[]+)`)

// openings are the ephemeral resources that would be opened during the apply:
// those that OpenTofu lists, and those that something refers to. Terraform
// lists none.
func (c *configuration) openings() []Violation {
	found := map[Violation]bool{}
	add := func(where, kind string) {
		if !harmlessEphemeral(kind) {
			found[opening(where)] = true
		}
	}
	for path, module := range c.modules {
		for _, raw := range listIn(module, "resources") {
			block, _ := raw.(object)
			switch mode := textIn(block, "mode"); mode {
			case managed, data:
			case ephemeral:
				add(named(path, strings.Join([]string{ephemeral, textIn(block, "type"), textIn(block, "name")}, ".")), textIn(block, "type"))
			default:
				found[Violation{Address: named(path, "configuration"), Action: "read", Why: fmt.Sprintf("it has a resource whose mode is %q", mode), Way: wayPlan}] = true
			}
		}
	}
	visit(c.raw, func(value any) {
		o, _ := value.(object)
		references, _ := texts(o["references"])
		for _, reference := range references {
			if m := ephemeralReference.FindStringSubmatch(reference); m != nil {
				add(m[0], m[1])
			}
		}
	})
	return inOrder(maps.Keys(found))
}

func inOrder(all iter.Seq[Violation]) []Violation {
	return slices.SortedFunc(all, func(a, b Violation) int { return strings.Compare(a.String(), b.String()) })
}

// union is each violation of both once.
func union(a, b []Violation) []Violation {
	return slices.Compact(inOrder(slices.Values(slices.Concat(a, b))))
}

func opening(where string) Violation {
	return Violation{Address: where, Action: "open", Way: wayPerson,
		Why: "it is opened while the plan is applied, and of ephemeral resources only " + strings.Join(harmlessEphemerals, ", ") + " are known to do nothing else"}
}
