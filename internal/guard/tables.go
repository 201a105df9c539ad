package guard

import (
	"maps"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"

	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/terraform"
)

// table is a map from base path found somewhere in a root output. Keys are the
// names of the output and of the map keys that lead to it; domain is the
// `domain_name` beside it, as where a root puts out a whole module.
type table[V comparable] struct {
	keys   []string
	domain string
	values map[string]V
}

// tables are those of one kind in all outputs of a root.
type tables[V comparable] []table[V]

func findTables[V comparable](outputs map[string]any, read func(any) (V, bool)) tables[V] {
	var found tables[V]
	for _, name := range slices.Sorted(maps.Keys(outputs)) {
		found.search(outputs[name], []string{name}, "", read)
	}
	return found
}

func (t *tables[V]) search(value any, keys []string, domain string, read func(any) (V, bool)) {
	object, ok := value.(map[string]any)
	if !ok {
		return
	}
	if values := readTable(object, read); values != nil {
		*t = append(*t, table[V]{keys: keys, domain: domain, values: values})
		return
	}
	if name, ok := object["domain_name"].(string); ok {
		domain = name
	}
	for _, key := range slices.Sorted(maps.Keys(object)) {
		t.search(object[key], append(slices.Clone(keys), key), domain, read)
	}
}

// readTable reads a map all of whose keys are base paths and whose values have
// the shape that read wants; nil for anything else.
func readTable[V comparable](object map[string]any, read func(any) (V, bool)) map[string]V {
	values := map[string]V{}
	for key, raw := range object {
		value, ok := read(raw)
		if !ok || !strings.HasPrefix(key, "/") {
			return nil
		}
		values[key] = value
	}
	if len(values) == 0 {
		return nil
	}
	return values
}

// place says whose value is looked up.
type place struct {
	domain, path string
	// hints are names that tell tables apart where the domain does not: the
	// module and instance keys of a mapping's address.
	hints []string
}

// lookup gives the value for a place; conflict says that several tables have
// one and differ. domains are all domain names that the plan knows: a table
// under another one's name is not asked.
func (t tables[V]) lookup(at place, domains map[string]bool) (value V, found, conflict bool) {
	var named, hinted, rest []V
	for _, tb := range t {
		v, ok := tb.values[at.path]
		if !ok {
			continue
		}
		switch {
		case tb.isFor(at.domain):
			named = append(named, v)
		case tb.isForAnother(at.domain, domains):
		case slices.ContainsFunc(tb.keys, func(key string) bool { return slices.Contains(at.hints, key) }):
			hinted = append(hinted, v)
		default:
			rest = append(rest, v)
		}
	}
	for _, candidates := range [][]V{named, hinted, rest} {
		if len(candidates) == 0 {
			continue
		}
		differs := slices.ContainsFunc(candidates, func(v V) bool { return v != candidates[0] })
		return candidates[0], true, differs
	}
	return value, false, false
}

func (t table[V]) isFor(domain string) bool {
	return domain != "" && (t.domain == domain || slices.Contains(t.keys, domain))
}

func (t table[V]) isForAnother(domain string, domains map[string]bool) bool {
	if t.domain != "" && t.domain != domain {
		return true
	}
	return slices.ContainsFunc(t.keys, func(key string) bool { return key != domain && domains[key] })
}

// readTargets reads a path's entry in `targets`. What else is in it is left to
// newer modules.
func readTargets(value any) (maintenance.Targets, bool) {
	object, ok := value.(map[string]any)
	if !ok {
		return maintenance.Targets{}, false
	}
	live, ok1 := readTarget(object["live"])
	mock, ok2 := readTarget(object["maintenance"])
	t := maintenance.Targets{Live: live, Maintenance: mock}
	t.ReadOnly, _ = readTarget(object["read_only"])
	own, told := object["maintenance_mode"]
	t.Told, t.Own = told, readOwn(own)
	return t, ok1 && ok2
}

// readOwn reads a path's own mode; a value that nobody here knows is a mode that
// is none.
func readOwn(value any) maintenance.Mode {
	switch value := value.(type) {
	case nil:
		return ""
	case bool:
		if value {
			return maintenance.ModeMaintenance
		}
		return maintenance.ModeLive
	case string:
		return maintenance.Mode(value)
	default:
		return "unknown"
	}
}

// readTarget reads an API and its stage, which is null for a mapping that names
// none.
func readTarget(value any) (maintenance.Target, bool) {
	object, ok := value.(map[string]any)
	if !ok {
		return maintenance.Target{}, false
	}
	api, ok1 := object["api_id"].(string)
	stage, ok2 := object["stage_name"]
	name, ok3 := stage.(string)
	return maintenance.Target{APIID: api, StageName: name}, ok1 && api != "" && ok2 && (ok3 || stage == nil)
}

func readMode(value any) (maintenance.Mode, bool) {
	s, ok := value.(string)
	mode, known := maintenance.ParseMode(s)
	return mode, ok && known
}

func readURL(value any) (string, bool) {
	s, ok := value.(string)
	return s, ok && (strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://"))
}

// plannedOutputs are the values that the root's outputs will have.
func plannedOutputs(plan *tfjson.Plan) map[string]any {
	return values(terraform.PlannedOutputs(plan))
}

// stateOutputs are the values that they have in a state.
func stateOutputs(state *tfjson.State) map[string]any {
	if state == nil || state.Values == nil {
		return nil
	}
	return values(state.Values.Outputs)
}

// outputsBefore are the values that the root's outputs had before a plan.
func outputsBefore(plan *tfjson.Plan) map[string]any {
	outputs := outputsLeftOut(plan)
	if outputs == nil {
		outputs = map[string]any{}
	}
	for name, change := range plan.OutputChanges {
		if change != nil && change.Before != nil {
			outputs[name] = change.Before
		}
	}
	return outputs
}

// outputsLeftOut are the state's outputs that a plan does not mention.
func outputsLeftOut(plan *tfjson.Plan) map[string]any {
	outputs := stateOutputs(plan.PriorState)
	maps.DeleteFunc(outputs, func(name string, _ any) bool {
		_, changes := plan.OutputChanges[name]
		return changes || plan.PlannedValues != nil && plan.PlannedValues.Outputs[name] != nil
	})
	return outputs
}

func values(outputs map[string]*tfjson.StateOutput) map[string]any {
	plain := map[string]any{}
	for name, o := range outputs {
		if o != nil {
			plain[name] = o.Value
		}
	}
	return plain
}
