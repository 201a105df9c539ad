package probe

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestVerdicts(t *testing.T) {
	t.Parallel()
	marked := http.Header{"X-Maintenance-Mode": {"on"}, "Cache-Control": {"private, No-Store"}}
	cases := map[string]struct {
		judge   Judge
		status  int
		header  http.Header
		verdict Verdict
		reason  string
	}{
		"200 is live":                                {Judge{}, 200, nil, Live, ""},
		"a redirect is live":                         {Judge{}, 302, nil, Live, ""},
		"401 is wrong unless said otherwise":         {Judge{}, 401, nil, Wrong, "status 401"},
		"401 is live where it was said":              {Judge{Live: StatusSet{{401, 401}}}, 401, nil, Live, ""},
		"the maintenance answer":                     {Judge{}, 503, marked, Maintenance, ""},
		"a backend's own 503":                        {Judge{}, 503, http.Header{"Cache-Control": {"no-store"}}, Wrong, "without X-Maintenance-Mode"},
		"the marker on a 200":                        {Judge{}, 200, marked, Wrong, "with status 200 instead of 503"},
		"another status of maintenance":              {Judge{Status: 429}, 429, marked, Maintenance, ""},
		"a maintenance answer that may be cached":    {Judge{}, 503, http.Header{"X-Maintenance-Mode": {"on"}, "Cache-Control": {"max-age=60"}}, Wrong, "no-store"},
		"a marker with another value is no marker":   {Judge{}, 200, http.Header{"X-Maintenance-Mode": {"off"}}, Live, ""},
		"a gateway's error names itself":             {Judge{}, 403, http.Header{"X-Amzn-Errortype": {"ForbiddenException"}}, Wrong, "ForbiddenException"},
		"an unmarked 503 that was said to be live":   {Judge{Live: StatusSet{{503, 503}}}, 503, nil, Live, ""},
		"the marker wins over a status that is live": {Judge{Live: StatusSet{{503, 503}}}, 503, marked, Maintenance, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			verdict, reason := c.judge.Verdict(c.status, c.header)
			assert.Equal(t, c.verdict, verdict)
			if c.reason == "" {
				assert.Empty(t, reason)
			} else {
				assert.Contains(t, reason, c.reason)
			}
		})
	}
}

func TestStatusSets(t *testing.T) {
	t.Parallel()
	set, err := ParseStatusSet("200-299, 401")
	require.NoError(t, err)
	assert.Equal(t, "200-299,401", set.String())
	assert.True(t, set.Contains(299) && set.Contains(401))
	assert.False(t, set.Contains(300) || set.Contains(400))
	for _, bad := range []string{"", "ok", "99", "600", "300-200", "200-", "200-299-300"} {
		_, err := ParseStatusSet(bad)
		assert.Error(t, err, "%q", bad)
	}
}

func TestConnectToIsCurls(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ rule, address, want string }{
		"host and port":                {"a.example:443:127.0.0.1:8443", "a.example:443", "127.0.0.1:8443"},
		"names ignore case":            {"A.example:443:127.0.0.1:8443", "a.Example:443", "127.0.0.1:8443"},
		"another port stays":           {"a.example:443:127.0.0.1:8443", "a.example:80", ""},
		"another host stays":           {"a.example:443:127.0.0.1:8443", "b.example:443", ""},
		"any host and port":            {"::127.0.0.1:8443", "b.example:80", "127.0.0.1:8443"},
		"the port stays where empty":   {"a.example:443:127.0.0.1:", "a.example:443", "127.0.0.1:443"},
		"the host stays where empty":   {"a.example:443::8443", "a.example:443", "a.example:8443"},
		"IPv6 on either side":          {"[::1]:443:[2001:db8::1]:8443", "[::1]:443", "[2001:db8::1]:8443"},
		"an IPv6 address by any match": {":443:[::1]:8443", "a.example:443", "[::1]:8443"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rule, err := parseConnectTo(c.rule)
			require.NoError(t, err)
			got, matched := rule.rewrite(c.address)
			assert.Equal(t, c.want, got)
			assert.Equal(t, c.want != "", matched)
		})
	}
	for _, bad := range []string{"", "a:1:b", "a:x:b:1", "a:1:b:1:c", "2001:db8::1:443:a:1"} {
		_, err := parseConnectTo(bad)
		assert.Error(t, err, "%q", bad)
	}
}

