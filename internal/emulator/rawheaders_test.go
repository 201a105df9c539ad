package emulator

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

// request draws one HTTP/1 request and gives its header names.
func request(t *rapid.T) (text string, names []string) {
	names = []string{"host"}
	lines := []string{rapid.SampledFrom([]string{"", "\r\n"}).Draw(t, "before") + "POST /x HTTP/1.1", "host: a"}
	for range rapid.IntRange(0, 4).Draw(t, "headers") {
		name := rapid.StringMatching(`[xX]-[a-zA-Z]{1,8}`).Draw(t, "name")
		names, lines = append(names, name), append(lines, name+": v: w")
	}
	body := rapid.SampledFrom([]string{"", "x", "a: b\r\n\r\n", "GET / HTTP/1.1\r\nfake: 1\r\n\r\n", strings.Repeat("z", 300)}).Draw(t, "body")
	switch rapid.SampledFrom([]string{"none", "length", "chunked"}).Draw(t, "framing") {
	case "length":
		names, lines = append(names, "content-LENGTH"), append(lines, fmt.Sprintf("content-LENGTH: %d", len(body)))
		return strings.Join(lines, "\r\n") + "\r\n\r\n" + body, names
	case "chunked":
		names, lines = append(names, "Transfer-encoding"), append(lines, "Transfer-encoding: chunked")
		text = strings.Join(lines, "\r\n") + "\r\n\r\n"
		for range rapid.IntRange(0, 3).Draw(t, "chunks") {
			if body != "" {
				text += fmt.Sprintf("%x;ext=1\r\n%s\r\n", len(body), body)
			}
		}
		return text + "0\r\nTrail: er\r\n\r\n", names
	}
	return strings.Join(lines, "\r\n") + "\r\n\r\n", names
}

func TestTheScannerFindsEachRequestsNamesHoweverTheBytesArrive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var stream string
		var want [][]string
		for range rapid.IntRange(1, 5).Draw(t, "requests") {
			text, names := request(t)
			stream, want = stream+text, append(want, names)
		}
		var scanner headerScanner
		for rest := stream; rest != ""; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "read")
			scanner.write([]byte(rest[:n]))
			rest = rest[n:]
		}
		assert.Equal(t, want, scanner.requests)
	})
}
