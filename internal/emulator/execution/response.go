package execution

import (
	"encoding/base64"
	"net/http"
	"strconv"
)

// backendAnswer is what an integration gave.
type backendAnswer struct {
	status int
	header http.Header
	body   []byte
	mock   bool
}

// choose finds the integration response for a status: the pattern must match
// the whole of it. Where several do, the one whose own code is the status wins
// (fact A5), else the lowest code. What no pattern matches is the default's.
func (in *integration) choose(status int) *integrationResponse {
	text := strconv.Itoa(status)
	var matched, fallback *integrationResponse
	for _, response := range in.responses { // by ascending code
		switch {
		case response.isDefault:
			if fallback == nil {
				fallback = response
			}
		case response.pattern != nil && response.pattern.MatchString(text):
			if response.statusCode == text {
				return response
			}
			if matched == nil {
				matched = response
			}
		}
	}
	if matched != nil {
		return matched
	}
	return fallback
}

// integrationResponse maps an integration's answer and writes it.
func (c *call) integrationResponse(answer *backendAnswer) *failure {
	response := c.method.integration.choose(answer.status)
	if response == nil || !response.declared {
		return fail("API_CONFIGURATION_ERROR") // fact A5
	}
	body := answer.body
	if chosen := response.templates.forAccept(c.acceptType()); chosen != nil && chosen.source != "" {
		text, failed := c.render(chosen, string(answer.body))
		if failed != nil {
			return failed
		}
		if body, failed = c.payload(text, response.asText); failed != nil {
			return failed
		}
	}
	header := c.w.Header()
	for _, m := range response.headers {
		if value, ok := c.responseSource(m.source, answer); ok && m.location == "header" {
			setResponseHeader(header, m.name, value, answer.mock)
		}
	}
	for name, value := range c.overrides.ResponseHeader {
		setResponseHeader(header, name, value, answer.mock)
	}
	status := response.status
	if c.overrides.Status != 0 {
		status = c.overrides.Status
	}
	c.write(status, body)
	return nil
}

// payload is the body that a template's text becomes: where the client accepts a
// binary type, the text is taken for base64 (fact A8).
func (c *call) payload(text string, asText bool) ([]byte, *failure) {
	if asText || !c.program.isBinary(c.acceptType()) {
		return []byte(text), nil
	}
	body, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		c.log.integrationError = "Unable to base64 decode the body."
		return nil, fail("API_CONFIGURATION_ERROR")
	}
	return body, nil
}

// write sends the answer with the headers that every answer of an API has.
func (c *call) write(status int, body []byte) {
	header := c.w.Header()
	if len(header["Content-Type"]) == 0 {
		header["Content-Type"] = []string{jsonType} // fact A6
	}
	c.serviceHeaders(header)
	if status < 200 {
		status = http.StatusInternalServerError // net/http would send it as informational and wait
	}
	bodiless := status == http.StatusNoContent || status == http.StatusNotModified
	if !bodiless {
		header["Content-Length"] = []string{strconv.Itoa(len(body))}
	}
	c.w.WriteHeader(status)
	c.log.status = status
	if bodiless || c.r.Method == http.MethodHead {
		return
	}
	c.log.length = len(body)
	_, _ = c.w.Write(body) // a client that went away is no failure of the API
}
