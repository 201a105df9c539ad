package emulator

import (
	"fmt"
	"strings"
	"sync"

	"apigateway-maintenance/internal/emulator/awsproto"
	"apigateway-maintenance/internal/emulator/iampolicy"
)

// accessKey and secretKey are the pair that Env names. They open nothing but
// this process's memory.
const (
	accessKey = "AKIAEMULATOREXAMPLE1"
	secretKey = "emulated/secret/that/opens/nothing/else1"
)

// everything is what the first user may do.
const everything = `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`

// User is an IAM user with a pair of keys who may do what its policies say.
type User struct {
	emulator  *Emulator
	arn, id   string
	accessKey string

	mu       sync.Mutex
	policies []*iampolicy.Policy
}

// users are all users, by access key.
type users struct {
	mu    sync.Mutex
	byKey map[string]*User
}

func (u *users) find(accessKey string) *User {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.byKey[accessKey]
}

// FirstUser is the one whose keys Env names. It may do everything, until its
// policies are set.
func (e *Emulator) FirstUser() *User { return e.users.find(accessKey) }

// AddUser makes a user with policies as JSON documents; without any, all that
// needs permission is denied. A document that is not understood is refused.
func (e *Emulator) AddUser(name string, policies ...string) (*User, error) {
	e.users.mu.Lock()
	defer e.users.mu.Unlock()
	number := len(e.users.byKey) + 1
	u := &User{
		emulator:  e,
		arn:       "arn:aws:iam::" + awsproto.AccountID + ":user/" + name,
		id:        fmt.Sprintf("AIDAEMULATOREXAMPLE%02d", number),
		accessKey: fmt.Sprintf("AKIAEMULATOREXAMPLE%d", number),
	}
	if err := u.SetPolicies(policies...); err != nil {
		return nil, err
	}
	e.users.byKey[u.accessKey] = u
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

// AllowEverything lets the user do everything from now on.
func (u *User) AllowEverything() {
	if err := u.SetPolicies(everything); err != nil {
		panic(err) // a constant
	}
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
	return secretKey, e.users.find(key) != nil
}

// identity tells STS who holds an access key.
func (e *Emulator) identity(key string) (arn, id string) {
	u := e.users.find(key)
	return u.arn, u.id
}

func (u *User) evaluate(p awsproto.Permission) iampolicy.Decision {
	u.mu.Lock()
	defer u.mu.Unlock()
	return iampolicy.Evaluate(iampolicy.Request{Action: p.Action, Resource: p.Resource, Context: p.Context}, u.policies...)
}
