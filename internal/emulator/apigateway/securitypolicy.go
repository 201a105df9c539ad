package apigateway

import (
	"slices"
	"strings"
)

// securityPolicies of APIs and domain names (API reference, RestApi and
// DomainName). The first two are the legacy ones.
var securityPolicies = []string{
	"TLS_1_0", "TLS_1_2", "SecurityPolicy_TLS13_1_3_2025_09", "SecurityPolicy_TLS13_1_3_FIPS_2025_09", "SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09",
	"SecurityPolicy_TLS13_1_2_FIPS_PQ_2025_09", "SecurityPolicy_TLS13_1_2_FIPS_PFS_PQ_2025_09", "SecurityPolicy_TLS13_1_2_PQ_2025_09",
	"SecurityPolicy_TLS13_1_2_2021_06", "SecurityPolicy_TLS13_2025_EDGE", "SecurityPolicy_TLS12_PFS_2025_EDGE", "SecurityPolicy_TLS12_2018_EDGE",
}

var accessModes = []string{"BASIC", "STRICT"}

func isEnhanced(policy string) bool { return strings.HasPrefix(policy, "SecurityPolicy_") }

// checkSecurityPolicy applies the rules that the developer guide has for
// security policies (fact D4; AWS's own words for the other refusals are not known).
func checkSecurityPolicy(policy, accessMode, endpointType string) error {
	switch {
	case !slices.Contains(securityPolicies, policy):
		var wrong violations
		wrong.enum(policy, "securityPolicy", securityPolicies...)
		if err := wrong.err(); err != nil {
			return err
		}
		return badRequest("Security policy cannot be empty")
	case accessMode != "" && !slices.Contains(accessModes, accessMode):
		return badRequest("Invalid endpoint access mode specified. Valid options are BASIC, STRICT")
	case isEnhanced(policy) && accessMode == "":
		return badRequest("Endpoint access mode is required for the specified security policy") // fact J3
	case accessMode == "STRICT" && !isEnhanced(policy):
		return badRequest("The endpoint access mode STRICT needs a security policy that starts with SecurityPolicy_")
	case isEnhanced(policy) && strings.HasSuffix(policy, "_EDGE") != (endpointType == edge):
		return badRequest("The security policy %s is not for endpoints of type %s", policy, endpointType)
	}
	return nil
}
