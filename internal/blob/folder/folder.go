// Package folder keeps objects as files in a folder of this machine.
package folder

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/tiendi/tiendi/internal/blob"
)

// Bucket is a folder. It is made with the first object.
type Bucket struct{ dir string }

var _ blob.Bucket = (*Bucket)(nil)

// New makes a bucket of a folder.
func New(dir string) *Bucket { return &Bucket{dir: dir} }

func (b *Bucket) path(name string) (string, error) {
	if err := blob.CheckName(name); err != nil {
		return "", err
	}
	return filepath.Join(b.dir, filepath.FromSlash(name)), nil
}

// A body is written beside its place first, under such a name. One that is older than
// unfinished belongs to a process that died.
const (
	tempPattern = ".put-*"
	unfinished  = time.Hour
)

// Put implements blob.Bucket.
func (b *Bucket) Put(ctx context.Context, name string, body []byte) error {
	path, err := b.path(name)
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = put(path, body)
	}
	if err != nil {
		return fmt.Errorf("write %s in %s: %w", name, b.dir, err)
	}
	return nil
}

func put(path string, body []byte) error {
	dir := filepath.Dir(path)
	if err := makeFolders(dir); err != nil {
		return err
	}
	sweep(dir)
	temp, err := os.CreateTemp(dir, tempPattern)
	if err != nil {
		return err
	}
	_, err = temp.Write(body)
	if err == nil {
		err = temp.Sync()
	}
	if closed := temp.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err != nil {
		_ = os.Remove(temp.Name())
		return err
	}
	return syncFolder(dir)
}

// makeFolders makes a folder and those above it, so that they survive a loss of power.
func makeFolders(dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	parent := filepath.Dir(dir)
	if parent != dir {
		if err := makeFolders(parent); err != nil {
			return err
		}
	}
	if err := os.Mkdir(dir, 0o750); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncFolder(parent)
}

func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = f.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		err = nil // a file system that has no such thing
	}
	return errors.Join(err, f.Close())
}

// sweep removes what processes left that died in a Put.
func sweep(dir string) {
	left, _ := filepath.Glob(filepath.Join(dir, tempPattern)) // the pattern is right
	for _, path := range left {
		if info, err := os.Lstat(path); err == nil && time.Since(info.ModTime()) > unfinished {
			_ = os.Remove(path)
		}
	}
}

// Open implements blob.Bucket.
func (b *Bucket) Open(ctx context.Context, name string, offset, length int64) (io.ReadCloser, error) {
	path, err := b.path(name)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s", blob.ErrMissing, path)
	}
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is no file", path)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	rest := max(info.Size()-offset, 0)
	if length < 0 || length > rest {
		length = rest
	}
	return section{io.NewSectionReader(f, offset, length), f}, nil
}

type section struct {
	io.Reader
	io.Closer
}

// Delete implements blob.Bucket. Folders that it empties go too.
func (b *Bucket) Delete(ctx context.Context, name string) error {
	path, err := b.path(name)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for dir := filepath.Dir(path); strings.HasPrefix(dir, b.dir+string(filepath.Separator)); dir = filepath.Dir(dir) {
		if os.Remove(dir) != nil {
			break // it is not empty
		}
	}
	return nil
}
