// Package iampolicy decides, as AWS IAM does, whether policies allow a call. It
// knows a part of the policy language and refuses, when a policy is read, all
// that it does not know: what it took decides without surprises.
//
// It stands alone, so that whatever in the embedded AWS has a policy can ask it:
// the credentials of a caller, the role of a function, the permission on a
// resource.
package iampolicy

import (
	"slices"
	"strings"
)

// Kind is where a policy is attached, which decides what its statements name.
type Kind int

// The kinds of policies.
const (
	Identity Kind = iota // to a user or role: resources, no principals
	Trust                // to a role: principals, no resources
	Resource             // to a resource: principals and resources
)

// Decision is the outcome of an evaluation. The zero value is no permission.
type Decision int

// The decisions: what nothing allows is denied.
const (
	ImplicitDeny Decision = iota
	ExplicitDeny
	Allow
)

// Principal is who calls: an AWS service or an ARN of a user or role, one of them.
type Principal struct {
	Service string // for example "scheduler.amazonaws.com"
	ARN     string // for example "arn:aws:iam::123456789012:user/operator"
}

// Request is a call that somebody wants to make.
type Request struct {
	Principal Principal // only Trust and Resource policies ask
	Action    string    // for example "apigateway:PATCH"
	Resource  string    // an ARN, or "*" for an action that has no resource; Trust policies do not ask
	Context   Context
}

// Context is the values of condition keys; a key without values is absent.
type Context map[string][]string

// values looks a key up; upper and lower case are the same.
func (c Context) values(key string) []string {
	for name, values := range c {
		if strings.EqualFold(name, key) {
			return values
		}
	}
	return nil
}

// Policy is a policy that was read and is understood. See Parse.
type Policy struct{ statements []statement }

// statement applies to a request if all of its parts do. A part that the kind
// of policy does not have is nil and always applies.
type statement struct {
	effect     Decision // Allow or ExplicitDeny
	principals []principalPattern
	actions    *patterns
	resources  *patterns
	conditions []condition
}

// Evaluate decides as IAM does within one account: a statement that denies wins,
// otherwise one that allows is needed.
func Evaluate(request Request, policies ...*Policy) Decision {
	decision := ImplicitDeny
	for _, policy := range policies {
		for _, s := range policy.statements {
			if !s.appliesTo(request) {
				continue
			}
			if s.effect == ExplicitDeny {
				return ExplicitDeny
			}
			decision = Allow
		}
	}
	return decision
}

func (s statement) appliesTo(r Request) bool {
	if s.principals != nil && !slices.ContainsFunc(s.principals, func(p principalPattern) bool { return p.matches(r.Principal) }) {
		return false
	}
	if !s.actions.cover(r.Action) {
		return false
	}
	if s.resources != nil && !s.resources.cover(r.Resource) {
		return false
	}
	for _, c := range s.conditions {
		if !c.holds(r.Context) {
			return false
		}
	}
	return true
}

// String names a decision as IAM's policy simulator does, without its blanks.
func (d Decision) String() string {
	return [...]string{ImplicitDeny: "ImplicitDeny", ExplicitDeny: "ExplicitDeny", Allow: "Allow"}[d]
}
