package probe

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Withheld says why a URL does not get the header that requests are to bear;
// empty where it does. It is for the API's own hosts alone, and never in the
// clear: who can write a URL into an output, or answer for a host, is not meant
// to get it.
func (c Config) Withheld(target string) string {
	u, err := url.Parse(target)
	switch {
	case err != nil:
		return "it cannot be read"
	case u.Scheme != "https":
		return "it is not https"
	case isExecuteAPI(u.Hostname()):
		return "it is an execute-api address, not a domain of the API"
	case !slices.ContainsFunc(c.HeaderFor, func(named string) bool { return sameOrigin(named, u) }):
		return "its host is neither a mapping's nor one that was named"
	}
	return ""
}

// isExecuteAPI knows API Gateway's own hosts, those of VPC endpoints included.
func isExecuteAPI(host string) bool {
	return slices.Contains(strings.Split(strings.ToLower(host), "."), "execute-api")
}

// sameOrigin compares scheme, host and port.
func sameOrigin(named string, u *url.URL) bool {
	other, err := url.Parse(named)
	return err == nil && other.Scheme == u.Scheme && strings.EqualFold(other.Hostname(), u.Hostname()) && portOf(other) == portOf(u)
}

func portOf(u *url.URL) string {
	if port := u.Port(); port != "" || u.Scheme != "https" {
		return port
	}
	return "443"
}

// dress gives a request its header, as far as it may have it.
func (c Config) dress(request *http.Request, target string) {
	if c.Withheld(target) == "" {
		request.Header = c.Header.Clone()
	}
	if request.Header == nil {
		request.Header = http.Header{}
	}
	if request.Header.Get("User-Agent") == "" {
		request.Header.Set("User-Agent", "apigateway-maintenance-probe")
	}
	if host := request.Header.Get("Host"); host != "" {
		request.Host = host
	}
	if user := c.Users[target]; user != nil && request.URL.Scheme == "https" && request.Header.Get("Authorization") == "" {
		password, _ := user.Password()
		request.SetBasicAuth(user.Username(), password)
	}
}
