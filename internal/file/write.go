// Package file writes what the commands leave behind and what they need for a
// while: whole or not at all, readable by its owner alone from its creation on,
// through no link.
package file

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Write puts a file where path says. Only its owner can read it, whoever could
// read what was there before.
func Write(path string, text []byte) error {
	if _, err := regular(path); err != nil {
		return failed(path, err)
	}
	return failed(path, replace(path, text, nil))
}

// Update is [Write] for a file that others rely on: it keeps the mode and the
// owner of the one that is there.
func Update(path string, text []byte) error {
	before, err := regular(path)
	if err != nil {
		return failed(path, err)
	}
	return failed(path, replace(path, text, before))
}

// trialSize is more than a report has.
const trialSize = 256 << 10

// Check finds out whether a file could be written at path, by writing one
// beside it: a folder that cannot be written to, a disk that is full and a link
// show then, and not when the work is done.
func Check(path string) error {
	before, err := regular(path)
	if err != nil {
		return failed(path, err)
	}
	if before != nil {
		existing, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return failed(path, err)
		}
		_ = existing.Close() // nothing was written
	}
	trial, err := complete(filepath.Dir(path), make([]byte, trialSize))
	if err != nil {
		return failed(path, err)
	}
	return failed(path, os.Remove(trial))
}

// regular describes the file at path; nil where there is none. Anything but a
// file is an error: a rename would take a device or a link away, and to write
// through a link is to write where somebody else says.
func regular(path string) (fs.FileInfo, error) {
	if path == "" || strings.HasSuffix(path, string(filepath.Separator)) {
		return nil, errors.New("it names no file")
	}
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	case info.Mode()&fs.ModeSymlink != 0:
		return nil, errors.New("it is a link, and links are not followed; name the file that it leads to")
	case !info.Mode().IsRegular():
		return nil, errors.New("it is there and is no file")
	}
	return info, nil
}

// replace makes a new file and renames it to path. As os.CreateTemp has it, the
// new one is made exclusively, and with mode 0600.
func replace(path string, text []byte, keep fs.FileInfo) error {
	temporary, err := complete(filepath.Dir(path), text)
	if err != nil {
		return err
	}
	if keep != nil {
		keepOwner(temporary, keep)
		err = os.Chmod(temporary, keep.Mode().Perm())
	}
	if err == nil {
		err = os.Rename(temporary, path)
	}
	if err != nil {
		_ = os.Remove(temporary) // it failed already
	}
	return err
}

// complete writes a file of its own with text in it that has reached the disk,
// and names it; where that fails it leaves none.
func complete(dir string, text []byte) (name string, err error) {
	f, err := os.CreateTemp(dir, ".maintenance-*")
	if err != nil {
		return "", err
	}
	_, err = f.Write(text)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return f.Name(), err
}

// failed names the file that was asked for, and not the one beside it.
func failed(path string, err error) error {
	if err == nil {
		return nil
	}
	var number syscall.Errno
	if errors.As(err, &number) {
		err = number
	}
	return fmt.Errorf("%s cannot be written: %w", path, err)
}
