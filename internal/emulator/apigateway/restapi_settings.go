package apigateway

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

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
	case e.Types[0] == private && e.IPAddressType == "ipv4":
		return badRequest("Only dualstack ipAddressType is supported for Private APIs.")
	case e.Types[0] == private:
		return unsupported("PRIVATE endpoints")
	case len(e.VPCEndpointIDs) > 0:
		return unsupported("VPC endpoints of private APIs")
	}
	api.Endpoint.Types = e.Types
	if e.IPAddressType != "" {
		api.Endpoint.IPAddressType = e.IPAddressType
	}
	return nil
}

func patchEndpointType(endpoint *definition.Endpoint, p patchOperation) error {
	segments := pointer(*p.Path)
	switch {
	case len(segments) != 3 || (segments[2] != "0" && segments[2] != endpoint.Type()):
		return invalidPath(p)
	case !slices.Contains([]string{"add", "remove", "replace"}, p.Op):
		return badRequest("Invalid patch operation specified. Must be 'add'|'remove'|'replace'")
	case p.Op != "replace":
		return unsupported("op %s on %s; replace the endpoint type instead", p.Op, *p.Path)
	case p.value() == private:
		return unsupported("PRIVATE endpoints")
	case p.value() != edge && p.value() != regional:
		return badRequest("Invalid EndpointTypes specified. Valid options are REGIONAL,EDGE,PRIVATE")
	}
	endpoint.Types = []string{p.value()}
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
		return setBinaryMediaTypes(api, append(slices.Clone(api.BinaryMediaTypes), named))
	case at < 0:
		return notFound("Invalid binary media type specified: %s", named)
	case p.Op == "remove":
		api.BinaryMediaTypes = slices.Delete(slices.Clone(api.BinaryMediaTypes), at, at+1)
		return nil
	case p.Op == "replace":
		types := slices.Clone(api.BinaryMediaTypes)
		types[at] = p.value()
		return setBinaryMediaTypes(api, types)
	default:
		return badRequest("Invalid patch operation specified. Must be 'add'|'remove'|'replace'")
	}
}

func patchCompression(v *string) error {
	if v == nil || *v == "" {
		return nil
	}
	size, err := strconv.Atoi(*v)
	if err != nil {
		size = -1
	}
	return checkCompression(&size)
}

// checkCompression refuses compression, since the emulated data plane sends
// every answer as it is.
func checkCompression(size *int) error {
	switch {
	case size == nil:
		return nil
	case *size < 0 || *size > maxCompressionSize:
		return badRequest("Invalid minimum compression size, must be between 0 and %d", maxCompressionSize)
	default:
		return unsupported("payload compression (minimumCompressionSize)")
	}
}

// policyDocument is as much of a resource policy as it takes to see that it
// lets everybody in.
type policyDocument struct {
	Version   string          `json:"Version"`
	ID        string          `json:"Id"`
	Statement json.RawMessage `json:"Statement"`
}

type policyStatement struct {
	Effect    string          `json:"Effect"`
	Principal json.RawMessage `json:"Principal"`
	Action    json.RawMessage `json:"Action"`
	Resource  json.RawMessage `json:"Resource"`
	Condition json.RawMessage `json:"Condition"`
}

// setPolicy takes a resource policy that lets everybody in. Any other would
// have to be enforced, and the emulated data plane enforces none.
func setPolicy(api *definition.API, policy string) error {
	if strings.TrimSpace(policy) == "" {
		api.Policy = ""
		return nil
	}
	var document policyDocument
	if json.Unmarshal([]byte(policy), &document) != nil || len(document.Statement) == 0 {
		return badRequest("Invalid policy document. Please check the policy syntax and ensure that Principals are valid.")
	}
	var statements []policyStatement
	if json.Unmarshal(document.Statement, &statements) != nil {
		statements = make([]policyStatement, 1)
		if json.Unmarshal(document.Statement, &statements[0]) != nil {
			return badRequest("Invalid policy document. Please check the policy syntax and ensure that Principals are valid.")
		}
	}
	for _, s := range statements {
		if s.Effect != "Allow" || len(s.Condition) > 0 || !slices.Contains([]string{`"*"`, `{"AWS":"*"}`, `{"AWS":["*"]}`}, compact(s.Principal)) ||
			!slices.Contains([]string{`"*"`, `"execute-api:*"`, `"execute-api:Invoke"`, `["execute-api:Invoke"]`}, compact(s.Action)) {
			return unsupported("resource policies other than one that lets everybody invoke the API")
		}
	}
	api.Policy = definition.Policy(policy)
	return nil
}

func compact(raw json.RawMessage) string {
	var value any
	if json.Unmarshal(raw, &value) != nil {
		return ""
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	return string(encoded)
}
