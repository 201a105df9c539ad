package toolchain

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/terraform"
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
	assert.Equal(t, terraform.KindBinary, terraform.KindOf(err))
	assert.Contains(t, err.Error(), "no Terraform or OpenTofu >= 1.9 is on PATH, and Terraform "+PinnedVersion+" could not be downloaded")
	require.Len(t, told, 1)
	assert.Contains(t, told[0], "downloading Terraform "+PinnedVersion)
}

func executableFile(t *testing.T, dir, name, body string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(dir, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+body+"\n"), 0o755))
}

const (
	saysTerraform = `echo "Terraform v1.11.4"; echo "on linux_amd64"`
	saysTofu      = `echo "OpenTofu v1.12.6-dev"`
	saysOld       = `echo "Terraform v1.5.7"`
)

func TestEnsure(t *testing.T) {
	t.Run("prefers Terraform where both are on PATH", func(t *testing.T) {
		dir := t.TempDir()
		t.Setenv("PATH", dir)
		executableFile(t, dir, "terraform", saysTerraform)
		executableFile(t, dir, "tofu", saysTofu)
		b, err := Ensure(t.Context(), EnsureOptions{CacheDir: t.TempDir()})
		require.NoError(t, err)
		assert.Equal(t, terraform.Terraform, b.Name)
	})
	t.Run("passes over an old Terraform for an OpenTofu that satisfies", func(t *testing.T) {
		dir := t.TempDir()
		t.Setenv("PATH", dir)
		executableFile(t, dir, "terraform", saysOld)
		executableFile(t, dir, "tofu", saysTofu)
		b, err := Ensure(t.Context(), EnsureOptions{CacheDir: t.TempDir()})
		require.NoError(t, err)
		assert.Equal(t, terraform.OpenTofu, b.Name)
	})
	t.Run("takes an earlier download without asking the network", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		cache := t.TempDir()
		require.NoError(t, writeFile(filepath.Join(cache, "terraform", PinnedVersion, ".keep"), ""))
		executableFile(t, filepath.Join(cache, "terraform", PinnedVersion), "terraform", `echo "Terraform v`+PinnedVersion+`"`)
		b, err := Ensure(t.Context(), EnsureOptions{CacheDir: cache, releasesURL: "http://127.0.0.1:1"})
		require.NoError(t, err)
		assert.Equal(t, PinnedVersion, b.Version.String())
	})
}