func TestConfigurationsThatCannotWorkAreRefused(t *testing.T) {
	t.Parallel()
	notPEM := filepath.Join(t.TempDir(), "ca.pem")
	require.NoError(t, os.WriteFile(notPEM, []byte("hello"), 0o600))
	url := []string{"https://a.example"}
	cases := map[string]struct {
		config Config
		says   string
	}{
		"no URL":                      {Config{}, "no URL"},
		"no scheme":                   {Config{URLs: []string{"a.example"}}, "not an http"},
		"a URL twice":                 {Config{URLs: []string{url[0], url[0]}}, "twice"},
		"a rate that is too high":     {Config{URLs: url, Rate: 5000}, "rate"},
		"a rate below zero":           {Config{URLs: url, Rate: -1}, "rate"},
		"a certificate without key":   {Config{URLs: url, CertFile: "c.pem"}, "both"},
		"a CA file that is not there": {Config{URLs: url, CAFile: notPEM + "x"}, "CA file"},
		"a CA file that is not PEM":   {Config{URLs: url, CAFile: notPEM}, "no PEM"},
		"a connect-to that is none":   {Config{URLs: url, ConnectTo: []string{"x"}}, "HOST1"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := New(c.config)
			assert.ErrorContains(t, err, c.says)
		})
	}
}

func TestABadHeaderLineIsNamedButNotQuoted(t *testing.T) {
	t.Parallel()
	_, err := ReadHeader(strings.NewReader("A: b\nhunter2"))
	assert.ErrorContains(t, err, "line 2")
	assert.NotContains(t, err.Error(), "hunter2")
}

// However answers overtake each other, they are accounted in due order.
func TestTheOrderOfArrivalDoesNotMatter(t *testing.T) {
	t.Parallel()
	verdicts := rapid.SampledFrom([]Verdict{Live, Maintenance, Wrong})
	rapid.Check(t, func(t *rapid.T) {
		due := rapid.SliceOfN(verdicts, 1, 40).Draw(t, "verdicts")
		begun := time.Now()
		arrival := make([]Sample, len(due))
		flips := 0
		for n, v := range due {
			arrival[n] = Sample{URL: "u", Due: begun.Add(time.Duration(n) * time.Second), Verdict: v, sequence: n}
			if n > 0 && due[n-1] != v {
				flips++
			}
		}
		var seen []Verdict
		timeline := newTimeline(Config{URLs: []string{"u"}, Timeout: time.Second, OnSample: func(s Sample) { seen = append(seen, s.Verdict) }})
		for _, s := range rapid.Permutation(arrival).Draw(t, "arrival") {
			timeline.add(s)
		}
		assert.Equal(t, due, seen)
		assert.Equal(t, flips, timeline.Summary().URLs[0].Flips)
	})
}

func TestALongRunKeepsBoundedMemoryAndExactCounts(t *testing.T) {
	t.Parallel()
	timeline := newTimeline(Config{URLs: []string{"u"}, Timeout: time.Second})
	const hours, total = 30, 30 * 3600
	for n := range total {
		verdict := Live
		if n%2 == 0 {
			verdict = Wrong
		}
		timeline.add(Sample{URL: "u", Due: timeline.started.Add(time.Duration(n) * time.Second), Verdict: verdict, Status: 200, sequence: n})
	}
	s := timeline.Summary()
	u := s.URLs[0]
	assert.Equal(t, total/2, s.Counts[Live])
	assert.Equal(t, total-1, u.Flips)
	assert.LessOrEqual(t, len(s.Span.Buckets), keptBuckets)
	assert.GreaterOrEqual(t, s.Span.Width*keptBuckets, hours*time.Hour)
	assert.LessOrEqual(t, len(u.Changes), 2*keptSamples)
	assert.Len(t, u.WrongFirst, keptSamples)
	assert.Len(t, u.WrongLast, keptSamples)
	inBuckets := 0
	for _, b := range s.Span.Buckets {
		inBuckets += b.Live + b.Wrong
	}
	assert.Equal(t, total, inBuckets)
	assert.Equal(t, total-2, int(u.WrongLast[keptSamples-1].sequence))
}
