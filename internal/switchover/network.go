package switchover

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	tfjson "github.com/hashicorp/terraform-json"

	"apigateway-maintenance/internal/guard"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/plain"
	"apigateway-maintenance/internal/probe"
)

// What a name server may take, and have repeated of what it says.
const (
	lookupTimeout  = 5 * time.Second // for one question
	addressesShown = 8
	errorShown     = 200
)

// DNS is what the name server says of a domain.
type DNS struct {
	Domain    string   `json:"domain"`
	Addresses []string `json:"addresses"`
	// Target is the host name of API Gateway that the domain has to lead to, if
	// the state knows it; Leads says that it does: both have an address in
	// common.
	Target string `json:"target,omitempty"`
	Leads  bool   `json:"leads"`
	Error  string `json:"error,omitempty"`
}

func (d DNS) String() string {
	switch {
	case d.Error != "":
		return d.Domain + ": " + d.Error
	case d.Target == "":
		return fmt.Sprintf("%s is %v", d.Domain, d.Addresses)
	case d.Leads:
		return fmt.Sprintf("%s leads to %s", d.Domain, d.Target)
	default:
		return fmt.Sprintf("%s does NOT lead to %s but to %v", d.Domain, d.Target, d.Addresses)
	}
}

func lookUp(ctx context.Context, server string, view *guard.View, state *tfjson.State) []DNS {
	targets := domainTargets(state)
	resolver := probe.NewResolver(server)
	addresses := func(host string) ([]string, error) {
		ctx, cancel := context.WithTimeout(ctx, lookupTimeout)
		defer cancel()
		found, err := resolver.LookupHost(ctx, host)
		slices.Sort(found)
		return found, err
	}
	var all []DNS
	for _, domain := range view.Domains() {
		host := view.HostOf(domain)
		d := DNS{Domain: host, Target: strings.Join(targets[domain], " or ")}
		found, err := addresses(host)
		if err != nil {
			d.Error = plain.Short(asked(server, err).Error(), errorShown)
		}
		d.Addresses = found[:min(len(found), addressesShown)]
		for _, target := range targets[domain] {
			there, _ := addresses(target) // without any the domain does not lead there
			d.Leads = d.Leads || slices.ContainsFunc(found, func(a string) bool { return slices.Contains(there, a) })
		}
		all = append(all, d)
	}
	return all
}

// asked names the server that was asked: Go's resolver names the system's even
// where it was led to another.
func asked(server string, err error) error {
	var failure *net.DNSError
	if server != "" && errors.As(err, &failure) {
		failure.Server = server
	}
	return err
}

// domainTargets maps each domain name in the state to its host name of API
// Gateway, one for each region that it is in.
func domainTargets(state *tfjson.State) map[string][]string {
	targets := map[string][]string{}
	for _, r := range guard.Resources(state, "aws_api_gateway_domain_name") {
		name, _ := r.AttributeValues["domain_name"].(string)
		for _, attribute := range []string{"regional_domain_name", "cloudfront_domain_name"} {
			if host, _ := r.AttributeValues[attribute].(string); host != "" {
				targets[name] = append(targets[name], host)
				break
			}
		}
	}
	return targets
}

// DirectEndpoint is a live API's own execute-api address, by which clients get round
// the domain and so round the maintenance.
type DirectEndpoint struct {
	URL  string `json:"url"`
	Open bool   `json:"open"`
	// Why it is taken for open or closed.
	Why string `json:"why"`
}

// askDirectly asks the execute-api address of each live API. A disabled one
// answers 403 (fact D4), and so do APIs that want credentials: where the state
// has the API, its word counts.
func askDirectly(ctx context.Context, prober *probe.Prober, view *guard.View, state *tfjson.State, region string) []DirectEndpoint {
	disabled := map[string]bool{}
	known := map[string]bool{}
	for _, r := range guard.Resources(state, "aws_api_gateway_rest_api") {
		id, _ := r.AttributeValues["id"].(string)
		known[id] = true
		disabled[id], _ = r.AttributeValues["disable_execute_api_endpoint"].(bool)
	}
	var endpoints []DirectEndpoint
	for _, target := range view.LiveTargets() {
		region := cmp.Or(view.RegionOfTarget(target), region)
		if region == "" {
			continue
		}
		endpoint := DirectEndpoint{URL: fmt.Sprintf("https://%s/%s/", maintenance.ExecuteAPIHost(target.APIID, region), target.StageName)}
		if target.StageName == "" {
			endpoints = append(endpoints, unasked(target, region, known[target.APIID], disabled[target.APIID]))
			continue
		}
		sample := prober.Ask(ctx, endpoint.URL)
		switch {
		case known[target.APIID] && disabled[target.APIID]:
			endpoint.Open, endpoint.Why = sample.Status != 0 && sample.Status != http.StatusForbidden, "disabled in the state; "+answered(sample)
		case known[target.APIID]:
			endpoint.Open, endpoint.Why = true, "not disabled in the state; "+answered(sample)
		case target.StageName == "":
			endpoint.Open, endpoint.Why = true, "taken for open: callers name a stage there, and none is known to ask; "+answered(sample)
		default:
			endpoint.Open, endpoint.Why = sample.Status != 0 && sample.Status != http.StatusForbidden, answered(sample)
		}
		endpoints = append(endpoints, endpoint)
	}
	return endpoints
}

// unasked goes by the state alone: the stages of such a target are known to its
// callers, and without one any API answers 403.
func unasked(target maintenance.Target, region string, known, disabled bool) DirectEndpoint {
	endpoint := DirectEndpoint{URL: "https://" + maintenance.ExecuteAPIHost(target.APIID, region) + "/", Open: known && !disabled}
	endpoint.Why = "callers name its stage, so it was not asked; "
	switch {
	case !known:
		endpoint.Why += "the state does not have the API"
	case disabled:
		endpoint.Why += "disabled in the state"
	default:
		endpoint.Why += "not disabled in the state"
	}
	return endpoint
}

func answered(s probe.Sample) string {
	if s.Status == 0 {
		return "no answer: " + s.Reason
	}
	return fmt.Sprintf("it answers %d", s.Status)
}
