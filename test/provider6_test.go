package test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/toolchain"
	"apigateway-maintenance/test/harness"
)

// TestProvider6 is TestBasic on an AWS provider 6. Nobody could run one where this
// kit was made, so all else runs on toolchain.RunVersion.
func TestProvider6(t *testing.T) {
	t.Parallel()
	mirror, err := toolchain.FindMirror6(t.Context(), os.Environ())
	require.NoError(t, err)
	if mirror == nil {
		t.Skipf("no mirror holds an AWS provider 6; make one by \"terraform providers mirror\" and name it by %s", toolchain.Provider6Env)
	}
	t.Logf("on AWS provider %s of %s", mirror.Version, mirror.Dir)
	tools, err := harness.Toolchain.With(mirror)
	require.NoError(t, err)
	basicStory(t, tools)
}
