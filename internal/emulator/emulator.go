// Package emulator is an in-process AWS of just the services that the Terraform
// modules and examples use: API Gateway (REST), Lambda, IAM roles, CloudWatch
// Logs, Route 53, ACM and STS. Three
// things listen on loopback: the API endpoint that AWS clients talk to, the
// edge that answers for custom domains and execute-api host names over HTTPS
// and HTTP, and a name server.
//
// Its state lives in memory and is gone with Close. It is for tests and for
// trying things out.
package emulator

import (
	"errors"
	"io/fs"
	"maps"
	"net/http"
	"net/netip"
	"time"

	"apigateway-maintenance/internal/emulator/acm"
	"apigateway-maintenance/internal/emulator/apigateway"
	"apigateway-maintenance/internal/emulator/awsproto"
	"apigateway-maintenance/internal/emulator/ca"
	"apigateway-maintenance/internal/emulator/definition"
	"apigateway-maintenance/internal/emulator/execution"
	"apigateway-maintenance/internal/emulator/iam"
	"apigateway-maintenance/internal/emulator/lambda"
	"apigateway-maintenance/internal/emulator/logs"
	"apigateway-maintenance/internal/emulator/nameserver"
	"apigateway-maintenance/internal/emulator/route53"
	"apigateway-maintenance/internal/emulator/sts"
)

// loopback is where everything listens unless an address is given.
const loopback = "127.0.0.1:0"

// Config says what an Emulator is to be. The zero value is a strict emulator on
// free loopback ports, without quotas, faults or delays.
type Config struct {
	// APIAddr, HTTPSAddr, HTTPAddr and DNSAddr are host:port to listen on;
	// empty means a free port on 127.0.0.1.
	APIAddr, HTTPSAddr, HTTPAddr, DNSAddr string
	// Region is what Env names; empty means awsproto.DefaultRegion. Clients may
	// use any region.
	Region string
	// Truststores are the objects behind s3:// URIs that domains with mutual TLS
	// name: PEM bundles by URI.
	Truststores map[string][]byte
	// PathParameters, where set, keeps the parameters that an imported document
	// declares at a path, and is told of each; nil drops them, as AWS may.
	PathParameters func(api, path string)
	// Websites are served over HTTPS beside the APIs; nil means none.
	Websites Websites
	// Quotas enforces limits on management calls; nil means none.
	Quotas *Quotas
	// Faults injects failures into management calls; nil means none.
	Faults *Faults
	// Propagation lets changes reach the data plane by and by; nil means at once.
	Propagation *Propagation
	// Transport calls the backends of HTTP integrations; nil means a default.
	Transport http.RoundTripper
	// AccessLog takes the lines of stages that have an access log, beside the log
	// groups that they name; may be nil.
	AccessLog func(line string)
	// Notice gets a sentence when something is first stored that the emulator
	// does not enforce; may be nil.
	Notice func(sentence string)
	// Now tells the time to all services; nil means time.Now.
	Now func() time.Time
}

// Websites are files by the lower-case host name under which they are served. They
// stand in for a CDN, which the emulator does not have.
type Websites map[string]fs.FS

// Emulator is a running embedded AWS.
type Emulator struct {
	config    Config
	authority *ca.Authority
	gateway   *apigateway.Service
	zones     *route53.Service
	manager   *acm.Service
	roles     *iam.Service
	groups    *logs.Service
	functions *lambda.Service
	nodes     *nodes
	quotas    *quotaGate
	faults    *faultGate
	log       awsproto.CallLog
	notices   awsproto.Notices
	names     *nameserver.Server
	regions   *regions
	servers   []*server // API endpoint, edge HTTPS, edge HTTP
	users     users
}

