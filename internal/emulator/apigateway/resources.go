package apigateway

import (
	"regexp"
	"slices"
	"strings"

	"apigateway-maintenance/internal/emulator/definition"
)

var pathPart = regexp.MustCompile(`^([A-Za-z0-9._:$-]+|\{[A-Za-z0-9._:$-]+\+?\})$`)

func isVariable(part string) bool { return strings.HasPrefix(part, "{") }
func isGreedy(part string) bool   { return strings.HasSuffix(part, "+}") }

// newChild hangs a resource under a parent, by the rules of the path tree
// (fact B1).
func newChild(api *definition.API, parent *definition.Resource, part string) (*definition.Resource, error) {
	if err := checkChild(api, parent, part, ""); err != nil {
		return nil, err
	}
	resource := &definition.Resource{
		ID: newID(resourceIDLength, isKey(api.Resources)), ParentID: parent.ID, PathPart: part,
		Path: joinPath(parent.Path, part), Methods: map[string]*definition.Method{},
	}
	api.Resources[resource.ID] = resource
	return resource, nil
}

// checkChild refuses a part that may not stand under the parent; except is the
// id of the resource that is being moved, if any.
func checkChild(api *definition.API, parent *definition.Resource, part, except string) error {
	switch {
	case !pathPart.MatchString(part):
		return badRequest("Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end.")
	case isGreedy(parent.PathPart):
		return badRequest("Cannot create a child of a resource with a greedy path variable: %s", parent.PathPart)
	}
	for _, id := range sortedKeys(api.Resources) {
		sibling := api.Resources[id]
		switch {
		case sibling.ParentID != parent.ID || id == except:
		case sibling.PathPart == part:
			return conflict("Another resource with the same parent already has this name: %s", part)
		case isVariable(sibling.PathPart) && isVariable(part):
			return badRequest("A sibling (%s) of this resource already has a variable path part -- only one is allowed", sibling.PathPart)
		}
	}
	return nil
}

func joinPath(parent, part string) string { return strings.TrimSuffix(parent, "/") + "/" + part }

// resource gives the API and the resource that the path names. Operations below
// a resource speak of the resource where the API is the one that is missing.
func (c *call) resource() (*definition.API, *definition.Resource, error) {
	api := c.region.apis[c.PathValue("restapi_id")]
	if api == nil || api.Resources[c.PathValue("resource_id")] == nil {
		return nil, nil, notFound(noSuchResource)
	}
	return api, api.Resources[c.PathValue("resource_id")], nil
}

func createResource(c *call) (answer, error) {
	var in struct {
		PathPart string `json:"pathPart"`
	}
	if err := c.decode(&in); err != nil {
		return refused(err)
	}
	api, err := c.api()
	if err != nil {
		return refused(err)
	}
	parent := api.Resources[c.PathValue("parent_id")]
	if parent == nil {
		return refused(notFound(noSuchResource))
	}
	resource, err := newChild(api, parent, in.PathPart)
	if err != nil {
		return refused(err)
	}
	return created(resourceDocOf(resource, false))
}

// embedsMethods tells whether the answer is to hold the methods themselves.
func (c *call) embedsMethods() bool { return slices.Contains(c.URL.Query()["embed"], "methods") }

func getResource(c *call) (answer, error) {
	_, resource, err := c.resource()
	if err != nil {
		return refused(err)
	}
	return ok(resourceDocOf(resource, c.embedsMethods()))
}

func getResources(c *call) (answer, error) {
	api, err := c.api()
	if err != nil {
		return refused(err)
	}
	docs := []resourceDoc{}
	for _, resource := range api.Resources {
		docs = append(docs, resourceDocOf(resource, c.embedsMethods()))
	}
	slices.SortFunc(docs, func(a, b resourceDoc) int { return strings.Compare(a.Path, b.Path) })
	return page(c, docs)
}

func deleteResource(c *call) (answer, error) {
	api, resource, err := c.resource()
	if err != nil {
		return refused(err)
	}
	if resource.ParentID == "" {
		return refused(badRequest("Cannot delete root resource"))
	}
	for _, id := range descendants(api, resource) {
		delete(api.Resources, id)
	}
	return accepted()
}

// descendants gives the ids of a resource and of all below it.
func descendants(api *definition.API, top *definition.Resource) []string {
	ids := []string{top.ID}
	for i := 0; i < len(ids); i++ {
		for id, resource := range api.Resources {
			if resource.ParentID == ids[i] {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

func updateResource(c *call) (answer, error) {
	patches, err := c.patches("updateResourceInput")
	if err != nil {
		return refused(err)
	}
	current, _, err := c.resource()
	if err != nil {
		return refused(err)
	}
	api := current.Clone()
	resource := api.Resources[c.PathValue("resource_id")]
	for _, p := range patches {
		if err := patchResource(api, resource, p); err != nil {
			return refused(err)
		}
	}
	c.region.apis[api.ID] = api
	return ok(resourceDocOf(resource, false))
}

func patchResource(api *definition.API, resource *definition.Resource, p patchOperation) error {
	parent, part := api.Resources[resource.ParentID], resource.PathPart
	switch {
	case p.Op != "replace":
		return badRequest("Invalid patch path  '%s' specified for op '%s'. Please choose supported operations", *p.Path, p.Op)
	case *p.Path == "/pathPart":
		if parent == nil {
			return badRequest("Root resource cannot update its pathPart.")
		}
		part = p.value()
	case *p.Path == "/parentId":
		if parent == nil {
			return badRequest("Root resource cannot update its parentId.")
		}
		if slices.Contains(descendants(api, resource), p.value()) {
			return badRequest("Resources cannot be cyclical.")
		}
		if parent = api.Resources[p.value()]; parent == nil {
			return notFound(noSuchResource)
		}
	default:
		return badRequest("Invalid patch path  '%s' specified for op '%s'. Must be one of: [/parentId, /pathPart]", *p.Path, p.Op)
	}
	if err := checkChild(api, parent, part, resource.ID); err != nil {
		return err
	}
	resource.ParentID, resource.PathPart = parent.ID, part
	for _, id := range descendants(api, resource) { // parents come first
		moved := api.Resources[id]
		moved.Path = joinPath(api.Resources[moved.ParentID].Path, moved.PathPart)
	}
	return nil
}
