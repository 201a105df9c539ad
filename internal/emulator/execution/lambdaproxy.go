package execution

import (
	"encoding/json"
	"net/http"
	"regexp"
	"time"

	"apigateway-maintenance/internal/emulator/awsproto"
	"apigateway-maintenance/internal/emulator/lambda"
)

// Functions runs Lambda functions.
type Functions interface {
	// Invoke runs a function with one event and waits for its answer.
	Invoke(arn string, payload []byte, traceID string) (lambda.Result, error)
	// MayInvoke says whether a function's resource policy lets a service invoke
	// it for a source.
	MayInvoke(arn, service, sourceARN string) bool
}

// functionURI is the URI of a Lambda integration; its ARN may have come out of
// a stage variable.
var functionURI = regexp.MustCompile(`^arn:aws[a-z-]*:apigateway:[a-z0-9-]+:lambda:path/2015-03-31/functions/(arn:aws[a-z-]*:lambda:[^/]+)/invocations$`)

// lambdaProxy gives the request to a function as an event and answers with what
// the function says (fact J9).
func (c *call) lambdaProxy() *failure {
	arn, ok := c.function()
	if !ok {
		return fail("API_CONFIGURATION_ERROR")
	}
	c.trace()
	payload, err := json.Marshal(c.proxyEvent())
	if err != nil {
		c.log.integrationError = err.Error()
		return fail("API_CONFIGURATION_ERROR")
	}
	result, failed := c.invoke(arn, payload)
	if failed != nil {
		return failed
	}
	c.log.integrationStatus = http.StatusOK
	if result.FunctionError != "" {
		return c.badGateway("Lambda execution failed with status 200 due to customer function error: " + string(result.Payload))
	}
	answer, err := readProxyAnswer(result.Payload)
	if err != nil {
		return c.badGateway("Malformed Lambda proxy response: " + err.Error())
	}
	return c.proxyAnswer(answer)
}

// function is the integration's, if it can be and may be invoked: by POST alone,
// and where its policy names this method of this API (fact J9).
func (c *call) function() (arn string, ok bool) {
	in := c.method.integration
	uri := stageVariable.ReplaceAllStringFunc(in.URI, func(match string) string {
		return c.place.stage.Stage.Variables[stageVariable.FindStringSubmatch(match)[1]]
	})
	named := functionURI.FindStringSubmatch(uri)
	switch {
	case named == nil:
		c.log.integrationError = "the integration's URI is not valid: " + uri
	case in.HTTPMethod != http.MethodPost:
		c.log.integrationError = "Lambda functions are invoked by POST, not " + in.HTTPMethod
	case c.handler.config.Functions == nil || !c.handler.config.Functions.MayInvoke(named[1], "apigateway.amazonaws.com", c.sourceARN()):
		c.log.integrationError = "Invalid permissions on Lambda function"
	default:
		return named[1], true
	}
	return "", false
}

// sourceARN is what a function's policy sees as the caller: the resource as it
// is defined, not the path that was asked for (fact J9).
func (c *call) sourceARN() string {
	return awsproto.ARN("execute-api", c.place.region, awsproto.AccountID,
		c.place.apiID+"/"+c.place.stage.Stage.Name+"/"+c.method.verb+c.method.resourcePath)
}

// invoke waits for the function no longer than the integration may take. The
// function goes on all the same, as on AWS.
func (c *call) invoke(arn string, payload []byte) (lambda.Result, *failure) {
	type outcome struct {
		result lambda.Result
		err    error
	}
	done, begin := make(chan outcome, 1), time.Now()
	go func() {
		result, err := c.handler.config.Functions.Invoke(arn, payload, c.traceID)
		done <- outcome{result, err}
	}()
	timer := time.NewTimer(c.method.integration.timeout())
	defer timer.Stop()
	select {
	case o := <-done:
		c.log.integrationLatency = time.Since(begin)
		if o.err != nil {
			c.log.integrationError = o.err.Error()
			return o.result, fail("API_CONFIGURATION_ERROR")
		}
		return o.result, nil
	case <-timer.C:
		c.log.integrationLatency = time.Since(begin)
		c.log.integrationError = "Execution failed due to a timeout error"
		return lambda.Result{}, fail("INTEGRATION_TIMEOUT")
	}
}

// timeout is how long an integration may take.
func (in *integration) timeout() time.Duration {
	if in.TimeoutInMillis > 0 {
		return time.Duration(in.TimeoutInMillis) * time.Millisecond
	}
	return defaultTimeout
}

// badGateway is the answer to a function that fails or answers nonsense. No
// gateway response but the default one is for it (fact J9).
func (c *call) badGateway(why string) *failure {
	c.log.integrationError = why
	return &failure{kind: "DEFAULT_5XX", status: http.StatusBadGateway}
}
