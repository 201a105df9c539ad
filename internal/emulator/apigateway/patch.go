package apigateway

import (
	"fmt"
	"slices"
	"strings"
)

// patchOperation is one of the operations of an Update call. A value is null
// where the operation has none, which is not the same as an empty one.
type patchOperation struct {
	Op    string  `json:"op"`
	Path  *string `json:"path"`
	Value *string `json:"value"`
	From  *string `json:"from"`
}

func (p patchOperation) value() string {
	if p.Value == nil {
		return ""
	}
	return *p.Value
}

// patches reads the operations of an Update call; input is the name of its
// request in AWS's validation errors.
func (c *call) patches(input string) ([]patchOperation, error) {
	var body struct {
		PatchOperations []patchOperation `json:"patchOperations"`
	}
	if err := c.decode(&body); err != nil {
		return nil, err
	}
	var wrong violations
	for i, p := range body.PatchOperations {
		wrong.enum(p.Op, fmt.Sprintf("%s.patchOperations.%d.member.op", input, i+1), "add", "remove", "move", "test", "replace", "copy")
	}
	if status := c.PathValue("status_code"); status != "" {
		wrong.statusCode(status, "statusCode")
	}
	if err := wrong.err(); err != nil {
		return nil, err
	}
	for _, p := range body.PatchOperations {
		if p.Path == nil {
			return nil, badRequest("Invalid patch path null")
		}
	}
	return body.PatchOperations, nil
}

func invalidPath(p patchOperation) error { return badRequest("Invalid patch path %s", *p.Path) }

// pointer splits a JSON pointer and decodes ~1 and ~0.
func pointer(path string) []string {
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for i, s := range segments {
		segments[i] = strings.ReplaceAll(strings.ReplaceAll(s, "~1", "/"), "~0", "~")
	}
	return segments
}

// patchTable maps the paths that an object knows to what they do; only replace
// is offered for these.
type patchTable map[string]func(value *string) error

// apply does the operation, or refuses a path or an operation that the object
// does not know.
func (t patchTable) apply(p patchOperation) error {
	set, known := t[*p.Path]
	if !known {
		return invalidPath(p)
	}
	if p.Op != "replace" {
		return badRequest("Invalid patch operation specified. Must be one of: [replace]")
	}
	return set(p.Value)
}

// patchNamed applies an operation to an object whose errors name its paths, in
// the order given.
func patchNamed(p patchOperation, table patchTable, paths ...string) error {
	switch {
	case p.Op != "replace":
		return badRequest("Invalid patch path  '%s' specified for op '%s'. Please choose supported operations", *p.Path, p.Op)
	case table[*p.Path] == nil:
		return badRequest("Invalid patch path  '%s' specified for op '%s'. Must be one of: [%s]", *p.Path, p.Op, strings.Join(paths, ", "))
	}
	return table[*p.Path](p.Value)
}

// patchMember adds, replaces or removes a member of a map by its name in the
// path, as /requestTemplates/application~1json does. What is not there can be
// neither replaced nor removed: missing is what AWS says then.
func patchMember[M ~map[string]V, V any](members *M, p patchOperation, parse func(key string, value *string) (V, error), missing string) error {
	segments := pointer(*p.Path)
	if len(segments) != 2 || segments[1] == "" {
		return invalidPath(p)
	}
	key := segments[1]
	_, present := (*members)[key]
	switch {
	case !slices.Contains([]string{"add", "replace", "remove"}, p.Op):
		return badRequest("Invalid patch operation specified. Must be 'add'|'remove'|'replace'")
	case p.Op != "add" && !present:
		return notFound("%s", missing)
	case p.Op == "remove":
		if delete(*members, key); len(*members) == 0 {
			*members = nil
		}
		return nil
	}
	value, err := parse(key, p.Value)
	if err != nil {
		return err
	}
	if *members == nil {
		*members = M{}
	}
	(*members)[key] = value
	return nil
}

// asText takes a patch's value as it is.
func asText(_ string, value *string) (string, error) {
	if value == nil {
		return "", nil
	}
	return *value, nil
}

// asBool reads a patch's value as a boolean.
func asBool(_ string, value *string) (bool, error) { return isTrue(value), nil }

// isTrue reads a boolean as API Gateway does: what is not true is false
// (recorded by LocalStack's validated test_update_method_validation and
// test_update_api_key_invalid_enabled_type).
func isTrue(value *string) bool { return strings.EqualFold(text(value), "true") }
