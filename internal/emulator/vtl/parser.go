package vtl

import (
	"fmt"
	"strings"
)

// maxDepth bounds nesting, so that no template can exhaust the stack.
const maxDepth = 200

// parser reads Velocity text by recursive descent over the bytes of src. A
// double-quoted string is parsed by a child that shares slots and roots.
type parser struct {
	src   string
	pos   int
	depth int
	// inReference tells that Velocity's lexer has not left the state of an
	// informal reference: it leaves it at plain text only, so that a bracket
	// after a directive is still taken for a part of the reference.
	inReference bool
	slots       map[string]int  // template variable -> slot
	assigned    map[string]bool // template variables that something sets
	roots       []rootUse       // references to template variables, checked at the end
	parent      *parser
	base        int // offset of src in the parent's, for positions
}

type rootUse struct {
	name string
	pos  int
}

func (p *parser) errorAt(pos int, format string, args ...any) error {
	if p.parent != nil {
		return p.parent.errorAt(p.base+pos, format, args...)
	}
	line, column := position(p.src, pos)
	return &ParseError{Line: line, Column: column, Reason: fmt.Sprintf(format, args...)}
}

// useRoot notes a reference to a template variable for checkRoots.
func (p *parser) useRoot(name string, pos int) {
	if p.parent != nil {
		p.parent.useRoot(name, p.base+pos)
		return
	}
	p.roots = append(p.roots, rootUse{name, pos})
}

// slot gives the place of a template variable, making it if needed.
func (p *parser) slot(name string) int {
	if i, ok := p.slots[name]; ok {
		return i
	}
	i := len(p.slots)
	p.slots[name] = i
	return i
}

// assign gives the slot of a template variable that is set here.
func (p *parser) assign(name string) int {
	p.assigned[name] = true
	return p.slot(name)
}

// checkRoots refuses references to variables that nothing in the template
// ever sets: on AWS they would come out as they are written.
func (p *parser) checkRoots() error {
	for _, use := range p.roots {
		if !p.assigned[use.name] && use.name != "null" { // $null is everybody's way to write null
			return p.errorAt(use.pos, "unknown reference $%s: nothing in the template sets it", use.name)
		}
	}
	return nil
}

func (p *parser) enter() error {
	p.depth++
	if p.depth > maxDepth {
		return p.errorAt(p.pos, "nested deeper than %d levels", maxDepth)
	}
	return nil
}

func (p *parser) leave() { p.depth-- }

func (p *parser) peek() byte { return p.at(p.pos) }

func (p *parser) at(i int) byte {
	if i < len(p.src) {
		return p.src[i]
	}
	return 0
}

func (p *parser) skipBlanks() {
	for p.pos < len(p.src) && strings.IndexByte(" \t\r\n", p.src[p.pos]) >= 0 {
		p.pos++
	}
}

// gobbleNewline eats blanks up to and including a line end, if nothing else
// stands on the rest of the line: Velocity 1.7 does so after a directive.
func (p *parser) gobbleNewline() {
	i := p.pos
	for p.at(i) == ' ' || p.at(i) == '\t' {
		i++
	}
	if n := newlineLength(p.src, i); n > 0 {
		p.pos = i + n
	}
}

func newlineLength(s string, i int) int {
	switch {
	case strings.HasPrefix(s[i:], "\r\n"):
		return 2
	case i < len(s) && (s[i] == '\n' || s[i] == '\r'):
		return 1
	}
	return 0
}

func isIdentifierStart(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_'
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isIdentifierChar(c byte) bool { return isIdentifierStart(c) || isDigit(c) || c == '-' }

// identifier reads a name; the caller has seen its start.
func (p *parser) identifier() string {
	start := p.pos
	for p.pos < len(p.src) && isIdentifierChar(p.src[p.pos]) {
		p.pos++
	}
	return p.src[start:p.pos]
}
