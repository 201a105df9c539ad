package report

import (
	"fmt"
	"net/url"
	"strings"
	"time"
)

// absolute writes a moment so that nobody has to ask for its zone.
func absolute(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.UTC().Format("2006-01-02 15:04:05.0 UTC")
}

// timeOfDay writes a moment where day and zone are told elsewhere.
func timeOfDay(t time.Time) string { return t.UTC().Format("15:04:05.0") }

// relative writes a moment as seconds since the start.
func relative(t, start time.Time) string {
	if t.IsZero() || start.IsZero() {
		return "–"
	}
	return fmt.Sprintf("%+.1f s", t.Sub(start).Seconds())
}

// span writes a duration in the largest unit that keeps three digits.
func span(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return fmt.Sprintf("%d µs", d.Microseconds())
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	default:
		return d.Round(time.Second).String()
	}
}

// clock writes an axis label as minutes and seconds.
func clock(d time.Duration) string {
	seconds := int(d.Round(time.Second) / time.Second)
	if seconds >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
	}
	return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
}

// shown is a URL without what may be a secret in it: the user's password and
// the query.
func shown(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		address, _, _ = strings.Cut(address, "?")
		return address
	}
	u.User, u.Fragment, u.RawFragment = nil, "", ""
	if u.RawQuery != "" {
		u.RawQuery = "…"
	}
	return u.String()
}

// told is a reason without the URL's secrets, which an error may repeat.
func told(reason, address string) string {
	reason = strings.ReplaceAll(reason, address, shown(address))
	u, err := url.Parse(address)
	if err != nil {
		return reason
	}
	if u.RawQuery != "" {
		reason = strings.ReplaceAll(reason, u.RawQuery, "…")
	}
	if password, ok := u.User.Password(); ok && password != "" {
		reason = strings.ReplaceAll(reason, password, "…")
	}
	return reason
}
