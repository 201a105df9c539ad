package probe

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"syscall"
	"time"

	"apigateway-maintenance/internal/plain"
)

// What is read of an answer, and repeated of it. API Gateway sends no more than
// 10 KB of header.
const (
	// bodyLimit is how much of a body is read, so that its connection can be used
	// again; longer ones give theirs up.
	bodyLimit   = 1 << 20
	headerLimit = 64 << 10
	fieldLimit  = 200
	fieldShown  = 60
	reasonLimit = 300
)

// Sample is one request and what came of it.
type Sample struct {
	// URL that was asked.
	URL string `json:"url"`
	// Due is when the request was due, which is when it was sent unless the
	// machine was too busy.
	Due time.Time `json:"due"`
	// Latency from Due until the answer was read.
	Latency time.Duration `json:"latency_ns"`
	// Verdict on the answer, with a Reason where it is [Wrong].
	Verdict Verdict `json:"verdict"`
	Reason  string  `json:"reason,omitempty"`
	// Status is zero where there was no answer.
	Status int `json:"status,omitempty"`
	// RetryAfter is that header of the answer.
	RetryAfter string `json:"retry_after,omitempty"`
	// Reused says that the request went over a connection kept from earlier.
	Reused bool `json:"reused,omitempty"`

	sequence  int
	abandoned bool
}

// ask sends one request. A redirect is an answer, not something to follow: it
// would be another URL's verdict.
func (p *Prober) ask(ctx context.Context, target string, due time.Time, transport *http.Transport) Sample {
	sample := Sample{URL: target, Due: due}
	timeout, cancel := context.WithDeadline(ctx, due.Add(p.config.Timeout))
	defer cancel()
	trace := &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) { sample.Reused = info.Reused }}
	request, err := http.NewRequestWithContext(httptrace.WithClientTrace(timeout, trace), p.config.Method, target, nil)
	if err != nil {
		sample.Verdict, sample.Reason = Wrong, plain.Short(err.Error(), reasonLimit)
		return sample
	}
	p.config.dress(request, target)

	response, err := transport.RoundTrip(request)
	if err == nil {
		_, err = io.Copy(io.Discard, io.LimitReader(response.Body, bodyLimit))
		response.Body.Close()
	}
	sample.Latency = time.Since(due)
	switch {
	case ctx.Err() != nil:
		sample.abandoned = true
	case err != nil:
		sample.Verdict, sample.Reason = Wrong, p.cause(err)
	case fields(response.Header) > fieldLimit:
		sample.Status = response.StatusCode
		sample.Verdict, sample.Reason = Wrong, fmt.Sprintf("status %d with %d header fields, which no gateway sends", response.StatusCode, fields(response.Header))
	default:
		sample.Status, sample.RetryAfter = response.StatusCode, plain.Short(response.Header.Get("Retry-After"), fieldShown)
		sample.Verdict, sample.Reason = p.config.Judge.Verdict(response.StatusCode, response.Header)
	}
	sample.judgePort80(response)
	sample.Reason = plain.Short(sample.Reason, reasonLimit)
	return sample
}

func fields(header http.Header) int {
	n := 0
	for _, values := range header {
		n += len(values)
	}
	return n
}

// cause says in a few words why there was no answer.
func (p *Prober) cause(err error) string {
	var (
		dns         *net.DNSError
		certificate *tls.CertificateVerificationError
		address     *url.Error
		slow        net.Error
	)
	if errors.As(err, &address) {
		err = address.Err
	}
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return fmt.Sprintf("the name %s does not resolve", dns.Name)
	case errors.As(err, &dns):
		return fmt.Sprintf("the name %s could not be looked up: %s", dns.Name, dns.Err)
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &slow) && slow.Timeout():
		return fmt.Sprintf("no answer within %s", p.config.Timeout)
	case errors.As(err, &certificate):
		return "the certificate is not trusted: " + certificate.Err.Error()
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused"
	case errors.Is(err, syscall.ECONNRESET):
		return "connection reset"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "connection closed without a whole answer"
	default:
		return err.Error()
	}
}
