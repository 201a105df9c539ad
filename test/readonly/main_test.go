// Package readonly holds the suites of the third mode: reads go on, writes get
// the 503.
package readonly

import (
	"os"
	"testing"

	"apigateway-maintenance/test/harness"
)

func TestMain(m *testing.M) { os.Exit(harness.Main(m)) }
