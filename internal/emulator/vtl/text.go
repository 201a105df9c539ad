package vtl

import "strings"

// terminator is what ended a block.
type terminator string

const (
	endOfInput   terminator = "end of the template"
	endDirective terminator = "#end"
	elseIf       terminator = "#elseif"
	elseBranch   terminator = "#else"
)

type blockEnd struct {
	kind terminator
	pos  int
}

// block reads text, references and directives up to the directive that ends
// it, or the end of the source.
func (p *parser) block() ([]node, blockEnd, error) {
	if err := p.enter(); err != nil {
		return nil, blockEnd{}, err
	}
	defer p.leave()
	b := &blockBuilder{}
	for p.pos < len(p.src) {
		var end *blockEnd
		var err error
		switch p.src[p.pos] {
		case '\\':
			end, err = p.backslashes(b)
		case '$':
			err = p.dollar(b, 0)
		case '#':
			end, err = p.hash(b)
		default:
			if c := p.src[p.pos]; p.inReference && (c == '{' || c == '[') {
				return nil, blockEnd{}, p.errorAt(p.pos, "Velocity takes %q after a reference for a part of it: write the reference as ${name}", c)
			}
			p.inReference = false
			next := strings.IndexAny(p.src[p.pos:], `\$#`)
			if next < 0 {
				next = len(p.src) - p.pos
			}
			b.text(p.src[p.pos : p.pos+next])
			p.pos += next
		}
		if err != nil {
			return nil, blockEnd{}, err
		}
		if end != nil {
			return b.done(), *end, nil
		}
	}
	return b.done(), blockEnd{endOfInput, p.pos}, nil
}

// blockBuilder gathers nodes and joins neighbouring text.
type blockBuilder struct {
	nodes   []node
	pending strings.Builder
	sign    bool // the last token is a lone dollar or hash sign
	// token is where Velocity's current run of plain text began in pending: a
	// run of mere blanks before #set is part of the directive.
	token int
}

func (b *blockBuilder) text(s string) { b.pending.WriteString(s) }

// endToken ends a run of plain text without making a node.
func (b *blockBuilder) endToken() {
	b.token = b.pending.Len()
	b.sign = false
}

// loneSign adds a dollar or hash sign that begins nothing.
func (b *blockBuilder) loneSign(s string) {
	b.text(s)
	b.endToken()
	b.sign = true
}

func (b *blockBuilder) flush() {
	if b.pending.Len() > 0 {
		b.nodes = append(b.nodes, textNode(b.pending.String()))
		b.pending.Reset()
	}
	b.endToken()
}

func (b *blockBuilder) add(n node) {
	b.flush()
	b.nodes = append(b.nodes, n)
}

// dropBlanks removes a run of mere blanks in front of #set. It is false where
// Velocity 1.7 would drop the dollar or hash sign before them as well.
func (b *blockBuilder) dropBlanks() bool {
	all := b.pending.String()
	run := all[b.token:]
	if b.sign && strings.TrimFunc(strings.TrimRight(run, " \t"), isWordRune) == "" {
		return false
	}
	if strings.Trim(run, " \t") != "" {
		return true
	}
	kept := all[:b.token]
	b.pending.Reset()
	b.pending.WriteString(kept)
	return true
}

func isWordRune(r rune) bool {
	return r < 0x80 && (isIdentifierStart(byte(r)) || isDigit(byte(r)))
}

// followsReference tells that nothing stands between here and a reference.
func (b *blockBuilder) followsReference() bool {
	if b.pending.Len() > 0 || len(b.nodes) == 0 {
		return false
	}
	_, ok := b.nodes[len(b.nodes)-1].(*referenceNode)
	return ok
}

func (b *blockBuilder) done() []node {
	b.flush()
	return b.nodes
}

// backslashes handles a run of them. Before a reference or a directive they
// escape it or each other, elsewhere they are text.
func (p *parser) backslashes(b *blockBuilder) (*blockEnd, error) {
	start := p.pos
	for p.peek() == '\\' {
		p.pos++
	}
	run := p.pos - start
	switch {
	case p.peek() == '$' && p.startsReference(p.pos):
		return nil, p.dollar(b, run)
	case p.peek() == '#':
		return nil, p.escapedHash(b, start, run)
	}
	if p.peek() == '$' && p.at(p.pos+1) == '$' {
		return nil, p.errorAt(start, "backslashes before several dollar signs are not supported: put them in #[[ ]]#")
	}
	b.text(p.src[start:p.pos])
	b.endToken()
	return nil, nil
}

