package maintenance

import "strings"

// WildcardLabel stands in a URL for the asterisk of a wildcard domain, where
// nobody says which of its names clients use (module custom-domain, url_host).
const WildcardLabel = "maintenance-probe"

// HostOf is a host name that leads to a domain: the domain itself, or of a
// wildcard one a name that it covers.
func HostOf(domain string) string {
	if parent, wildcard := strings.CutPrefix(domain, "*."); wildcard {
		return WildcardLabel + "." + parent
	}
	return domain
}

// Covers says whether a domain answers for a host name. A wildcard stands for
// one label.
func Covers(domain, host string) bool {
	if parent, wildcard := strings.CutPrefix(domain, "*."); wildcard {
		_, rest, _ := strings.Cut(host, ".")
		return strings.EqualFold(rest, parent)
	}
	return strings.EqualFold(domain, host)
}

// DomainOf is the domain that answers for a host name: its own before the
// wildcard that covers it; empty where none does.
func DomainOf(host string, domains []string) string {
	best := ""
	for _, domain := range domains {
		if Covers(domain, host) && (best == "" || strings.EqualFold(domain, host)) {
			best = domain
		}
	}
	return best
}

// dnsSuffixes of the partitions of AWS other than the usual one, by how the names
// of their regions begin (AWS SDKs, partitions.json).
var dnsSuffixes = map[string]string{
	"cn-": "amazonaws.com.cn", "eusc-": "amazonaws.eu",
	"us-iso-": "c2s.ic.gov", "us-isob-": "sc2s.sgov.gov", "us-isof-": "csp.hci.ic.gov", "eu-isoe-": "cloud.adc-e.uk",
}

// ExecuteAPIHost is the host name of an API of its own, in a region.
func ExecuteAPIHost(apiID, region string) string {
	suffix := "amazonaws.com"
	for prefix, other := range dnsSuffixes {
		if strings.HasPrefix(region, prefix) {
			suffix = other
		}
	}
	return apiID + ".execute-api." + region + "." + suffix
}
