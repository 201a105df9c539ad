package file

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

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

// NewScratch makes a folder; [Scratch.Remove] it. It gets its name only once it
// is locked: a sweep never sees it without its run.
func NewScratch() (*Scratch, error) {
	made, err := os.MkdirTemp("", "."+scratchPrefix+"*")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the plan: %w", err)
	}
	lock := lockOf(made)
	if _, err := lock.TryLock(); err != nil {
		return nil, errors.Join(fmt.Errorf("lock the folder for the plan: %w", err), lock.Close(), os.Remove(made))
	}
	dir := filepath.Join(filepath.Dir(made), strings.TrimPrefix(filepath.Base(made), "."))
	if err := os.Rename(made, dir); err != nil {
		return nil, errors.Join(fmt.Errorf("make a folder for the plan: %w", err), lock.Close(), os.Remove(made))
	}
	return &Scratch{Dir: dir, lock: lock}, nil
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
