package generate

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// workshop is the folder in which a generation is made, beside the one that
// it becomes. Its lock ends with the process, so what a killed one left is
// swept by the next.
type workshop struct {
	out, dir string
	lock     *os.File
}

// openWorkshop locks and empties the workshop of out, after making sure that
// out may be replaced.
func openWorkshop(out string) (*workshop, error) {
	out, err := filepath.Abs(out)
	if err != nil {
		return nil, fmt.Errorf("--out %s: %w", out, err)
	}
	if wd, err := os.Getwd(); err == nil && wd == out {
		return nil, fmt.Errorf("--out %s is the current folder: name one below it", out)
	}
	if err := replaceable(out); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return nil, fmt.Errorf("make the folder of --out: %w", err)
	}
	s := &workshop{out: out, dir: sibling(out, "generating")}
	if err := s.acquire(); err != nil {
		return nil, err
	}
	if err := s.sweep(); err != nil {
		s.lock.Close()
		return nil, err
	}
	return s, nil
}

func sibling(out, what string) string {
	return filepath.Join(filepath.Dir(out), "."+filepath.Base(out)+"."+what)
}

// acquire makes and locks the folder. Between making and locking, another
// process may have finished and renamed it: then it is made again.
func (s *workshop) acquire() error {
	for {
		if err := os.Mkdir(s.dir, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("make %s: %w", s.dir, err)
		}
		lock, err := os.Open(s.dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return fmt.Errorf("open %s: %w", s.dir, err)
		}
		if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
			lock.Close()
			return fmt.Errorf("another tiendi generate is making %s: wait for it, or name another --out: %w", s.out, err)
		}
		if s.holds(lock) {
			s.lock = lock
			return nil
		}
		lock.Close()
	}
}

func (s *workshop) holds(lock *os.File) bool {
	locked, err := lock.Stat()
	if err != nil {
		return false
	}
	now, err := os.Stat(s.dir)
	return err == nil && os.SameFile(locked, now)
}

// sweep removes what a killed generation left: files half written, or the
// generation that was being replaced.
func (s *workshop) sweep() error {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return fmt.Errorf("read %s: %w", s.dir, err)
	}
	for _, e := range entries {
		if err := os.RemoveAll(filepath.Join(s.dir, e.Name())); err != nil {
			return fmt.Errorf("remove what an earlier run left: %w", err)
		}
	}
	if err := os.RemoveAll(sibling(s.out, "replaced")); err != nil {
		return fmt.Errorf("remove the generation replaced by an earlier run: %w", err)
	}
	return nil
}

// publish moves the workshop to out. An earlier generation is moved away
// first: at any moment out is a whole generation, or not there.
func (s *workshop) publish() error {
	if err := replaceable(s.out); err != nil {
		return err
	}
	old := sibling(s.out, "replaced")
	if err := os.Rename(s.out, old); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("move the earlier generation away: %w", err)
	}
	if err := os.Rename(s.dir, s.out); err != nil {
		return fmt.Errorf("put the generation in its place: %w", err)
	}
	if err := os.RemoveAll(old); err != nil {
		return fmt.Errorf("remove the earlier generation: %w", err)
	}
	return nil
}

// close removes what was not published, and gives the lock back. What cannot
// be removed is swept by the next generation.
func (s *workshop) close() {
	if s.holds(s.lock) {
		os.RemoveAll(s.dir)
	}
	s.lock.Close()
}
