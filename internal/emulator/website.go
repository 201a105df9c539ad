package emulator

import "net/http"

// isWebsite tells whether a lower-case host name is one of Config.Websites.
func (e *Emulator) isWebsite(name string) bool { return e.config.Websites[name] != nil }

// withWebsites serves the files of websites by their host names, and leaves the
// rest to the next handler.
func (e *Emulator) withWebsites(next http.Handler) http.Handler {
	handlers := map[string]http.Handler{}
	for name, files := range e.config.Websites {
		handlers[name] = http.FileServerFS(files)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		files := handlers[hostOf(r.Host)]
		if files == nil {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Cache-Control", "no-cache")
		files.ServeHTTP(w, r)
	})
}
