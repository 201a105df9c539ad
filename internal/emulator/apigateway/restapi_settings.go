package apigateway

import (
	"regexp"
	"slices"
	"strconv"

	"apigateway-maintenance/internal/emulator/definition"
)

// maxCompressionSize is in bytes.
const maxCompressionSize = 10485760

// endpointInput is the endpointConfiguration that a request asks for.
type endpointInput definition.Endpoint

func (e *endpointInput) check(wrong *violations, input string) {
	if e == nil {
		return
	}
	wrong.enums(e.Types, input+".endpointConfiguration.types", private, edge, regional)
	wrong.enum(e.IPAddressType, input+".endpointConfiguration.ipAddressType", "ipv4", "dualstack")
}

// applyTo sets the endpoint of a new API; null leaves an EDGE endpoint
// (recorded by LocalStack's validated test_create_rest_api_verify_defaults).
func (e *endpointInput) applyTo(api *definition.API) error {
	if e == nil {
		return nil
	}
	switch {
	case len(e.Types) == 0:
		return badRequest("REGIONAL Configuration and EDGE Configuration cannot be both DISABLED.")
	case len(e.Types) > 1:
		return badRequest("Cannot create an api with multiple Endpoint Types.")
	case len(e.VPCEndpointIDs) > 0 && e.Types[0] != private:
		return badRequest("VPCEndpoints can only be specified with PRIVATE apis.")
	}
	api.Endpoint.VPCEndpointIDs = e.VPCEndpointIDs
	setEndpointType(&api.Endpoint, e.Types[0])
	if e.IPAddressType != "" {
		api.Endpoint.IPAddressType = e.IPAddressType
	}
	if e.Types[0] == private {
		api.SecurityPolicy = "TLS_1_2"
	}
	return checkPrivate(api.Endpoint)
}

// setEndpointType sets the only type. PRIVATE ones are dualstack (recorded by
// LocalStack's validated test_update_rest_api_ip_address_type).
func setEndpointType(endpoint *definition.Endpoint, kind string) {
	endpoint.Types = []string{kind}
	if kind == private {
		endpoint.IPAddressType = "dualstack"
	}
}

func checkPrivate(endpoint definition.Endpoint) error {
	if endpoint.Type() == private && endpoint.IPAddressType == "ipv4" {
		return badRequest("Only dualstack ipAddressType is supported for Private APIs.")
	}
	return nil
}

// patchVPCEndpoints adds or removes the endpoint that the value names.
func patchVPCEndpoints(endpoint *definition.Endpoint, p patchOperation) error {
	at := slices.Index(endpoint.VPCEndpointIDs, p.value())
	switch {
	case endpoint.Type() != private:
		return badRequest("VPCEndpoints can only be specified with PRIVATE apis.")
	case p.Op == "add" && at < 0:
		endpoint.VPCEndpointIDs = append(slices.Clone(endpoint.VPCEndpointIDs), p.value())
	case p.Op == "remove" && at >= 0:
		endpoint.VPCEndpointIDs = slices.Delete(slices.Clone(endpoint.VPCEndpointIDs), at, at+1)
	case p.Op != "add" && p.Op != "remove":
		return badRequest("Invalid patch operation specified. Must be 'add'|'remove'")
	}
	return nil
}

func patchEndpointType(endpoint *definition.Endpoint, p patchOperation) error {
	segments := pointer(*p.Path)
	switch {
	case len(segments) != 3 || (segments[2] != "0" && segments[2] != endpoint.Type()):
		return invalidPath(p)
	case p.Op != "add" && p.Op != "replace":
		// So even for "remove" (recorded by LocalStack's validated
		// test_update_rest_api_ip_address_type).
		return badRequest("Invalid patch operation specified. Must be 'add'|'remove'|'replace'")
	case p.Op != "replace":
		return unsupported("op %s on %s; replace the endpoint type instead", p.Op, *p.Path)
	case !slices.Contains([]string{edge, regional, private}, p.value()):
		return badRequest("Invalid EndpointTypes specified. Valid options are REGIONAL,EDGE,PRIVATE")
	}
	setEndpointType(endpoint, p.value())
	return nil
}

// mediaType is a type and a subtype, either may be a wildcard; parameters do
// not count in API Gateway (fact A1).
var mediaType = regexp.MustCompile(`^[A-Za-z0-9!#$&^_.+*-]+/[A-Za-z0-9!#$&^_.+*-]+(\s*;.*)?$`)

func setBinaryMediaTypes(api *definition.API, types []string) error {
	for _, t := range types {
		if !mediaType.MatchString(t) {
			return badRequest("Invalid binary media type specified: %s", t)
		}
	}
	api.BinaryMediaTypes = slices.Clone(types)
	return nil
}

// patchBinaryMediaTypes takes whatever is named in a path, even "-" (recorded by
// LocalStack's validated test_update_rest_api_behaviour); what replaces another
// comes last.
func patchBinaryMediaTypes(api *definition.API, p patchOperation) error {
	segments := pointer(*p.Path)
	if len(segments) != 2 || segments[1] == "" {
		return invalidPath(p)
	}
	named := segments[1]
	at := slices.Index(api.BinaryMediaTypes, named)
	switch {
	case p.Op == "add" && at >= 0:
		return nil
	case p.Op == "add":
		api.BinaryMediaTypes = append(slices.Clone(api.BinaryMediaTypes), named)
		return nil
	case at < 0:
		return notFound("Invalid binary media type specified: %s", named)
	case p.Op == "remove":
		api.BinaryMediaTypes = slices.Delete(slices.Clone(api.BinaryMediaTypes), at, at+1)
		return nil
	case p.Op == "replace":
		return setBinaryMediaTypes(api, append(slices.Delete(slices.Clone(api.BinaryMediaTypes), at, at+1), p.value()))
	default:
		return badRequest("Invalid patch operation specified. Must be 'add'|'remove'|'replace'")
	}
}

// patchCompression turns compression off where the value is null.
func patchCompression(api *definition.API, v *string) error {
	if v == nil || *v == "" {
		api.MinimumCompressionSize = nil
		return nil
	}
	size, err := strconv.Atoi(*v)
	if err != nil {
		size = -1
	}
	api.MinimumCompressionSize = &size
	return checkCompression(&size)
}

func checkCompression(size *int) error {
	if size != nil && (*size < 0 || *size > maxCompressionSize) {
		return badRequest("Invalid minimum compression size, must be between 0 and %d", maxCompressionSize)
	}
	return nil
}
