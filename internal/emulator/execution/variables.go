package execution

import (
	"strconv"

	"apigateway-maintenance/internal/emulator/awsproto"
)

// variable gives a $context variable of the request (AWS page "Mapping
// template and access logging variable reference").
func (c *call) variable(name string) (string, bool) {
	switch name {
	case "requestId":
		return c.requestID, true
	case "extendedRequestId":
		return c.extendedID, true
	case "accountId":
		return awsproto.AccountID, true
	case "apiId":
		return c.place.apiID, true
	case "stage":
		return c.place.stage.Stage.Name, true
	case "deploymentId":
		return c.place.stage.Stage.DeploymentID, true
	case "isCanaryRequest":
		return strconv.FormatBool(c.place.canary), true
	case "domainName":
		return c.place.domain, true
	case "domainPrefix":
		return c.place.prefix, true
	case "httpMethod":
		return c.verb, true
	case "path":
		return c.r.URL.EscapedPath(), true
	case "protocol":
		return c.r.Proto, true
	case "requestTime":
		return c.start.UTC().Format("02/Jan/2006:15:04:05 -0700"), true
	case "requestTimeEpoch":
		return strconv.FormatInt(c.start.UnixMilli(), 10), true
	case "identity.sourceIp":
		return c.sourceIP(), true
	case "identity.apiKey":
		return c.r.Header.Get("X-Api-Key"), c.r.Header.Get("X-Api-Key") != ""
	case "identity.userAgent":
		return c.r.UserAgent(), true
	case "xrayTraceId":
		return c.traceID, c.traceID != ""
	}
	if c.method != nil {
		switch name {
		case "resourceId":
			return c.method.resourceID, true
		case "resourcePath":
			return c.method.resourcePath, true
		}
	}
	return c.failure.variable(name)
}

// logVariable adds what only access logs may show.
func (c *call) logVariable(name string) (string, bool) {
	switch name {
	case "status":
		return strconv.Itoa(c.log.status), true
	case "responseLength":
		return strconv.Itoa(c.log.length), true
	case "responseLatency":
		return strconv.FormatInt(c.handler.config.Now().Sub(c.start).Milliseconds(), 10), true
	case "integrationStatus", "integration.status", "integration.integrationStatus":
		return strconv.Itoa(c.log.integrationStatus), c.log.integrationStatus != 0
	case "integrationLatency", "integration.latency":
		return strconv.FormatInt(c.log.integrationLatency.Milliseconds(), 10), c.log.integrationLatency > 0
	case "integrationErrorMessage", "integration.error":
		return c.log.integrationError, c.log.integrationError != ""
	case "customDomain.basePathMatched":
		return c.place.basePath, c.place.basePath != ""
	case "endpointType":
		return c.place.stage.Snapshot.EndpointType, true
	}
	return c.variable(name)
}

// writeAccessLog hands out the stage's line, with "-" for what has no value.
func (c *call) writeAccessLog() {
	accessLog := c.place.stage.Stage.AccessLog
	if c.handler.config.AccessLog == nil || accessLog == nil {
		return
	}
	c.handler.config.AccessLog(accessLog.Destination, substitute(accessLog.Format, anyName, func(root, name string) (string, bool) {
		if root != "context" {
			return "", false
		}
		if value, ok := c.logVariable(name); ok && value != "" {
			return value, true
		}
		return "-", true
	}))
}
