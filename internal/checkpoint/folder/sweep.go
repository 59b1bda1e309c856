package folder

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// sweep removes the files of lower epochs, and those that killed writers left.
func sweep(dir string, epoch uint64) error {
	list, err := names(dir)
	for _, name := range list {
		file := filepath.Join(dir, name)
		n, bad := strconv.ParseUint(name, 16, 64)
		if bad == nil && n < epoch || strings.HasSuffix(name, partial) && abandoned(file) {
			if gone := os.Remove(file); !errors.Is(gone, fs.ErrNotExist) {
				err = errors.Join(err, gone)
			}
		}
	}
	return err
}

// abandoned says that nobody writes to a file any more. Before its writer has locked
// it that is wrong for a moment: the writer misses its file then, and begins again.
func abandoned(file string) bool {
	f, err := os.Open(file)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	return unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) == nil
}
