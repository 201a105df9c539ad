package vtl

import "fmt"

// method is a Java method by name. run gives (nil, nil) for values that do not
// have it: Velocity takes an unknown method for null.
type method struct {
	minArgs, maxArgs int
	regex            bool // the first argument is a Java regular expression
	run              func(receiver any, args []any) (any, error)
}

// methods is filled by init, since methods call back into the evaluator.
var methods map[string]*method

func init() {
	methods = map[string]*method{
		// of every object
		"equals":   {1, 1, false, methodEquals},
		"toString": {0, 0, false, methodToString},
		// of strings and collections
		"isEmpty":  {0, 0, false, methodIsEmpty},
		"contains": {1, 1, false, methodContains},
		// of strings
		"length":           stringMethod(0, func(s string, _ []string) (any, error) { return javaLength(s), nil }),
		"equalsIgnoreCase": stringMethod(1, func(s string, a []string) (any, error) { return equalsIgnoreCase(s, a[0]), nil }),
		"toLowerCase":      stringMethod(0, func(s string, _ []string) (any, error) { return toLower(s), nil }),
		"toUpperCase":      stringMethod(0, func(s string, _ []string) (any, error) { return toUpper(s), nil }),
		"trim":             stringMethod(0, func(s string, _ []string) (any, error) { return trim(s), nil }),
		"startsWith":       stringMethod(1, func(s string, a []string) (any, error) { return hasPrefix(s, a[0]), nil }),
		"endsWith":         stringMethod(1, func(s string, a []string) (any, error) { return hasSuffix(s, a[0]), nil }),
		"concat":           stringMethod(1, func(s string, a []string) (any, error) { return s + a[0], nil }),
		"replace":          stringMethod(2, replaceLiteral),
		"compareTo":        {1, 1, false, methodCompareTo},
		"charAt":           {1, 1, false, methodCharAt},
		"substring":        {1, 2, false, methodSubstring},
		"indexOf":          {1, 2, false, methodIndexOf},
		"lastIndexOf":      {1, 1, false, methodLastIndexOf},
		"matches":          regexMethod(1, methodMatches),
		"replaceAll":       regexMethod(2, methodReplaceAll),
		"split":            regexMethod(1, methodSplit),
		// of lists and maps
		"size":        {0, 0, false, methodSize},
		"get":         {1, 1, false, methodGet},
		"add":         {1, 1, false, methodAdd},
		"put":         {2, 2, false, methodPut},
		"containsKey": {1, 1, false, methodContainsKey},
		"keySet":      {0, 0, false, methodKeySet},
		"values":      {0, 0, false, methodValues},
		"entrySet":    {0, 0, false, methodEntrySet},
		"getKey":      {0, 0, false, methodGetKey},
		"getValue":    {0, 0, false, methodGetValue},
	}
}

func callMethod(x *execution, receiver any, step part) (any, error) {
	args, err := evaluateAll(x, step.args)
	if err != nil {
		return nil, err
	}
	value, err := step.method.run(receiver, args)
	if err != nil {
		return nil, fmt.Errorf(".%s(): %w", step.name, err)
	}
	return value, nil
}

func evaluateAll(x *execution, expressions []expression) ([]any, error) {
	if len(expressions) == 0 {
		return nil, nil
	}
	values := make([]any, len(expressions))
	for i, e := range expressions {
		v, err := e.value(x)
		if err != nil {
			return nil, err
		}
		values[i] = v
	}
	return values, nil
}

func methodToString(receiver any, _ []any) (any, error) { return display(receiver) }

// methodEquals is Java's: the same type and the same value.
func methodEquals(receiver any, args []any) (any, error) {
	return javaEquals(receiver, args[0]), nil
}

func javaEquals(a, b any) bool {
	switch a := a.(type) {
	case *List:
		other, ok := b.(*List)
		if !ok || a.array || other.array {
			return ok && a == other
		}
		if len(a.items) != len(other.items) {
			return false
		}
		for i := range a.items {
			if !javaEquals(a.items[i], other.items[i]) {
				return false
			}
		}
		return true
	case *Map:
		other, ok := b.(*Map)
		if !ok || len(a.keys) != len(other.keys) {
			return false
		}
		for key, value := range a.values {
			o, ok := other.values[key]
			if !ok || !javaEquals(value, o) {
				return false
			}
		}
		return true
	case *entry:
		other, ok := b.(*entry)
		return ok && a.key == other.key && javaEquals(a.value, other.value)
	}
	switch b.(type) {
	case *List, *Map, *entry:
		return false
	}
	return a == b
}

func methodIsEmpty(receiver any, _ []any) (any, error) {
	switch v := receiver.(type) {
	case string:
		return v == "", nil
	case *List:
		return len(v.items) == 0, nil
	case *Map:
		return len(v.keys) == 0, nil
	}
	return nil, nil
}

func methodContains(receiver any, args []any) (any, error) {
	switch v := receiver.(type) {
	case string:
		sub, ok, err := stringArg(args[0])
		if !ok {
			return nil, err
		}
		return containsString(v, sub), nil
	case *List:
		for _, item := range v.items {
			if javaEquals(item, args[0]) {
				return true, nil
			}
		}
		return false, nil
	}
	return nil, nil
}
