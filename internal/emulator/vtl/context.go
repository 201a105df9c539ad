package vtl

// Context is what one execution sees of its request. It must not be shared by
// executions that run at the same time; a request template and the response
// template after it may share one, so that overrides travel (fact A4).
type Context struct {
	Body   string            // the payload that $input reads
	Path   map[string]string // $input.params().path
	Query  map[string]string // $input.params().querystring
	Header map[string]string // $input.params().header, names as the API sees them: case-sensitive (fact C2)
	// Variable gives $context variables by dotted name without "$context.",
	// for example "identity.sourceIp". A known variable that the request has
	// no value for renders empty. May be nil.
	Variable       func(name string) (string, bool)
	StageVariables map[string]string
	// Overrides collects what the template sets; Execute makes it if nil.
	Overrides *Overrides
}

// Overrides holds what templates set through $context.responseOverride and
// $context.requestOverride. Setting the same one twice is an error, as on AWS
// (AWS page "Override request and response parameters and status codes",
// fact A4).
type Overrides struct {
	Status         int               // $context.responseOverride.status; 0: not set
	ResponseHeader map[string]string // $context.responseOverride.header
	RequestHeader  map[string]string // $context.requestOverride.header
	RequestPath    map[string]string // $context.requestOverride.path
	RequestQuery   map[string]string // $context.requestOverride.querystring
	Custom         map[string]string // what else templates hand on, by its whole name
}
