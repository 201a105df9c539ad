package vtl

import "fmt"

func methodSize(receiver any, _ []any) (any, error) {
	switch v := receiver.(type) {
	case *List:
		return int64(len(v.items)), nil
	case *Map:
		return int64(len(v.keys)), nil
	}
	return nil, nil
}

func methodGet(receiver any, args []any) (any, error) {
	switch v := receiver.(type) {
	case *List:
		i, ok := args[0].(int64)
		if !ok {
			return nil, nil
		}
		return v.get(i)
	case *Map:
		key, ok := args[0].(string)
		if !ok {
			return nil, nil
		}
		return v.values[key], nil
	}
	return nil, nil
}

func methodAdd(receiver any, args []any) (any, error) {
	list, ok := receiver.(*List)
	if !ok || list.array {
		return nil, nil
	}
	if len(list.items) >= 1_000_000 {
		return nil, fmt.Errorf("a list grows beyond 1000000 items")
	}
	list.items = append(list.items, args[0])
	return true, nil
}

// methodPut gives the value before, which is null at first.
func methodPut(receiver any, args []any) (any, error) {
	m, ok := receiver.(*Map)
	if !ok {
		return nil, nil
	}
	key, ok := args[0].(string)
	if !ok {
		return nil, fmt.Errorf("a map key must be a string, not %s", typeName(args[0]))
	}
	before := m.values[key]
	return before, m.put(key, args[1])
}

func methodContainsKey(receiver any, args []any) (any, error) {
	m, ok := receiver.(*Map)
	if !ok {
		return nil, nil
	}
	key, isKey := args[0].(string)
	_, found := m.values[key]
	return isKey && found, nil
}

func methodKeySet(receiver any, _ []any) (any, error) {
	m, ok := receiver.(*Map)
	if !ok {
		return nil, nil
	}
	list := &List{items: make([]any, len(m.keys))}
	for i, key := range m.keys {
		list.items[i] = key
	}
	return list, nil
}

func methodValues(receiver any, _ []any) (any, error) {
	m, ok := receiver.(*Map)
	if !ok {
		return nil, nil
	}
	return &List{items: m.valueList()}, nil
}

func methodEntrySet(receiver any, _ []any) (any, error) {
	m, ok := receiver.(*Map)
	if !ok {
		return nil, nil
	}
	list := &List{items: make([]any, len(m.keys))}
	for i, key := range m.keys {
		list.items[i] = &entry{key, m.values[key]}
	}
	return list, nil
}

func methodGetKey(receiver any, _ []any) (any, error) {
	if e, ok := receiver.(*entry); ok {
		return e.key, nil
	}
	return nil, nil
}

func methodGetValue(receiver any, _ []any) (any, error) {
	if e, ok := receiver.(*entry); ok {
		return e.value, nil
	}
	return nil, nil
}
