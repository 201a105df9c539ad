package vtl_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator/vtl"
)

// preamble is what the recorded templates find set.
const preamble = `#set($foo="bar")#set($email="foo@x")#set($n=5)#set($list=["a","b","c"])#set($map={"k":"v","k2":"v2"})#if(false)#set($nope=1)#end` + "\n"

// TestRendersAsVelocity17 runs templates whose output Apache Velocity 1.7
// itself recorded in testdata. A template may be refused here that Velocity
// runs; one that runs must render the same.
func TestRendersAsVelocity17(t *testing.T) {
	recorded, err := os.ReadFile("testdata/velocity17.txt")
	require.NoError(t, err)
	ran := 0
	for _, record := range strings.Split(string(recorded), "=== template\n")[1:] {
		source, outcome, ok := strings.Cut(record, "\n--- ")
		require.True(t, ok, record)
		kind, want, _ := strings.Cut(outcome, "\n")
		want = strings.TrimSuffix(want, "\n")
		t.Run(source, func(t *testing.T) {
			template, err := vtl.Parse(preamble + source)
			var got string
			if err == nil {
				got, err = template.Execute(&vtl.Context{})
			}
			if kind == "refused" {
				assert.Error(t, err, "rendered %q", got)
				return
			}
			if err != nil {
				t.Skip("refused here: ", err)
			}
			ran++
			assert.Equal(t, want, got)
		})
	}
	assert.Greater(t, ran, 100, "too few templates run at all")
}
