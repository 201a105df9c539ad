package apigateway

import (
	"fmt"
	"net/http"
	"strings"

	"apigateway-maintenance/internal/emulator/awsproto"
	"apigateway-maintenance/internal/emulator/definition"
)

func putRestAPI(c *call) (answer, error) {
	query := c.URL.Query()
	var wrong violations
	wrong.enum(query.Get("mode"), "mode", "merge", "overwrite")
	if err := wrong.err(); err != nil {
		return refused(err)
	}
	if err := checkImportParameters(c); err != nil {
		return refused(err)
	}
	document, err := parseOpenAPI(c.Payload)
	if err != nil {
		return refused(err)
	}
	current, err := c.api()
	if err != nil {
		return refused(err)
	}
	document.keepShared = c.service.keepShared(current.ID)
	api := current.Clone()
	// "merge" is the API's own default; the provider asks for overwrite.
	if err := c.importInto(document, api, query.Get("mode") == "overwrite"); err != nil {
		return refused(err)
	}
	c.region.apis[api.ID] = api
	shown := updated(api)
	shown.Warnings = document.warnings
	return ok(shown)
}

func isImport(r *awsproto.Request) bool { return r.URL.Query().Get("mode") == "import" }

func importRestAPI(c *call) (answer, error) {
	if err := checkImportParameters(c); err != nil {
		return refused(err)
	}
	document, err := parseOpenAPI(c.Payload)
	if err != nil {
		return refused(err)
	}
	api := c.service.newAPI(c.region, document.Info.Title)
	document.keepShared = c.service.keepShared(api.ID)
	query := c.URL.Query()
	if kind := query.Get("endpointConfigurationTypes"); kind != "" {
		if err := (&endpointInput{Types: strings.Split(kind, ",")}).applyTo(api); err != nil {
			return refused(err)
		}
	}
	if err := c.importInto(document, api, true); err != nil {
		return refused(err)
	}
	c.region.apis[api.ID] = api
	return created(importedAPI{api, document.warnings})
}

// importedAPI is an API as ImportRestApi answers it.
type importedAPI struct {
	*definition.API
	Warnings []string `json:"warnings,omitempty"`
}

// importInto imports as the call's query says.
func (c *call) importInto(d *openAPI, api *definition.API, overwrite bool) error {
	query := c.URL.Query()
	d.api, d.region, d.base = api, c.region.name, d.prefix(query.Get("basepath"))
	if err := d.importAll(overwrite, query.Get("ignore") == "documentation"); err != nil {
		return err
	}
	if len(d.warnings) > 0 && query.Get("failonwarnings") == "true" {
		return badRequest("Warnings found during import:\n\t%s", strings.Join(d.warnings, "\n\t"))
	}
	c.noticeAPI(api)
	return checkSecurityPolicy(api.SecurityPolicy, api.EndpointAccessMode, api.Endpoint.Type())
}

// keepShared is nil unless the emulator is to keep parameters of paths.
func (s *Service) keepShared(api string) func(path string) {
	if s.config.PathParameters == nil {
		return nil
	}
	return func(path string) { s.config.PathParameters(api, path) }
}

func checkImportParameters(c *call) error {
	query := c.URL.Query()
	for _, name := range sortedKeys(query) {
		switch name {
		case "mode", "failonwarnings":
		case "basepath":
			var wrong violations
			wrong.enum(query.Get(name), "basepath", "ignore", "prepend", "split")
			if err := wrong.err(); err != nil {
				return err
			}
		case "ignore":
			if query.Get(name) != "documentation" {
				return unsupported("ignore=%s in an import", query.Get(name))
			}
		case "endpointConfigurationTypes":
			var wrong violations
			wrong.enum(query.Get(name), "endpointConfigurationTypes", private, edge, regional)
			if err := wrong.err(); err != nil {
				return err
			}
		default:
			return unsupported("the parameter %s of an import", name)
		}
	}
	return nil
}

func importError(message string) error {
	return badRequest("Errors found during import:\n\t%s", message)
}

// wrapImport puts a refusal of a single object into the frame in which AWS
// reports on imports. What the emulator does not support stays as it is.
func wrapImport(err error, action, what, path string) error {
	refusal, isRefusal := err.(*awsproto.Error)
	if !isRefusal || refusal.Code == awsproto.NotSupported {
		return err
	}
	where := ""
	if path != "" {
		where = fmt.Sprintf(" for resource at path '%s'", path)
	}
	return awsproto.Errorf(http.StatusBadRequest, "BadRequestException", "Errors found during import:\n\tUnable to %s on '%s'%s: %s",
		action, what, where, refusal.Message)
}
