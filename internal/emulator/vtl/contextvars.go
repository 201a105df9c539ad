package vtl

import (
	"fmt"
	"strings"
)

// contextVariables are those that mapping templates may read (AWS page
// "Mapping template and access logging variable reference").
var contextVariables = map[string]bool{}

func init() {
	for _, name := range strings.Fields(`
		accountId apiId awsEndpointRequestId deploymentId domainName domainPrefix
		error.message error.messageString error.responseType error.validationErrorString
		extendedRequestId httpMethod isCanaryRequest path protocol requestId requestTime
		requestTimeEpoch resourceId resourcePath stage wafResponseCode webaclArn xrayTraceId
		authorizer.principalId
		identity.accountId identity.apiKey identity.apiKeyId identity.caller
		identity.cognitoAuthenticationProvider identity.cognitoAuthenticationType
		identity.cognitoIdentityId identity.cognitoIdentityPoolId identity.principalOrgId
		identity.sourceIp identity.user identity.userAgent identity.userArn
		identity.vpcId identity.vpceId
		identity.clientCert.clientCertPem identity.clientCert.subjectDN identity.clientCert.issuerDN
		identity.clientCert.serialNumber identity.clientCert.validity.notBefore identity.clientCert.validity.notAfter
	`) {
		contextVariables[name] = true
	}
}

// IsContextVariable tells whether $context has the name (without "$context."); an authorizer may
// add any property of its own.
func IsContextVariable(name string) bool {
	if contextVariables[name] {
		return true
	}
	rest, ok := strings.CutPrefix(name, "authorizer.claims.")
	if !ok {
		rest, ok = strings.CutPrefix(name, "authorizer.")
	}
	return ok && rest != "claims" && !strings.Contains(rest, ".")
}

// contextValue gives a variable or an override that was set before. A variable
// that the request has no value for is empty.
func (x *execution) contextValue(name string) any {
	if strings.HasPrefix(name, "responseOverride.") || strings.HasPrefix(name, "requestOverride.") {
		return x.ctx.Overrides.get(name)
	}
	if x.ctx.Variable != nil {
		if value, ok := x.ctx.Variable(name); ok {
			return value
		}
	}
	return ""
}

// target finds the map that holds overrides of a kind, and the parameter's name.
func (o *Overrides) target(name string) (*map[string]string, string) {
	kinds := map[string]*map[string]string{
		"responseOverride.header.":     &o.ResponseHeader,
		"requestOverride.header.":      &o.RequestHeader,
		"requestOverride.path.":        &o.RequestPath,
		"requestOverride.querystring.": &o.RequestQuery,
	}
	for prefix, into := range kinds {
		if parameter, ok := strings.CutPrefix(name, prefix); ok {
			return into, parameter
		}
	}
	return &o.Custom, name
}

func (o *Overrides) get(name string) any {
	if name == overrideStatus {
		if o.Status == 0 {
			return nil
		}
		return int64(o.Status)
	}
	into, parameter := o.target(name)
	if value, ok := (*into)[parameter]; ok {
		return value
	}
	return nil
}

// set stores an override once. A status that is no integer from 100 to 599 is
// ignored, as on AWS.
func (o *Overrides) set(name string, value any) error {
	if name == overrideStatus {
		status, ok := value.(int64)
		if !ok || status < 100 || status > 599 {
			return nil
		}
		if o.Status != 0 {
			return fmt.Errorf("$context.%s is set twice", name)
		}
		o.Status = int(status)
		return nil
	}
	text, err := display(value)
	if err != nil {
		return fmt.Errorf("$context.%s: %w", name, err)
	}
	into, parameter := o.target(name)
	for earlier := range *into {
		same := earlier == parameter
		if strings.Contains(name, ".header.") {
			same = strings.EqualFold(earlier, parameter)
		}
		if same {
			return fmt.Errorf("$context.%s is set twice", name)
		}
	}
	if *into == nil {
		*into = map[string]string{}
	}
	(*into)[parameter] = text
	return nil
}
