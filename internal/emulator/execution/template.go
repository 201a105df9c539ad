package execution

import "strings"

const jsonType = "application/json"

// mediaType drops the parameters of a Content-Type: only the media type
// chooses a template (fact A1). Its case does not count, as RFC 9110 says;
// AWS's view of the case is not verified.
func mediaType(contentType string) string {
	media, _, _ := strings.Cut(contentType, ";")
	return strings.ToLower(strings.TrimSpace(media))
}

// requestType is the media type that chooses the request template; a request
// without Content-Type counts as JSON (fact A1).
func (c *call) requestType() string {
	if contentType := c.r.Header.Get("Content-Type"); contentType != "" {
		return mediaType(contentType)
	}
	return jsonType
}

// acceptType is the first media type of Accept: API Gateway looks at no other
// (fact A6).
func (c *call) acceptType() string {
	first, _, _ := strings.Cut(c.r.Header.Get("Accept"), ",")
	if media := mediaType(first); media != "" {
		return media
	}
	return jsonType
}

// forRequest chooses a request template. Without one the body may pass through
// as it is, or the answer is 415 (fact A2).
func (t templates) forRequest(mediaType, passthrough string) (chosen *template, failed *failure) {
	if chosen := t.byType[mediaType]; chosen != nil {
		return chosen, nil
	}
	switch {
	case passthrough == "NEVER":
		return nil, fail("UNSUPPORTED_MEDIA_TYPE")
	case passthrough == "WHEN_NO_TEMPLATES" && len(t.byType) > 0:
		return nil, fail("UNSUPPORTED_MEDIA_TYPE")
	}
	return nil, nil
}

// forAccept chooses a response template: the accepted one, else JSON, else the
// first (fact A6). Nil if there is none.
func (t templates) forAccept(mediaType string) *template {
	if chosen := t.byType[mediaType]; chosen != nil {
		return chosen
	}
	return t.first
}

// render runs a template; any failure is a 500.
func (c *call) render(t *template, body string) (string, *failure) {
	if t.err != nil {
		return "", fail("API_CONFIGURATION_ERROR")
	}
	text, err := t.parsed.Execute(c.templateContext(body))
	if err != nil {
		c.log.integrationError = err.Error()
		return "", fail("API_CONFIGURATION_ERROR")
	}
	return text, nil
}

// requestBody maps the payload for the integration.
func (c *call) requestBody() (string, *failure) {
	in := c.method.integration
	media := c.requestType()
	chosen, failed := in.templates.forRequest(media, in.PassthroughBehavior)
	if failed != nil {
		return "", failed
	}
	if chosen == nil {
		return string(c.body), nil
	}
	// A binary payload cannot be mapped unless it is converted (fact A8).
	if c.program.isBinary(media) && in.ContentHandling != "CONVERT_TO_TEXT" {
		c.log.integrationError = "Unable to transform request"
		return "", fail("API_CONFIGURATION_ERROR")
	}
	return c.render(chosen, string(c.body))
}

// isBinary tells whether the API lists a media type as binary.
func (p *program) isBinary(media string) bool {
	for _, binary := range p.binary {
		prefix, wildcard := strings.CutSuffix(binary, "*")
		if binary == media || binary == "*/*" || wildcard && strings.HasPrefix(media, prefix) {
			return true
		}
	}
	return false
}
