package awsproto

import (
	"bytes"
	"net/url"
	"strings"
)

// QueryAction gives the Action of a request in the Query protocol; empty if the
// body is none.
func QueryAction(r *Request) string {
	form, err := url.ParseQuery(string(r.Payload))
	if err != nil {
		return ""
	}
	return form.Get("Action")
}

func looksLikeQuery(payload []byte) bool { return bytes.Contains(payload, []byte("Action=")) }

func hasPathPrefix(path, prefix string) bool {
	return path == prefix || strings.HasPrefix(path, prefix+"/")
}
