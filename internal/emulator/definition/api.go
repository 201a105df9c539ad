// Package definition holds the objects of API Gateway that the control plane
// writes and the execution service reads: REST APIs and their parts, stages,
// deployments, domain names, base path mappings. Their JSON is what API Gateway
// answers with. They have no behaviour beyond that and copying, and import
// nothing of the emulator.
package definition

import (
	"encoding/json"
	"strings"
	"time"
)

// API is a REST API as the control plane edits it. What callers reach is never
// an API but the Snapshot that a deployment froze.
type API struct {
	ID                        string            `json:"id"`
	Name                      string            `json:"name"`
	Description               string            `json:"description,omitempty"`
	Version                   string            `json:"version,omitempty"`
	CreatedDate               Time              `json:"createdDate"`
	Status                    string            `json:"apiStatus"`
	SecurityPolicy            string            `json:"securityPolicy"`
	EndpointAccessMode        string            `json:"endpointAccessMode,omitempty"` // empty: nobody set one
	APIKeySource              string            `json:"apiKeySource"`                 // HEADER or AUTHORIZER
	Endpoint                  Endpoint          `json:"endpointConfiguration"`
	DisableExecuteAPIEndpoint bool              `json:"disableExecuteApiEndpoint"`
	BinaryMediaTypes          []string          `json:"binaryMediaTypes,omitempty"`
	MinimumCompressionSize    *int              `json:"minimumCompressionSize,omitempty"`
	Policy                    Policy            `json:"policy,omitempty"`
	Tags                      map[string]string `json:"tags,omitempty"`
	RootResourceID            string            `json:"rootResourceId"`

	Models                map[string]*Model                `json:"-"` // by name
	Validators            map[string]*RequestValidator     `json:"-"` // by id
	Authorizers           map[string]string                `json:"-"` // name by id; none is ever asked
	DocumentationParts    map[string]*DocumentationPart    `json:"-"` // by id
	DocumentationVersions map[string]*DocumentationVersion `json:"-"` // by version

	Resources        map[string]*Resource        `json:"-"` // by resource id
	GatewayResponses map[string]*GatewayResponse `json:"-"` // by response type; only the customised ones
	Deployments      map[string]*Deployment      `json:"-"` // by deployment id
	Stages           map[string]*Stage           `json:"-"` // by stage name
}

// Endpoint is the endpointConfiguration of APIs and domain names.
type Endpoint struct {
	Types          []string `json:"types"`         // one of EDGE, REGIONAL and PRIVATE
	IPAddressType  string   `json:"ipAddressType"` // ipv4 or dualstack
	VPCEndpointIDs []string `json:"vpcEndpointIds,omitempty"`
}

// Type is the endpoint's only type.
func (e Endpoint) Type() string { return e.Types[0] }

// Policy is a policy document. API Gateway escapes it once more than JSON
// needs, and clients undo it (the provider's flattenAPIPolicy).
type Policy string

// MarshalJSON escapes twice.
func (p Policy) MarshalJSON() ([]byte, error) {
	once, err := json.Marshal(string(p))
	if err != nil {
		return nil, err
	}
	return json.Marshal(strings.TrimSuffix(strings.TrimPrefix(string(once), `"`), `"`))
}

// Time is written as whole seconds since 1970, as REST-JSON has it.
type Time struct{ time.Time }

// MarshalJSON writes seconds.
func (t Time) MarshalJSON() ([]byte, error) { return json.Marshal(t.Unix()) }

// Resource is a node of an API's path tree.
type Resource struct {
	ID       string             `json:"id"`
	ParentID string             `json:"parentId,omitempty"` // empty for the root
	PathPart string             `json:"pathPart,omitempty"` // empty for the root
	Path     string             `json:"path"`               // "/" for the root, else "/a/{b}/{proxy+}"
	Methods  map[string]*Method `json:"-"`
}

// Deployment is a frozen snapshot of an API; editing the API afterwards does
// not change it (fact B4).
type Deployment struct {
	ID          string    `json:"id"`
	Description string    `json:"description,omitempty"`
	CreatedDate Time      `json:"createdDate"`
	Snapshot    *Snapshot `json:"-"`
}

// Snapshot is what a deployment froze: the resources and gateway responses,
// deep-copied, never written again.
type Snapshot struct {
	APIID                     string
	APIName                   string
	EndpointType              string
	DisableExecuteAPIEndpoint bool
	BinaryMediaTypes          []string
	APIKeySource              string
	Resources                 map[string]*Resource
	GatewayResponses          map[string]*GatewayResponse
	Models                    map[string]*Model            // by name
	Validators                map[string]*RequestValidator // by id
}