// escapedHash handles backslashes in front of a hash sign: they matter only
// before a directive that Velocity knows.
func (p *parser) escapedHash(b *blockBuilder, start, run int) error {
	word, length := p.directiveWord(p.pos)
	if !velocityDirectives[word] {
		b.text(p.src[start:p.pos])
		b.endToken()
		return nil
	}
	if run%2 == 0 {
		return p.errorAt(start, "an even number of backslashes before #%s is not supported: put them in #[[ ]]#", word)
	}
	b.text(strings.Repeat(`\`, run/2))
	b.text(p.src[p.pos : p.pos+length])
	b.endToken()
	p.pos += length
	return nil
}

// startsReference tells whether the dollar sign at i begins a reference.
func (p *parser) startsReference(i int) bool {
	i++
	for p.at(i) == '!' {
		i++
	}
	if p.at(i) == '{' {
		i++
	}
	return isIdentifierStart(p.at(i))
}

// dollar handles a dollar sign with the backslashes before it.
func (p *parser) dollar(b *blockBuilder, backslashes int) error {
	start := p.pos
	if !p.startsReference(start) {
		after := strings.TrimLeft(p.src[start+1:], `\`)
		if strings.HasPrefix(after, "!") {
			return p.errorAt(start, `"$!" without a name after it: write the dollar sign as #set($D = '$')$D`)
		}
		p.pos++
		return p.loneSign(b, "$")
	}
	ref, err := p.reference()
	if err != nil {
		return err
	}
	p.inReference = !strings.HasSuffix(ref.literal, "}")
	b.add(&referenceNode{ref: ref, escaped: backslashes%2 == 1, prefix: strings.Repeat(`\`, backslashes/2)})
	return nil
}

// loneSign takes a dollar or hash sign that begins nothing as text, but for
// the places where Velocity 1.7 loses it or stumbles over it: before another
// hash sign or a backslash, and at the end of the template.
func (p *parser) loneSign(b *blockBuilder, sign string) error {
	next := p.peek()
	atEnd := p.pos >= len(p.src) && p.parent == nil
	trap := sign == "$" && (next == '[' && p.parent == nil || next == '{' && p.at(p.pos+1) == '$')
	if atEnd || trap || next == '#' || next == '\\' {
		return p.errorAt(p.pos-1, "Velocity cannot take a lone %s here: write it as #[[%s]]#", sign, sign)
	}
	b.loneSign(sign)
	return nil
}

// hash handles a hash sign: a comment, unparsed text, a directive, or itself.
func (p *parser) hash(b *blockBuilder) (*blockEnd, error) {
	rest := p.src[p.pos:]
	switch {
	case strings.HasPrefix(rest, "##"):
		err := p.lineComment(b)
		b.endToken()
		return nil, err
	case strings.HasPrefix(rest, "#*"):
		b.endToken()
		return nil, p.skipTo("*#", "the comment #* is not closed by *#")
	case strings.HasPrefix(rest, "#[["):
		start := p.pos
		if err := p.skipTo("]]#", "the unparsed text #[[ is not closed by ]]#"); err != nil {
			return nil, err
		}
		b.text(p.src[start+3 : p.pos-3])
		b.endToken()
		return nil, nil
	}
	return p.directive(b)
}

// lineComment skips it with its line end, as Velocity 1.7 does. Without a line
// end, and directly after a reference, Velocity does not always see a comment.
func (p *parser) lineComment(b *blockBuilder) error {
	if b.followsReference() {
		return p.errorAt(p.pos, "a comment directly after a reference: put a blank before it")
	}
	rest := p.src[p.pos:]
	end := strings.IndexAny(rest, "\r\n")
	if end < 0 {
		if strings.ContainsAny(rest[2:], "#$\\") {
			return p.errorAt(p.pos, "a comment at the end of the template needs a line end")
		}
		p.pos = len(p.src)
		return nil
	}
	p.pos += end
	p.pos += newlineLength(p.src, p.pos)
	return nil
}

func (p *parser) skipTo(closing, reason string) error {
	end := strings.Index(p.src[p.pos+2:], closing)
	if end < 0 {
		return p.errorAt(p.pos, "%s", reason)
	}
	p.pos += 2 + end + len(closing)
	return nil
}
