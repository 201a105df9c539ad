package file

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestASweepTakesWhatKilledRunsLeftAndNothingElse(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	alive, err := NewScratch()
	require.NoError(t, err)
	info, err := os.Stat(alive.Dir)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o700), info.Mode().Perm())

	dead, err := NewScratch()
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(dead.Path("switch.tfplan"), []byte("secret"), 0o600))
	require.NoError(t, dead.lock.Close()) // as the system does when a process is killed

	target := filepath.Join(temporary, "elsewhere")
	require.NoError(t, os.Mkdir(target, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(target, "kept"), nil, 0o600))
	require.NoError(t, os.Symlink(target, filepath.Join(temporary, scratchPrefix+"link")))
	require.NoError(t, os.WriteFile(filepath.Join(temporary, scratchPrefix+"file"), nil, 0o600))

	assert.Equal(t, []string{dead.Dir}, SweepScratch())
	assert.NoDirExists(t, dead.Dir)
	assert.DirExists(t, alive.Dir)
	assert.FileExists(t, filepath.Join(target, "kept"))
	assert.FileExists(t, filepath.Join(temporary, scratchPrefix+"file"))
	assert.Empty(t, SweepScratch())

	alive.Remove()
	assert.NoDirExists(t, alive.Dir)
}

func TestASweepLeavesAnotherUsersFolder(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give a folder away")
	}
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	theirs := filepath.Join(temporary, scratchPrefix+"theirs")
	require.NoError(t, os.Mkdir(theirs, 0o700))
	require.NoError(t, os.Chown(theirs, 12345, 12345))
	assert.Empty(t, SweepScratch())
	assert.DirExists(t, theirs)
}

func TestAFolderIsNeverSweptFromUnderARun(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	stop := make(chan struct{})
	var sweeping sync.WaitGroup
	sweeping.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				SweepScratch()
			}
		}
	})
	for range 200 {
		s, err := NewScratch()
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(s.Path("plan"), nil, 0o600))
		s.Remove()
	}
	close(stop)
	sweeping.Wait()
}
