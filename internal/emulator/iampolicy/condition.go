package iampolicy

import (
	"fmt"
	"slices"
	"strings"
)

// Values says how many values a condition key can have in one request.
type Values int

// Single keys have one value, Multi keys a set of them.
const (
	Single Values = iota
	Multi
)

// Keys are the condition keys that the asker fills in, so that a policy that
// names any other can be refused: a misspelt key would decide silently.
type Keys map[string]Values

// condition is one key of one operator of a Condition element.
type condition struct {
	key     string
	null    bool // the operator Null: absent is whether the key must be absent
	absent  bool
	wanted  []matcher
	negated bool
	every   bool // ForAllValues
	some    bool // ForAnyValue
	exempt  bool // ...IfExists: holds where the key is absent
}

func (c condition) holds(context Context) bool {
	values := context.values(c.key)
	switch {
	case c.null:
		return c.absent == (len(values) == 0)
	case len(values) == 0:
		return c.exempt || c.every || (c.negated && !c.some)
	case c.some:
		return slices.ContainsFunc(values, c.accepts)
	default:
		// A key without a set operator has one value (Parse sees to it).
		return !slices.ContainsFunc(values, func(value string) bool { return !c.accepts(value) })
	}
}

func (c condition) accepts(value string) bool {
	return slices.ContainsFunc(c.wanted, func(m matcher) bool { return m(value) }) != c.negated
}

// operator compares a value of the request with one of the policy.
type operator struct {
	negated bool
	compile func(wanted string) (matcher, error)
}

// operators are those that are understood. Numbers, dates, addresses and binary
// values are not: no key of the embedded AWS has such a value.
var operators = map[string]operator{
	"StringEquals":              {compile: exactly},
	"StringNotEquals":           {compile: exactly, negated: true},
	"StringEqualsIgnoreCase":    {compile: ignoringCase},
	"StringNotEqualsIgnoreCase": {compile: ignoringCase, negated: true},
	"StringLike":                {compile: like},
	"StringNotLike":             {compile: like, negated: true},
	"ArnEquals":                 {compile: arnLike},
	"ArnLike":                   {compile: arnLike},
	"ArnNotEquals":              {compile: arnLike, negated: true},
	"ArnNotLike":                {compile: arnLike, negated: true},
	"Bool":                      {compile: boolean},
}

func exactly(wanted string) (matcher, error) {
	return func(value string) bool { return value == wanted }, nil
}

func ignoringCase(wanted string) (matcher, error) {
	return func(value string) bool { return strings.EqualFold(value, wanted) }, nil
}

func like(wanted string) (matcher, error) { return wildcard(wanted), nil }

func arnLike(wanted string) (matcher, error) {
	if err := checkARN(wanted); err != nil {
		return nil, err
	}
	return arnPattern(wanted), nil
}

func boolean(wanted string) (matcher, error) {
	if wanted != "true" && wanted != "false" {
		return nil, fmt.Errorf("%q is neither true nor false", wanted)
	}
	return exactly(wanted)
}

// parseCondition reads one key of one operator.
func parseCondition(name, key string, wanted []string, keys Keys) (condition, error) {
	c := condition{key: key}
	base := name
	if rest, found := strings.CutPrefix(base, "ForAllValues:"); found {
		base, c.every = rest, true
	} else if rest, found := strings.CutPrefix(base, "ForAnyValue:"); found {
		base, c.some = rest, true
	}
	if err := checkKey(name, key, c.every || c.some || base == "Null", keys); err != nil {
		return condition{}, err
	}
	if base == "Null" && base == name {
		return parseNull(c, wanted)
	}
	base, c.exempt = strings.CutSuffix(base, "IfExists")
	op, known := operators[base]
	if !known {
		return condition{}, fmt.Errorf("the condition operator %q is not understood", name)
	}
	c.negated = op.negated
	for _, text := range wanted {
		match, err := op.compile(text)
		if err != nil {
			return condition{}, fmt.Errorf("%s of %s: %w", name, key, err)
		}
		c.wanted = append(c.wanted, match)
	}
	return c, nil
}

func parseNull(c condition, wanted []string) (condition, error) {
	if len(wanted) != 1 || (wanted[0] != "true" && wanted[0] != "false") {
		return condition{}, fmt.Errorf("the operator Null of %s: want true or false", c.key)
	}
	c.null, c.absent = true, wanted[0] == "true"
	return c, nil
}

// checkKey refuses keys that nobody fills in, and operators that do not fit the
// number of a key's values (IAM guide, "Single-valued vs. multivalued context keys").
func checkKey(operator, key string, takesSets bool, keys Keys) error {
	for known, values := range keys {
		if !strings.EqualFold(known, key) {
			continue
		}
		switch {
		case values == Multi && !takesSets:
			return fmt.Errorf("%s of %s: the key has many values and needs ForAllValues or ForAnyValue", operator, key)
		case values == Single && takesSets && operator != "Null":
			return fmt.Errorf("%s of %s: the key has one value and takes no set operator", operator, key)
		default:
			return nil
		}
	}
	return fmt.Errorf("the condition key %q is not understood", key)
}
