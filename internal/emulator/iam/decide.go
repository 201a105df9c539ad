package iam

import (
	"crypto/rand"
	"regexp"

	"apigateway-maintenance/internal/emulator/iampolicy"
)

// conditionKeys are those that the services fill in when they ask.
var conditionKeys = iampolicy.Keys{"aws:SourceArn": iampolicy.Single, "aws:SourceAccount": iampolicy.Single}

var policyName = regexp.MustCompile(`^[\w+=,.@-]{1,128}$`)

// CanBeAssumed says whether the role of an ARN exists and trusts a service,
// such as lambda.amazonaws.com. The context holds aws:SourceArn and
// aws:SourceAccount where the service has them.
func (s *Service) CanBeAssumed(arn, service string, context iampolicy.Context) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	r := s.byARN(arn)
	if r == nil {
		return false
	}
	return iampolicy.Evaluate(iampolicy.Request{Principal: iampolicy.Principal{Service: service}, Action: "sts:AssumeRole", Context: context}, r.trust) == iampolicy.Allow
}

// May says whether the role of an ARN may make a call.
func (s *Service) May(arn, action, resource string) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	r := s.byARN(arn)
	if r == nil {
		return false
	}
	return iampolicy.Evaluate(iampolicy.Request{Action: action, Resource: resource}, r.policies()...) == iampolicy.Allow
}

func (s *Service) byARN(arn string) *role {
	for _, r := range s.roles {
		if r.arn() == arn {
			return r
		}
	}
	return nil
}

func (r *role) policies() []*iampolicy.Policy {
	var all []*iampolicy.Policy
	for _, p := range r.inline {
		all = append(all, p.policy)
	}
	for _, arn := range r.attached {
		all = append(all, managedPolicies[arn])
	}
	return all
}

var managedPolicies = readManaged()

// readManaged reads texts of ours: one that cannot be read is a fault of ours.
func readManaged() map[string]*iampolicy.Policy {
	all := map[string]*iampolicy.Policy{}
	for arn, text := range managed {
		policy, err := iampolicy.Parse(iampolicy.Identity, text, conditionKeys)
		if err != nil {
			panic(arn + ": " + err.Error())
		}
		all[arn] = policy
	}
	return all
}

// newID is the random part of an IAM id: 17 letters and digits.
func newID() string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	id := make([]byte, 17)
	_, _ = rand.Read(id) // never fails (crypto/rand)
	for i, b := range id {
		id[i] = alphabet[b%32]
	}
	return string(id)
}
