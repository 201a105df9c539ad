package apigateway

import (
	"regexp"
	"slices"
	"strings"

	"apigateway-maintenance/internal/emulator/definition"
)

// stagePaths is AWS's own list, with its typing errors (recorded by
// LocalStack's validated test_create_update_stages).
const stagePaths = "/deploymentId, /description, /cacheClusterEnabled, /cacheClusterSize, /clientCertificateId, /accessLogSettings, " +
	"/accessLogSettings/destinationArn, /accessLogSettings/format, /{resourcePath}/{httpMethod}/metrics/enabled, " +
	"/{resourcePath}/{httpMethod}/logging/dataTrace, /{resourcePath}/{httpMethod}/logging/loglevel, " +
	"/{resourcePath}/{httpMethod}/throttling/burstLimit/{resourcePath}/{httpMethod}/throttling/rateLimit/{resourcePath}/{httpMethod}/caching/ttlInSeconds, " +
	"/{resourcePath}/{httpMethod}/caching/enabled, /{resourcePath}/{httpMethod}/caching/dataEncrypted, " +
	"/{resourcePath}/{httpMethod}/caching/requireAuthorizationForCacheControl, " +
	"/{resourcePath}/{httpMethod}/caching/unauthorizedCacheControlHeaderStrategy, /*/*/metrics/enabled, /*/*/logging/dataTrace, " +
	"/*/*/logging/loglevel, /*/*/throttling/burstLimit /*/*/throttling/rateLimit /*/*/caching/ttlInSeconds, /*/*/caching/enabled, " +
	"/*/*/caching/dataEncrypted, /*/*/caching/requireAuthorizationForCacheControl, " +
	"/*/*/caching/unauthorizedCacheControlHeaderStrategy, /variables/{variable_name}, /tracingEnabled"

func (c *call) patchStage(api *definition.API, stage *definition.Stage, p patchOperation) error {
	path := *p.Path
	switch {
	case p.Op == "copy":
		return promoteCanary(stage, p)
	case strings.HasPrefix(path, "/canarySettings"):
		return patchCanary(stage, p)
	case strings.HasPrefix(path, "/variables/"):
		if p.Op == "remove" {
			delete(stage.Variables, strings.TrimPrefix(path, "/variables/"))
			return nil
		}
		p.Op = "add" // replace makes a variable that is not there: the provider counts on it
		return patchMember(&stage.Variables, p, asText, "")
	case path == "/accessLogSettings" && p.Op == "remove":
		stage.AccessLog = nil
		return nil
	case p.Op == "remove":
		return removeMethodSetting(stage, p)
	case strings.HasPrefix(path, "/accessLogSettings"):
		return patchAccessLog(stage, p)
	case strings.Count(path, "/") > 1:
		return patchMethodSetting(stage, p)
	case p.Op != "replace":
		return badRequest("Invalid patch operation specified. Must be one of: [replace]")
	}
	switch path {
	case "/deploymentId":
		if api.Deployments[p.value()] == nil {
			return badRequest(noDeployment)
		}
		stage.DeploymentID = p.value()
	case "/description":
		stage.Description = p.value()
	case "/tracingEnabled":
		stage.TracingEnabled = isTrue(p.Value)
	case "/cacheClusterEnabled":
		stage.CacheClusterEnabled = isTrue(p.Value)
	case "/cacheClusterSize":
		stage.CacheClusterSize = p.value()
	case "/clientCertificateId":
		if p.value() != "" {
			return unsupported("client certificates for backends")
		}
	case "/documentationVersion":
		if p.value() != "" && api.DocumentationVersions[p.value()] == nil {
			return notFound(noSuchVersion)
		}
		stage.DocumentationVersion = p.value()
	default:
		return badRequest("Invalid method setting path: %s. Must be one of: [%s]", path, stagePaths)
	}
	return nil
}

func patchAccessLog(stage *definition.Stage, p patchOperation) error {
	switch *p.Path {
	case "/accessLogSettings/destinationArn", "/accessLogSettings/format":
	default:
		return badRequest("Invalid accessLogSettings path. Must be one of : [/accessLogSettings/destinationArn, /accessLogSettings/format]")
	}
	switch {
	case !slices.Contains([]string{"add", "replace"}, p.Op):
		return badRequest("Invalid patch operation specified. Must be 'add'|'remove'|'replace'")
	case p.value() == "":
		return badRequest("Access Log value must not be empty")
	}
	if stage.AccessLog == nil {
		stage.AccessLog = &definition.AccessLog{}
	}
	if strings.HasSuffix(*p.Path, "/format") {
		stage.AccessLog.Format = p.value()
	} else {
		stage.AccessLog.Destination = p.value()
	}
	return nil
}

var accessLogDestination = regexp.MustCompile(`^arn:[^:]+:(logs:[^:]*:[^:]*:log-group:.+|firehose:[^:]*:[^:]*:deliverystream/amazon-apigateway-.+)$`)

// checkLogging demands what API Gateway demands before it writes a log: a
// destination that takes one, a request id in the format, the account's role.
func (c *call) checkLogging(stage *definition.Stage) error {
	accessLog := stage.AccessLog
	switch {
	case accessLog == nil:
	case accessLog.Destination != "" && !accessLogDestination.MatchString(accessLog.Destination):
		return badRequest("Invalid ARN specified in the request. ARNs must start with 'arn:aws' and name a log group, or a Firehose delivery stream whose name begins with amazon-apigateway-")
	case accessLog.Format != "" && !strings.Contains(accessLog.Format, "$context.requestId") && !strings.Contains(accessLog.Format, "$context.extendedRequestId"):
		return badRequest("Access log format must contain at least $context.requestId or $context.extendedRequestId")
	}
	logging := accessLog != nil
	for _, setting := range stage.MethodSettings {
		if setting.CachingEnabled {
			c.service.config.Notice(noticeCache)
		}
		if setting.MetricsEnabled || setting.DataTraceEnabled || (setting.LoggingLevel != "" && setting.LoggingLevel != "OFF") {
			c.service.config.Notice(noticeMonitoring)
		}
		logging = logging || (setting.LoggingLevel != "" && setting.LoggingLevel != "OFF")
	}
	if logging && c.region.cloudWatchRoleArn == "" {
		return badRequest("CloudWatch Logs role ARN must be set in account settings to enable logging")
	}
	return nil
}
