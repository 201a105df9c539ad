package guard

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"apigateway-maintenance/internal/maintenance"
)

// mapping says why a change of a base path mapping is not the switch of it;
// empty if it is, and then what moves.
func (j *judge) mapping(c *change) (Switch, string, string) {
	if why := j.notInPlace(c); why != "" {
		return Switch{}, why, wayDeploy
	}
	s := spot{domain: textIn(c.after, "domain_name"), path: pathOf(c.after), module: moduleOf(c.address)}
	targets, why := j.trust.at(s)
	if why != "" {
		return Switch{}, why, wayOutputs
	}
	from, to, mode := targetOf(c.before), targetOf(c.after), j.direction.Mode()
	if from != targets.Live && from != targets.Maintenance {
		return Switch{}, fmt.Sprintf("it points to %s, which is neither its live target %s nor its maintenance target %s", from, targets.Live, targets.Maintenance), wayDrift
	}
	if why := j.elsewhere(c, targets); why != "" {
		return Switch{}, why, wayDeploy
	}
	switch told := j.planned(s); {
	case targets.Own != "" && targets.Own != mode:
		return Switch{}, fmt.Sprintf("%s has a maintenance_mode of its own, which keeps it %s", s.path, targets.Own), wayDeploy
	case told != "" && told != mode:
		return Switch{}, fmt.Sprintf("the output `modes` says that %s stays %s, and yet its mapping would move", s.path, told), wayDeploy
	case to != targets.In(mode):
		return Switch{}, fmt.Sprintf("it would point to %s, but switching %s may point it to %s only", to, j.direction, targets.In(mode)), wayDeploy
	}
	return Switch{
		Mapping: maintenance.Mapping{Address: c.address, Domain: s.domain, Path: s.path, Target: to},
		From:    from,
	}, "", ""
}

// notInPlace says why a change is not an update in place of the two attributes
// that a switch updates.
func (j *judge) notInPlace(c *change) string {
	if !c.does("update") {
		return "a switch updates mappings in place; this takes the path away from clients or gives them a new one"
	}
	if why := c.notPlain(); why != "" {
		return why
	}
	if pending := c.unknown(); len(pending) > 0 {
		return strings.Join(pending, ", ") + " will be known only after the apply, since the plan creates or replaces the API or stage"
	}
	if unknown(c.change["before_sensitive"]) || unknown(c.change["after_sensitive"]) {
		return "it holds a sensitive value, and a switch has to tell where it points"
	}
	for _, name := range c.changed() {
		if name != "api_id" && name != "stage_name" {
			return name + " changes, and a switch changes api_id and stage_name alone"
		}
	}
	for _, values := range []object{c.before, c.after} {
		if textIn(values, "domain_name") == "" || textIn(values, "api_id") == "" || !optionalText(values, "base_path") || !optionalText(values, "stage_name") {
			return "its domain name, base path, API or stage is missing or no text"
		}
	}
	return ""
}

// notPlain says why the values before and after cannot be compared, or are not
// those of a resource of AWS.
func (c *change) notPlain() string {
	_, masked := c.change["after_unknown"].(object)
	switch {
	case c.mode != managed || !c.ofAWS():
		return "it is made by " + c.provider + ", and a switch changes only what hashicorp/aws makes"
	case c.before == nil || c.after == nil || !masked:
		return "its values before and after the change are not all there"
	case c.misnamed():
		return "its address is not that of its module, type and name"
	}
	return ""
}

func optionalText(o object, name string) bool {
	_, text := o[name].(string)
	return text || !isSet(o, name)
}

func pathOf(attributes object) string {
	return "/" + strings.TrimPrefix(textIn(attributes, "base_path"), "(none)")
}

func targetOf(attributes object) maintenance.Target {
	return maintenance.Target{APIID: textIn(attributes, "api_id"), StageName: textIn(attributes, "stage_name")}
}

// planned is the mode that the planned outputs tell of a place; empty where
// none does. Where they disagree, one that is not wanted counts.
func (j *judge) planned(s spot) maintenance.Mode {
	group, _ := nearest(j.trust, j.modes, s)
	told, wanted := maintenance.Mode(""), j.direction.Mode()
	for _, c := range group {
		if mode := c.values[s.path]; told == "" || told == wanted || mode != wanted && mode < told {
			told = mode
		}
	}
	return told
}

// elsewhere says why a mapping is not where its APIs are: made by a provider of
// another region or account.
func (j *judge) elsewhere(c *change, targets maintenance.Targets) string {
	block := j.config.resource(c)
	if block == nil {
		return "the configuration in the plan does not have it"
	}
	for _, id := range []string{targets.Live.APIID, targets.Maintenance.APIID} {
		for _, api := range j.apis[id] {
			if why := j.apart(c, api); why != "" {
				return why
			}
		}
	}
	return ""
}

// apart says why two resources may be in different regions or accounts.
func (j *judge) apart(a, b *change) string {
	one, other := j.config.resource(a), j.config.resource(b)
	if !j.config.sameProvider(one, other) {
		return fmt.Sprintf("it is made by the provider %s and %s by %s, perhaps in another region or account",
			textIn(one, "provider_config_key"), b.address, textIn(other, "provider_config_key"))
	}
	if x, y := textIn(a.after, "region"), textIn(b.after, "region"); x != y && x != "" && y != "" {
		return fmt.Sprintf("it is in region %s and %s in %s", x, b.address, y)
	}
	return ""
}

// changed are the attributes whose values differ. An empty text is as good as
// none: the provider reads "" back where nothing was set, and plans null for a
// resource that it makes anew.
func (c *change) changed() []string {
	all := map[string]bool{}
	for _, values := range []object{c.before, c.after} {
		for name := range values {
			all[name] = true
		}
	}
	pending := c.unknown()
	var found []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if !slices.Contains(pending, name) && !same(given(c.before, name), given(c.after, name)) {
			found = append(found, name)
		}
	}
	return found
}

func given(attributes object, name string) any {
	if value := attributes[name]; value != "" {
		return value
	}
	return nil
}

// unknown are the attributes with anything in them that only the apply tells.
func (c *change) unknown() []string {
	mask := objectIn(c.change, "after_unknown")
	var found []string
	for _, name := range slices.Sorted(maps.Keys(mask)) {
		if unknown(mask[name]) {
			found = append(found, name)
		}
	}
	return found
}

// differing are the attributes that change or may change.
func (c *change) differing() []string {
	all := append(c.changed(), c.unknown()...)
	slices.Sort(all)
	return slices.Compact(all)
}
