package file

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// written is what stands in a file, and its mode.
func written(t *testing.T, path string) (string, os.FileMode) {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	info, err := os.Lstat(path)
	require.NoError(t, err)
	return string(text), info.Mode()
}

func TestWriteIsForItsOwnerAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.html")
	require.NoError(t, Write(path, []byte("one")))
	text, mode := written(t, path)
	assert.Equal(t, "one", text)
	assert.Equal(t, os.FileMode(0o600), mode)

	require.NoError(t, os.Chmod(path, 0o644))
	require.NoError(t, Write(path, []byte("two")))
	text, mode = written(t, path)
	assert.Equal(t, "two", text)
	assert.Equal(t, os.FileMode(0o600), mode, "also over one that all could read")
}

func TestUpdateKeepsTheMode(t *testing.T) {
	path := filepath.Join(t.TempDir(), "values.json")
	require.NoError(t, Update(path, []byte("one")))
	_, mode := written(t, path)
	assert.Equal(t, os.FileMode(0o600), mode, "a new one is its owner's")
	require.NoError(t, os.Chmod(path, 0o664))
	require.NoError(t, Update(path, []byte("two")))
	text, mode := written(t, path)
	assert.Equal(t, "two", text)
	assert.Equal(t, os.FileMode(0o664), mode)
}

func TestNothingIsWrittenThroughALinkOrOverADevice(t *testing.T) {
	dir := t.TempDir()
	elsewhere, link, dangling := filepath.Join(dir, "elsewhere"), filepath.Join(dir, "link"), filepath.Join(dir, "dangling")
	require.NoError(t, os.WriteFile(elsewhere, []byte("kept"), 0o600))
	require.NoError(t, os.Symlink(elsewhere, link))
	require.NoError(t, os.Symlink(filepath.Join(dir, "nowhere"), dangling))
	pipe := filepath.Join(dir, "pipe")
	require.NoError(t, exec.CommandContext(t.Context(), "mkfifo", pipe).Run())
	for _, path := range []string{link, dangling, dir, dir + "/", pipe, "/dev/full", ""} {
		for name, do := range map[string]func() error{
			"check":  func() error { return Check(path) },
			"write":  func() error { return Write(path, []byte("x")) },
			"update": func() error { return Update(path, []byte("x")) },
		} {
			assert.ErrorContains(t, do(), "cannot be written", "%s %s", name, path)
		}
	}
	text, _ := written(t, elsewhere)
	assert.Equal(t, "kept", text)
	info, err := os.Lstat(link)
	require.NoError(t, err)
	assert.NotZero(t, info.Mode()&os.ModeSymlink)
	assert.NoFileExists(t, filepath.Join(dir, "nowhere"))
}

func TestCheckLeavesNothingAndTellsWhy(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "report.html")
	require.NoError(t, Check(path))
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Empty(t, left)
	require.NoError(t, os.WriteFile(path, []byte("kept"), 0o640))
	require.NoError(t, Check(path))
	text, mode := written(t, path)
	assert.Equal(t, "kept", text)
	assert.Equal(t, os.FileMode(0o640), mode)

	err = Check(filepath.Join(dir, "none", "report.html"))
	assert.EqualError(t, err, filepath.Join(dir, "none", "report.html")+" cannot be written: no such file or directory")
}

func TestAFullDiskShowsInTheCheckAndLeavesWhatWasThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.html")
	require.NoError(t, os.WriteFile(path, []byte("kept"), 0o600))
	// A limit on the size of files stands for a disk without room.
	script := `ulimit -f 1; exec "$0" -test.run '^TestFullDiskHelper$' -test.v`
	cmd := exec.CommandContext(t.Context(), "sh", "-c", script, os.Args[0])
	cmd.Env = append(os.Environ(), "FULL_DISK="+path)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	assert.Contains(t, string(out), "check: "+path+" cannot be written: file too large")
	assert.Contains(t, string(out), "write: "+path+" cannot be written: file too large")
	text, _ := written(t, path)
	assert.Equal(t, "kept", text)
	left, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	assert.Len(t, left, 1, "no temporary file stays")
}

func TestFullDiskHelper(t *testing.T) {
	path := os.Getenv("FULL_DISK")
	if path == "" {
		return // it is a part of the test above
	}
	t.Logf("check: %v", Check(path))
	t.Logf("write: %v", Write(path, make([]byte, trialSize)))
}
