// Package execution is the data plane of API Gateway (REST): it answers the
// requests that reach custom domains and execute-api host names, from the
// snapshots that deployments froze. Each behaviour names its source, mostly a
// fact of docs/facts.md, where it is written.
package execution

import (
	"net/http"
	"time"

	"apigateway-maintenance/internal/emulator/definition"
)

// Config is what a Handler needs from the emulator.
type Config struct {
	// View gives the picture of the control plane that the node has on which
	// the request's connection landed.
	View func(r *http.Request) *definition.View
	// Region is that to whose address the request came; nil means no particular one.
	Region func(r *http.Request) string
	// Transport calls the backends of HTTP and HTTP_PROXY integrations; nil
	// means a default that knows no proxy and leaves compressed bodies alone.
	Transport http.RoundTripper
	// Now tells the time; nil means time.Now.
	Now func() time.Time
	// Functions runs the functions of AWS_PROXY integrations; nil means that
	// there are none.
	Functions Functions
	// AccessLog takes the lines of stages that have an access log, with the ARN
	// that it goes to; may be nil.
	AccessLog func(destination, line string)
}

// Handler answers data-plane requests. It is safe for concurrent use.
type Handler struct {
	config   Config
	programs programCache
	limiters limiters
}

// New makes a Handler.
func New(config Config) *Handler {
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.Region == nil {
		config.Region = func(*http.Request) string { return "" }
	}
	if config.Transport == nil {
		config.Transport = &http.Transport{
			DisableCompression:  true,
			MaxIdleConnsPerHost: 64,
			IdleConnTimeout:     60 * time.Second,
		}
	}
	return &Handler{config: config}
}

// ServeHTTP answers as the frontend, the domain and the API do, in this order.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := &call{handler: h, w: w, r: r, start: h.config.Now()}
	place := locate(h.config.View(r), h.config.Region(r), r)
	c.edge = place.edge
	if !c.withinLimits() {
		return
	}
	if place.ping {
		c.ping()
		return
	}
	c.identify()
	if place.stage == nil {
		c.forbidden()
		return
	}
	place.drawCanary()
	c.place = place
	c.program = h.programs.get(place.stage.Snapshot)
	c.readRequest()
	if failure := c.serveAPI(); failure != nil {
		c.gatewayResponse(failure)
	}
	c.writeAccessLog()
}

// serveAPI routes, admits and integrates.
func (c *call) serveAPI() *failure {
	c.method = c.program.route(c)
	if c.method == nil {
		return fail("MISSING_AUTHENTICATION_TOKEN")
	}
	if failure := c.authorize(); failure != nil {
		return failure
	}
	if !c.handler.limiters.allow(c) {
		return fail("THROTTLED")
	}
	if failure := c.validate(); failure != nil {
		return failure
	}
	if c.method.integration == nil {
		return fail("API_CONFIGURATION_ERROR")
	}
	switch c.method.integration.kind {
	case "MOCK":
		return c.mock()
	case "HTTP":
		return c.http()
	case "HTTP_PROXY":
		return c.httpProxy()
	case "AWS_PROXY":
		return c.lambdaProxy()
	}
	return fail("API_CONFIGURATION_ERROR")
}
