package vtl

import (
	"errors"
	"fmt"
	"strings"
)

// Limits of one execution (AWS page "Amazon API Gateway quotas").
const (
	maxIterations  = 1000             // of one #foreach
	maxOutputBytes = 10 * 1024 * 1024 // the largest payload
)

// execution is the state of one rendering.
type execution struct {
	ctx    *Context
	vars   []any // by slot; nil is undefined, Velocity 1.7 has no other null
	out    strings.Builder
	params *Map
	stage  *Map
}

type node interface {
	render(x *execution) error
}

func renderAll(nodes []node, x *execution) error {
	for _, n := range nodes {
		if err := n.render(x); err != nil {
			return err
		}
	}
	return nil
}

func (x *execution) write(s string) error {
	if x.out.Len()+len(s) > maxOutputBytes {
		return errors.New("the template renders more than 10 MB")
	}
	x.out.WriteString(s)
	return nil
}

type textNode string

func (n textNode) render(x *execution) error { return x.write(string(n)) }

// referenceNode renders a reference with the backslashes before it.
type referenceNode struct {
	ref     *reference
	escaped bool
	prefix  string // half of the backslashes
}

// render follows ASTReference of Velocity 1.7: an escaped reference comes out
// as it is written, and keeps its backslash if it has no value.
func (n *referenceNode) render(x *execution) error {
	value, silent, err := n.ref.resolve(x)
	if err != nil {
		return err
	}
	if value != nil && !n.escaped {
		text, err := display(value)
		if err != nil {
			return fmt.Errorf("%s: %w", n.ref.literal, err)
		}
		return x.write(n.prefix + text)
	}
	literal := n.ref.literal
	switch {
	case n.escaped && value == nil && !silent:
		literal = `\` + literal
	case !n.escaped && (n.ref.quiet || silent):
		literal = n.prefix
	case !n.escaped:
		literal = n.prefix + literal
	}
	return x.write(n.prefix + literal)
}

type setNode struct {
	target *reference
	value  expression
}

// render assigns, unless the value is null: Velocity 1.7 leaves the variable
// alone then.
func (n *setNode) render(x *execution) error {
	value, err := n.value.value(x)
	if err != nil || value == nil {
		return err
	}
	if n.target.root == rootContext {
		name, err := n.target.contextName(x)
		if err != nil {
			return err
		}
		return x.ctx.Overrides.set(name, value)
	}
	if len(n.target.parts) == 0 {
		x.vars[n.target.slot] = value
		return nil
	}
	last := len(n.target.parts) - 1
	container, _, err := walk(x, x.vars[n.target.slot], n.target.parts[:last])
	if err != nil {
		return err
	}
	return assign(x, container, n.target.parts[last], value)
}

// assign sets a key of a map or an element of a list. On anything else it does
// nothing, as Velocity.
func assign(x *execution, container any, step part, value any) error {
	key := any(step.name)
	if step.index != nil {
		var err error
		if key, err = step.index.value(x); err != nil {
			return err
		}
	}
	switch c := container.(type) {
	case *Map:
		name, ok := key.(string)
		if !ok {
			return fmt.Errorf("a map key must be a string, not %s", typeName(key))
		}
		return c.put(name, value)
	case *List:
		i, ok := key.(int64)
		if !ok {
			return nil
		}
		if i < 0 || i >= int64(len(c.items)) {
			return fmt.Errorf("index %d is outside a list of %d", i, len(c.items))
		}
		c.items[i] = value
	}
	return nil
}

type branch struct {
	condition expression // nil: #else
	body      []node
}

type ifNode struct{ branches []branch }

func (n *ifNode) render(x *execution) error {
	for _, b := range n.branches {
		if b.condition != nil {
			ok, err := b.condition.test(x)
			if err != nil {
				return err
			}
			if !ok {
				continue
			}
		}
		return renderAll(b.body, x)
	}
	return nil
}

type foreachNode struct {
	items                      expression
	slot, loop, count, hasNext int
	body                       []node
}

// loop is $foreach.
type loop struct {
	index, length int
	parent        any
}

func (l *loop) property(name string) (any, error) {
	switch name {
	case "index":
		return int64(l.index), nil
	case "count":
		return int64(l.index + 1), nil
	case "hasNext":
		return l.index+1 < l.length, nil
	case "first":
		return l.index == 0, nil
	case "last":
		return l.index+1 == l.length, nil
	case "parent":
		return l.parent, nil
	}
	return nil, fmt.Errorf("$foreach.%s is not supported", name)
}

func (n *foreachNode) render(x *execution) error {
	over, err := n.items.value(x)
	if err != nil {
		return err
	}
	items := iterate(over)
	if len(items) == 0 {
		return nil
	}
	if len(items) > maxIterations {
		return fmt.Errorf("#foreach over %d items: API Gateway runs at most %d", len(items), maxIterations)
	}
	state := &loop{length: len(items), parent: x.vars[n.loop]}
	for _, slot := range []int{n.slot, n.loop, n.count, n.hasNext} {
		defer func(before any) { x.vars[slot] = before }(x.vars[slot])
	}
	for i, item := range items {
		state.index = i
		x.vars[n.slot], x.vars[n.loop] = item, state
		x.vars[n.count], x.vars[n.hasNext] = int64(i+1), i+1 < len(items)
		if err := renderAll(n.body, x); err != nil {
			return err
		}
	}
	return nil
}

// iterate gives what #foreach runs over: a list's items, a map's values,
// nothing for anything else (Velocity 1.7). It is a copy, so that a body may
// add to the list.
func iterate(over any) []any {
	switch v := over.(type) {
	case *List:
		return append([]any(nil), v.items...)
	case *Map:
		return v.valueList()
	}
	return nil
}
