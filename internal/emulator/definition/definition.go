// Package definition holds the objects of API Gateway that the control plane
// writes and the execution service reads: REST APIs and their parts, stages,
// deployments, domain names, base path mappings. It has no behaviour beyond
// copying, and imports nothing of the emulator.
package definition

import "time"

// API is a REST API as the control plane edits it. What callers reach is never
// an API but the Snapshot that a deployment froze.
type API struct {
	ID                        string
	Name                      string
	Description               string
	Version                   string
	CreatedDate               time.Time
	APIKeySource              string // HEADER or AUTHORIZER
	EndpointType              string // EDGE, REGIONAL or PRIVATE
	IPAddressType             string // ipv4 or dualstack
	VPCEndpointIDs            []string
	DisableExecuteAPIEndpoint bool
	BinaryMediaTypes          []string
	MinimumCompressionSize    *int
	Policy                    string
	Tags                      map[string]string
	RootResourceID            string
	Resources                 map[string]*Resource        // by resource id
	GatewayResponses          map[string]*GatewayResponse // by response type; only the customised ones
	Deployments               map[string]*Deployment      // by deployment id
	Stages                    map[string]*Stage           // by stage name
}

// Resource is a node of an API's path tree.
type Resource struct {
	ID       string
	ParentID string // empty for the root
	PathPart string // empty for the root
	Path     string // "/" for the root, else "/a/{b}/{proxy+}"
	Methods  map[string]*Method
}

// Method is a verb (or ANY) on a resource.
type Method struct {
	HTTPMethod        string
	AuthorizationType string
	AuthorizerID      string
	APIKeyRequired    bool
	OperationName     string
	RequestParameters map[string]bool   // "method.request.path.proxy" -> required
	RequestModels     map[string]string // media type -> model name
	Responses         map[string]*MethodResponse
	Integration       *Integration
}

// MethodResponse declares a status and the headers that an integration
// response may map for it.
type MethodResponse struct {
	StatusCode         string
	ResponseParameters map[string]bool   // "method.response.header.X" -> required
	ResponseModels     map[string]string // media type -> model name
}

// Integration is what a method calls.
type Integration struct {
	Type                string // MOCK, HTTP, HTTP_PROXY
	HTTPMethod          string
	URI                 string
	ConnectionType      string
	ConnectionID        string
	PassthroughBehavior string // WHEN_NO_MATCH, WHEN_NO_TEMPLATES, NEVER
	ContentHandling     string
	TimeoutInMillis     int
	CacheNamespace      string
	CacheKeyParameters  []string
	RequestParameters   map[string]string
	RequestTemplates    map[string]string // media type -> mapping template
	Responses           map[string]*IntegrationResponse
}

// IntegrationResponse turns an integration's answer into the method's.
// An empty SelectionPattern makes it the default.
type IntegrationResponse struct {
	StatusCode         string
	SelectionPattern   string
	ContentHandling    string
	ResponseParameters map[string]string // "method.response.header.X" -> "'literal'" or a source expression
	ResponseTemplates  map[string]string // media type -> mapping template
}

// GatewayResponse is a customised answer for what never reaches a method.
type GatewayResponse struct {
	ResponseType       string
	StatusCode         string            // empty: the type's own status
	ResponseParameters map[string]string // "gatewayresponse.header.X" -> "'literal'" or a source expression
	ResponseTemplates  map[string]string
}

// Deployment is a frozen snapshot of an API; editing the API afterwards does
// not change it (facts B4, I).
type Deployment struct {
	ID          string
	Description string
	CreatedDate time.Time
	Snapshot    *Snapshot
}

// Snapshot is what a deployment froze: the resources and gateway responses,
// deep-copied, never written again.
type Snapshot struct {
	APIID                     string
	APIName                   string
	EndpointType              string
	DisableExecuteAPIEndpoint bool
	BinaryMediaTypes          []string
	Resources                 map[string]*Resource
	GatewayResponses          map[string]*GatewayResponse
}

// Stage names a deployment under a path segment and holds run-time settings.
type Stage struct {
	Name                 string
	DeploymentID         string
	Description          string
	CreatedDate          time.Time
	LastUpdatedDate      time.Time
	Variables            map[string]string
	Tags                 map[string]string
	MethodSettings       map[string]*MethodSetting // by "*/*" or "resource~1path/METHOD" as the API spells it
	AccessLogDestination string
	AccessLogFormat      string
	TracingEnabled       bool
	CacheClusterEnabled  bool
	CacheClusterSize     string
	ClientCertificateID  string
	DocumentationVersion string
	WebACLArn            string
}

// MethodSetting holds a stage's settings for a method; only throttling acts in
// the emulator.
type MethodSetting struct {
	ThrottlingRateLimit  float64 // requests a second; -1: none
	ThrottlingBurstLimit int     // requests; -1: none
	MetricsEnabled       bool
	LoggingLevel         string
	DataTraceEnabled     bool
	CachingEnabled       bool
	CacheTTLInSeconds    int
	CacheDataEncrypted   bool

	RequireAuthorizationForCacheControl    bool
	UnauthorizedCacheControlHeaderStrategy string
}

// DomainName is a custom domain name.
type DomainName struct {
	Name                     string
	EndpointType             string // EDGE or REGIONAL
	IPAddressType            string // ipv4 or dualstack
	SecurityPolicy           string // TLS_1_0 or TLS_1_2
	CertificateArn           string // EDGE
	RegionalCertificateArn   string // REGIONAL
	CertificateUploadDate    time.Time
	DistributionDomainName   string // EDGE: dxxxx.cloudfront.net
	DistributionHostedZoneID string // EDGE: always Z2FDTNDATAQYW2
	RegionalDomainName       string // REGIONAL: d-xxxx.execute-api.{region}.amazonaws.com
	RegionalHostedZoneID     string
	TruststoreURI            string
	TruststoreVersion        string
	OwnershipCertificateArn  string
	Tags                     map[string]string
	Mappings                 map[string]*BasePathMapping // by base path, "" for the root
}

// BasePathMapping routes a base path of a domain to a stage of an API.
type BasePathMapping struct {
	BasePath  string // "" for the root
	RestAPIID string
	Stage     string // empty: the caller names the stage as first path segment
}
