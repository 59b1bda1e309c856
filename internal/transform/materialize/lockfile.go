package materialize

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// A run's lock file is called run-<id>.lock.
const lockPrefix, lockSuffix = "run-", ".lock"

// lockFile makes a file and locks it. The kernel gives the lock back when the
// process ends, however it ends.
func lockFile(path string) (*os.File, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("lock the run's file: %w", err)
	}
	for {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
		if err != nil {
			return nil, fmt.Errorf("lock the run's file: %w", err)
		}
		err = unix.Flock(int(f.Fd()), unix.LOCK_EX)
		if err == nil && InPlace(f) {
			return f, nil
		}
		_ = f.Close()
		if err != nil && !errors.Is(err, unix.EINTR) {
			return nil, fmt.Errorf("lock %s: %w", path, err)
		}
		// Another run swept it away before it was locked.
	}
}

// InPlace says whether a locked file or folder still stands under its name: whoever has
// removed it meanwhile may lock another there.
func InPlace(f *os.File) bool {
	mine, err := f.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(f.Name())
	return err == nil && os.SameFile(mine, there)
}

// abandoned says whether nobody holds a lock file any more, and removes it
// then. A file that is not there says nothing: the run may be in a container.
func abandoned(path string) bool {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	if unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) != nil {
		return false
	}
	_ = os.Remove(path)
	return true
}

// sweepFiles removes the lock files of dead runs and gives the runs' ids.
func sweepFiles(dir, own string) []string {
	paths, _ := filepath.Glob(filepath.Join(dir, lockPrefix+strings.Repeat("[0-9a-f]", 12)+lockSuffix)) // the pattern is sound
	var dead []string
	for _, path := range paths {
		if path != own && abandoned(path) {
			dead = append(dead, strings.TrimSuffix(strings.TrimPrefix(filepath.Base(path), lockPrefix), lockSuffix))
		}
	}
	return dead
}
