// Package apigateway is the emulator's control plane of Amazon API Gateway
// (REST APIs, v1). It keeps its state in memory, refuses what AWS refuses with
// AWS's own words, refuses by name what it does not support, and publishes an
// immutable definition.View to the data plane after every change.
package apigateway

import (
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"apigateway-maintenance/internal/emulator/awsproto"
	"apigateway-maintenance/internal/emulator/definition"
)

// Certificate is what a domain name asks about its certificate.
type Certificate struct {
	ARN    string
	Region string
	Status string   // ISSUED, PENDING_VALIDATION, ...
	Names  []string // the domain name and the alternatives, wildcards included
}

// Certificates finds certificates; ACM is one.
type Certificates interface {
	// Certificate gives the certificate of an ARN; false if there is none.
	Certificate(arn string) (Certificate, bool)
}

// Config is what the control plane needs from its surroundings.
type Config struct {
	Certificates Certificates
	// MayLog says whether API Gateway may write logs with a role; nil means that
	// it may with any.
	MayLog func(roleARN string) bool
	// Truststores gives the PEM bundle behind an s3:// URI, for mutual TLS; nil
	// means that there is none.
	Truststores func(uri string) (pem []byte, ok bool)
	// PathParameters, where set, keeps the parameters that a document declares at
	// a path, and is told of each; nil drops them, as AWS may (fact J2).
	PathParameters func(api, path string)
	// Notice gets a sentence about each kind of setting that is stored and not
	// enforced, whenever one is stored; nil means nobody listens.
	Notice func(sentence string)
	// OwnAddress gives a region an address at which clients come to it and to no
	// other region, and tells whether there was one; nil means that there is none.
	OwnAddress func(region string) bool
	// Now tells the time; nil means time.Now.
	Now func() time.Time
	// OnChange is called with each newly published view, in order, while no
	// other change is under way; nil means nobody listens.
	OnChange func(*definition.View)
}

// Service answers API Gateway's management calls. It is safe for concurrent use.
type Service struct {
	config     Config
	operations awsproto.Operations

	mu      sync.Mutex // serialises calls, and with them the views
	regions map[string]*region
	view    atomic.Pointer[definition.View]
	targets atomic.Pointer[map[string]AliasTarget] // by regional or distribution name
}

// region is what an account has in one region.
type region struct {
	name              string
	apis              map[string]*definition.API        // by API id
	domains           map[string]*definition.DomainName // by domain name
	apiKeys           map[string]*definition.APIKey     // by id
	usagePlans        map[string]*definition.UsagePlan  // by id
	cloudWatchRoleArn string
}

// New makes a control plane that holds nothing yet.
func New(config Config) *Service {
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.OwnAddress == nil {
		config.OwnAddress = func(string) bool { return false }
	}
	if config.Notice == nil {
		config.Notice = func(string) {}
	}
	s := &Service{config: config, regions: map[string]*region{}}
	s.view.Store(&definition.View{Domains: map[string]*definition.DomainView{}, APIs: map[string]*definition.APIView{}})
	s.targets.Store(&map[string]AliasTarget{})
	s.addOperations()
	return s
}

func (s *Service) now() definition.Time { return definition.Time{Time: s.config.Now()} }

// Name is "apigateway".
func (*Service) Name() string { return "apigateway" }

// WriteError writes an error in the REST-JSON protocol.
func (*Service) WriteError(w http.ResponseWriter, e *awsproto.Error, requestID string) {
	awsproto.RESTJSON.WriteError(w, e, requestID)
}

// View is the newest published picture of the control plane.
func (s *Service) View() *definition.View { return s.view.Load() }
