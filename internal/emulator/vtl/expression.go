package vtl

import (
	"strconv"
	"strings"
)

// binaryOperators by precedence, the weakest first; the longer spelling before
// its prefix. Word forms are Velocity's.
var binaryOperators = [][]operatorToken{
	{{"||", opOr}, {"or", opOr}},
	{{"&&", opAnd}, {"and", opAnd}},
	{{"==", opEqual}, {"!=", opNotEqual}, {"eq", opEqual}, {"ne", opNotEqual}},
	{{"<=", opLessEqual}, {">=", opGreaterEqual}, {"<", opLess}, {">", opGreater},
		{"le", opLessEqual}, {"ge", opGreaterEqual}, {"lt", opLess}, {"gt", opGreater}},
	{{"+", opAdd}, {"-", opSubtract}},
	{{"*", opMultiply}, {"/", opDivide}, {"%", opModulo}},
}

type operatorToken struct {
	spelling string
	op       operator
}

func (p *parser) expression() (expression, error) { return p.binary(0) }

// binary reads the operators of one level of precedence, left to right.
func (p *parser) binary(level int) (expression, error) {
	if level == len(binaryOperators) {
		return p.unary()
	}
	left, err := p.binary(level + 1)
	if err != nil {
		return nil, err
	}
	for {
		op, ok, err := p.operator(binaryOperators[level])
		if err != nil || !ok {
			return left, err
		}
		right, err := p.binary(level + 1)
		if err != nil {
			return nil, err
		}
		left = &binaryExpression{op: op, left: left, right: right}
	}
}

func (p *parser) operator(tokens []operatorToken) (operator, bool, error) {
	p.skipBlanks()
	rest := p.src[p.pos:]
	for _, token := range tokens {
		if !strings.HasPrefix(rest, token.spelling) {
			continue
		}
		after := p.at(p.pos + len(token.spelling))
		if isIdentifierStart(token.spelling[0]) && isIdentifierChar(after) {
			continue // a longer word
		}
		if token.op == opSubtract && isDigit(after) {
			return 0, false, p.errorAt(p.pos, "Velocity reads -%c as a negative number here: put a blank after the minus sign", after)
		}
		p.pos += len(token.spelling)
		return token.op, true, nil
	}
	return 0, false, nil
}

func (p *parser) unary() (expression, error) {
	p.skipBlanks()
	negations := 0
	for {
		switch {
		case p.peek() == '!':
			p.pos++
		case strings.HasPrefix(p.src[p.pos:], "not") && !isIdentifierChar(p.at(p.pos+3)):
			p.pos += len("not")
		default:
			e, err := p.primary()
			for ; negations > 0 && err == nil; negations-- {
				e = &notExpression{e}
			}
			return e, err
		}
		negations++
		p.skipBlanks()
	}
}

func (p *parser) primary() (expression, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	if p.peek() != '(' {
		return p.operand()
	}
	p.pos++
	e, err := p.expression()
	if err != nil {
		return nil, err
	}
	if err := p.closeParenthesis("the expression in parentheses"); err != nil {
		return nil, err
	}
	return &parenthesised{e}, nil
}

// operand reads what may stand alone as a method's argument: a literal or a
// reference. Velocity 1.7 takes no operators there.
func (p *parser) operand() (expression, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	rest := p.src[p.pos:]
	switch c := p.peek(); {
	case c == '$' && p.startsReference(p.pos):
		ref, err := p.reference()
		if err != nil {
			return nil, err
		}
		return ref, nil
	case c == '"' || c == '\'':
		return p.stringLiteral()
	case isDigit(c) || c == '-' && isDigit(p.at(p.pos+1)):
		return p.number()
	case c == '[':
		return p.list()
	case c == '{':
		return p.mapLiteral()
	case strings.HasPrefix(rest, "true") && !isIdentifierChar(p.at(p.pos+4)):
		p.pos += 4
		return boolLiteral(true), nil
	case strings.HasPrefix(rest, "false") && !isIdentifierChar(p.at(p.pos+5)):
		p.pos += 5
		return boolLiteral(false), nil
	}
	return nil, p.errorAt(p.pos, "expected a value, found %s", p.found())
}

