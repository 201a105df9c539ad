package iampolicy

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/go-json-experiment/json"
)

// languageVersion is the one version of the policy language that is read: the
// older one, which is the default where none is written, has no policy variables.
const languageVersion = "2012-10-17"

type documentJSON struct {
	Version   string
	ID        string `json:"Id"`
	Statement oneOrMany[statementJSON]
}

type statementJSON struct {
	Sid         string
	Effect      string
	Principal   *principalJSON
	Action      oneOrMany[string]
	NotAction   oneOrMany[string]
	Resource    oneOrMany[string]
	NotResource oneOrMany[string]
	Condition   conditionsJSON
}

// conditionsJSON is the values by key by operator.
type conditionsJSON map[string]map[string]oneOrMany[scalar]

// UnmarshalJSON refuses null, which would read as no condition.
func (c *conditionsJSON) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		return errors.New("a Condition that is null")
	}
	return strict(text, (*map[string]map[string]oneOrMany[scalar])(c))
}

// oneOrMany is a value or a list of them: IAM takes the one for the other.
type oneOrMany[T any] []T

// UnmarshalJSON reads either form.
func (o *oneOrMany[T]) UnmarshalJSON(text []byte) error {
	if strings.HasPrefix(string(text), "[") {
		return strict(text, (*[]T)(o))
	}
	var one T
	if err := strict(text, &one); err != nil {
		return err
	}
	*o = oneOrMany[T]{one}
	return nil
}

// scalar is the value of a condition, which may be written as text or as a bool.
type scalar string

// UnmarshalJSON reads either form.
func (s *scalar) UnmarshalJSON(text []byte) error {
	if string(text) == "true" || string(text) == "false" {
		*s = scalar(text)
		return nil
	}
	return strict(text, (*string)(s))
}

// principalJSON is "*" or an object of lists.
type principalJSON struct {
	Anyone  bool              `json:"-"`
	AWS     oneOrMany[string] `json:"AWS"`
	Service oneOrMany[string] `json:"Service"`
}

// UnmarshalJSON reads either form.
func (p *principalJSON) UnmarshalJSON(text []byte) error {
	if string(text) == `"*"` {
		p.Anyone = true
		return nil
	}
	type plain principalJSON
	return strict(text, (*plain)(p))
}

// strict refuses names that are unknown, given twice, or in another case.
func strict(text []byte, into any) error {
	return json.Unmarshal(text, into, json.RejectUnknownMembers(true))
}

// Parse reads a policy. It refuses what it does not understand, also where AWS
// would take it.
func Parse(kind Kind, text string, keys Keys) (*Policy, error) {
	var document documentJSON
	if err := strict([]byte(text), &document); err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	if document.Version != languageVersion {
		return nil, fmt.Errorf("policy: Version is %q, want %q", document.Version, languageVersion)
	}
	if len(document.Statement) == 0 {
		return nil, errors.New("policy: it has no Statement")
	}
	policy, sids := &Policy{}, map[string]bool{}
	for i, given := range document.Statement {
		s, err := parseStatement(kind, given, keys)
		if err == nil && given.Sid != "" && sids[given.Sid] {
			err = errors.New("the Sid is used twice")
		}
		if err != nil {
			return nil, fmt.Errorf("policy: statement %d %s: %w", i+1, given.Sid, err)
		}
		sids[given.Sid] = true
		policy.statements = append(policy.statements, s)
	}
	return policy, nil
}

var sidPattern = regexp.MustCompile(`^[A-Za-z0-9]*$`)

func parseStatement(kind Kind, given statementJSON, keys Keys) (statement, error) {
	if !sidPattern.MatchString(given.Sid) {
		return statement{}, errors.New("a Sid has letters and digits only")
	}
	effect, known := map[string]Decision{"Allow": Allow, "Deny": ExplicitDeny}[given.Effect]
	if !known {
		return statement{}, fmt.Errorf("the Effect is %q, want Allow or Deny", given.Effect)
	}
	s := statement{effect: effect}
	var err error
	if s.principals, err = parsePrincipals(kind, given.Principal); err != nil {
		return statement{}, err
	}
	if s.actions, err = parsePatterns("Action", given.Action, given.NotAction, checkAction, actionPattern); err != nil {
		return statement{}, err
	}
	if s.resources, err = parseResources(kind, given); err != nil {
		return statement{}, err
	}
	for operator, byKey := range given.Condition {
		for key, values := range byKey {
			wanted, err := conditionValues(values)
			if err != nil {
				return statement{}, err
			}
			c, err := parseCondition(operator, key, wanted, keys)
			if err != nil {
				return statement{}, err
			}
			s.conditions = append(s.conditions, c)
		}
	}
	return s, nil
}

func parseResources(kind Kind, given statementJSON) (*patterns, error) {
	if kind != Trust {
		return parsePatterns("Resource", given.Resource, given.NotResource, checkARN, arnPattern)
	}
	if given.Resource != nil || given.NotResource != nil {
		return nil, errors.New("a trust policy has no Resource")
	}
	return nil, nil
}

func parsePatterns(element string, given, except []string, check func(string) error, compile func(string) matcher) (*patterns, error) {
	p := &patterns{except: except != nil}
	if (given != nil) == (except != nil) || len(given)+len(except) == 0 {
		return nil, fmt.Errorf("want either %s or Not%s", element, element)
	}
	for _, pattern := range append(given, except...) {
		if err := errors.Join(check(pattern), checkVariables(pattern)); err != nil {
			return nil, fmt.Errorf("%s: %w", element, err)
		}
		p.list = append(p.list, compile(pattern))
	}
	return p, nil
}

var actionForm = regexp.MustCompile(`^(\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+)$`)

func checkAction(action string) error {
	if !actionForm.MatchString(action) {
		return fmt.Errorf("%q is not service:action", action)
	}
	return nil
}

// checkARN demands all six parts, and a service without wildcards.
func checkARN(pattern string) error {
	if pattern == "*" {
		return nil
	}
	parts := strings.SplitN(pattern, ":", arnParts)
	if len(parts) != arnParts || parts[0] != "arn" || parts[5] == "" {
		return fmt.Errorf("%q is not an ARN", pattern)
	}
	if strings.ContainsAny(parts[2], "*?") {
		return fmt.Errorf("%q has a wildcard for its service", pattern)
	}
	return nil
}

// checkVariables refuses policy variables.
func checkVariables(text string) error {
	if strings.Contains(text, "${") {
		return fmt.Errorf("%q: policy variables are not understood", text)
	}
	return nil
}

func conditionValues(values []scalar) ([]string, error) {
	if len(values) == 0 {
		return nil, errors.New("a condition without values")
	}
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = string(value)
		if err := checkVariables(texts[i]); err != nil {
			return nil, fmt.Errorf("in a Condition: %w", err)
		}
	}
	return texts, nil
}
