package guard

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Fields that a change may have. One that is not here may be an effect that
// nobody has thought of yet.
var (
	resourceFields = []string{"action_reason", "address", "change", "deposed", "index", "index_unknown", "mode", "module_address", "name", "previous_address", "provider_name", "type"}
	changeFields   = []string{"actions", "after", "after_identity", "after_sensitive", "after_unknown", "before", "before_identity", "before_sensitive", "generated_config", "importing", "replace_paths"}
)

// The modes of a resource.
const (
	managed   = "managed"
	data      = "data"
	ephemeral = "ephemeral"
)

// awsProviders are the only ones whose changes can be a switch's: the AWS
// provider by Terraform's registry and by OpenTofu's.
var awsProviders = []string{"registry.terraform.io/hashicorp/aws", "registry.opentofu.org/hashicorp/aws"}

// change is one element of resource_changes.
type change struct {
	// where and action are how it is told of.
	where, action string
	// rc is the element, and change what is in it; both may be nil.
	rc, change object

	address, mode, kind, name, provider string
	actions                             []string
	before, after                       object
}

func readChange(index int, raw any) *change {
	c := &change{where: fmt.Sprintf("resource_changes[%d]", index)}
	c.rc, _ = raw.(object)
	c.change = objectIn(c.rc, "change")
	c.address, c.mode = textIn(c.rc, "address"), textIn(c.rc, "mode")
	c.kind, c.name = textIn(c.rc, "type"), textIn(c.rc, "name")
	c.provider = textIn(c.rc, "provider_name")
	c.actions, _ = texts(c.change["actions"])
	c.before, c.after = objectIn(c.change, "before"), objectIn(c.change, "after")
	if c.address != "" {
		c.where = c.address
	}
	c.action = c.told()
	return c
}

// told is what happens, in Terraform's words.
func (c *change) told() string {
	names := slices.Clone(c.actions)
	if len(names) == 0 {
		names = []string{"unknown"}
	}
	if isSet(c.change, "importing") {
		names = append(names, "import")
	}
	if from := textIn(c.rc, "previous_address"); from != "" && from != c.address {
		names = append(names, "move from "+from)
	}
	return strings.Join(names, ", ")
}

func (c *change) does(actions ...string) bool { return slices.Equal(c.actions, actions) }

func (c *change) ofAWS() bool { return slices.Contains(awsProviders, c.provider) }

// broken says why a change cannot be judged; empty if it can.
func (c *change) broken() string {
	if c.rc == nil {
		return "it is no object"
	}
	if field, found := stranger(c.rc, resourceFields); found {
		return "it has the field " + field + ", which nobody here knows"
	}
	for _, field := range []string{"address", "mode", "type", "name", "provider_name"} {
		if textIn(c.rc, field) == "" {
			return "its " + field + " is missing or no text"
		}
	}
	if !slices.Contains([]string{managed, data, ephemeral}, c.mode) {
		return "its mode is none that is known"
	}
	if c.change == nil {
		return "its change is missing or no object"
	}
	if field, found := stranger(c.change, changeFields); found {
		return "its change has the field " + field + ", which nobody here knows"
	}
	if len(c.actions) == 0 {
		return "its actions are missing or no texts"
	}
	return ""
}

// moved says what else befalls a resource than its actions; empty if nothing
// does.
func (c *change) moved() string {
	from, generated := c.rc["previous_address"], c.change["generated_config"]
	switch {
	case isSet(c.change, "importing") || generated != nil && generated != "":
		return "a switch imports nothing"
	case from != nil && from != c.address:
		return "a switch moves no resource to another address"
	case isSet(c.rc, "deposed"):
		return "it is what a replacement that failed has left behind"
	case isSet(c.rc, "index_unknown") && c.rc["index_unknown"] != false:
		return "nobody knows yet how many of it there will be"
	}
	return ""
}

// stays says that the change changes nothing, as its values show.
func (c *change) stays() bool {
	return c.does("no-op") && c.before != nil && c.after != nil && same(c.before, c.after) && !unknown(c.change["after_unknown"])
}

// misnamed says that the address is not that of the module, type and name.
func (c *change) misnamed() bool {
	module, _ := c.rc["module_address"].(string)
	if isSet(c.rc, "module_address") && module == "" || string(moduleOf(c.address)) != module {
		return true
	}
	own := c.kind + "." + c.name
	if c.mode != managed {
		own = c.mode + "." + own
	}
	if module != "" {
		own = module + "." + own
	}
	rest, found := strings.CutPrefix(c.address, own)
	return !found || rest != "" && !strings.HasPrefix(rest, "[")
}

// moduleAddress is the address of a module's instance; empty for the root.
type moduleAddress string

const keyPattern = `\[(?:"(?:[^"\\]|\\.)*"|[0-9]+)\]`

var (
	modulePrefix = regexp.MustCompile(`^(?:module\.[^.\["]+(?:` + keyPattern + `)?\.)*`)
	moduleStep   = regexp.MustCompile(`module\.([^.\["]+)(?:\["((?:[^"\\]|\\.)*)"\])?`)
	instanceKeys = regexp.MustCompile(keyPattern)
)

// moduleOf is the module that a resource's address is in.
func moduleOf(address string) moduleAddress {
	return moduleAddress(strings.TrimSuffix(modulePrefix.FindString(address), "."))
}

// path is where the module is in the configuration, which knows no instances.
func (m moduleAddress) path() string { return instanceKeys.ReplaceAllString(string(m), "") }

// call is the name of the root's module call that it is below.
func (m moduleAddress) call() string {
	if step := moduleStep.FindStringSubmatch(string(m)); step != nil {
		return step[1]
	}
	return ""
}

// hints are the names and keys of the modules on the way to it, of which the
// root's output may be keyed by one: targets = { orders = module.orders.targets }.
func (m moduleAddress) hints() []string {
	var names []string
	for _, step := range moduleStep.FindAllStringSubmatch(string(m), -1) {
		names = append(names, step[1])
		if step[2] != "" {
			names = append(names, step[2])
		}
	}
	return names
}
