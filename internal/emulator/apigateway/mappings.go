package apigateway

import (
	"regexp"
	"strings"

	"apigateway-maintenance/internal/emulator/definition"
)

// basePathPattern allows letters, digits and $-_.+!*'() (fact D2).
var basePathPattern = regexp.MustCompile(`^[A-Za-z0-9$_.+!*'()-]{1,300}$`)

// parseBasePath reads a base path as requests spell it; the root is "".
func parseBasePath(given string) (string, error) {
	switch {
	case given == "" || given == definition.NoBasePath:
		return "", nil
	case strings.Contains(given, "/"):
		// Fact D3.
		return "", badRequest("API Gateway V1 doesn't support the slash character (/) in base path mappings. To create a multi-level base path mapping, use API Gateway V2.")
	case !basePathPattern.MatchString(given):
		return "", badRequest("Invalid base path specified: %s. It may have letters, digits and the characters $-_.+!*'(), at most 300", given)
	default:
		return given, nil
	}
}

// checkMapping demands an API and a stage that exist in the domain's region. A
// mapping without a stage leaves the stage to the caller (fact D1).
func (c *call) checkMapping(m *definition.BasePathMapping) error {
	api := c.region.apis[m.RestAPIID]
	switch {
	case api == nil:
		return badRequest("Invalid API identifier specified")
	case api.Endpoint.Type() == private:
		return unsupported("mapping a PRIVATE API, which a PRIVATE domain name takes")
	case m.Stage != "" && api.Stages[m.Stage] == nil:
		return badRequest("Invalid stage identifier specified")
	default:
		return nil
	}
}

func createBasePathMapping(c *call) (answer, error) {
	var in struct {
		BasePath  string `json:"basePath"`
		RestAPIID string `json:"restApiId"`
		Stage     string `json:"stage"`
	}
	if err := c.decode(&in); err != nil {
		return refused(err)
	}
	domain, err := c.domain()
	if err != nil {
		return refused(err)
	}
	path, err := parseBasePath(in.BasePath)
	if err != nil {
		return refused(err)
	}
	if domain.Mappings[path] != nil {
		return refused(conflict("Base path already exists for this domain name"))
	}
	mapping := &definition.BasePathMapping{BasePath: path, RestAPIID: in.RestAPIID, Stage: in.Stage}
	if err := c.checkMapping(mapping); err != nil {
		return refused(err)
	}
	domain.Mappings[path] = mapping
	return created(mapping)
}

// mapping gives the domain and the mapping that the path names.
func (c *call) mapping() (*definition.DomainName, *definition.BasePathMapping, error) {
	domain, err := c.domain()
	if err != nil {
		return nil, nil, err
	}
	path := c.PathValue("base_path")
	if path == definition.NoBasePath {
		path = ""
	}
	mapping := domain.Mappings[path]
	if mapping == nil {
		return nil, nil, notFound(noSuchMapping)
	}
	return domain, mapping, nil
}

func getBasePathMapping(c *call) (answer, error) {
	_, mapping, err := c.mapping()
	if err != nil {
		return refused(err)
	}
	return ok(mapping)
}

func getBasePathMappings(c *call) (answer, error) {
	domain, err := c.domain()
	if err != nil {
		return refused(err)
	}
	return page(c, sortedValues(domain.Mappings))
}

// updateBasePathMapping is the switch: API, stage and path change in one
// request, and the outcome alone is judged (facts D1, E1).
func updateBasePathMapping(c *call) (answer, error) {
	patches, err := c.patches("updateBasePathMappingInput")
	if err != nil {
		return refused(err)
	}
	domain, current, err := c.mapping()
	if err != nil {
		return refused(err)
	}
	mapping := current.Clone()
	for _, p := range patches {
		table := patchTable{
			"/restapiId": func(v *string) error { mapping.RestAPIID = text(v); return nil },
			"/stage":     func(v *string) error { mapping.Stage = text(v); return nil },
			"/basePath":  func(v *string) (err error) { mapping.BasePath, err = parseBasePath(text(v)); return err },
		}
		if err := table.apply(p); err != nil {
			return refused(err)
		}
	}
	if mapping.BasePath != current.BasePath && domain.Mappings[mapping.BasePath] != nil {
		return refused(conflict("Base path already exists for this domain name"))
	}
	if err := c.checkMapping(mapping); err != nil {
		return refused(err)
	}
	delete(domain.Mappings, current.BasePath)
	domain.Mappings[mapping.BasePath] = mapping
	return ok(mapping)
}

func deleteBasePathMapping(c *call) (answer, error) {
	domain, mapping, err := c.mapping()
	if err != nil {
		return refused(err)
	}
	delete(domain.Mappings, mapping.BasePath)
	return accepted()
}
