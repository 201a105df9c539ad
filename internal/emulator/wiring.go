package emulator

import (
	"net"
	"net/http"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"apigateway-maintenance/internal/emulator/awsproto"
)

// executeAPIHost matches the host names under which a region's API Gateway
// answers: APIs and the targets of regional domains. AWS's public DNS resolves
// them all by a wildcard, whether such an API exists or not.
var executeAPIHost = regexp.MustCompile(`^[a-z0-9-]+\.execute-api\.([a-z]{2,4}(?:-[a-z]+)+-[0-9])\.(.+)$`)

// aliasTargets lets Route 53 ask API Gateway.
type aliasTargets struct{ emulator *Emulator }

func (a aliasTargets) AliasTarget(name string) (zoneID string, exists bool) {
	target, exists := a.emulator.gateway.AliasTarget(name)
	return target.HostedZoneID, exists
}

// isGatewayHost tells whether a lower-case host name is one of API Gateway's own.
func (e *Emulator) isGatewayHost(name string) bool {
	if regionIn(name) != "" {
		return true
	}
	_, exists := e.gateway.AliasTarget(name)
	return exists
}

// regionIn is the region in a host name of API Gateway's; empty for any other.
func regionIn(name string) string {
	m := executeAPIHost.FindStringSubmatch(name)
	if m == nil || m[2] != awsproto.PartitionOf(m[1]).DNSSuffix {
		return ""
	}
	return m[1]
}

// regionAddress is the address of the region in a host name, where it has its own.
func (e *Emulator) regionAddress(name string) (netip.Addr, bool) {
	return e.regions.address(regionIn(name))
}

// regionOf is the region to whose address a request came.
func (e *Emulator) regionOf(r *http.Request) string {
	local, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	return e.regions.of(local)
}

// cname looks a name up in the hosted zones.
func (e *Emulator) cname(name string) (target string, found bool) {
	result, inZone := e.zones.Lookup(name)
	if !inZone {
		return "", false
	}
	for _, set := range result.Records {
		if set.Type == "CNAME" && len(set.Values()) > 0 {
			return set.Values()[0], true
		}
	}
	return "", false
}

// certificateUsers names the domains that serve a certificate, as ARNs.
func (e *Emulator) certificateUsers(arn string) []string {
	var users []string
	for _, domain := range e.gateway.View().Domains {
		if domain.CertificateArn == arn {
			users = append(users, awsproto.ARN("apigateway", domain.Region, "", "/domainnames/"+domain.Name))
		}
	}
	slices.Sort(users)
	return users
}

// mayLog tells whether API Gateway can assume a role and write logs with it.
func (e *Emulator) mayLog(roleARN string) bool {
	if !e.roles.CanBeAssumed(roleARN, "apigateway.amazonaws.com", nil) {
		return false
	}
	for _, action := range []string{"logs:CreateLogStream", "logs:PutLogEvents"} {
		if !e.roles.May(roleARN, action, awsproto.ARN("logs", e.config.Region, awsproto.AccountID, "log-group:api:log-stream:api")) {
			return false
		}
	}
	return true
}

var logGroupARN = regexp.MustCompile(`^arn:aws[a-z-]*:logs:([a-z0-9-]+):\d{12}:log-group:([^:]+)(:\*)?$`)

// accessLog writes a line to the log group that a stage names. API Gateway makes
// no groups: a line for one that is gone is lost.
func (e *Emulator) accessLog(destination, line string) {
	if named := logGroupARN.FindStringSubmatch(destination); named != nil && e.groups.Exists(named[1], named[2]) {
		e.groups.Write(named[1], named[2], "access", line+"\n")
	}
	if e.config.AccessLog != nil {
		e.config.AccessLog(line)
	}
}

func (e *Emulator) truststore(uri string) ([]byte, bool) {
	bundle, exists := e.config.Truststores[uri]
	return bundle, exists
}

// Env gives the environment, as NAME=value, with which Terraform, the AWS SDKs
// and the AWS CLI talk to this emulator and to nothing else.
func (e *Emulator) Env() []string {
	return []string{
		"AWS_ENDPOINT_URL=" + e.APIURL(),
		"AWS_ACCESS_KEY_ID=" + accessKey,
		"AWS_SECRET_ACCESS_KEY=" + secretKey,
		"AWS_REGION=" + e.config.Region,
		"AWS_DEFAULT_REGION=" + e.config.Region,
		"AWS_EC2_METADATA_DISABLED=true",
		"AWS_MAX_ATTEMPTS=" + e.maxAttempts(),
	}
}

// maxAttempts bounds how long a client repeats a call that cannot succeed. With
// quotas it is the Terraform provider's own default, for there waiting is the
// point.
func (e *Emulator) maxAttempts() string {
	if e.config.Quotas != nil {
		return "25"
	}
	return "8"
}

// Region is the region that Env names.
func (e *Emulator) Region() string { return e.config.Region }

// hostOf gives the host part of a Host header or address, in lower case and
// without a trailing dot.
func hostOf(address string) string {
	host, _, found := strings.Cut(address, ":")
	if !found {
		host = address
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}
