package emulator

import (
	"net/http"
)

// plainHTTP answers on the port that stands for 80. An EDGE domain's distribution
// redirects to HTTPS, and so do websites; for a REGIONAL one nothing listens there
// (fact J5). As the port is one for all, its connection is closed without an
// answer.
func (e *Emulator) plainHTTP() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := hostOf(r.Host)
		domain := e.gateway.View().Domain(host, "")
		if !e.isWebsite(host) && (domain == nil || domain.EndpointType != "EDGE") {
			panic(http.ErrAbortHandler) // net/http's way to close without an answer
		}
		w.Header().Set("Server", "CloudFront")
		http.Redirect(w, r, "https://"+host+r.URL.RequestURI(), http.StatusMovedPermanently)
	})
}
