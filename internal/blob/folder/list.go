package folder

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tiendi/tiendi/internal/blob"
)

// List implements blob.Bucket. What is no object, such as a file that a Put has not
// finished, is passed over.
func (b *Bucket) List(ctx context.Context, prefix string) iter.Seq2[blob.Object, error] {
	return func(yield func(blob.Object, error) bool) {
		w := walk{ctx: ctx, dir: b.dir, prefix: prefix, yield: yield}
		if err := w.folder(""); err != nil && !errors.Is(err, errEnough) {
			yield(blob.Object{}, err)
		}
	}
}

var errEnough = errors.New("nobody wants more")

type walk struct {
	ctx         context.Context
	dir, prefix string
	yield       func(blob.Object, error) bool
}

// folder lists one, "" or ending in a slash.
func (w *walk) folder(name string) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	entries, err := os.ReadDir(filepath.Join(w.dir, filepath.FromSlash(name)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil // none yet, or emptied meanwhile
	}
	if err != nil {
		return err
	}
	// A folder's objects come where its name with the slash does: a-b before a/b.
	slices.SortFunc(entries, func(a, b os.DirEntry) int { return cmp.Compare(listed(a), listed(b)) })
	for _, entry := range entries {
		if err := w.entry(name+listed(entry), entry); err != nil {
			return err
		}
	}
	return nil
}

func listed(e os.DirEntry) string {
	if e.IsDir() {
		return e.Name() + "/"
	}
	return e.Name()
}

func (w *walk) entry(name string, e os.DirEntry) error {
	switch {
	case e.IsDir() && (strings.HasPrefix(name, w.prefix) || strings.HasPrefix(w.prefix, name)):
		return w.folder(name)
	case e.IsDir(), !strings.HasPrefix(name, w.prefix), blob.CheckName(name) != nil, !e.Type().IsRegular():
		return nil
	}
	info, err := e.Info()
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if !w.yield(blob.Object{Name: name, Size: info.Size()}, nil) {
		return errEnough
	}
	return nil
}
