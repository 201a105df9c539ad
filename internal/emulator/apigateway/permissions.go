package apigateway

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"apigateway-maintenance/internal/emulator/awsproto"
)

// Permissions are the HTTP verb as the action, on the path as it is sent, below
// arn:aws:apigateway:REGION::. What is more sensitive has actions of its own
// (fact J8).
func (*Service) Permissions(r *awsproto.Request, operation string) []awsproto.Permission {
	prefix := awsproto.ARN("apigateway", r.Region, "", "")
	needed := []awsproto.Permission{{Action: "apigateway:" + r.Method, Resource: prefix + r.URL.EscapedPath()}}
	also := func(action, resource string) {
		needed = append(needed, awsproto.Permission{Action: "apigateway:" + action, Resource: resource})
	}
	if operation == "TagResource" {
		also(http.MethodPatch, tagged(r))
	}
	content := readSensitive(r.Payload)
	if len(content.Tags) > 0 && strings.HasPrefix(operation, "Create") {
		also(http.MethodPut, prefix+"/tags/"+url.QueryEscape(prefix+r.URL.EscapedPath()+"/")+"*")
	}
	for _, action := range content.actions(operation) {
		also(action, prefix+r.URL.EscapedPath())
	}
	return needed
}

func tagged(r *awsproto.Request) string {
	arn, err := url.PathUnescape(strings.TrimPrefix(r.URL.EscapedPath(), "/tags/"))
	if err != nil {
		return r.URL.EscapedPath()
	}
	return arn
}

// sensitive is the part of a payload, of whatever operation, that needs more
// than its verb.
type sensitive struct {
	Tags            map[string]string `json:"tags"`
	Policy          string            `json:"policy"`
	DocumentPolicy  json.RawMessage   `json:"x-amazon-apigateway-policy"`
	MutualTLS       json.RawMessage   `json:"mutualTlsAuthentication"`
	PatchOperations []struct{ Path, Value string }
}

// readSensitive reads what it can: a payload that is no such JSON holds none of
// it, and the operation judges it.
func readSensitive(payload []byte) sensitive {
	var s sensitive
	_ = json.Unmarshal(payload, &s)
	return s
}

// actions are those beside the verb that an operation needs: for who may call an
// API, and for the certificates that a domain trusts.
func (s sensitive) actions(operation string) []string {
	isAPI, isDomain := strings.HasSuffix(operation, "RestApi"), strings.HasSuffix(operation, "DomainName")
	var actions []string
	if isAPI && (s.Policy != "" || s.DocumentPolicy != nil) {
		actions = append(actions, "UpdateRestApiPolicy")
	}
	if isDomain && s.MutualTLS != nil {
		actions = append(actions, "AddCertificateToDomain")
	}
	for _, patch := range s.PatchOperations {
		switch {
		case isAPI && patch.Path == "/policy":
			actions = append(actions, "UpdateRestApiPolicy")
		case isDomain && strings.HasPrefix(patch.Path, "/mutualTlsAuthentication") && patch.Value != "":
			actions = append(actions, "AddCertificateToDomain")
		case isDomain && strings.HasPrefix(patch.Path, "/mutualTlsAuthentication"):
			actions = append(actions, "RemoveCertificateFromDomain")
		}
	}
	return actions
}
