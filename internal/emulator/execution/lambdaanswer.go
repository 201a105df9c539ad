package execution

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"mime"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
)

// proxyAnswer is what a function answered.
type proxyAnswer struct {
	status   int
	header   map[string][]string
	body     string
	isBase64 bool
}

// readProxyAnswer reads a function's answer. Each member may be left out, and
// there may be no other (fact J9).
func readProxyAnswer(payload []byte) (*proxyAnswer, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(payload, &members); err != nil || members == nil {
		return nil, fmt.Errorf("not an object: %.200s", payload)
	}
	var (
		status   any
		single   map[string]any
		multiple map[string][]any
		body     *string
		isBase64 *bool
	)
	into := map[string]any{"statusCode": &status, "headers": &single, "multiValueHeaders": &multiple, "body": &body, "isBase64Encoded": &isBase64}
	for name, raw := range members {
		if into[name] == nil {
			return nil, fmt.Errorf("it has the member %s", name)
		}
		if err := json.Unmarshal(raw, into[name]); err != nil {
			return nil, fmt.Errorf("its member %s is not understood: %.200s", name, raw)
		}
	}
	answer := &proxyAnswer{isBase64: isBase64 != nil && *isBase64}
	if body != nil {
		answer.body = *body
	}
	var err error
	if answer.status, err = answerStatus(status); err != nil {
		return nil, err
	}
	answer.header, err = answerHeader(single, multiple)
	return answer, err
}

// answerStatus takes a whole number, written as a number or as text; none is 200.
// That one out of HTTP's range is a 502 is not verified on AWS.
func answerStatus(given any) (int, error) {
	if given == nil {
		return 200, nil
	}
	text := fmt.Sprint(given)
	status, err := strconv.Atoi(text)
	if err != nil || status < 100 || status > 599 {
		return 0, fmt.Errorf("its status code is %s", text)
	}
	return status, nil
}

// answerHeader merges the two lists: a value that is in both counts once
// (fact J9).
func answerHeader(single map[string]any, multiple map[string][]any) (map[string][]string, error) {
	header := map[string][]string{}
	add := func(name string, value any) error {
		text, err := headerText(value)
		if err != nil {
			return fmt.Errorf("its header %s: %w", name, err)
		}
		for existing := range header {
			if strings.EqualFold(existing, name) {
				name = existing
			}
		}
		header[name] = append(header[name], text)
		return nil
	}
	for name, values := range multiple {
		for _, value := range values {
			if err := add(name, value); err != nil {
				return nil, err
			}
		}
	}
	for name, value := range single {
		if slices.Contains(multiple[name], value) {
			continue
		}
		if err := add(name, value); err != nil {
			return nil, err
		}
	}
	return header, nil
}

func headerText(value any) (string, error) {
	switch v := value.(type) {
	case string:
		return v, nil
	case bool:
		return strconv.FormatBool(v), nil
	}
	return "", fmt.Errorf("%v is neither text nor true or false", value)
}

// proxyAnswer sends a function's answer. Base64 is decoded where the first type
// that the client accepts is a binary one of the API's; else it is passed as it
// is (fact J9).
func (c *call) proxyAnswer(answer *proxyAnswer) *failure {
	body := []byte(answer.body)
	if answer.isBase64 && c.program.isBinary(firstAccepted(c.r.Header.Get("Accept"))) {
		decoded, err := base64.StdEncoding.DecodeString(answer.body)
		if err != nil {
			return c.badGateway("Malformed Lambda proxy response: its body is not base64")
		}
		body = decoded
	}
	header := c.w.Header()
	for name, values := range answer.header {
		canonical := textproto.CanonicalMIMEHeaderKey(name)
		switch {
		case remappedProxy[canonical]:
			name = "x-amzn-Remapped-" + name
		case hopByHop[canonical]:
			continue
		case canonical == "Content-Type":
			name = canonical // net/http looks for it in this spelling
		}
		for _, value := range values {
			header[name] = append(header[name], cleanHeaderValue(value))
		}
	}
	c.write(answer.status, body)
	return nil
}

func firstAccepted(accept string) string {
	first, _, _ := strings.Cut(accept, ",")
	media, _, _ := mime.ParseMediaType(first)
	return media
}
