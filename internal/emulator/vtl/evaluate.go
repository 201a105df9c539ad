package vtl

import (
	"fmt"
	"math"
)

// expression is a value, and, apart from that, a condition: in Velocity 1.7 a
// literal other than true is never a true condition.
type expression interface {
	value(x *execution) (any, error)
	test(x *execution) (bool, error)
}

type stringLiteral string

func (e stringLiteral) value(*execution) (any, error) { return string(e), nil }
func (e stringLiteral) test(*execution) (bool, error) { return false, nil }

type integerLiteral int64

func (e integerLiteral) value(*execution) (any, error) { return int64(e), nil }
func (e integerLiteral) test(*execution) (bool, error) { return false, nil }

type floatLiteral float64

func (e floatLiteral) value(*execution) (any, error) { return float64(e), nil }
func (e floatLiteral) test(*execution) (bool, error) { return false, nil }

type boolLiteral bool

func (e boolLiteral) value(*execution) (any, error) { return bool(e), nil }
func (e boolLiteral) test(*execution) (bool, error) { return bool(e), nil }

// interpolated is a double-quoted string with references or directives.
type interpolated struct{ nodes []node }

func (e *interpolated) value(x *execution) (any, error) {
	inner := &execution{ctx: x.ctx, vars: x.vars, params: x.params, stage: x.stage}
	if err := renderAll(e.nodes, inner); err != nil {
		return nil, err
	}
	return inner.out.String(), nil
}
func (e *interpolated) test(*execution) (bool, error) { return false, nil }

type listLiteral struct{ items []expression }

func (e *listLiteral) value(x *execution) (any, error) {
	list := &List{items: make([]any, 0, len(e.items))}
	for _, item := range e.items {
		v, err := item.value(x)
		if err != nil {
			return nil, err
		}
		list.items = append(list.items, v)
	}
	return list, nil
}
func (e *listLiteral) test(*execution) (bool, error) { return false, nil }

type rangeLiteral struct{ first, last expression }

func (e *rangeLiteral) value(x *execution) (any, error) {
	first, err := e.first.value(x)
	if err != nil {
		return nil, err
	}
	last, err := e.last.value(x)
	if err != nil {
		return nil, err
	}
	from, ok1 := first.(int64)
	to, ok2 := last.(int64)
	if !ok1 || !ok2 {
		return nil, nil // Velocity logs and gives null
	}
	if to-from > 1_000_000 || from-to > 1_000_000 {
		return nil, fmt.Errorf("the range from %d to %d is too long", from, to)
	}
	list := &List{}
	for step := int64(1); ; from += step {
		if to < from {
			step = -1
		}
		list.items = append(list.items, from)
		if from == to {
			return list, nil
		}
	}
}
func (e *rangeLiteral) test(*execution) (bool, error) { return false, nil }

type mapLiteral struct{ keys, values []expression }

func (e *mapLiteral) value(x *execution) (any, error) {
	m := newMap(len(e.keys))
	for i := range e.keys {
		key, err := e.keys[i].value(x)
		if err != nil {
			return nil, err
		}
		value, err := e.values[i].value(x)
		if err != nil {
			return nil, err
		}
		name, ok := key.(string)
		if !ok {
			return nil, fmt.Errorf("a map key must be a string, not %s", typeName(key))
		}
		if err := m.put(name, value); err != nil {
			return nil, err
		}
	}
	return m, nil
}
func (e *mapLiteral) test(*execution) (bool, error) { return false, nil }

type parenthesised struct{ inner expression }

func (e *parenthesised) value(x *execution) (any, error) { return e.inner.value(x) }
func (e *parenthesised) test(x *execution) (bool, error) { return e.inner.test(x) }

type notExpression struct{ inner expression }

func (e *notExpression) value(x *execution) (any, error) { return boolValue(e.test(x)) }
func (e *notExpression) test(x *execution) (bool, error) {
	ok, err := e.inner.test(x)
	return !ok, err
}

func boolValue(ok bool, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return ok, nil
}

func (r *reference) value(x *execution) (any, error) {
	v, _, err := r.resolve(x)
	return v, err
}

// test is false for null and false, true for anything else, "" and 0 included.
// That it is false for what $input.path does not find is not verified on AWS.
func (r *reference) test(x *execution) (bool, error) {
	v, _, err := r.resolve(x)
	if b, ok := v.(bool); ok {
		return b, err
	}
	return v != nil && v != absent{}, err
}

type operator int

const (
	opOr operator = iota
	opAnd
	opEqual
	opNotEqual
	opLess
	opGreater
	opLessEqual
	opGreaterEqual
	opAdd
	opSubtract
	opMultiply
	opDivide
	opModulo
)

type binaryExpression struct {
	op          operator
	left, right expression
}

