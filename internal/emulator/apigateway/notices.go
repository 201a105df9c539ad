package apigateway

// What is stored, read back as AWS would, and not enforced. Each is said once a
// run.
const (
	noticePolicy        = "Resource policies of REST APIs are stored and not enforced: every request is let through."
	noticeCompression   = "minimum_compression_size is stored and not enforced: no answer is compressed."
	noticeCache         = "Cache clusters and caching settings are stored and not enforced: nothing is cached."
	noticeMonitoring    = "Execution logs, metrics and X-Ray tracing are stored as settings, and none is written."
	noticePlans         = "Throttling and quotas of usage plans are stored and not enforced; that a method demands an API key is."
	noticeAuthorization = "Neither signatures of clients nor authorizers are evaluated: methods that demand them refuse every request."
	noticeStrict        = "The endpoint access mode STRICT is stored and not enforced."
)
