package emulator

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"apigateway-maintenance/internal/emulator/awsproto"
	"apigateway-maintenance/internal/emulator/iampolicy"
)

// accessKey and secretKey are the pair that Env names, whose owner may do
// everything. They open nothing but this process's memory.
const (
	accessKey = "AKIAEMULATOREXAMPLE1"
	secretKey = "emulated/secret/that/opens/nothing/else1"
)

// User is an IAM user with a pair of keys who may do what its policies say.
type User struct {
	emulator  *Emulator
	arn, id   string
	accessKey string

	mu       sync.Mutex
	policies []*iampolicy.Policy
}

// AddUser makes a user with policies as JSON documents; without any, all that
// needs permission is denied. A document that is not understood is refused.
func (e *Emulator) AddUser(name string, policies ...string) (*User, error) {
	e.usersLock.Lock()
	defer e.usersLock.Unlock()
	number := len(e.users) + 2
	u := &User{
		emulator:  e,
		arn:       "arn:aws:iam::" + awsproto.AccountID + ":user/" + name,
		id:        fmt.Sprintf("AIDAEMULATOREXAMPLE%02d", number),
		accessKey: fmt.Sprintf("AKIAEMULATOREXAMPLE%d", number),
	}
	if err := u.SetPolicies(policies...); err != nil {
		return nil, err
	}
	e.users[u.accessKey] = u
	return u, nil
}

// SetPolicies replaces the user's policies from now on.
func (u *User) SetPolicies(documents ...string) error {
	var policies []*iampolicy.Policy
	for _, document := range documents {
		policy, err := iampolicy.Parse(iampolicy.Identity, document, conditionKeys)
		if err != nil {
			return err
		}
		policies = append(policies, policy)
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.policies = policies
	return nil
}

// Env is the emulator's, with the user's keys.
func (u *User) Env() []string {
	env := u.emulator.Env()
	for i, entry := range env {
		if strings.HasPrefix(entry, "AWS_ACCESS_KEY_ID=") {
			env[i] = "AWS_ACCESS_KEY_ID=" + u.accessKey
		}
	}
	return env
}

// secret gives the secret key of an access key. All users share the one: it is
// the access key that tells them apart.
func (e *Emulator) secret(key string) (string, bool) {
	return secretKey, key == accessKey || e.user(key) != nil
}

// user is nil for the owner of the first pair, who may do everything.
func (e *Emulator) user(key string) *User {
	e.usersLock.Lock()
	defer e.usersLock.Unlock()
	return e.users[key]
}

// identity tells STS who holds an access key.
func (e *Emulator) identity(key string) (arn, id string) {
	if u := e.user(key); u != nil {
		return u.arn, u.id
	}
	return "arn:aws:iam::" + awsproto.AccountID + ":user/emulator", "AIDAEMULATOREXAMPLE01"
}

func (u *User) evaluate(p awsproto.Permission) iampolicy.Decision {
	u.mu.Lock()
	policies := slices.Clone(u.policies)
	u.mu.Unlock()
	return iampolicy.Evaluate(iampolicy.Request{Action: p.Action, Resource: p.Resource, Context: p.Context}, policies...)
}
