package execution

import (
	"encoding/base64"
	"mime"
	"net/url"
	"strings"

	"apigateway-maintenance/internal/emulator/awsproto"
)

// proxyEvent is the event of a proxy integration, version 1.0. What is empty is
// null, as on AWS (fact J9).
type proxyEvent struct {
	Resource          string              `json:"resource"`
	Path              string              `json:"path"`
	HTTPMethod        string              `json:"httpMethod"`
	Headers           map[string]string   `json:"headers"`
	MultiValueHeaders map[string][]string `json:"multiValueHeaders"`
	Query             map[string]string   `json:"queryStringParameters"`
	MultiValueQuery   map[string][]string `json:"multiValueQueryStringParameters"`
	PathParameters    map[string]string   `json:"pathParameters"`
	StageVariables    map[string]string   `json:"stageVariables"`
	RequestContext    eventContext        `json:"requestContext"`
	Body              *string             `json:"body"`
	IsBase64Encoded   bool                `json:"isBase64Encoded"`
}

type eventContext struct {
	AccountID         string        `json:"accountId"`
	APIID             string        `json:"apiId"`
	DeploymentID      string        `json:"deploymentId"`
	DomainName        string        `json:"domainName"`
	DomainPrefix      string        `json:"domainPrefix"`
	ExtendedRequestID string        `json:"extendedRequestId"`
	HTTPMethod        string        `json:"httpMethod"`
	Identity          eventIdentity `json:"identity"`
	Path              string        `json:"path"`
	Protocol          string        `json:"protocol"`
	RequestID         string        `json:"requestId"`
	RequestTime       string        `json:"requestTime"`
	RequestTimeEpoch  int64         `json:"requestTimeEpoch"`
	ResourceID        string        `json:"resourceId"`
	ResourcePath      string        `json:"resourcePath"`
	Stage             string        `json:"stage"`
}

// eventIdentity knows a caller's address alone: methods have no authorization
// here, so that the rest is null.
type eventIdentity struct {
	AccessKey                     *string `json:"accessKey"`
	AccountID                     *string `json:"accountId"`
	Caller                        *string `json:"caller"`
	CognitoAuthenticationProvider *string `json:"cognitoAuthenticationProvider"`
	CognitoAuthenticationType     *string `json:"cognitoAuthenticationType"`
	CognitoIdentityID             *string `json:"cognitoIdentityId"`
	CognitoIdentityPoolID         *string `json:"cognitoIdentityPoolId"`
	PrincipalOrgID                *string `json:"principalOrgId"`
	SourceIP                      string  `json:"sourceIp"`
	User                          *string `json:"user"`
	UserAgent                     *string `json:"userAgent"`
	UserArn                       *string `json:"userArn"`
}

// proxyEvent makes the event. Its path is the client's, a custom domain's base
// path included (fact J9).
func (c *call) proxyEvent() proxyEvent {
	all := c.eventHeaders()
	query := c.eventQuery()
	event := proxyEvent{
		Resource: c.method.resourcePath, Path: c.eventPath(), HTTPMethod: c.verb,
		Headers: lastOf(all), MultiValueHeaders: all, Query: lastOf(query), MultiValueQuery: query,
		PathParameters: orNull(c.pathValues()), StageVariables: orNull(c.place.stage.Stage.Variables),
		RequestContext: c.eventContext(),
	}
	event.Body, event.IsBase64Encoded = c.eventBody()
	return event
}

func (c *call) eventContext() eventContext {
	stage := c.place.stage.Stage
	requestTime, _ := c.variable("requestTime")
	return eventContext{
		AccountID: awsproto.AccountID, APIID: c.place.apiID, DeploymentID: stage.DeploymentID, DomainName: c.place.domain, DomainPrefix: c.place.prefix,
		ExtendedRequestID: c.extendedID, HTTPMethod: c.verb, Path: c.r.URL.EscapedPath(), Protocol: c.r.Proto,
		Identity:  eventIdentity{SourceIP: c.sourceIP(), UserAgent: textOrNull(c.r.UserAgent())},
		RequestID: c.requestID, RequestTime: requestTime, RequestTimeEpoch: c.start.UnixMilli(),
		ResourceID: c.method.resourceID, ResourcePath: c.method.resourcePath, Stage: stage.Name,
	}
}

// eventPath leaves out the stage of an execute-api host, and no base path.
func (c *call) eventPath() string {
	if strings.Contains(c.place.domain, ".execute-api.") {
		return c.place.path
	}
	return c.r.URL.EscapedPath()
}

func (c *call) eventHeaders() map[string][]string {
	spelling := c.spelling()
	all := make(map[string][]string, len(c.r.Header)+5)
	for name, values := range c.r.Header {
		if len(values) > 0 && !hopByHop[name] {
			all[spelling(name)] = values
		}
	}
	for name, value := range map[string]string{
		"Host": c.r.Host, "X-Forwarded-For": c.forwardedFor(), "X-Forwarded-Port": "443", "X-Forwarded-Proto": "https", "X-Amzn-Trace-Id": c.traceID,
	} {
		replaceHeader(all, name, value)
	}
	return all
}

func (c *call) eventQuery() map[string][]string {
	if c.r.URL.RawQuery == "" {
		return nil
	}
	query, _ := url.ParseQuery(strings.ReplaceAll(c.r.URL.RawQuery, ";", "&")) // fact A10
	return orNull(map[string][]string(query))
}

// eventBody is text, or base64 where the API lists the request's type as binary.
func (c *call) eventBody() (body *string, isBase64 bool) {
	if len(c.body) == 0 {
		return nil, false
	}
	text := string(c.body)
	media, _, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	isBase64 = c.program.isBinary(media)
	if isBase64 {
		text = base64.StdEncoding.EncodeToString(c.body)
	}
	return &text, isBase64
}

func lastOf(all map[string][]string) map[string]string {
	if all == nil {
		return nil
	}
	last := make(map[string]string, len(all))
	for name, values := range all {
		last[name] = values[len(values)-1]
	}
	return last
}

func orNull[V any](values map[string]V) map[string]V {
	if len(values) == 0 {
		return nil
	}
	return values
}

func textOrNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
