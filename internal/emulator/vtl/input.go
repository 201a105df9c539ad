package vtl

// function is a member of $input or $util.
type function struct {
	property         bool // without parentheses
	minArgs, maxArgs int
	jsonPath         bool // the argument is a JSONPath
}

var inputFunctions = map[string]function{
	"body":   {property: true},
	"params": {maxArgs: 1},
	"json":   {minArgs: 1, maxArgs: 1, jsonPath: true},
	"path":   {minArgs: 1, maxArgs: 1, jsonPath: true},
}

func callInput(x *execution, step part) (any, error) {
	args, err := evaluateAll(x, step.args)
	if err != nil {
		return nil, err
	}
	switch step.name {
	case "body":
		return x.body(), nil
	case "params":
		if len(args) == 0 {
			return x.allParams(), nil
		}
		name, _ := args[0].(string)
		return x.param(name), nil
	}
	path, ok := args[0].(string)
	if !ok {
		return nil, nil
	}
	found, err := x.jsonPath(path)
	switch {
	case err != nil:
		return nil, err
	case step.name == "path" && found == nil:
		return absent{}, nil
	case step.name == "path":
		return found, nil
	case found == absent{}:
		return jsonText("")
	}
	return jsonText(found)
}

// body is the payload; where there is none API Gateway shows an empty object.
func (x *execution) body() string {
	if x.ctx.Body == "" {
		return "{}"
	}
	return x.ctx.Body
}

func (x *execution) jsonPath(expression string) (any, error) {
	path, err := parseJSONPath(expression)
	if err != nil {
		return nil, err
	}
	document, err := parseJSON(x.body())
	if err != nil {
		return nil, err
	}
	return path.find(document), nil
}

// param looks in path, query string and header, in this order, and gives the
// empty string where none has the name (AWS page "Mapping template and access
// logging variable reference").
func (x *execution) param(name string) string {
	for _, from := range []map[string]string{x.ctx.Path, x.ctx.Query, x.ctx.Header} {
		if value, ok := from[name]; ok {
			return value
		}
	}
	return ""
}

func (x *execution) allParams() *Map {
	if x.params == nil {
		x.params = newMap(3)
		x.params.api = true
		x.params.keys = []string{"path", "querystring", "header"}
		x.params.values["path"] = apiMap(x.ctx.Path)
		x.params.values["querystring"] = apiMap(x.ctx.Query)
		x.params.values["header"] = apiMap(x.ctx.Header)
	}
	return x.params
}

func (x *execution) stageVariables() *Map {
	if x.stage == nil {
		x.stage = apiMap(x.ctx.StageVariables)
	}
	return x.stage
}
