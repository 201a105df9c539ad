package vtl

import "strings"

// velocityDirectives are the words that mean something after a hash sign in
// Velocity 1.7. Any other word is text there, and so it is here, except when
// a parenthesis follows: that is a directive somebody believes in.
var velocityDirectives = map[string]bool{
	"set": true, "if": true, "elseif": true, "else": true, "end": true, "foreach": true,
	"include": true, "parse": true, "macro": true, "stop": true, "break": true,
	"evaluate": true, "define": true, "literal": true,
}

// directiveWord gives the word after the hash sign at i, and the length of
// hash sign, braces and word. Both are zero if there is none.
func (p *parser) directiveWord(i int) (string, int) {
	start := i + 1
	braced := p.at(start) == '{'
	if braced {
		start++
	}
	end := start
	for isIdentifierStart(p.at(end)) || end > start && isDigit(p.at(end)) {
		end++
	}
	if end == start || braced && p.at(end) != '}' {
		return "", 0
	}
	word := p.src[start:end]
	if braced {
		end++
	}
	return word, end - i
}

// directive reads the directive at a hash sign, or takes the sign as text.
func (p *parser) directive(b *blockBuilder) (*blockEnd, error) {
	start := p.pos
	word, length := p.directiveWord(start)
	p.pos += max(length, 1)
	switch word {
	case "set":
		if !b.dropBlanks() {
			return nil, p.errorAt(start, "Velocity loses a lone dollar or hash sign directly before #set: put #set elsewhere")
		}
		return nil, p.set(b)
	case "if":
		return nil, p.ifDirective(b, start)
	case "foreach":
		return nil, p.foreach(b, start)
	case "end":
		p.gobbleNewline()
		return &blockEnd{endDirective, start}, nil
	case "else":
		p.gobbleNewline()
		return &blockEnd{elseBranch, start}, nil
	case "elseif":
		return &blockEnd{elseIf, start}, nil
	}
	if velocityDirectives[word] {
		return nil, p.errorAt(start, "the directive #%s is not supported in mapping templates", word)
	}
	if word != "" && p.peek() == '(' {
		return nil, p.errorAt(start, "unknown directive #%s", word)
	}
	if p.inReference {
		return nil, p.errorAt(start, "a hash sign directly after a reference: write the reference as ${name}")
	}
	if word == "" {
		return nil, p.loneSign(b, "#")
	}
	b.text(p.src[start:p.pos])
	b.endToken()
	return nil, nil
}

// open reads the parenthesis that a directive demands.
func (p *parser) open(directive string) error {
	p.skipBlanks()
	if p.peek() != '(' {
		return p.errorAt(p.pos, "expected ( after %s", directive)
	}
	p.pos++
	p.skipBlanks()
	return nil
}

func (p *parser) closeParenthesis(directive string) error {
	p.skipBlanks()
	if p.peek() != ')' {
		return p.errorAt(p.pos, "expected ) to end %s, found %s", directive, p.found())
	}
	p.pos++
	return nil
}

// found names what stands at the position, for errors.
func (p *parser) found() string {
	if p.pos >= len(p.src) {
		return "the end"
	}
	word := p.src[p.pos:]
	if end := strings.IndexAny(word, " \t\r\n"); end > 0 {
		word = word[:end]
	}
	if runes := []rune(word); len(runes) > 12 {
		word = string(runes[:12])
	}
	return `"` + word + `"`
}

func (p *parser) set(b *blockBuilder) error {
	if err := p.open("#set"); err != nil {
		return err
	}
	if p.peek() != '$' || !p.startsReference(p.pos) {
		return p.errorAt(p.pos, "expected a reference to set, found %s", p.found())
	}
	target, err := p.assignable()
	if err != nil {
		return err
	}
	p.skipBlanks()
	if p.peek() != '=' || p.at(p.pos+1) == '=' {
		return p.errorAt(p.pos, "expected = in #set, found %s", p.found())
	}
	p.pos++
	value, err := p.expression()
	if err != nil {
		return err
	}
	if err := p.closeParenthesis("#set"); err != nil {
		return err
	}
	if b.followsReference() && strings.IndexByte("[.(", p.peek()) >= 0 && p.pos < len(p.src) {
		return p.errorAt(p.pos, "Velocity takes %q after a reference and #set for a part of the reference: put #set elsewhere", p.peek())
	}
	p.gobbleNewline()
	b.add(&setNode{target: target, value: value})
	return nil
}

func (p *parser) ifDirective(b *blockBuilder, start int) error {
	n := &ifNode{}
	condition, err := p.condition("#if")
	if err != nil {
		return err
	}
	for {
		body, end, err := p.block()
		if err != nil {
			return err
		}
		n.branches = append(n.branches, branch{condition, body})
		switch end.kind {
		case endDirective:
			b.add(n)
			return nil
		case endOfInput:
			return p.errorAt(start, "#if without its #end")
		case elseIf:
			if condition == nil {
				return p.errorAt(end.pos, "#elseif after #else")
			}
			if condition, err = p.condition("#elseif"); err != nil {
				return err
			}
		case elseBranch:
			if condition == nil {
				return p.errorAt(end.pos, "a second #else")
			}
			condition = nil
		}
	}
}

func (p *parser) condition(directive string) (expression, error) {
	if err := p.open(directive); err != nil {
		return nil, err
	}
	condition, err := p.expression()
	if err != nil {
		return nil, err
	}
	if err := p.closeParenthesis(directive); err != nil {
		return nil, err
	}
	p.gobbleNewline()
	return condition, nil
}

func (p *parser) foreach(b *blockBuilder, start int) error {
	if err := p.open("#foreach"); err != nil {
		return err
	}
	if p.peek() != '$' || !p.startsReference(p.pos) {
		return p.errorAt(p.pos, "expected a variable in #foreach, found %s", p.found())
	}
	variable, err := p.assignable()
	if err != nil {
		return err
	}
	if variable.root != rootVariable || len(variable.parts) > 0 {
		return p.errorAt(start, "#foreach takes a plain variable")
	}
	p.skipBlanks()
	if !strings.HasPrefix(p.src[p.pos:], "in") {
		return p.errorAt(p.pos, `expected "in" in #foreach, found %s`, p.found())
	}
	p.pos += len("in")
	p.skipBlanks()
	items, err := p.operand()
	if err != nil {
		return err
	}
	if err := p.closeParenthesis("#foreach"); err != nil {
		return err
	}
	p.gobbleNewline()
	n := &foreachNode{
		items: items, slot: variable.slot,
		loop: p.assign("foreach"), count: p.assign("velocityCount"), hasNext: p.assign("velocityHasNext"),
	}
	body, end, err := p.block()
	if err != nil {
		return err
	}
	if end.kind != endDirective {
		return p.errorAt(start, "#foreach without its #end, found %s", end.kind)
	}
	n.body = body
	b.add(n)
	return nil
}
