package apigateway

import (
	"strings"

	"apigateway-maintenance/internal/emulator/definition"
)

// Endpoint types.
const (
	edge     = "EDGE"
	regional = "REGIONAL"
	private  = "PRIVATE"
)

func createRestAPI(c *call) (answer, error) {
	if isImport(c.Request) {
		return importRestAPI(c)
	}
	var in struct {
		Name                      *string           `json:"name"`
		Description               *string           `json:"description"`
		Version                   string            `json:"version"`
		CloneFrom                 string            `json:"cloneFrom"`
		BinaryMediaTypes          []string          `json:"binaryMediaTypes"`
		MinimumCompressionSize    *int              `json:"minimumCompressionSize"`
		APIKeySource              string            `json:"apiKeySource"`
		EndpointConfiguration     *endpointInput    `json:"endpointConfiguration"`
		Policy                    string            `json:"policy"`
		Tags                      map[string]string `json:"tags"`
		DisableExecuteAPIEndpoint bool              `json:"disableExecuteApiEndpoint"`
		SecurityPolicy            string            `json:"securityPolicy"`
		EndpointAccessMode        string            `json:"endpointAccessMode"`
	}
	if err := c.decode(&in); err != nil {
		return refused(err)
	}
	var wrong violations
	wrong.enum(in.APIKeySource, "createRestApiInput.apiKeySource", "HEADER", "AUTHORIZER")
	in.EndpointConfiguration.check(&wrong, "createRestApiInput")
	wrong.enum(in.SecurityPolicy, "createRestApiInput.securityPolicy", securityPolicies...)
	wrong.enum(in.EndpointAccessMode, "createRestApiInput.endpointAccessMode", accessModes...)
	if err := wrong.err(); err != nil {
		return refused(err)
	}
	switch {
	case in.Name == nil || strings.TrimSpace(*in.Name) == "":
		return refused(badRequest("Name cannot be null or empty"))
	case in.Description != nil && *in.Description == "":
		return refused(badRequest("Description cannot be an empty string"))
	case in.CloneFrom != "":
		return refused(unsupported("cloning a REST API (cloneFrom)"))
	}
	if err := checkTags(in.Tags); err != nil {
		return refused(err)
	}

	api := c.service.newAPI(c.region, *in.Name)
	if in.Description != nil {
		api.Description = *in.Description
	}
	api.Version = in.Version
	api.Tags = in.Tags
	api.DisableExecuteAPIEndpoint = in.DisableExecuteAPIEndpoint
	if in.APIKeySource != "" {
		api.APIKeySource = in.APIKeySource
	}
	if err := in.EndpointConfiguration.applyTo(api); err != nil {
		return refused(err)
	}
	if in.SecurityPolicy != "" {
		api.SecurityPolicy = in.SecurityPolicy
	}
	api.EndpointAccessMode = in.EndpointAccessMode
	if err := checkSecurityPolicy(api.SecurityPolicy, api.EndpointAccessMode, api.Endpoint.Type()); err != nil {
		return refused(err)
	}
	if err := setBinaryMediaTypes(api, in.BinaryMediaTypes); err != nil {
		return refused(err)
	}
	if err := checkCompression(in.MinimumCompressionSize); err != nil {
		return refused(err)
	}
	api.MinimumCompressionSize = in.MinimumCompressionSize
	if err := setPolicy(api, c.region.name, in.Policy); err != nil {
		return refused(err)
	}
	c.noticeAPI(api)
	c.region.apis[api.ID] = api
	return created(api)
}

// newAPI makes an API with its root resource. API ids are unique among regions
// here, as host names are made of them.
func (s *Service) newAPI(r *region, name string) *definition.API {
	root := newID(apiIDLength, isKey(map[string]bool{}))
	return &definition.API{
		ID: newID(apiIDLength, func(id string) bool {
			for _, region := range s.regions {
				if region.apis[id] != nil {
					return true
				}
			}
			return false
		}),
		Name:                  name,
		CreatedDate:           s.now(),
		APIKeySource:          "HEADER",
		Status:                "AVAILABLE",
		SecurityPolicy:        "TLS_1_0", // fact J3
		Endpoint:              definition.Endpoint{Types: []string{edge}, IPAddressType: "ipv4"},
		RootResourceID:        root,
		Models:                stockModels(),
		Validators:            map[string]*definition.RequestValidator{},
		Authorizers:           map[string]string{},
		DocumentationParts:    map[string]*definition.DocumentationPart{},
		DocumentationVersions: map[string]*definition.DocumentationVersion{},
		Resources:             map[string]*definition.Resource{root: {ID: root, Path: "/", Methods: map[string]*definition.Method{}}},
		GatewayResponses:      map[string]*definition.GatewayResponse{},
		Deployments:           map[string]*definition.Deployment{},
		Stages:                map[string]*definition.Stage{},
	}
}

