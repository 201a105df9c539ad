package apigateway

import (
	"encoding/json"

	"apigateway-maintenance/internal/emulator/definition"
)

const (
	noSuchPart    = "Invalid Documentation part identifier specified"
	noSuchVersion = "Invalid Documentation version specified"
)

// partTypes in the order in which AWS names them in its errors.
var partTypes = []string{
	"RESPONSE_BODY", "RESPONSE", "METHOD", "MODEL", "AUTHORIZER", "RESPONSE_HEADER", "RESOURCE", "PATH_PARAMETER", "REQUEST_BODY", "QUERY_PARAMETER", "API", "REQUEST_HEADER",
}

func createDocumentationPart(c *call) (answer, error) {
	part := &definition.DocumentationPart{}
	if err := c.decode(part); err != nil {
		return refused(err)
	}
	var wrong violations
	wrong.enum(part.Location.Type, "createDocumentationPartInput.location.type", partTypes...)
	if err := wrong.err(); err != nil {
		return refused(err)
	}
	api, err := c.api()
	if err != nil {
		return refused(err)
	}
	for _, other := range api.DocumentationParts {
		if other.Location == part.Location {
			return refused(conflict("Documentation part already exists for the specified location: type '%s'", part.Location.Type))
		}
	}
	if err := addDocumentationPart(api, part); err != nil {
		return refused(err)
	}
	return created(part)
}

func addDocumentationPart(api *definition.API, part *definition.DocumentationPart) error {
	if !json.Valid([]byte(part.Properties)) {
		return badRequest("Invalid documentation part: Documentation properties is invalid: it is not JSON")
	}
	part.ID = newID(resourceIDLength, isKey(api.DocumentationParts))
	api.DocumentationParts[part.ID] = part
	return nil
}

func getDocumentationParts(c *call) (answer, error) {
	api, err := c.api()
	if err != nil {
		return refused(err)
	}
	parts := []*definition.DocumentationPart{}
	for _, part := range sortedValues(api.DocumentationParts) {
		if kind := c.URL.Query().Get("type"); kind == "" || kind == part.Location.Type {
			parts = append(parts, part)
		}
	}
	return page(c, parts)
}

// documentationPart gives the API and the part that the path names.
func (c *call) documentationPart() (*definition.API, *definition.DocumentationPart, error) {
	api, id := c.region.apis[c.PathValue("restapi_id")], c.PathValue("part_id")
	if api == nil || api.DocumentationParts[id] == nil {
		return nil, nil, notFound(noSuchPart)
	}
	return api, api.DocumentationParts[id], nil
}

func getDocumentationPart(c *call) (answer, error) {
	_, part, err := c.documentationPart()
	if err != nil {
		return refused(err)
	}
	return ok(part)
}

func updateDocumentationPart(c *call) (answer, error) {
	patches, err := c.patches("updateDocumentationPartInput")
	if err != nil {
		return refused(err)
	}
	api, current, err := c.documentationPart()
	if err != nil {
		return refused(err)
	}
	part := *current
	for _, p := range patches {
		table := patchTable{"/properties": func(v *string) error { part.Properties = text(v); return nil }}
		if err := patchNamed(p, table, "/properties"); err != nil {
			return refused(err)
		}
	}
	api.DocumentationParts[part.ID] = &part
	return ok(&part)
}

// deleteDocumentationPart looks for the API first (recorded by LocalStack's
// validated test_invalid_delete_documentation_part).
func deleteDocumentationPart(c *call) (answer, error) {
	if _, err := c.api(); err != nil {
		return refused(err)
	}
	api, part, err := c.documentationPart()
	if err != nil {
		return refused(err)
	}
	delete(api.DocumentationParts, part.ID)
	return accepted()
}

func createDocumentationVersion(c *call) (answer, error) {
	var in struct {
		Version     string `json:"documentationVersion"`
		StageName   string `json:"stageName"`
		Description string `json:"description"`
	}
	if err := c.decode(&in); err != nil {
		return refused(err)
	}
	api, err := c.api()
	if err != nil {
		return refused(err)
	}
	stage := api.Stages[in.StageName]
	switch {
	case in.Version == "":
		return refused(badRequest("Documentation version cannot be empty"))
	case api.DocumentationVersions[in.Version] != nil:
		return refused(conflict("Documentation version already exists: %s", in.Version))
	case in.StageName != "" && stage == nil:
		return refused(notFound(noSuchStage))
	}
	version := &definition.DocumentationVersion{Version: in.Version, Description: in.Description, CreatedDate: c.service.now()}
	api.DocumentationVersions[version.Version] = version
	if stage != nil {
		changed := stage.Clone()
		changed.DocumentationVersion = version.Version
		api.Stages[changed.Name] = changed
	}
	return created(version)
}

func getDocumentationVersions(c *call) (answer, error) {
	api, err := c.api()
	if err != nil {
		return refused(err)
	}
	return page(c, sortedValues(api.DocumentationVersions))
}

// documentationVersion gives the API and the version that the path names.
func (c *call) documentationVersion() (*definition.API, *definition.DocumentationVersion, error) {
	api, err := c.api()
	if err != nil {
		return nil, nil, err
	}
	version := api.DocumentationVersions[c.PathValue("doc_version")]
	if version == nil {
		return nil, nil, notFound(noSuchVersion)
	}
	return api, version, nil
}

func getDocumentationVersion(c *call) (answer, error) {
	_, version, err := c.documentationVersion()
	if err != nil {
		return refused(err)
	}
	return ok(version)
}

func updateDocumentationVersion(c *call) (answer, error) {
	patches, err := c.patches("updateDocumentationVersionInput")
	if err != nil {
		return refused(err)
	}
	api, current, err := c.documentationVersion()
	if err != nil {
		return refused(err)
	}
	version := *current
	for _, p := range patches {
		table := patchTable{"/description": func(v *string) error { version.Description = text(v); return nil }}
		if err := patchNamed(p, table, "/description"); err != nil {
			return refused(err)
		}
	}
	api.DocumentationVersions[version.Version] = &version
	return ok(&version)
}

func deleteDocumentationVersion(c *call) (answer, error) {
	api, version, err := c.documentationVersion()
	if err != nil {
		return refused(err)
	}
	for _, stage := range api.Stages {
		if stage.DocumentationVersion == version.Version {
			return refused(badRequest("Documentation version %s is used by stage %s", version.Version, stage.Name))
		}
	}
	delete(api.DocumentationVersions, version.Version)
	return accepted()
}
