package file

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/gofrs/flock"
)

// scratchPrefix is what the names of our folders begin with.
const scratchPrefix = "maintenance-plan-"

// Scratch is a folder for what a run needs while it lasts and what may hold
// secrets: plans, variables, Terraform's log. Only its owner can look into it.
// It is locked as long as the run lives, by which one is told that a run left
// behind when it was killed.
type Scratch struct {
	Dir  string
	lock *flock.Flock
}

// NewScratch makes a folder; [Scratch.Remove] it.
func NewScratch() (*Scratch, error) {
	for range 10 { // a sweep can come between the making and the locking
		dir, err := os.MkdirTemp("", scratchPrefix+"*")
		if err != nil {
			return nil, fmt.Errorf("make a folder for the plan: %w", err)
		}
		lock := lockOf(dir)
		if locked, err := lock.TryLock(); err == nil && !locked {
			_ = lock.Close()
			continue
		}
		if _, err := os.Lstat(dir); err == nil {
			return &Scratch{Dir: dir, lock: lock}, nil
		}
		_ = lock.Close()
	}
	return nil, errors.New("make a folder for the plan: each one that was made was removed")
}

// Path of a file in the folder.
func (s *Scratch) Path(name string) string { return filepath.Join(s.Dir, name) }

// Remove removes the folder with all that is in it.
func (s *Scratch) Remove() {
	_ = os.RemoveAll(s.Dir) // what stays is swept by the next run
	_ = s.lock.Close()
}

// SweepScratch removes the folders that killed runs of the same user left
// behind, and names them.
func SweepScratch() []string {
	var removed []string
	found, _ := filepath.Glob(filepath.Join(os.TempDir(), scratchPrefix+"*")) // the pattern is well-formed
	slices.Sort(found)
	for _, dir := range found {
		info, err := os.Lstat(dir)
		if err != nil || !info.IsDir() || !ours(info) {
			continue
		}
		if dead(dir) {
			removed = append(removed, dir)
		}
	}
	return removed
}

// dead removes a folder if no run that lives has it.
func dead(dir string) bool {
	lock := lockOf(dir)
	defer func() { _ = lock.Close() }()
	locked, err := lock.TryLock()
	return err == nil && locked && os.RemoveAll(dir) == nil
}

// lockOf is a lock on the folder itself: there is no moment at which it has
// none to take.
func lockOf(dir string) *flock.Flock { return flock.New(dir, flock.SetFlag(os.O_RDONLY)) }
