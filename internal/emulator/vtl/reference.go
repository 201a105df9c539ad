package vtl

import (
	"strings"
)

// rootKind tells what a reference starts from.
type rootKind int

const (
	rootVariable rootKind = iota
	rootInput
	rootContext
	rootUtil
	rootStageVariables
)

var rootNames = map[string]rootKind{
	"input": rootInput, "context": rootContext, "util": rootUtil, "stageVariables": rootStageVariables,
}

// reference is $name with what follows it. It is an expression.
type reference struct {
	root    rootKind
	slot    int        // of a rootVariable
	context string     // of a rootContext: the dotted name, or an override's kind
	key     expression // of a rootContext: the override's name, where it is computed
	put     expression // of a rootContext: what .put(name, value) stores
	parts   []part
	literal string // as written, without backslashes
	quiet   bool
}

// part is one step along a reference: a property, a method call or an index.
type part struct {
	name   string
	call   bool
	args   []expression
	index  expression
	method *method // of a call on a value
}

// reference reads a reference that is there to be read.
func (p *parser) reference() (*reference, error) {
	ref, start, err := p.referenceSyntax()
	if err != nil {
		return nil, err
	}
	if err := p.resolve(ref, start); err != nil {
		return nil, err
	}
	return ref, nil
}

// assignable reads a reference on the left of #set, or the variable of #foreach.
func (p *parser) assignable() (*reference, error) {
	ref, start, err := p.referenceSyntax()
	if err != nil {
		return nil, err
	}
	name := ref.parts[0].name
	switch {
	case ref.quiet || strings.HasPrefix(ref.literal, "${"):
		// Velocity 1.7 parses these and then sets nothing.
		return nil, p.errorAt(start, "%s cannot be set: write it as $%s", ref.literal, name)
	case name == "context":
		if err := p.resolveOverride(ref, start); err != nil {
			return nil, err
		}
		if ref.put != nil {
			return nil, p.errorAt(start, "a method call cannot be set")
		}
		return ref, nil
	case name == "foreach" || name == "velocityCount" || name == "velocityHasNext" || rootNames[name] != rootVariable:
		return nil, p.errorAt(start, "$%s cannot be set", name)
	}
	ref.parts = ref.parts[1:]
	for i, step := range ref.parts {
		if step.call && i == len(ref.parts)-1 {
			return nil, p.errorAt(start, "a method call cannot be set")
		}
		if err := p.resolveMethod(&ref.parts[i], start); err != nil {
			return nil, err
		}
	}
	if len(ref.parts) > 0 {
		p.useRoot(name, start)
		if !p.assigned[name] {
			return nil, p.errorAt(start, "unknown reference $%s: set it to a map first", name)
		}
	}
	ref.slot = p.assign(name)
	return ref, nil
}

// referenceSyntax reads $name, ${name} and their quiet forms with all steps;
// the name comes as the first of parts.
func (p *parser) referenceSyntax() (*reference, int, error) {
	start := p.pos
	ref := &reference{}
	p.pos++
	if p.peek() == '!' {
		ref.quiet = true
		p.pos++
	}
	if p.peek() == '!' {
		return nil, start, p.errorAt(start, "more than one exclamation mark after a dollar sign")
	}
	formal := p.peek() == '{'
	if formal {
		p.pos++
	}
	ref.parts = []part{{name: p.identifier()}}
	for {
		step, ok, err := p.step()
		if err != nil {
			return nil, start, err
		}
		if !ok {
			break
		}
		ref.parts = append(ref.parts, step)
	}
	if formal {
		if p.peek() != '}' {
			return nil, start, p.errorAt(p.pos, "expected } to close the reference, found %s", p.found())
		}
		p.pos++
	}
	ref.literal = p.src[start:p.pos]
	return ref, start, nil
}

// step reads .name, .name(...) or [index], if one follows.
func (p *parser) step() (part, bool, error) {
	switch {
	case p.peek() == '.' && isIdentifierStart(p.at(p.pos+1)):
		p.pos++
		s := part{name: p.identifier()}
		if p.peek() != '(' {
			return s, true, nil
		}
		args, err := p.arguments()
		s.call, s.args = true, args
		return s, true, err
	case p.peek() == '[':
		p.pos++
		p.skipBlanks()
		index, err := p.operand()
		if err != nil {
			return part{}, false, err
		}
		p.skipBlanks()
		if p.peek() != ']' {
			return part{}, false, p.errorAt(p.pos, "expected ] to close the index, found %s", p.found())
		}
		p.pos++
		return part{index: index}, true, nil
	}
	return part{}, false, nil
}

