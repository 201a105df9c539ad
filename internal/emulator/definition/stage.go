package definition

// Stage names a deployment under a path segment and holds run-time settings.
type Stage struct {
	Name                 string                    `json:"stageName"`
	DeploymentID         string                    `json:"deploymentId"`
	Description          string                    `json:"description,omitempty"`
	CreatedDate          Time                      `json:"createdDate"`
	LastUpdatedDate      Time                      `json:"lastUpdatedDate"`
	Variables            map[string]string         `json:"variables,omitempty"`
	Tags                 map[string]string         `json:"tags,omitempty"`
	MethodSettings       map[string]*MethodSetting `json:"methodSettings"` // by "*/*" or "resource~1path/METHOD" as the API spells it
	AccessLog            *AccessLog                `json:"accessLogSettings,omitempty"`
	Canary               *Canary                   `json:"canarySettings,omitempty"`
	TracingEnabled       bool                      `json:"tracingEnabled"`
	CacheClusterEnabled  bool                      `json:"cacheClusterEnabled"`
	CacheClusterSize     string                    `json:"cacheClusterSize,omitempty"`
	CacheClusterStatus   string                    `json:"cacheClusterStatus"`
	ClientCertificateID  string                    `json:"clientCertificateId,omitempty"`
	DocumentationVersion string                    `json:"documentationVersion,omitempty"`
}

// Canary is a second deployment that a share of a stage's requests goes to.
type Canary struct {
	DeploymentID           string            `json:"deploymentId"`
	PercentTraffic         float64           `json:"percentTraffic"`
	StageVariableOverrides map[string]string `json:"stageVariableOverrides,omitempty"`
	UseStageCache          bool              `json:"useStageCache"`
}

// AccessLog says where a stage's access log goes, and what a line is.
type AccessLog struct {
	Format      string `json:"format,omitempty"`
	Destination string `json:"destinationArn,omitempty"`
}

// MethodSetting holds a stage's settings for a method; only throttling acts in
// the emulator.
type MethodSetting struct {
	ThrottlingRateLimit  float64 `json:"throttlingRateLimit"`  // requests a second; -1: none
	ThrottlingBurstLimit int     `json:"throttlingBurstLimit"` // requests; -1: none
	MetricsEnabled       bool    `json:"metricsEnabled"`
	LoggingLevel         string  `json:"loggingLevel,omitempty"`
	DataTraceEnabled     bool    `json:"dataTraceEnabled"`
	CachingEnabled       bool    `json:"cachingEnabled"`
	CacheTTLInSeconds    int     `json:"cacheTtlInSeconds"`
	CacheDataEncrypted   bool    `json:"cacheDataEncrypted"`

	RequireAuthorizationForCacheControl    bool   `json:"requireAuthorizationForCacheControl"`
	UnauthorizedCacheControlHeaderStrategy string `json:"unauthorizedCacheControlHeaderStrategy"`
}
