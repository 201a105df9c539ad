package awsproto

import "net/http"

// Permission is what IAM wants to see allowed before a call: an action on a
// resource, with the condition keys that the service fills in.
type Permission struct {
	Action   string // for example "apigateway:PATCH"
	Resource string // an ARN, or "*" where the action has none
	Context  map[string][]string
}

// Permitted is a Service that can say what IAM asks of its callers.
type Permitted interface {
	// Permissions are all that the call needs; none for one that is open to
	// every caller who signs.
	Permissions(r *Request, operation string) []Permission
}

// AccessDenied is a refusal by IAM as the service's protocol has it (fact J8).
func AccessDenied(service, message string) *Error {
	switch protocolOf(service) {
	case JSON11:
		return &Error{Status: http.StatusBadRequest, Code: "AccessDeniedException", Message: message}
	case RESTXML, Query:
		return &Error{Status: http.StatusForbidden, Code: "AccessDenied", Message: message}
	default:
		return &Error{Status: http.StatusForbidden, Code: "AccessDeniedException", Message: message}
	}
}
