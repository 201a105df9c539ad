package definition

import (
	"maps"
	"slices"
)

// The Clone methods copy an object with all that hangs on it, so that a
// deployment stays what it was while the API is edited.

// Clone copies the API as it is edited. Deployments are shared: what they hold
// is never written again.
func (a *API) Clone() *API {
	c := *a
	c.Endpoint = a.Endpoint.clone()
	c.BinaryMediaTypes = slices.Clone(a.BinaryMediaTypes)
	c.MinimumCompressionSize = clonePointer(a.MinimumCompressionSize)
	c.Tags = maps.Clone(a.Tags)
	// What these hold is replaced, and never written again.
	c.Models, c.Validators, c.Authorizers = maps.Clone(a.Models), maps.Clone(a.Validators), maps.Clone(a.Authorizers)
	c.DocumentationParts, c.DocumentationVersions = maps.Clone(a.DocumentationParts), maps.Clone(a.DocumentationVersions)
	c.Resources = cloneEach(a.Resources)
	c.GatewayResponses = cloneEach(a.GatewayResponses)
	c.Deployments = maps.Clone(a.Deployments)
	c.Stages = cloneEach(a.Stages)
	return &c
}

func (e Endpoint) clone() Endpoint {
	e.Types, e.VPCEndpointIDs = slices.Clone(e.Types), slices.Clone(e.VPCEndpointIDs)
	return e
}

// Freeze makes the snapshot that a deployment keeps.
func (a *API) Freeze() *Snapshot {
	return &Snapshot{
		APIID:                     a.ID,
		APIName:                   a.Name,
		EndpointType:              a.Endpoint.Type(),
		DisableExecuteAPIEndpoint: a.DisableExecuteAPIEndpoint,
		BinaryMediaTypes:          slices.Clone(a.BinaryMediaTypes),
		Resources:                 cloneEach(a.Resources),
		GatewayResponses:          cloneEach(a.GatewayResponses),
		APIKeySource:              a.APIKeySource,
		Models:                    maps.Clone(a.Models),
		Validators:                maps.Clone(a.Validators),
	}
}

// Clone copies the resource and its methods.
func (r *Resource) Clone() *Resource {
	c := *r
	c.Methods = cloneEach(r.Methods)
	return &c
}

// Clone copies the method, its responses and its integration.
func (m *Method) Clone() *Method {
	c := *m
	c.RequestParameters = maps.Clone(m.RequestParameters)
	c.RequestModels = maps.Clone(m.RequestModels)
	c.Responses = cloneEach(m.Responses)
	if m.Integration != nil {
		c.Integration = m.Integration.Clone()
	}
	return &c
}

// Clone copies the method response.
func (r *MethodResponse) Clone() *MethodResponse {
	c := *r
	c.ResponseParameters = maps.Clone(r.ResponseParameters)
	c.ResponseModels = maps.Clone(r.ResponseModels)
	return &c
}

// Clone copies the integration and its responses.
func (i *Integration) Clone() *Integration {
	c := *i
	c.CacheKeyParameters = slices.Clone(i.CacheKeyParameters)
	c.RequestParameters = maps.Clone(i.RequestParameters)
	c.RequestTemplates = maps.Clone(i.RequestTemplates)
	c.Responses = cloneEach(i.Responses)
	return &c
}

// Clone copies the integration response.
func (r *IntegrationResponse) Clone() *IntegrationResponse {
	c := *r
	c.ResponseParameters = maps.Clone(r.ResponseParameters)
	c.ResponseTemplates = maps.Clone(r.ResponseTemplates)
	return &c
}

// Clone copies the gateway response.
func (r *GatewayResponse) Clone() *GatewayResponse {
	c := *r
	c.ResponseParameters = maps.Clone(r.ResponseParameters)
	c.ResponseTemplates = maps.Clone(r.ResponseTemplates)
	return &c
}

// Clone copies the stage and its settings.
func (s *Stage) Clone() *Stage {
	c := *s
	c.Variables = maps.Clone(s.Variables)
	c.Tags = maps.Clone(s.Tags)
	c.MethodSettings = cloneEach(s.MethodSettings)
	c.AccessLog = clonePointer(s.AccessLog)
	if c.Canary = clonePointer(s.Canary); c.Canary != nil {
		c.Canary.StageVariableOverrides = maps.Clone(s.Canary.StageVariableOverrides)
	}
	return &c
}

// Clone copies the setting.
func (s *MethodSetting) Clone() *MethodSetting {
	c := *s
	return &c
}

// Clone copies the domain name and its mappings.
func (d *DomainName) Clone() *DomainName {
	c := *d
	c.Tags = maps.Clone(d.Tags)
	c.Endpoint = d.Endpoint.clone()
	c.MutualTLS = clonePointer(d.MutualTLS)
	c.Mappings = cloneEach(d.Mappings)
	return &c
}

// Clone copies the mapping.
func (m *BasePathMapping) Clone() *BasePathMapping {
	c := *m
	return &c
}

func cloneEach[K comparable, V interface{ Clone() V }](m map[K]V) map[K]V {
	if m == nil {
		return nil
	}
	c := make(map[K]V, len(m))
	for k, v := range m {
		c[k] = v.Clone()
	}
	return c
}

func clonePointer[V any](p *V) *V {
	if p == nil {
		return nil
	}
	c := *p
	return &c
}
