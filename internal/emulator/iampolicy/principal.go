package iampolicy

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// principalPattern is one entry of a Principal element.
type principalPattern struct {
	anyone  bool
	service string
	account string // everybody of that account
	arn     string
}

func (p principalPattern) matches(who Principal) bool {
	switch {
	case p.anyone:
		return true
	case p.service != "":
		return p.service == who.Service
	case p.account != "":
		parts := strings.SplitN(who.ARN, ":", arnParts)
		return len(parts) == arnParts && parts[4] == p.account
	default:
		return p.arn == who.ARN
	}
}

var (
	accountForm = regexp.MustCompile(`^(?:([0-9]{12})|arn:aws:iam::([0-9]{12}):root)$`)
	serviceForm = regexp.MustCompile(`^[a-z0-9.-]+\.amazonaws\.com$`)
	iamARNForm  = regexp.MustCompile(`^arn:aws:(iam|sts)::[0-9]{12}:(user|role|assumed-role)/[^*?]+$`)
)

func parsePrincipals(kind Kind, given *principalJSON) ([]principalPattern, error) {
	if kind == Identity {
		if given != nil {
			return nil, errors.New("a policy of a user or role has no Principal")
		}
		return nil, nil
	}
	if given == nil {
		return nil, errors.New("want a Principal")
	}
	if given.Anyone {
		return []principalPattern{{anyone: true}}, nil
	}
	var list []principalPattern
	for _, service := range given.Service {
		if !serviceForm.MatchString(service) {
			return nil, fmt.Errorf("the principal %q is not a service", service)
		}
		list = append(list, principalPattern{service: service})
	}
	for _, name := range given.AWS {
		account := accountForm.FindStringSubmatch(name)
		switch {
		case name == "*":
			list = append(list, principalPattern{anyone: true})
		case account != nil:
			list = append(list, principalPattern{account: account[1] + account[2]})
		case iamARNForm.MatchString(name):
			list = append(list, principalPattern{arn: name})
		default:
			return nil, fmt.Errorf("the principal %q is not understood", name)
		}
	}
	if len(list) == 0 {
		return nil, errors.New("the Principal names nobody")
	}
	return list, nil
}
