package plain

import (
	"net/url"
	"regexp"
)

// userinfo is what stands between "://" and "@" in a URL: a password, or a
// token in the place of the user's name. It has no slash (RFC 3986, 3.2.1).
var userinfo = regexp.MustCompile(`(://)[^/?#\s"'<>]*@`)

const redacted = "${1}"

// Redacted is text in which no URL has a user or a password.
func Redacted(s string) string { return userinfo.ReplaceAllString(s, redacted) }

// SplitURL takes user and password out of a URL; user is nil where it has none.
// A URL that cannot be parsed is an error that does not quote it: who knows
// where in it a password is.
func SplitURL(raw string) (bare string, user *url.Userinfo, ok bool) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return "", nil, false
	}
	if u.User == nil {
		return raw, nil, true
	}
	user, u.User = u.User, nil
	return u.String(), user, true
}

// harmless is what a word may be made of to be quoted to who gave it, wherever
// that comes to stand: no secret of any worth is so short and so simple, and
// none of its characters separates a secret from what is around it.
var harmless = regexp.MustCompile(`^[A-Za-z][A-Za-z./-]{0,19}$`)

// Quoted quotes a word that a caller gave where it cannot be a secret, and says
// that it is not shown where it can.
func Quoted(word string) string {
	if harmless.MatchString(word) {
		return `"` + word + `"`
	}
	return "what was given (it is not shown, since it could hold a secret)"
}
