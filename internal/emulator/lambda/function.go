package lambda

import (
	"maps"
	"sync"
	"time"

	"apigateway-maintenance/internal/emulator/awsproto"
	"apigateway-maintenance/internal/emulator/iampolicy"
)

// settings are a function's configuration, with Lambda's defaults for what is
// left out. A pointer tells what a request leaves out from what it sets empty.
type settings struct {
	Description   *string
	Role          *string
	Handler       *string
	Runtime       *string
	Timeout       *int // seconds
	MemorySize    *int // MB
	Environment   *struct{ Variables map[string]string }
	LoggingConfig *struct{ LogFormat, LogGroup string }
}

type function struct {
	region, name string
	revision     string
	modified     time.Time

	description, role, handler, runtime, architecture string
	timeout, memory                                   int
	variables                                         map[string]string
	logGroup                                          string
	tags                                              map[string]string
	permissions                                       []permission
	code                                              *code

	// pool runs this code with these settings; a change of either makes another
	// function of it, and requests under way finish on the old one.
	poolMu  sync.Mutex
	pool    *pool
	retired bool
}

type permission struct {
	sid    string
	text   string // the statement
	policy *iampolicy.Policy
}

func (f *function) arn() string {
	return awsproto.ARN("lambda", f.region, awsproto.AccountID, "function:"+f.name)
}

// apply sets what a request gives.
func (f *function) apply(s settings) {
	set(&f.description, s.Description)
	set(&f.role, s.Role)
	set(&f.handler, s.Handler)
	set(&f.runtime, s.Runtime)
	set(&f.timeout, s.Timeout)
	set(&f.memory, s.MemorySize)
	if s.Environment != nil {
		f.variables = maps.Clone(s.Environment.Variables)
	}
	if s.LoggingConfig != nil && s.LoggingConfig.LogGroup != "" {
		f.logGroup = s.LoggingConfig.LogGroup
	}
}

func set[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}

// configuration is FunctionConfiguration of the Lambda API reference.
type configuration struct {
	FunctionName     string
	FunctionArn      string
	Runtime          string
	Role             string
	Handler          string
	CodeSize         int
	Description      string
	Timeout          int
	MemorySize       int
	LastModified     string
	CodeSha256       string
	Version          string
	Environment      *environment `json:",omitempty"`
	TracingConfig    map[string]string
	RevisionID       string `json:"RevisionId"`
	State            string
	LastUpdateStatus string
	PackageType      string
	Architectures    []string
	EphemeralStorage map[string]int
	SnapStart        map[string]string
	LoggingConfig    map[string]string
}

type environment struct{ Variables map[string]string }

func (f *function) configuration() configuration {
	c := configuration{
		FunctionName: f.name, FunctionArn: f.arn(), Runtime: f.runtime, Role: f.role, Handler: f.handler,
		CodeSize: f.code.size, CodeSha256: f.code.sha256, Description: f.description, Timeout: f.timeout, MemorySize: f.memory,
		LastModified: f.modified.UTC().Format("2006-01-02T15:04:05.000-0700"), Version: latest,
		TracingConfig: map[string]string{"Mode": "PassThrough"}, RevisionID: f.revision,
		State: "Active", LastUpdateStatus: "Successful", PackageType: "Zip", Architectures: []string{f.architecture},
		EphemeralStorage: map[string]int{"Size": 512},
		SnapStart:        map[string]string{"ApplyOn": "None", "OptimizationStatus": "Off"},
		LoggingConfig:    map[string]string{"LogFormat": "Text", "LogGroup": f.logGroup},
	}
	if len(f.variables) > 0 {
		c.Environment = &environment{f.variables}
	}
	return c
}

// latest is the one version that there is: published ones are not served.
const latest = "$LATEST"

// acquire gives a worker to run one request on; false where the function was
// replaced or deleted meanwhile.
func (f *function) acquire(start func() *pool) (*worker, error, bool) {
	f.poolMu.Lock()
	if f.retired {
		f.poolMu.Unlock()
		return nil, nil, false
	}
	if f.pool == nil {
		f.pool = start()
	}
	p := f.pool
	p.users.Add(1)
	f.poolMu.Unlock()
	w, err := p.take()
	return w, err, true
}

// retire ends the processes of the function and then does what is left to do,
// once the requests under way have ended.
func (f *function) retire(then func()) {
	f.poolMu.Lock()
	f.retired = true
	p := f.pool
	f.poolMu.Unlock()
	if p == nil {
		then()
		return
	}
	p.endIdle()
	go func() {
		p.users.Wait()
		p.endIdle()
		then()
	}()
}

// kill ends the processes of the function at once.
func (f *function) kill() {
	f.poolMu.Lock()
	f.retired = true
	p := f.pool
	f.poolMu.Unlock()
	if p != nil {
		p.kill()
	}
}
