package readonly

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
	"pgregory.net/rapid"

	"apigateway-maintenance/test/harness"
)

// Documents of the shape and size of public ones, which people really give to
// API Gateway; the words in them are ours.
//
//   - loans.yaml: a VPC link, stage variables in URLs, a token authorizer, the
//     parameters of paths behind references (public: pagopa/pn-user-attributes,
//     docs/openapi/aws).
//   - plans.json: an export in Swagger 2 of an API before an AWS service, with
//     credentials, signatures and selection patterns (public: the S3 proxy of
//     AWS's developer guide).
//   - site.yaml: a Lambda behind `/` and `/{proxy+}`, CORS mocks, everything
//     binary, numbers as keys (public: xsalazar/terraform-aws-docker-deploy).
var shapes = []string{"loans.yaml", "plans.json", "site.yaml"}

// TestDocumentsOfPublicShapes takes them through the module as the text that
// they are, and compares as for drawn documents.
func TestDocumentsOfPublicShapes(t *testing.T) {
	t.Parallel()
	documents := map[string]*live{}
	for _, name := range shapes {
		documents[name] = read(t, filepath.Join("testdata", "shapes", name))
	}
	documents["loans.yaml"].Closed = map[string][]string{"/v1/search": {}}
	s := harness.NewFixture(t, "documents", keepsShared, nil)
	rendered, mock := render(s, documents)
	w := newWorld(s, mock)
	backend := startBackend(t)
	for name, l := range documents {
		t.Run(name, func(t *testing.T) {
			w := w.in(t)
			var made object
			require.NoError(t, json.Unmarshal([]byte(rendered[name]), &made))
			requireOpenAsItWas(t, l, made)

			text, err := json.Marshal(l.standIn(made, backend))
			require.NoError(t, err)
			l.Document = l.standIn(l.Document, backend)
			seen := counts{}
			for seed := range 5 {
				requests := rapid.Custom(func(t *rapid.T) error { return w.compare(t, l, string(text), seen) })
				require.NoError(t, requests.Example(seed))
			}
			require.NotZero(t, seen[likeLive])
			require.NotZero(t, seen[likeMaintenance])
		})
	}
}

// requireOpenAsItWas requires that the document differs in closed methods, in
// name and description, and in the gateway response that the mock adds.
func requireOpenAsItWas(t *testing.T, l *live, made object) {
	t.Helper()
	for path, item := range l.Document["paths"].(object) {
		for key, operation := range item.(object) {
			if !l.closes(path, strings.ToUpper(key)) {
				assert.Equal(t, operation, methods(made, path)[key], "%s %s", key, path)
			}
		}
	}
	was, is := maps.Clone(l.Document), maps.Clone(made)
	for _, document := range []object{was, is} {
		delete(document, "paths")
		delete(document, "info")
		delete(document, responsesKey)
	}
	assert.Equal(t, was, is)
	assert.Equal(t, l.Document["info"].(object)["version"], made["info"].(object)["version"])
}

// read reads a document as the test sees it; the module gets its text.
func read(t *testing.T, file string) *live {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var tree any
	require.NoError(t, yaml.Unmarshal(text, &tree))
	encoded, err := json.Marshal(textKeys(tree))
	require.NoError(t, err)
	l := &live{Closed: "writes", text: string(text), operations: map[string]*operation{}}
	require.NoError(t, json.Unmarshal(encoded, &l.Document))
	for path, item := range l.Document["paths"].(object) {
		for key, drawn := range item.(object) {
			verb := strings.ToUpper(key)
			if key == anyKey {
				verb = "ANY"
			}
			if operationValue, isOperation := drawn.(object); isOperation {
				security, _ := operationValue["security"].([]any)
				l.operations[fmt.Sprintf("op%d", len(l.operations))] = &operation{path: path, verb: verb, secured: len(security) > 0}
			}
		}
	}
	return l
}

// textKeys makes keys text, as JSON has them.
func textKeys(node any) any {
	switch node := node.(type) {
	case object:
		for key, value := range node {
			node[key] = textKeys(value)
		}
	case map[any]any:
		texts := object{}
		for key, value := range node {
			texts[fmt.Sprint(key)] = textKeys(value)
		}
		return texts
	case []any:
		for i, value := range node {
			node[i] = textKeys(value)
		}
	}
	return node
}

// standIn puts a backend in the place of what the embedded AWS does not have (VPC
// links, AWS services) and of what cannot be reached from here. A method whose
// integration is not the live one's keeps its own.
func (l *live) standIn(document object, backend string) object {
	var copied object
	encoded, _ := json.Marshal(document)
	_ = json.Unmarshal(encoded, &copied)
	for id, op := range l.operations {
		key := strings.ToLower(op.verb)
		if op.verb == "ANY" {
			key = anyKey
		}
		was := methods(l.Document, op.path)[key].(object)[integrationKey].(object)
		is := methods(copied, op.path)[key].(object)
		if was["type"] == "mock" || !reflect.DeepEqual(was, is[integrationKey]) {
			continue
		}
		is[integrationKey] = object{"type": "http_proxy", "httpMethod": op.verb, "uri": backend + "/" + id}
	}
	return copied
}
