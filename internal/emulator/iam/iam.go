// Package iam is the emulator's AWS Identity and Access Management: roles with
// their trust policies, inline policies and attachments of the few managed
// policies that a serverless root names. What a role may do is decided by
// package iampolicy; a document that it does not understand is refused when it
// is put.
package iam

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"apigateway-maintenance/internal/emulator/awsproto"
)

// Service answers IAM calls and holds the account's roles. It is safe for
// concurrent use. IAM is global: the region of a call means nothing.
type Service struct {
	now func() time.Time

	mu    sync.RWMutex
	roles map[string]*role // by name
}

// New makes a Service without roles; now may be nil for time.Now.
func New(now func() time.Time) *Service {
	if now == nil {
		now = time.Now
	}
	return &Service{now: now, roles: map[string]*role{}}
}

// Name is "iam".
func (*Service) Name() string { return "iam" }

// operation serves one call; the answer is what goes into the Result element,
// nil for none.
type operation func(s *Service, form url.Values) (any, error)

var operations = map[string]operation{
	"CreateRole":                  (*Service).createRole,
	"GetRole":                     (*Service).getRole,
	"UpdateRole":                  (*Service).updateRole,
	"UpdateRoleDescription":       (*Service).updateRole,
	"UpdateAssumeRolePolicy":      (*Service).updateAssumeRolePolicy,
	"DeleteRole":                  (*Service).deleteRole,
	"TagRole":                     (*Service).tagRole,
	"UntagRole":                   (*Service).untagRole,
	"ListRoleTags":                (*Service).listRoleTags,
	"PutRolePolicy":               (*Service).putRolePolicy,
	"GetRolePolicy":               (*Service).getRolePolicy,
	"DeleteRolePolicy":            (*Service).deleteRolePolicy,
	"ListRolePolicies":            (*Service).listRolePolicies,
	"AttachRolePolicy":            (*Service).attachRolePolicy,
	"DetachRolePolicy":            (*Service).detachRolePolicy,
	"ListAttachedRolePolicies":    (*Service).listAttachedRolePolicies,
	"ListInstanceProfilesForRole": (*Service).listInstanceProfilesForRole,
}

// Operations are all that the service has.
func (*Service) Operations() []string { return slices.Collect(maps.Keys(operations)) }

// Operation gives the Action of the Query protocol, if it is served here.
func (*Service) Operation(r *awsproto.Request) string {
	if action := awsproto.QueryAction(r); operations[action] != nil {
		return action
	}
	return ""
}

// Serve answers the call.
func (s *Service) Serve(w http.ResponseWriter, r *awsproto.Request) error {
	form, err := url.ParseQuery(string(r.Payload))
	if err != nil {
		return awsproto.Errorf(http.StatusBadRequest, "MalformedInput", "the body is no form: %v", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	action := form.Get("Action")
	result, err := operations[action](s, form)
	if err != nil {
		return err
	}
	return writeAnswer(w, action, result, r.ID)
}

// WriteError writes an error in the Query protocol.
func (*Service) WriteError(w http.ResponseWriter, e *awsproto.Error, requestID string) {
	awsproto.Query.WriteError(w, e, requestID)
}

// Inventory counts what exists.
func (s *Service) Inventory() map[string]int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return map[string]int{"iam_roles": len(s.roles)}
}
