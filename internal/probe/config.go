package probe

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"

	"apigateway-maintenance/internal/plain"
)

// Defaults of [Config].
const (
	DefaultRate    = 2.0
	DefaultTimeout = 10 * time.Second
	// MaxUnanswered bounds the requests under way on one URL. One that is due
	// beyond it is not sent but accounted as wrong.
	MaxUnanswered = 2000
)

// Config says whom to ask, how, and what answers mean.
type Config struct {
	// URLs to ask; at least one, http or https.
	URLs []string
	// Rate is requests a second on each URL; zero means [DefaultRate].
	Rate float64
	// Method is GET unless said otherwise.
	Method string
	// Header is sent over https to HeaderFor alone: to the scheme, host and port
	// of each URL there (see [Config.Withheld]). Its values may be secret, so
	// nothing here prints them.
	Header    http.Header
	HeaderFor []string
	// Users are what URLs had before their host, by the URL without it. They go
	// to that URL alone, over https.
	Users map[string]*url.Userinfo
	// Timeout of one request, from when it is due; zero means [DefaultTimeout].
	Timeout time.Duration
	// Judge tells what an answer means.
	Judge Judge

	// Resolver is the host:port of a name server to use instead of the
	// system's.
	Resolver string
	// ConnectTo are curl's --connect-to entries, HOST1:PORT1:HOST2:PORT2:
	// requests to the first go to the second, with the name in TLS and in
	// Host unchanged. An empty HOST1 or PORT1 matches any, an empty HOST2 or
	// PORT2 leaves it as it is.
	ConnectTo []string
	// Via names the host to connect to for a URL whose fragment is a region: a
	// domain can be in several, each behind a host name of its own. An empty answer
	// means the URL's own host; nil means that always.
	Via func(host, region string) string
	// CAFile holds PEM certificates to trust beside the system's.
	CAFile string
	// CertFile and KeyFile are the client's, for mutual TLS.
	CertFile, KeyFile string

	// OnSample gets every sample, those of one URL in the order in which they
	// were due; it must not block and must be safe for concurrent use.
	OnSample func(Sample)
}

func (c Config) withDefaults() Config {
	if c.Rate == 0 {
		c.Rate = DefaultRate
	}
	if c.Method == "" {
		c.Method = http.MethodGet
	}
	if c.Timeout == 0 {
		c.Timeout = DefaultTimeout
	}
	return c
}

// webAddress has a scheme that can be asked, and a host.
var webAddress = regexp.MustCompile(`^(?i:https?)://[^/?#:]`)

func (c Config) validate() error {
	if len(c.URLs) == 0 {
		return errors.New("no URL to probe")
	}
	for i, raw := range c.URLs {
		bare, user, ok := plain.SplitURL(raw)
		if !ok || user != nil || !webAddress.MatchString(bare) {
			return fmt.Errorf("%s is not an http or https URL", plain.Quoted(raw))
		}
		if slices.Contains(c.URLs[:i], raw) {
			return fmt.Errorf("the URL %s is given twice", raw)
		}
	}
	if c.Rate < 0 || c.Rate > 1000 {
		return fmt.Errorf("a rate of %g requests a second is not between 0 and 1000", c.Rate)
	}
	if !httpguts.ValidHeaderFieldName(c.Method) { // a method is such a token, too
		return fmt.Errorf("%s is not an HTTP method", plain.Quoted(c.Method))
	}
	if c.Timeout < 0 {
		return fmt.Errorf("a timeout of %s is negative", c.Timeout)
	}
	if (c.CertFile == "") != (c.KeyFile == "") {
		return errors.New("a client certificate needs both its certificate and its key")
	}
	return nil
}

// via is the host to connect to for a URL; empty for the URL's own.
func (c Config) via(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Fragment == "" || c.Via == nil {
		return ""
	}
	return c.Via(u.Hostname(), u.Fragment)
}

func (c Config) tls() (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if c.CAFile != "" {
		pool, err := certPool(c.CAFile)
		if err != nil {
			return nil, err
		}
		config.RootCAs = pool
	}
	if c.CertFile != "" {
		pair, err := tls.LoadX509KeyPair(c.CertFile, c.KeyFile)
		if err != nil {
			return nil, fmt.Errorf("load the client certificate %s: %w", c.CertFile, err)
		}
		config.Certificates = []tls.Certificate{pair}
	}
	return config, nil
}

// ReadHeader reads header lines ("Name: value") as curl's -H @FILE does; blank
// lines and those that begin with # are passed over. Errors name the line but
// never quote it, since it may hold a secret.
func ReadHeader(r io.Reader) (http.Header, error) {
	header := http.Header{}
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, value, found := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		if !found || !httpguts.ValidHeaderFieldName(name) || !httpguts.ValidHeaderFieldValue(value) {
			return nil, fmt.Errorf("line %d is not a header such as \"Authorization: Bearer ...\"", n)
		}
		header.Add(name, value)
	}
	return header, lines.Err()
}