// stringLiteral reads a string. A doubled quote stands for one. Only
// double-quoted strings are interpolated, and only they know \uXXXX.
func (p *parser) stringLiteral() (expression, error) {
	start := p.pos
	quote := p.src[start]
	i := start + 1
	for {
		end := strings.IndexByte(p.src[i:], quote)
		if end < 0 {
			return nil, p.errorAt(start, "the string is not closed by %c", quote)
		}
		i += end + 1
		if p.at(i) != quote {
			break
		}
		i++
	}
	raw := p.src[start+1 : i-1]
	p.pos = i
	if quote == '\'' {
		return stringLiteral(strings.ReplaceAll(raw, `''`, `'`)), nil
	}
	if strings.Contains(raw, `\u`) {
		return nil, p.errorAt(start, `\u in a double-quoted string is not supported: write the character itself`)
	}
	if !strings.ContainsAny(raw, "$#") {
		return stringLiteral(strings.ReplaceAll(raw, `""`, `"`)), nil
	}
	if strings.Contains(raw, `""`) {
		return nil, p.errorAt(start, `a doubled quote in a string with $ or # is not supported: use single quotes`)
	}
	child := &parser{src: raw, slots: p.slots, assigned: p.assigned, parent: p, base: start + 1, depth: p.depth}
	nodes, end, err := child.block()
	if err != nil {
		return nil, err
	}
	if end.kind != endOfInput {
		return nil, child.errorAt(end.pos, "%s without a directive that it belongs to", end.kind)
	}
	return &interpolated{nodes}, nil
}

func (p *parser) number() (expression, error) {
	start := p.pos
	if p.peek() == '-' {
		p.pos++
	}
	p.digits()
	if p.peek() == '.' && isDigit(p.at(p.pos+1)) {
		p.pos++
		p.digits()
		value, err := strconv.ParseFloat(p.src[start:p.pos], 64)
		if err != nil {
			return nil, p.errorAt(start, "the number %s is out of range", p.src[start:p.pos])
		}
		return floatLiteral(value), nil
	}
	value, err := strconv.ParseInt(p.src[start:p.pos], 10, 64)
	if err != nil {
		return nil, p.errorAt(start, "the number %s is out of range", p.src[start:p.pos])
	}
	return integerLiteral(value), nil
}

func (p *parser) digits() {
	for isDigit(p.peek()) {
		p.pos++
	}
}

// list reads [a, b] and the range [a..b].
func (p *parser) list() (expression, error) {
	p.pos++
	if p.peek() == ']' {
		p.pos++
		return &listLiteral{}, nil
	}
	var items []expression
	for {
		p.skipBlanks()
		item, err := p.operand()
		if err != nil {
			return nil, err
		}
		items = append(items, item)
		p.skipBlanks()
		switch {
		case p.peek() == ',':
			p.pos++
		case p.peek() == ']':
			p.pos++
			return &listLiteral{items}, nil
		case strings.HasPrefix(p.src[p.pos:], "..") && len(items) == 1:
			return p.rangeEnd(items[0])
		default:
			return nil, p.errorAt(p.pos, "expected , or ] in the list, found %s", p.found())
		}
	}
}

func (p *parser) rangeEnd(first expression) (expression, error) {
	p.pos += len("..")
	p.skipBlanks()
	last, err := p.operand()
	if err != nil {
		return nil, err
	}
	p.skipBlanks()
	if p.peek() != ']' {
		return nil, p.errorAt(p.pos, "expected ] to end the range, found %s", p.found())
	}
	p.pos++
	return &rangeLiteral{first, last}, nil
}

func (p *parser) mapLiteral() (expression, error) {
	start := p.pos
	p.pos++
	p.skipBlanks()
	m := &mapLiteral{}
	if p.peek() == '}' {
		p.pos++
		return m, nil
	}
	for {
		p.skipBlanks()
		key, err := p.operand()
		if err != nil {
			return nil, err
		}
		p.skipBlanks()
		if p.peek() != ':' {
			return nil, p.errorAt(p.pos, "expected : in the map, found %s", p.found())
		}
		p.pos++
		p.skipBlanks()
		value, err := p.operand()
		if err != nil {
			return nil, err
		}
		m.keys, m.values = append(m.keys, key), append(m.values, value)
		p.skipBlanks()
		switch p.peek() {
		case ',':
			p.pos++
		case '}':
			p.pos++
			return m, nil
		default:
			return nil, p.errorAt(start, "the map is not closed by }")
		}
	}
}
