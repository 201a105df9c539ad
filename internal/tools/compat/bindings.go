package main

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"regexp"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// block is what one kind of block (a resource, or a block in it) may hold.
type block struct {
	// arguments may be set; those that are blocks name their own kind.
	arguments map[string]*block
	// attributes may be read; those with parts of their own name their kind.
	attributes map[string]*block
	// types are those of plain arguments and attributes; an unknown one may be
	// anything.
	types map[string]cty.Type
	// required arguments must be there.
	required map[string]bool
}

// schema has a block for each type that was asked for, by its Terraform name,
// data sources with "data." before it.
type schema map[string]*block

// readBindings reads the given types out of the package. One that the package
// lacks is absent from the result.
func readBindings(archive string, types map[string]bool) (schema, error) {
	file, err := os.Open(archive)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", archive, err)
	}
	wanted := map[string]string{}
	for name := range types {
		wanted["package/lib/"+folderOf(name)+"/index.js"] = name
	}
	found, generatedFrom := schema{}, false
	for reader := tar.NewReader(unzipped); ; {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", archive, err)
		}
		name, ok := wanted[header.Name]
		if !ok && header.Name != "package/package.json" {
			continue
		}
		source, err := io.ReadAll(reader)
		if err != nil {
			return nil, fmt.Errorf("read %s of %s: %w", header.Name, archive, err)
		}
		if !ok {
			generatedFrom = strings.Contains(string(source), `"version": "`+providerVersion+`"`)
			continue
		}
		if found[name], err = parseBinding(string(source)); err != nil {
			return nil, fmt.Errorf("%s in %s: %w", header.Name, path.Base(archive), err)
		}
	}
	if !generatedFrom {
		return nil, fmt.Errorf("%s does not say that it describes provider %s", archive, providerVersion)
	}
	return found, nil
}

// folderOf is where the generator puts a type: aws_route53_record in
// route53-record, a data source of that name in data-aws-route53-record.
func folderOf(name string) string {
	if data, ok := strings.CutPrefix(name, "data."); ok {
		return "data-" + strings.ReplaceAll(data, "_", "-")
	}
	return strings.ReplaceAll(strings.TrimPrefix(name, "aws_"), "_", "-")
}

// The lines of a generated file that tell the schema: which function or class
// they stand in, the arguments it writes, the attributes it reads.
var (
	functionLine = regexp.MustCompile(`^function (\w+)ToHclTerraform\(`)
	classLine    = regexp.MustCompile(`^class (\w+) extends [\w.]+ \{`)
	typeLine     = regexp.MustCompile(`^ +(type|storageClassType): "(\w+)",$`)
	flagsLine    = regexp.MustCompile(`^ +// (\w+) - computed: \w+, optional: \w+, required: (\w+)$`)
	readLine     = regexp.MustCompile(`\bthis\.get(String|Number|Boolean)Attribute\(['"](\w+)['"]\)`)
	argumentLine = regexp.MustCompile(`^ {8,12}(\w+): \{$`)
	valueLine    = regexp.MustCompile(`^ +value: (.*),$`)
	nestedValue  = regexp.MustCompile(`\b([a-z]\w*)ToHclTerraform\b`)
	getterLine   = regexp.MustCompile(`\bthis\.(?:get\w+Attribute|interpolationForAttribute)\(['"](\w+)['"]\)`)
	childLine    = regexp.MustCompile(`= new ([\w.]+)\(this, ['"](\w+)['"]`)
	resourceLine = regexp.MustCompile(`\bterraformResourceType: ['"]\w+['"]`)
)

// part is what one function or class of a generated file says.
type part struct {
	arguments  map[string]string // name to the function of a nested block, else ""
	attributes map[string]string // name to the class of its parts, else ""
	types      map[string]cty.Type
	required   map[string]bool
}

