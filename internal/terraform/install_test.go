package terraform

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEnsureSaysInOneSentenceThatThereIsNoneAndNoDownload(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	releases := httptest.NewServer(http.NotFoundHandler())
	defer releases.Close()
	var told []string
	_, err := Ensure(t.Context(), EnsureOptions{
		CacheDir:    t.TempDir(),
		Progress:    func(s string) { told = append(told, s) },
		releasesURL: releases.URL,
	})
	require.Error(t, err)
	assert.Equal(t, KindBinary, KindOf(err))
	assert.Contains(t, err.Error(), "no Terraform or OpenTofu >= 1.9 is on PATH, and Terraform "+PinnedVersion+" could not be downloaded")
	require.Len(t, told, 1)
	assert.Contains(t, told[0], "downloading Terraform "+PinnedVersion)
}
