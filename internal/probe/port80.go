package probe

import (
	"net/http"
	"net/url"
	"strings"
)

// judgePort80 says of a URL without TLS what API Gateway does there: a REGIONAL
// domain does not listen, and an EDGE one sends clients on to HTTPS, which is no
// answer of the API (fact J5).
func (s *Sample) judgePort80(response *http.Response) {
	rest, plain := strings.CutPrefix(s.URL, "http://")
	switch {
	case !plain || s.abandoned:
	case response == nil:
		s.Reason += "; custom domains of API Gateway do not listen on port 80 unless they are EDGE: ask https://" + shown(rest)
	case s.Verdict == Live && sendsToHTTPS(response):
		s.Verdict = Wrong
		s.Reason = "it only sends clients on to HTTPS, as an EDGE domain does on port 80: ask https://" + shown(rest)
	}
}

func sendsToHTTPS(response *http.Response) bool {
	return response.StatusCode >= 300 && response.StatusCode < 400 && strings.HasPrefix(strings.ToLower(response.Header.Get("Location")), "https://")
}

// shown is a URL without scheme, and without what may be a secret in it.
func shown(rest string) string {
	u, err := url.Parse("https://" + rest)
	if err != nil {
		return rest
	}
	return u.Host + u.Path
}
