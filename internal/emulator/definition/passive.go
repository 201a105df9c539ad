package definition

// What hangs on a REST API, or beside it, and never answers a request by itself.

// Model is a JSON schema of an API's bodies.
type Model struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	Schema      string `json:"schema,omitempty"`
	ContentType string `json:"contentType"`
}

// RequestValidator says what of a request is validated before its integration.
type RequestValidator struct {
	ID                 string `json:"id"`
	Name               string `json:"name,omitempty"`
	ValidateBody       bool   `json:"validateRequestBody"`
	ValidateParameters bool   `json:"validateRequestParameters"`
}

// DocumentationPart documents one place of an API.
type DocumentationPart struct {
	ID         string                `json:"id"`
	Location   DocumentationLocation `json:"location"`
	Properties string                `json:"properties"`
}

// DocumentationLocation is the place.
type DocumentationLocation struct {
	Type       string `json:"type"`
	Path       string `json:"path,omitempty"`
	Method     string `json:"method,omitempty"`
	StatusCode string `json:"statusCode,omitempty"`
	Name       string `json:"name,omitempty"`
}

// DocumentationVersion is a snapshot of an API's documentation.
type DocumentationVersion struct {
	Version     string `json:"version"`
	CreatedDate Time   `json:"createdDate"`
	Description string `json:"description,omitempty"`
}

// APIKey is a key that callers send where a method demands one.
type APIKey struct {
	ID              string            `json:"id"`
	Value           string            `json:"value,omitempty"`
	Name            string            `json:"name,omitempty"`
	CustomerID      string            `json:"customerId,omitempty"`
	Description     string            `json:"description,omitempty"`
	Enabled         bool              `json:"enabled"`
	CreatedDate     Time              `json:"createdDate"`
	LastUpdatedDate Time              `json:"lastUpdatedDate"`
	StageKeys       []string          `json:"stageKeys"`
	Tags            map[string]string `json:"tags,omitempty"`
}

// UsagePlan opens stages to the holders of its keys.
type UsagePlan struct {
	ID          string            `json:"id"`
	Name        string            `json:"name"`
	Description string            `json:"description,omitempty"`
	APIStages   []PlanStage       `json:"apiStages"`
	Throttle    *PlanThrottle     `json:"throttle,omitempty"`
	Quota       *PlanQuota        `json:"quota,omitempty"`
	ProductCode string            `json:"productCode,omitempty"`
	Tags        map[string]string `json:"tags,omitempty"`

	Keys []string `json:"-"` // ids of API keys, oldest first
}

// PlanStage is a stage that a usage plan opens.
type PlanStage struct {
	APIID    string                  `json:"apiId"`
	Stage    string                  `json:"stage"`
	Throttle map[string]PlanThrottle `json:"throttle,omitempty"` // by "/path/METHOD"
}

// PlanThrottle limits the requests of a plan's keys.
type PlanThrottle struct {
	BurstLimit int     `json:"burstLimit"`
	RateLimit  float64 `json:"rateLimit"`
}

// PlanQuota limits them over a longer time.
type PlanQuota struct {
	Limit  int    `json:"limit"`
	Offset int    `json:"offset"`
	Period string `json:"period"` // DAY, WEEK or MONTH
}
