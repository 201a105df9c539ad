package execution

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// Limits of the frontend (fact A10).
const (
	maxBodyBytes        = 10_485_760
	maxURLEdge          = 8192
	maxURLRegional      = 10240
	maxHeaderValueBytes = 10240
	// drainBytes is how much of a body that is too long is still read, so that
	// a client that writes before it reads gets to see the answer.
	drainBytes = 64 << 20
)

// withinLimits reads the body and answers requests that the frontend refuses
// before any API sees them, so that no gateway response applies. That a long
// URL gets 414 and long headers 431 is expected, not verified on AWS; 413 is
// observed (fact A10).
func (c *call) withinLimits() bool {
	maxURL := maxURLRegional
	if c.edge {
		maxURL = maxURLEdge
	}
	if len(c.r.URL.RequestURI()) > maxURL {
		c.refuse(http.StatusRequestURITooLong, "application/json", `{"message":"Request-URI Too Long"}`)
		return false
	}
	size := 0
	for _, values := range c.r.Header {
		for _, value := range values {
			size += len(value)
		}
	}
	if size > maxHeaderValueBytes {
		c.refuse(http.StatusRequestHeaderFieldsTooLarge, "application/json", `{"message":"Request Header Fields Too Large"}`)
		return false
	}
	return c.readBody()
}

func (c *call) readBody() bool {
	if c.r.Body == nil || c.r.Body == http.NoBody || c.r.ContentLength == 0 {
		return true
	}
	tooLong := c.r.ContentLength > maxBodyBytes
	if !tooLong {
		body, err := io.ReadAll(io.LimitReader(c.r.Body, maxBodyBytes+1))
		if err != nil {
			c.refuse(http.StatusBadRequest, "application/json", `{"message":"Bad Request"}`)
			return false
		}
		c.body = body
		tooLong = len(body) > maxBodyBytes
	}
	if !tooLong {
		return true
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(c.r.Body, drainBytes))
	c.refuse(http.StatusRequestEntityTooLarge, "text; charset=utf-8",
		fmt.Sprintf("HTTP content length exceeded %d bytes.", maxBodyBytes))
	return false
}

// refuse answers as the frontend: without the headers of an API.
func (c *call) refuse(status int, contentType, body string) {
	c.edgeHeaders(true)
	c.writePlain(status, contentType, body)
}

// ping answers for the service itself, whatever is mapped (fact A10). Its
// body is not verified.
func (c *call) ping() {
	c.edgeHeaders(false)
	c.writePlain(http.StatusOK, "text/plain", "Healthy Connection")
}

func (c *call) writePlain(status int, contentType, body string) {
	header := c.w.Header()
	header["Content-Type"] = []string{contentType}
	header["Content-Length"] = []string{strconv.Itoa(len(body))}
	c.w.WriteHeader(status)
	_, _ = io.WriteString(c.w, body)
}
