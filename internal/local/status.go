package local

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"

	"github.com/tiendi/tiendi/internal/warehouse/embedded"
)

// ReadStatus tells how the local services are doing. None running is no error.
func ReadStatus(ctx context.Context, o Options) (Status, error) {
	o, err := o.withDefaults()
	if err != nil {
		return Status{}, err
	}
	st := Status{StateDir: o.StateDir, Leases: []LeaseStatus{}, Services: []ServiceStatus{}}
	c, e, err := ask(ctx, o, request{Op: opStatus})
	switch {
	case err == nil:
		c.close()
		st = *e.Status
	case !errors.Is(err, errNobody):
		return st, err
	}
	st.Disk = diskBytes(o.StateDir)
	return st, nil
}

// Down stops the local services when no command and no query needs them any
// more, or at once by force, and returns when they are gone. None running is no
// error.
func Down(ctx context.Context, o Options, force bool) error {
	o, err := o.withDefaults()
	if err != nil {
		return err
	}
	c, _, err := ask(ctx, o, request{Op: opDown, Force: force})
	if errors.Is(err, errNobody) {
		return awaitGone(ctx, o)
	}
	if err != nil {
		return err
	}
	c.close()
	return awaitGone(ctx, o)
}

// awaitGone returns when no supervisor holds the lock.
func awaitGone(ctx context.Context, o Options) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	lock, err := embedded.LockFile(ctx, o.lockFile())
	if err != nil {
		return err
	}
	lock.Unlock()
	return nil
}

func diskBytes(dir string) uint64 {
	var sum uint64
	_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil
		}
		if info, err := d.Info(); err == nil {
			sum += uint64(info.Size())
		}
		return nil
	})
	return sum
}
