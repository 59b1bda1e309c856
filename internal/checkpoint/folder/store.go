package folder

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/tiendi/tiendi/internal/checkpoint"
)

// partial ends the names of files that are not whole yet.
const partial = ".partial"

// newest is the highest epoch that is there, 0 and false for none.
func newest(dir string) (epoch uint64, found bool, err error) {
	list, err := names(dir)
	for _, name := range list {
		if n, err := strconv.ParseUint(name, 16, 64); err == nil && (n >= epoch || !found) {
			epoch, found = n, true
		}
	}
	return epoch, found, err
}

func epochFile(dir string, epoch uint64) string {
	return filepath.Join(dir, fmt.Sprintf("%016x", epoch))
}

// Load implements checkpoint.Store.
func (f *Folder) Load(ctx context.Context, key string, read func(checkpoint.Checkpoint, io.Reader) error) error {
	c, data, file, err := f.find(ctx, key)
	if err != nil {
		return fmt.Errorf("checkpoint %q: %w", key, err)
	}
	defer func() { _ = file.Close() }()
	return read(c, data)
}

// find opens the newest file of a key.
func (f *Folder) find(ctx context.Context, key string) (c checkpoint.Checkpoint, data io.Reader, file *os.File, err error) {
	dir := filepath.Join(f.checkpoints, fileName(key))
	for {
		if err := ctx.Err(); err != nil {
			return c, nil, nil, err
		}
		epoch, found, err := newest(dir)
		if err == nil && !found {
			err = checkpoint.ErrNone
		}
		if err == nil {
			c, data, file, err = open(epochFile(dir, epoch), key, epoch)
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return c, data, file, err
		}
		// A later owner has saved and removed it, just now.
	}
}

// Save implements checkpoint.Store.
func (f *Folder) Save(ctx context.Context, key string, c checkpoint.Checkpoint, data func(io.Writer) error) error {
	dir := filepath.Join(f.checkpoints, fileName(key))
	err := ctx.Err()
	if err == nil {
		err = f.makeDir(dir)
	}
	if err == nil {
		err = fenced(dir, c.Epoch)
	}
	if err == nil {
		err = place(dir, key, c, data)
	}
	if err == nil {
		// Somebody may have come in between; then nobody reads what was written.
		err = fenced(dir, c.Epoch)
	}
	if err == nil {
		err = sweep(dir, c.Epoch)
	}
	if err != nil {
		return fmt.Errorf("save checkpoint %q: %w", key, err)
	}
	return nil
}

// makeDir makes a key's folder, and makes it last before the first file is in it.
func (f *Folder) makeDir(dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if _, found, err := newest(dir); err != nil || found {
		return err
	}
	return syncDir(f.checkpoints)
}

func fenced(dir string, epoch uint64) error {
	if there, _, err := newest(dir); err != nil {
		return err
	} else if there > epoch {
		return fmt.Errorf("%w: of epoch %d, and this one is of %d", checkpoint.ErrFenced, there, epoch)
	}
	return nil
}

// place writes a checkpoint's file whole, or not at all.
func place(dir, key string, c checkpoint.Checkpoint, data func(io.Writer) error) error {
	err := tryPlace(dir, key, c, data)
	// See abandoned.
	for tries := 1; tries < 3 && errors.Is(err, fs.ErrNotExist); tries++ {
		err = tryPlace(dir, key, c, data)
	}
	if err != nil {
		return err
	}
	return syncDir(dir)
}

func tryPlace(dir, key string, c checkpoint.Checkpoint, data func(io.Writer) error) error {
	temp, err := os.CreateTemp(dir, "*"+partial)
	if err != nil {
		return err
	}
	// The lock says that the writer is alive.
	err = unix.Flock(int(temp.Fd()), unix.LOCK_EX)
	if err == nil {
		err = write(temp, key, c, data)
	}
	if err == nil {
		err = temp.Sync()
	}
	if err == nil {
		err = os.Rename(temp.Name(), epochFile(dir, c.Epoch))
	}
	if err != nil {
		_ = os.Remove(temp.Name())
	}
	return errors.Join(err, temp.Close())
}