func (e *binaryExpression) value(x *execution) (any, error) {
	if e.op < opAdd {
		return boolValue(e.test(x))
	}
	left, right, err := e.operands(x)
	if err != nil {
		return nil, err
	}
	if e.op == opAdd && (isString(left) || isString(right)) {
		return e.concatenate(left, right)
	}
	return calculate(e.op, left, right)
}

func (e *binaryExpression) operands(x *execution) (left, right any, err error) {
	if left, err = e.left.value(x); err != nil {
		return nil, nil, err
	}
	right, err = e.right.value(x)
	return left, right, err
}

// concatenate joins as Velocity: a null operand comes as it is written.
func (e *binaryExpression) concatenate(left, right any) (any, error) {
	l, err := operandText(e.left, left)
	if err != nil {
		return nil, err
	}
	r, err := operandText(e.right, right)
	return l + r, err
}

func operandText(e expression, v any) (string, error) {
	if v != nil {
		return display(v)
	}
	if ref, ok := e.(*reference); ok {
		return ref.literal, nil
	}
	return "", fmt.Errorf("cannot concatenate a string with an expression that has no value")
}

// test evaluates logic and comparisons; arithmetic is never true.
func (e *binaryExpression) test(x *execution) (bool, error) {
	switch e.op {
	case opOr, opAnd:
		ok, err := e.left.test(x)
		if err != nil || ok == (e.op == opOr) {
			return ok, err
		}
		return e.right.test(x)
	case opEqual, opNotEqual, opLess, opGreater, opLessEqual, opGreaterEqual:
	default:
		return false, nil
	}
	left, right, err := e.operands(x)
	if err != nil {
		return false, err
	}
	switch e.op {
	case opEqual:
		return equal(left, right)
	case opNotEqual:
		same, err := equal(left, right)
		return !same, err
	}
	order, ok := compareNumbers(left, right)
	if !ok {
		return false, nil // Velocity logs: only numbers have an order
	}
	switch e.op {
	case opLess:
		return order < 0, nil
	case opGreater:
		return order > 0, nil
	case opLessEqual:
		return order <= 0, nil
	}
	return order >= 0, nil
}

// equal is Velocity's ==: numbers by value, the same type by equals, anything
// else by what it prints; null only equals null.
func equal(left, right any) (bool, error) {
	if left == (absent{}) || right == (absent{}) {
		return isAbsent(left) && isAbsent(right), nil
	}
	if left == nil || right == nil {
		return left == nil && right == nil, nil
	}
	if order, ok := compareNumbers(left, right); ok {
		return order == 0, nil
	}
	l, err := display(left)
	if err != nil {
		return false, err
	}
	r, err := display(right)
	return l == r, err
}

func isAbsent(v any) bool { return v == nil || v == "" || v == absent{} }

func compareNumbers(left, right any) (int, bool) {
	if l, ok := left.(int64); ok {
		if r, ok := right.(int64); ok {
			switch {
			case l < r:
				return -1, true
			case l > r:
				return 1, true
			}
			return 0, true
		}
	}
	l, ok1 := float(left)
	r, ok2 := float(right)
	if !ok1 || !ok2 {
		return 0, false
	}
	switch {
	case l < r:
		return -1, true
	case l > r:
		return 1, true
	}
	return 0, true
}

func float(v any) (float64, bool) {
	switch n := v.(type) {
	case int64:
		return float64(n), true
	case float64:
		return n, true
	}
	return 0, false
}

// calculate gives null for operands that are no numbers and for a division by
// zero, as Velocity 1.7 does.
func calculate(op operator, left, right any) (any, error) {
	l, ok1 := left.(int64)
	r, ok2 := right.(int64)
	if ok1 && ok2 {
		return calculateIntegers(op, l, r)
	}
	a, ok1 := float(left)
	b, ok2 := float(right)
	if !ok1 || !ok2 {
		return nil, nil
	}
	switch op {
	case opAdd:
		return a + b, nil
	case opSubtract:
		return a - b, nil
	case opMultiply:
		return a * b, nil
	}
	if b == 0 {
		return nil, nil
	}
	if op == opDivide {
		return a / b, nil
	}
	return math.Mod(a, b), nil
}

// calculateIntegers fails where Java would go on with a BigInteger.
func calculateIntegers(op operator, l, r int64) (any, error) {
	overflow := fmt.Errorf("an integer beyond 64 bits is not supported")
	switch op {
	case opAdd:
		if sum := l + r; (sum > l) == (r > 0) {
			return sum, nil
		}
		return nil, overflow
	case opSubtract:
		if difference := l - r; (difference < l) == (r > 0) {
			return difference, nil
		}
		return nil, overflow
	case opMultiply:
		product := l * r
		if l != 0 && (product/l != r || l == -1 && r == math.MinInt64) {
			return nil, overflow
		}
		return product, nil
	}
	switch {
	case r == 0:
		return nil, nil
	case l == math.MinInt64 && r == -1:
		return nil, overflow
	case op == opDivide:
		return l / r, nil
	}
	return l % r, nil
}
