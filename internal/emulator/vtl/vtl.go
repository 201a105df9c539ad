// Package vtl runs the mapping templates of API Gateway: a strict subset of
// the Velocity Template Language 1.7 with the variables $input, $context,
// $util and $stageVariables.
//
// Strict means: Parse refuses, with line, column and reason, whatever Execute
// would not run as API Gateway does. There is no silent approximation, since a
// template that only seems to work here would fail where it matters. The order
// in which params() and map literals enumerate is the one thing that AWS leaves
// open; here it is sorted and as written.
package vtl

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// MaxTemplateBytes is the largest mapping template (fact A6).
const MaxTemplateBytes = 300 * 1024

// ParseError tells where and why a template is refused.
type ParseError struct {
	Line   int // from 1
	Column int // from 1, in characters
	Reason string
}

func (e *ParseError) Error() string {
	return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Reason)
}

// Template is a parsed mapping template. It is immutable and safe for
// concurrent use.
type Template struct {
	nodes []node
	slots int // number of template variables
}

// Parse reads a template. Its error, if any, is a *ParseError.
func Parse(source string) (*Template, error) {
	p := &parser{src: source, slots: map[string]int{}, assigned: map[string]bool{}}
	if len(source) > MaxTemplateBytes {
		return nil, p.errorAt(MaxTemplateBytes, "the template has %d bytes, API Gateway takes at most %d", len(source), MaxTemplateBytes)
	}
	if !utf8.ValidString(source) {
		return nil, p.errorAt(0, "the template is not valid UTF-8")
	}
	nodes, end, err := p.block()
	if err != nil {
		return nil, err
	}
	if end.kind != endOfInput {
		return nil, p.errorAt(end.pos, "%s without a directive that it belongs to", end.kind)
	}
	if err := p.checkRoots(); err != nil {
		return nil, err
	}
	return &Template{nodes: nodes, slots: len(p.slots)}, nil
}

// Execute renders the template. The error, if any, is a run-time failure that
// API Gateway answers with 500, for example an override that is set twice.
func (t *Template) Execute(c *Context) (string, error) {
	if c.Overrides == nil {
		c.Overrides = &Overrides{}
	}
	x := &execution{ctx: c, vars: make([]any, t.slots)}
	if err := renderAll(t.nodes, x); err != nil {
		return "", err
	}
	return x.out.String(), nil
}

// position translates a byte offset to line and column.
func position(src string, offset int) (line, column int) {
	before := src[:min(offset, len(src))]
	line = 1 + strings.Count(before, "\n")
	return line, 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
}