// parseBinding reads one generated file. It depends on how the generator lays
// its code out, so a file without a resource or arguments is an error rather
// than an empty schema.
func parseBinding(source string) (*block, error) {
	functions, classes := map[string]part{}, map[string]part{}
	var current part
	var argument, typed, kind, resource, class string
	for line := range strings.Lines(source) {
		line = strings.TrimRight(line, "\r\n")
		if m := functionLine.FindStringSubmatch(line); m != nil {
			current, class = newPart(), ""
			functions[m[1]] = current
			continue
		}
		if m := classLine.FindStringSubmatch(line); m != nil {
			current, class = newPart(), m[1]
			classes[class] = current
			continue
		}
		if current.arguments == nil {
			continue
		}
		if m := argumentLine.FindStringSubmatch(line); m != nil {
			argument, typed = m[1], m[1]
		} else if m := typeLine.FindStringSubmatch(line); m != nil && m[1] == "type" {
			kind = m[2]
		} else if m != nil {
			current.setType(typed, kind, m[2])
		} else if m := flagsLine.FindStringSubmatch(line); m != nil {
			current.required[m[1]] = m[2] == "true"
		} else if m := valueLine.FindStringSubmatch(line); m != nil && argument != "" {
			current.arguments[argument] = nestedFunction(m[1])
			argument = ""
		} else if m := getterLine.FindStringSubmatch(line); m != nil {
			current.attributes[m[1]] = ""
			if m := readLine.FindStringSubmatch(line); m != nil {
				current.types[m[2]] = plainTypes[strings.ToLower(m[1])]
			}
		}
		if m := childLine.FindStringSubmatch(line); m != nil {
			current.attributes[m[2]] = m[1]
		}
		if resourceLine.MatchString(line) && class != "" {
			resource = class
		}
	}
	main, ok := classes[resource]
	if !ok || len(main.attributes) == 0 {
		return nil, errors.New("the generated code has not the expected form: no resource in it")
	}
	return assemble(main, functions, classes), nil
}

func newPart() part {
	return part{arguments: map[string]string{}, attributes: map[string]string{}, types: map[string]cty.Type{}, required: map[string]bool{}}
}

var plainTypes = map[string]cty.Type{
	"string": cty.String, "number": cty.Number, "boolean": cty.Bool,
	"stringList": cty.List(cty.String), "numberList": cty.List(cty.Number),
	"stringMap": cty.Map(cty.String), "numberMap": cty.Map(cty.Number), "booleanMap": cty.Map(cty.Bool),
}

// setType notes the type of an argument as the generator names it, a set as a
// list whose elements have no order. That of a block is none of the plain ones.
func (p part) setType(name, kind, class string) {
	t, plain := plainTypes[class]
	if !plain {
		return
	}
	if kind == "set" && t.IsListType() {
		t = cty.Set(t.ElementType())
	}
	p.types[name] = t
}

// nestedFunction is the function that writes a nested block, empty where the
// value is a plain one (cdktn's own functions write those).
func nestedFunction(value string) string {
	for _, m := range nestedValue.FindAllStringSubmatchIndex(value, -1) {
		if !strings.HasSuffix(value[:m[2]], "cdktn.") {
			return value[m[2]:m[3]]
		}
	}
	return ""
}

func assemble(p part, functions, classes map[string]part) *block {
	b := &block{arguments: map[string]*block{}, attributes: map[string]*block{}, types: p.types, required: p.required}
	for name, function := range p.arguments {
		b.arguments[name] = nil
		if nested, ok := functions[function]; ok {
			b.arguments[name] = assemble(nested, functions, classes)
			// What it takes is told by its function, what it must have by its class.
			if class, ok := classes[strings.ToUpper(function[:1])+function[1:]+"OutputReference"]; ok {
				b.arguments[name].required = class.required
			}
		}
	}
	for name, class := range p.attributes {
		b.attributes[name] = nil
		if nested, ok := classes[elementClass(class)]; ok {
			b.attributes[name] = assemble(nested, functions, classes)
		}
	}
	return b
}

// elementClass is the class of one element: a list's class only wraps it.
func elementClass(class string) string {
	if element, ok := strings.CutSuffix(class, "List"); ok {
		return element + "OutputReference"
	}
	return class
}