func getRestAPI(c *call) (answer, error) {
	api, err := c.api()
	if err != nil {
		return refused(err)
	}
	return ok(updated(api))
}

func getRestAPIs(c *call) (answer, error) {
	return page(c, sortedValues(c.region.apis))
}

func deleteRestAPI(c *call) (answer, error) {
	api, err := c.api()
	if err != nil {
		return refused(err)
	}
	// Fact E4; the list of domains is in the message since at least 2017.
	if used := c.region.mappedDomains(func(m *definition.BasePathMapping) bool { return m.RestAPIID == api.ID }); len(used) > 0 {
		return refused(badRequest("Deleting RestApi %s failed. Please remove all base path mappings related to the RestApi in your domains: %s.",
			api.ID, strings.Join(used, ", ")))
	}
	delete(c.region.apis, api.ID)
	return accepted()
}

func updateRestAPI(c *call) (answer, error) {
	patches, err := c.patches("updateRestApiInput")
	if err != nil {
		return refused(err)
	}
	current, err := c.api()
	if err != nil {
		return refused(err)
	}
	api := current.Clone() // a refused operation leaves nothing half-done
	for _, p := range patches {
		if err := patchAPI(api, c.region.name, p); err != nil {
			return refused(err)
		}
	}
	if err := checkSecurityPolicy(api.SecurityPolicy, api.EndpointAccessMode, api.Endpoint.Type()); err != nil {
		return refused(err)
	}
	c.noticeAPI(api)
	c.region.apis[api.ID] = api
	return ok(updated(api))
}

// noticeAPI says what of an API is stored and not enforced.
func (c *call) noticeAPI(api *definition.API) {
	c.noticePolicy(api)
	if api.MinimumCompressionSize != nil {
		c.service.config.Notice(noticeCompression)
	}
	if api.EndpointAccessMode == "STRICT" {
		c.service.config.Notice(noticeStrict)
	}
	for _, resource := range api.Resources {
		for _, method := range resource.Methods {
			c.noticeMethod(method)
		}
	}
}

func (c *call) noticeMethod(m *definition.Method) {
	if m.AuthorizationType != "NONE" {
		c.service.config.Notice(noticeAuthorization)
	}
}

func patchAPI(api *definition.API, region string, p patchOperation) error {
	switch {
	case strings.HasPrefix(*p.Path, "/binaryMediaTypes/"):
		return patchBinaryMediaTypes(api, p)
	case strings.HasPrefix(*p.Path, "/endpointConfiguration/types"):
		return patchEndpointType(&api.Endpoint, p)
	case strings.HasPrefix(*p.Path, "/endpointConfiguration/vpcEndpointIds"):
		return patchVPCEndpoints(&api.Endpoint, p)
	case p.Op == "remove" && *p.Path == "/description":
		api.Description = ""
		return nil
	}
	return patchTable{
		"/name":               func(v *string) error { return setName(api, v) },
		"/description":        func(v *string) error { api.Description = text(v); return nil },
		"/securityPolicy":     func(v *string) error { api.SecurityPolicy = text(v); return nil },
		"/endpointAccessMode": func(v *string) error { api.EndpointAccessMode = text(v); return nil },
		"/version":            func(v *string) error { api.Version = text(v); return nil },
		"/policy":             func(v *string) error { return setPolicy(api, region, text(v)) },
		"/apiKeySource": func(v *string) error {
			if text(v) != "HEADER" && text(v) != "AUTHORIZER" {
				return badRequest("Invalid API key source specified. Valid options are HEADER, AUTHORIZER")
			}
			api.APIKeySource = text(v)
			return nil
		},
		"/disableExecuteApiEndpoint": func(v *string) error { api.DisableExecuteAPIEndpoint = isTrue(v); return nil },
		"/minimumCompressionSize":    func(v *string) error { return patchCompression(api, v) },
		"/endpointConfiguration/ipAddressType": func(v *string) error {
			if text(v) != "ipv4" && text(v) != "dualstack" {
				return badRequest("ipAddressType must be either ipv4 or dualstack.")
			}
			api.Endpoint.IPAddressType = text(v)
			return checkPrivate(api.Endpoint)
		},
	}.apply(p)
}

func setName(api *definition.API, v *string) error {
	if strings.TrimSpace(text(v)) == "" {
		return badRequest("Name cannot be null or empty")
	}
	api.Name = *v
	return nil
}

func text(v *string) string {
	if v == nil {
		return ""
	}
	return *v
}
