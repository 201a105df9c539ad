package execution

import (
	"regexp"
	"sort"
	"strconv"
	"strings"
	"sync"

	"apigateway-maintenance/internal/emulator/definition"
	"apigateway-maintenance/internal/emulator/vtl"
)

// program is a snapshot made ready to run: routes built, templates parsed.
type program struct {
	root     *routeNode
	gateways map[string]*gatewayAnswer
	binary   []string // binary media types, lower case
}

type method struct {
	resourceID   string
	resourcePath string
	verb         string // as defined: may be ANY
	definition   *definition.Method
	validation   *validation // nil: none
	integration  *integration
}

type integration struct {
	*definition.Integration
	kind       string
	templates  templates
	parameters []mapping // of the request, sorted
	responses  []*integrationResponse
}

type integrationResponse struct {
	statusCode string
	status     int
	isDefault  bool
	pattern    *regexp.Regexp // nil for the default
	templates  templates
	headers    []mapping
	declared   bool // the method declares a response of this status
	asText     bool // it is converted to text, and so not taken for base64
}

// templates are mapping templates by media type.
type templates struct {
	byType map[string]*template
	first  *template // application/json, else the first by name
}

type template struct {
	mediaType string
	source    string
	parsed    *vtl.Template
	err       error // of parsing; the control plane refuses such templates
}

// mapping is one parameter mapping: target gets what source says.
type mapping struct {
	location string // header, path or querystring
	name     string
	source   string
}

// programCache keeps programs by snapshot.
type programCache struct {
	mu       sync.RWMutex
	programs map[*definition.Snapshot]*program
}

// maxPrograms bounds the cache; snapshots of old deployments fall out with the
// rest when it is reached, and those in use come back at once.
const maxPrograms = 256

func (c *programCache) get(snapshot *definition.Snapshot) *program {
	c.mu.RLock()
	p := c.programs[snapshot]
	c.mu.RUnlock()
	if p != nil {
		return p
	}
	p = compile(snapshot)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.programs == nil || len(c.programs) >= maxPrograms {
		c.programs = map[*definition.Snapshot]*program{}
	}
	c.programs[snapshot] = p
	return p
}

func compile(s *definition.Snapshot) *program {
	p := &program{root: buildRoutes(s), gateways: compileGateways(s.GatewayResponses)}
	for _, mediaType := range s.BinaryMediaTypes {
		p.binary = append(p.binary, strings.ToLower(mediaType))
	}
	return p
}

func compileMethod(s *definition.Snapshot, resource *definition.Resource, verb string, m *definition.Method) *method {
	compiled := &method{resourceID: resource.ID, resourcePath: resource.Path, verb: verb, definition: m, validation: compileValidation(s, m)}
	if m.Integration == nil {
		return compiled
	}
	in := &integration{
		Integration: m.Integration,
		kind:        m.Integration.Type,
		templates:   compileTemplates(m.Integration.RequestTemplates),
		parameters:  compileMappings("integration.request.", m.Integration.RequestParameters),
	}
	for _, code := range sortedKeys(m.Integration.Responses) {
		in.responses = append(in.responses, compileResponse(code, m.Integration.Responses[code], m.Responses[code] != nil))
	}
	compiled.integration = in
	return compiled
}

// compileResponse anchors the pattern: it must match the whole status.
func compileResponse(code string, r *definition.IntegrationResponse, declared bool) *integrationResponse {
	status, _ := strconv.Atoi(code)
	compiled := &integrationResponse{
		statusCode: code,
		status:     status,
		isDefault:  r.Pattern() == "",
		templates:  compileTemplates(r.ResponseTemplates),
		headers:    compileMappings("method.response.", r.ResponseParameters),
		declared:   declared,
		asText:     r.ContentHandling == "CONVERT_TO_TEXT",
	}
	if !compiled.isDefault {
		// A pattern that does not compile matches nothing.
		compiled.pattern, _ = regexp.Compile(`\A(?:` + r.Pattern() + `)\z`)
	}
	return compiled
}

func compileTemplates(sources map[string]string) templates {
	compiled := templates{byType: make(map[string]*template, len(sources))}
	for _, mediaType := range sortedKeys(sources) {
		t := &template{mediaType: mediaType, source: sources[mediaType]}
		t.parsed, t.err = vtl.Parse(t.source)
		// A key with parameters stays as it is and never matches (fact A1).
		compiled.byType[strings.ToLower(mediaType)] = t
		if compiled.first == nil || mediaType == "application/json" {
			compiled.first = t
		}
	}
	return compiled
}

func compileMappings(prefix string, parameters map[string]string) []mapping {
	var mappings []mapping
	for _, target := range sortedKeys(parameters) {
		location, name, ok := strings.Cut(strings.TrimPrefix(target, prefix), ".")
		if !ok {
			continue
		}
		mappings = append(mappings, mapping{location, name, parameters[target]})
	}
	return mappings
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
