package execution

import (
	"net/http"
	"net/url"
	"strings"

	"apigateway-maintenance/internal/emulator/definition"
)

// routeNode is a resource in the tree of paths.
type routeNode struct {
	static   map[string]*routeNode
	variable *routeNode // {name}
	greedy   *routeNode // {name+}
	name     string     // of the variable or greedy segment
	methods  map[string]*method
}

// anyMethods are what ANY stands for (fact A9). Other verbs have no method.
var anyMethods = map[string]bool{
	http.MethodDelete: true, http.MethodGet: true, http.MethodHead: true, http.MethodOptions: true,
	http.MethodPatch: true, http.MethodPost: true, http.MethodPut: true,
}

// insert adds a resource by its path, "/a/{b}/{proxy+}".
func (n *routeNode) insert(path string) *routeNode {
	for _, segment := range strings.Split(strings.Trim(path, "/"), "/") {
		n = n.child(segment)
	}
	return n
}

func (n *routeNode) child(segment string) *routeNode {
	if segment == "" {
		return n
	}
	name, variable := strings.CutPrefix(segment, "{")
	name, closed := strings.CutSuffix(name, "}")
	if !variable || !closed {
		if n.static == nil {
			n.static = map[string]*routeNode{}
		}
		if n.static[segment] == nil {
			n.static[segment] = &routeNode{}
		}
		return n.static[segment]
	}
	slot := &n.variable
	if trimmed, ok := strings.CutSuffix(name, "+"); ok {
		name, slot = trimmed, &n.greedy
	}
	if *slot == nil {
		*slot = &routeNode{name: name}
	}
	return *slot
}

// verb gives the resource's method for a verb.
func (n *routeNode) verb(verb string) *method {
	if m, ok := n.methods[verb]; ok {
		return m
	}
	if anyMethods[verb] {
		return n.methods["ANY"]
	}
	return nil
}

// pathParameter is a value of a path variable, as the client escaped it.
type pathParameter struct{ name, raw string }

// match finds the method for a path, without its leading slash, and a verb.
// Resource and method are chosen together: a more specific resource that lacks
// the verb yields to a less specific one that has it (fact B1). A node is
// visited at most once, so the cost is bounded by the tree.
func (n *routeNode) match(path, verb string, parameters []pathParameter) (*method, []pathParameter) {
	if path == "" {
		return n.verb(verb), parameters
	}
	segment, rest, _ := strings.Cut(path, "/")
	if child := n.static[segment]; child != nil {
		if m, p := child.match(rest, verb, parameters); m != nil {
			return m, p
		}
	}
	if n.variable != nil && segment != "" {
		if m, p := n.variable.match(rest, verb, append(parameters, pathParameter{n.variable.name, segment})); m != nil {
			return m, p
		}
	}
	if n.greedy != nil {
		return n.greedy.verb(verb), append(parameters, pathParameter{n.greedy.name, path})
	}
	return nil, nil
}

// route finds the method of the request; nil is Missing Authentication Token.
// Slashes at the end of the path do not count (fact B1).
func (p *program) route(c *call) *method {
	path := strings.TrimRight(strings.TrimPrefix(c.place.path, "/"), "/")
	m, parameters := p.root.match(path, c.verb, nil)
	c.pathParameters = parameters
	return m
}

// buildRoutes makes the tree of a snapshot's resources.
func buildRoutes(s *definition.Snapshot) *routeNode {
	root := &routeNode{}
	for _, resource := range s.Resources {
		node := root.insert(resource.Path)
		node.methods = make(map[string]*method, len(resource.Methods))
		for verb, m := range resource.Methods {
			node.methods[verb] = compileMethod(s, resource, verb, m)
		}
	}
	return root
}

// unescape decodes a path segment; what cannot be decoded stays.
func unescape(raw string) string {
	if plain, err := url.PathUnescape(raw); err == nil {
		return plain
	}
	return raw
}
