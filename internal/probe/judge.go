package probe

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/plain"
)

// Verdict is what one answer says of its URL.
type Verdict string

const (
	// Live is an answer of the API itself.
	Live Verdict = "live"
	// Maintenance is the kit's own answer.
	Maintenance Verdict = "maintenance"
	// Wrong is anything else: a failed connection, an error that is neither.
	Wrong Verdict = "wrong"
	// Any is no answer's verdict: to expect it is to wait for any answer.
	Any Verdict = "any"
)

// Judge tells the kinds of answers apart. Its zero value expects 503 for
// maintenance and takes 200 to 399 for live.
type Judge struct {
	// Status of the maintenance answer; zero means 503.
	Status int
	// Live are the statuses that count as live; nil means 200 to 399.
	Live StatusSet
}

// Verdict judges an answer by its status and header. The reason is empty
// unless the verdict is [Wrong].
func (j Judge) Verdict(status int, header http.Header) (Verdict, string) {
	if strings.EqualFold(strings.TrimSpace(header.Get(maintenance.MarkerHeader)), maintenance.MarkerValue) {
		return j.marked(status, header)
	}
	if j.live().Contains(status) {
		return Live, ""
	}
	if status == j.status() {
		return Wrong, fmt.Sprintf("status %d without %s: on: the backend's or the gateway's own answer, not the maintenance answer", status, maintenance.MarkerHeader)
	}
	return Wrong, fmt.Sprintf("status %d, neither live (%s) nor the maintenance answer%s", status, j.live(), errorType(header))
}

func (j Judge) marked(status int, header http.Header) (Verdict, string) {
	if status != j.status() {
		return Wrong, fmt.Sprintf("%s: on with status %d instead of %d", maintenance.MarkerHeader, status, j.status())
	}
	for directive := range strings.SplitSeq(strings.Join(header.Values("Cache-Control"), ","), ",") {
		if strings.EqualFold(strings.TrimSpace(directive), "no-store") {
			return Maintenance, ""
		}
	}
	return Wrong, "the maintenance answer without Cache-Control: no-store: caches may serve it after maintenance has ended"
}

func (j Judge) status() int {
	if j.Status == 0 {
		return http.StatusServiceUnavailable
	}
	return j.Status
}

func (j Judge) live() StatusSet {
	if j.Live == nil {
		return StatusSet{{200, 399}}
	}
	return j.Live
}

// errorType quotes API Gateway's own name for a failure, where it gives one.
func errorType(header http.Header) string {
	if t := header.Get("X-Amzn-Errortype"); t != "" {
		return " (API Gateway says " + plain.Short(t, fieldShown) + ")"
	}
	return ""
}

// StatusSet is a set of HTTP statuses, as ranges with both ends in them.
type StatusSet [][2]int

// ParseStatusSet reads "200-399,401".
func ParseStatusSet(s string) (StatusSet, error) {
	var set StatusSet
	for part := range strings.SplitSeq(s, ",") {
		low, high, ranged := strings.Cut(strings.TrimSpace(part), "-")
		if !ranged {
			high = low
		}
		from, err1 := strconv.Atoi(low)
		to, err2 := strconv.Atoi(high)
		if err1 != nil || err2 != nil || from < 100 || to > 599 || from > to {
			return nil, fmt.Errorf("%q is not a status from 100 to 599 or a range such as 200-399", part)
		}
		set = append(set, [2]int{from, to})
	}
	return set, nil
}

// Contains says whether a status is in the set.
func (s StatusSet) Contains(status int) bool {
	for _, r := range s {
		if r[0] <= status && status <= r[1] {
			return true
		}
	}
	return false
}

// String is what [ParseStatusSet] reads.
func (s StatusSet) String() string {
	parts := make([]string, len(s))
	for i, r := range s {
		parts[i] = strconv.Itoa(r[0])
		if r[1] != r[0] {
			parts[i] += "-" + strconv.Itoa(r[1])
		}
	}
	return strings.Join(parts, ",")
}
