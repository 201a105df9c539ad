// Package lambda is the emulator's AWS Lambda: functions of the runtimes that
// are a program of one's own (provided.al2023, provided.al2), uploaded as zip
// files. Their bootstrap really runs, one process for each request at a time,
// over the Lambda Runtime API.
package lambda

import (
	"errors"
	"net/http"
	"os"
	"sync"
	"time"

	"apigateway-maintenance/internal/emulator/awsproto"
	"apigateway-maintenance/internal/emulator/iampolicy"
)

// Roles knows what IAM roles may do.
type Roles interface {
	CanBeAssumed(arn, service string, context iampolicy.Context) bool
	May(arn, action, resource string) bool
}

// Logs takes what functions print.
type Logs interface {
	Exists(region, group string) bool
	Write(region, group, stream, line string)
}

// Config is what the service needs from the emulator.
type Config struct {
	Roles Roles
	Logs  Logs
	Now   func() time.Time // nil means time.Now
}

// Service answers Lambda calls, holds the functions and runs them. It is safe
// for concurrent use.
type Service struct {
	config     Config
	operations awsproto.Operations

	mu        sync.RWMutex
	functions map[functionKey]*function
	closed    bool
	work      string // folder for unpacked code; made when first needed
}

type functionKey struct{ region, name string }

// New makes a Service without functions.
func New(config Config) *Service {
	if config.Now == nil {
		config.Now = time.Now
	}
	s := &Service{config: config, functions: map[functionKey]*function{}}
	s.addOperations()
	return s
}

// Name is "lambda".
func (*Service) Name() string { return "lambda" }

func (s *Service) addOperations() {
	for _, o := range []struct {
		pattern, name string
		serve         func(http.ResponseWriter, *awsproto.Request) error
	}{
		{"POST /2015-03-31/functions", "CreateFunction", s.createFunction},
		{"GET /2015-03-31/functions/{name}", "GetFunction", s.getFunction},
		{"DELETE /2015-03-31/functions/{name}", "DeleteFunction", s.deleteFunction},
		{"GET /2015-03-31/functions/{name}/configuration", "GetFunctionConfiguration", s.getConfiguration},
		{"PUT /2015-03-31/functions/{name}/configuration", "UpdateFunctionConfiguration", s.updateConfiguration},
		{"PUT /2015-03-31/functions/{name}/code", "UpdateFunctionCode", s.updateCode},
		{"GET /2015-03-31/functions/{name}/versions", "ListVersionsByFunction", s.listVersions},
		{"GET /2020-06-30/functions/{name}/code-signing-config", "GetFunctionCodeSigningConfig", s.getCodeSigning},
		{"POST /2015-03-31/functions/{name}/policy", "AddPermission", s.addPermission},
		{"GET /2015-03-31/functions/{name}/policy", "GetPolicy", s.getPolicy},
		{"DELETE /2015-03-31/functions/{name}/policy/{sid}", "RemovePermission", s.removePermission},
		{"GET /2017-03-31/tags/{arn}", "ListTags", s.listTags},
		{"POST /2017-03-31/tags/{arn}", "TagResource", s.tag},
		{"DELETE /2017-03-31/tags/{arn}", "UntagResource", s.untag},
		{"POST /2015-03-31/functions/{name}/invocations", "Invoke", s.invoke},
	} {
		s.operations.Add(o.pattern, o.name, o.serve)
	}
	// The SDKs spell the collection with a slash at the end.
	s.operations.Add("POST /2015-03-31/functions/{$}", "CreateFunction", s.createFunction)
}

// Operations are all that the service has.
func (s *Service) Operations() []string { return s.operations.Names() }

// Operation names the call by its verb and path.
func (s *Service) Operation(r *awsproto.Request) string { return s.operations.Name(r) }

// Serve answers the call.
func (s *Service) Serve(w http.ResponseWriter, r *awsproto.Request) error {
	return s.operations.Serve(w, r)
}

// WriteError writes an error in REST-JSON, with the type that Lambda's errors
// have beside it.
func (*Service) WriteError(w http.ResponseWriter, e *awsproto.Error, requestID string) {
	awsproto.RESTJSON.WriteError(w, e, requestID)
}

// Inventory counts what exists.
func (s *Service) Inventory() map[string]int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return map[string]int{"lambda_functions": len(s.functions)}
}

// Close ends all processes and removes the unpacked code.
func (s *Service) Close() error {
	s.mu.Lock()
	s.closed = true
	functions, work := s.functions, s.work
	s.functions = map[functionKey]*function{}
	s.mu.Unlock()
	for _, f := range functions {
		f.kill()
	}
	if work == "" {
		return nil
	}
	return os.RemoveAll(work)
}

var errClosed = errors.New("the embedded AWS has ended")
