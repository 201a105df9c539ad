package apigateway

import (
	"net/url"
	"strings"
)

// prefix is what an import puts before all paths: nothing, the document's base
// path, or all of it but its first segment, which then is the stage's (recorded by
// LocalStack's validated test_import_rest_api_with_base_path_oas30).
func (d *openAPI) prefix(mode string) string {
	base := strings.TrimSuffix(d.basePath(), "/")
	switch mode {
	case "prepend":
		return base
	case "split":
		_, rest, _ := strings.Cut(strings.TrimPrefix(base, "/"), "/")
		if rest == "" {
			return ""
		}
		return "/" + rest
	default:
		return ""
	}
}

// basePath is basePath of Swagger 2, or the path of OpenAPI's first server; its
// variable basePath even where its URL does not have it (developer guide, "Set the
// OpenAPI basePath property").
func (d *openAPI) basePath() string {
	if d.BasePath != "" || len(d.Servers) == 0 {
		return d.BasePath
	}
	server := d.Servers[0]
	if variable, named := server.Variables["basePath"]; named {
		return "/" + strings.Trim(variable.Default, "/")
	}
	text := server.URL
	for name, variable := range server.Variables {
		text = strings.ReplaceAll(text, "{"+name+"}", variable.Default)
	}
	parsed, err := url.Parse(text)
	if err != nil {
		return ""
	}
	return parsed.Path
}
