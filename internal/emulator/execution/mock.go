package execution

import (
	"errors"
	"strconv"
	"strings"
	"unicode"
)

// mock answers without a backend: the request template's statusCode chooses
// the integration response (facts A4, A5).
func (c *call) mock() *failure {
	text, failed := c.requestBody()
	if failed != nil {
		return failed
	}
	status, err := mockStatus(text)
	if err != nil {
		c.log.integrationError = err.Error()
		return fail("API_CONFIGURATION_ERROR")
	}
	c.log.integrationStatus = status
	// The rendered request body is not what the response template sees (fact A4).
	return c.integrationResponse(&backendAnswer{status: status, mock: true})
}

// errStatusCode is what AWS writes to the execution log (fact A3).
var errStatusCode = errors.New("unable to parse statusCode: it must be an integer defined in the request template")

// mockStatus reads statusCode from an object, leniently: keys need no quotes.
// The value must be an integer, any integer (fact A4).
func mockStatus(text string) (int, error) {
	s := lenientScanner{text: text}
	s.blanks()
	if !s.take('{') {
		return 0, errStatusCode
	}
	status, found := 0, false
	for s.blanks(); !s.take('}'); s.blanks() {
		key, ok := s.key()
		s.blanks()
		if !ok || !s.take(':') {
			return 0, errStatusCode
		}
		s.blanks()
		value, ok := s.value()
		if !ok {
			return 0, errStatusCode
		}
		if key == "statusCode" {
			n, err := strconv.Atoi(value)
			if err != nil {
				return 0, errStatusCode
			}
			status, found = n, true
		}
		s.blanks()
		if !s.take(',') && s.peek() != '}' {
			return 0, errStatusCode
		}
	}
	s.blanks()
	if !found || s.at < len(s.text) {
		return 0, errStatusCode
	}
	return status, nil
}

// lenientScanner reads JSON whose keys may lack quotes.
type lenientScanner struct {
	text string
	at   int
}

func (s *lenientScanner) peek() byte {
	if s.at < len(s.text) {
		return s.text[s.at]
	}
	return 0
}

func (s *lenientScanner) take(c byte) bool {
	if s.peek() != c || s.at == len(s.text) {
		return false
	}
	s.at++
	return true
}

func (s *lenientScanner) blanks() {
	for s.at < len(s.text) && strings.IndexByte(" \t\r\n", s.text[s.at]) >= 0 {
		s.at++
	}
}

func (s *lenientScanner) key() (string, bool) {
	if s.peek() == '"' {
		start := s.at
		ok := s.quoted()
		return strings.Trim(s.text[start:s.at], `"`), ok
	}
	start := s.at
	for s.at < len(s.text) {
		c := rune(s.text[s.at])
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) && !strings.ContainsRune("_$-", c) {
			break
		}
		s.at++
	}
	return s.text[start:s.at], s.at > start
}

func (s *lenientScanner) quoted() bool {
	for s.at++; s.at < len(s.text); s.at++ {
		switch s.text[s.at] {
		case '\\':
			s.at++
		case '"':
			s.at++
			return true
		}
	}
	return false
}

// value skips a value and gives it as it is written.
func (s *lenientScanner) value() (string, bool) {
	start, depth := s.at, 0
	for s.at < len(s.text) {
		switch c := s.text[s.at]; c {
		case '"':
			if !s.quoted() {
				return "", false
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return strings.TrimSpace(s.text[start:s.at]), s.at > start
			}
			depth--
		case ',':
			if depth == 0 {
				return strings.TrimSpace(s.text[start:s.at]), s.at > start
			}
		}
		s.at++
	}
	return "", false
}
