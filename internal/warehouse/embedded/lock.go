package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"
)

// Lock is a lock on a file that the kernel gives back when its holder dies.
type Lock struct{ file *os.File }

// LockFile takes the lock, waiting for it as long as ctx allows. The file stays;
// only the lock on it means anything.
func LockFile(ctx context.Context, path string) (*Lock, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open lock: %w", err)
	}
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return &Lock{file: f}, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			_ = f.Close()
			return nil, fmt.Errorf("lock %s: %w", path, err)
		}
		select {
		case <-time.After(10 * time.Millisecond):
		case <-ctx.Done():
			_ = f.Close()
			return nil, fmt.Errorf("lock %s is held by another process: %w", path, ctx.Err())
		}
	}
}

// Stands says whether the file at the lock's path is still the locked one.
// Once it has been removed, somebody else may lock another in its place.
func (l *Lock) Stands() bool {
	held, err := l.file.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(l.file.Name())
	return err == nil && os.SameFile(held, there)
}

// Unlock gives the lock back.
func (l *Lock) Unlock() { _ = l.file.Close() }
