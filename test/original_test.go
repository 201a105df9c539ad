package test

import (
	"fmt"
	"net/http"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/test/harness"
)

// TestOriginal sends the same draw to the technique of 2020 and to ours, and
// compares the shares of proper 503s with what the facts predict.
func TestOriginal(t *testing.T) {
	t.Parallel()
	harness.Seed(t)
	const message = "Down for maintenance."
	ours := harness.NewStage(t, "basic", emulator.Config{}, map[string]any{"maintenance_message": message})
	ours.Apply(map[string]any{"maintenance_mode": true})
	theirs := harness.NewFixture(t, "original", emulator.Config{}, map[string]any{"maintenance_message": message})
	theirs.Apply(map[string]any{"maintenance_mode": true})

	shares := map[string]*share{}
	var mu sync.Mutex
	rapid.Check(t, func(rt *rapid.T) {
		for range harness.Batch {
			c := harness.DrawCall(rt)
			if isPreflight(c) {
				continue // a preflight must not be 503: TestBrowser shows why
			}
			class := classOf(c)
			mu.Lock()
			s := shares[class]
			if s == nil {
				s = &share{}
				shares[class] = s
			}
			s.add(proper(c, ours.Send(rt, c), message), proper(c, theirs.Send(rt, c), message))
			mu.Unlock()
		}
	})

	var classes []string
	for class := range predictions {
		classes = append(classes, class)
	}
	sort.Strings(classes)
	fmt.Println("| request | drawn | this kit | predicted | 2020 technique | predicted |")
	fmt.Println("|---|---|---|---|---|---|")
	for _, class := range classes {
		s := shares[class]
		require.NotNil(t, s, "no request of class %q was drawn", class)
		fmt.Printf("| %s | %d | %d %% | 100 %% | %d %% | %d %% |\n", class, s.drawn, s.percent(s.ours), s.percent(s.theirs), predictions[class])
		assert.Equal(t, 100, s.percent(s.ours), "ours, %s", class)
		assert.Equal(t, predictions[class], s.percent(s.theirs), "the original, %s", class)
	}
	assert.Len(t, shares, len(predictions))
}

// predictions are the shares of proper 503s that the facts give the technique
// of 2020, written down before the first run: no method on the root (fact B1), one
// template for application/json and anything else passed through, where the mock
// finds no status (fact A2), verbs outside ANY (fact A9).
var predictions = map[string]int{
	"a path, JSON or no Content-Type": 100,
	// Passed through, it is what the mock reads its status from (fact A3, not verified on AWS).
	"a path, another Content-Type, a body that is a statusCode object": 100,
	"a path, another Content-Type":                                     0,
	"a path, a verb outside ANY":                                       0,
	"the root, JSON or no Content-Type":                                0,
	"the root, another Content-Type":                                   0,
	"the root, a verb outside ANY":                                     0,
}

func classOf(c harness.Call) string {
	where := "a path"
	if path, _, _ := strings.Cut(c.Path, "?"); path == "/" {
		where = "the root"
	}
	if _, overridden := c.Get("X-HTTP-Method-Override"); !overridden && !slices.Contains(harness.Methods, c.Method) {
		return where + ", a verb outside ANY"
	}
	contentType, sent := c.Get("Content-Type")
	if media, _, _ := strings.Cut(contentType, ";"); sent && media != "application/json" {
		if where == "a path" && c.Body == harness.StatusBody {
			return where + ", another Content-Type, a body that is a statusCode object"
		}
		return where + ", another Content-Type"
	}
	return where + ", JSON or no Content-Type"
}

func isPreflight(c harness.Call) bool {
	_, asked := c.Get("Access-Control-Request-Method")
	return asked
}

// proper is a 503 that carries the message.
func proper(c harness.Call, got harness.Answer, message string) bool {
	return got.Status == http.StatusServiceUnavailable && (c.Method == http.MethodHead || strings.Contains(got.Body, message))
}

type share struct{ drawn, ours, theirs int }

func (s *share) add(ours, theirs bool) {
	s.drawn++
	if ours {
		s.ours++
	}
	if theirs {
		s.theirs++
	}
}

// percent is rounded down, so that 100 means all.
func (s *share) percent(n int) int { return n * 100 / s.drawn }