func (p *parser) arguments() ([]expression, error) {
	p.pos++
	if p.peek() == ')' {
		p.pos++
		return nil, nil
	}
	var args []expression
	for {
		p.skipBlanks()
		arg, err := p.operand()
		if err != nil {
			return nil, err
		}
		args = append(args, arg)
		p.skipBlanks()
		switch p.peek() {
		case ',':
			p.pos++
		case ')':
			p.pos++
			return args, nil
		default:
			return nil, p.errorAt(p.pos, "expected , or ) in the arguments, found %s (Velocity takes no operators there)", p.found())
		}
	}
}

// resolve binds the name and checks every step against what is known.
func (p *parser) resolve(ref *reference, start int) error {
	name := ref.parts[0].name
	ref.root = rootNames[name]
	ref.parts = ref.parts[1:]
	checked := 0 // steps that the root itself understands
	switch ref.root {
	case rootInput:
		if err := p.checkFunction(ref, start, "input", inputFunctions); err != nil {
			return err
		}
		checked = 1
	case rootUtil:
		if err := p.checkFunction(ref, start, "util", utilFunctions); err != nil {
			return err
		}
		checked = 1
	case rootContext:
		if err := p.resolveContext(ref, start); err != nil {
			return err
		}
	case rootVariable:
		p.useRoot(name, start)
		ref.slot = p.slot(name)
	}
	for i := checked; i < len(ref.parts); i++ {
		if err := p.resolveMethod(&ref.parts[i], start); err != nil {
			return err
		}
	}
	return nil
}

// checkFunction checks the first step of $input and $util.
func (p *parser) checkFunction(ref *reference, start int, root string, functions map[string]function) error {
	if len(ref.parts) == 0 || ref.parts[0].index != nil {
		return p.errorAt(start, "$%s by itself is not supported", root)
	}
	step := ref.parts[0]
	f, ok := functions[step.name]
	if !ok || f.property == step.call {
		return p.errorAt(start, "unknown function $%s.%s", root, step.name)
	}
	if n := len(step.args); n < f.minArgs || n > f.maxArgs {
		return p.errorAt(start, "$%s.%s does not take %d arguments", root, step.name, n)
	}
	if !f.jsonPath {
		return nil
	}
	if literal, ok := step.args[0].(stringLiteral); ok {
		if _, err := parseJSONPath(string(literal)); err != nil {
			return p.errorAt(start, "%s", err)
		}
	}
	return nil
}

// resolveContext finds the longest known $context variable in the steps.
func (p *parser) resolveContext(ref *reference, start int) error {
	names := namesOf(ref.parts)
	if len(names) > 0 && (names[0] == "responseOverride" || names[0] == "requestOverride") {
		return p.resolveOverride(ref, start)
	}
	for n := len(names); n > 0; n-- {
		if name := strings.Join(names[:n], "."); IsContextVariable(name) {
			ref.context, ref.parts = name, ref.parts[n:]
			return nil
		}
	}
	return p.errorAt(start, "unknown context variable %s", ref.literal)
}

// resolveMethod looks a method up by name: one that no value here knows is
// refused, one that this value does not know is null as in Velocity.
func (p *parser) resolveMethod(step *part, start int) error {
	if !step.call {
		return nil
	}
	m, ok := methods[step.name]
	if !ok {
		return p.errorAt(start, "unknown method .%s()", step.name)
	}
	if n := len(step.args); n < m.minArgs || n > m.maxArgs {
		return p.errorAt(start, ".%s() does not take %d arguments", step.name, n)
	}
	step.method = m
	if m.regex {
		if literal, ok := step.args[0].(stringLiteral); ok {
			if _, err := compileJavaRegex(string(literal)); err != nil {
				return p.errorAt(start, ".%s(): %s", step.name, err)
			}
		}
	}
	return nil
}
