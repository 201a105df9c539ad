package emulator

import (
	"net/http"
)

// isWebsite tells whether a lower-case host name is one of Config.Websites.
func (e *Emulator) isWebsite(name string) bool { return e.config.Websites[name] != nil }

// withWebsites serves the files of websites by their host names, over HTTPS
// alone, and leaves the rest to the next handler.
func (e *Emulator) withWebsites(next http.Handler) http.Handler {
	handlers := map[string]http.Handler{}
	for name, files := range e.config.Websites {
		handlers[name] = http.FileServerFS(files)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		files := handlers[hostOf(r.Host)]
		switch {
		case files == nil:
			next.ServeHTTP(w, r)
		case r.TLS == nil:
			http.Redirect(w, r, "https://"+hostOf(r.Host)+r.URL.RequestURI(), http.StatusMovedPermanently)
		default:
			w.Header().Set("Cache-Control", "no-cache")
			files.ServeHTTP(w, r)
		}
	})
}
