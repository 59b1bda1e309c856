package generate

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// replaceable says why out must not be replaced: it is there, and is neither
// empty nor a generation of ours with nothing else in it.
func replaceable(out string) error {
	entries, err := os.ReadDir(out)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil
	}
	if err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	ours, err := readLedger(out)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("--out %s is not empty and holds no generation of tiendi: name another folder, or empty it", out)
	}
	if err != nil {
		return fmt.Errorf("--out %s is not empty and holds no generation of tiendi (%w): name another folder, or empty it", out, err)
	}
	return filepath.WalkDir(out, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(out, path)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		if name == LedgerName || slices.ContainsFunc(ours.Files, func(f FileInfo) bool { return f.Path == name }) {
			return nil
		}
		return fmt.Errorf("--out %s holds %s, which tiendi did not make: move it away, or name another folder", out, name)
	})
}