// Start makes an emulator and returns when all its listeners answer. If one
// address cannot be had, nothing is left listening.
func Start(config Config) (*Emulator, error) {
	if config.Region == "" {
		config.Region = awsproto.DefaultRegion
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	authority, err := ca.New()
	if err != nil {
		return nil, err
	}
	e := &Emulator{
		config:    config,
		authority: authority,
		faults:    newFaultGate(config.Faults),
		quotas:    newQuotaGate(config.Quotas, config.Now),
		notices:   awsproto.Notices{Tell: config.Notice},
		users:     users{byKey: map[string]*User{}},
		regions:   &regions{home: config.Region, given: map[string]netip.Addr{}},
	}
	if _, err := e.AddUser("emulator", everything); err != nil {
		return nil, err
	}
	e.makeServices()
	if err := e.listen(); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	return e, nil
}

func (e *Emulator) makeServices() {
	e.zones = route53.New(route53.Config{Targets: aliasTargets{e}, Region: e.config.Region, Notice: e.notices.Say, Now: e.config.Now})
	e.manager = acm.New(acm.Config{Authority: e.authority, CNAME: e.cname, InUseBy: e.certificateUsers, Now: e.config.Now})
	e.roles = iam.New(e.config.Now)
	e.groups = logs.New(e.config.Now)
	e.functions = lambda.New(lambda.Config{Roles: e.roles, Logs: e.groups, Now: e.config.Now})
	e.nodes = newNodes(e.config.Propagation)
	e.gateway = apigateway.New(apigateway.Config{
		Certificates:   e.manager,
		MayLog:         e.mayLog,
		Truststores:    e.truststore,
		PathParameters: e.config.PathParameters,
		OwnAddress:     e.regions.own,
		Now:            e.config.Now,
		OnChange:       e.nodes.publish,
		Notice:         e.notices.Say,
	})
	e.nodes.publish(e.gateway.View())
}

// front is the handler of the API endpoint.
func (e *Emulator) front() http.Handler {
	services := []awsproto.Service{e.gateway, e.functions, e.roles, e.groups, e.zones, e.manager, sts.New(e.identity)}
	// Faults come last: a call whose answer is lost passes no further gate.
	gates := []awsproto.Gate{&permissionGate{e, services}, e.quotas, e.faults}
	return &awsproto.Front{
		Secret:   e.secret,
		Services: services,
		Gates:    gates,
		Notices:  &e.notices,
		Log:      &e.log,
		// Clients sign with the time that it really is.
		Now: time.Now,
	}
}

// dataPlane is the handler of the edge.
func (e *Emulator) dataPlane() http.Handler {
	return execution.New(execution.Config{
		View:      func(*http.Request) *definition.View { return e.nodes.view() },
		Region:    e.regionOf,
		Transport: e.config.Transport,
		Now:       e.config.Now,
		Functions: e.functions,
		AccessLog: e.accessLog,
	})
}

// Close ends all listeners, connections and processes of functions.
func (e *Emulator) Close() error {
	e.nodes.stop()
	var errs []error
	for _, s := range e.servers {
		errs = append(errs, s.close())
	}
	if e.names != nil {
		errs = append(errs, e.names.Close())
	}
	return errors.Join(append(errs, e.functions.Close())...)
}

// Calls gives the management calls so far, in the order in which they ended.
func (e *Emulator) Calls() []awsproto.Call { return e.log.Calls() }

// Notices are sentences about what was stored and is not enforced. The API
// endpoint lists them too, at awsproto.NoticesPath.
func (e *Emulator) Notices() []string { return e.notices.All() }

// ResetCalls empties the log of management calls.
func (e *Emulator) ResetCalls() { e.log.Reset() }

// SetFaults replaces the faults that are injected from now on; nil ends them.
func (e *Emulator) SetFaults(faults *Faults) { e.faults.set(faults) }

// SetQuotas replaces the quotas that are enforced from now on, with nothing used
// of them yet; nil ends them.
func (e *Emulator) SetQuotas(quotas *Quotas) { e.quotas.set(quotas) }

// Inventory counts what exists in all services, by kind. Kinds of which there
// is nothing are left out, so it is empty when nothing is left.
func (e *Emulator) Inventory() map[string]int {
	counts := map[string]int{}
	for _, part := range []map[string]int{
		e.gateway.Inventory(), e.functions.Inventory(), e.roles.Inventory(), e.groups.Inventory(), e.zones.Inventory(), e.manager.Inventory(),
	} {
		maps.Copy(counts, part)
	}
	maps.DeleteFunc(counts, func(_ string, count int) bool { return count == 0 })
	return counts
}

// IssueCertificate makes a certificate that is issued at once, which ACM
// itself never does: a short cut past DNS validation.
func (e *Emulator) IssueCertificate(region string, names ...string) (arn string, err error) {
	return e.manager.Issue(region, names...)
}
