package load

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// job is one file and the table it goes to.
type job struct {
	path        string
	size        int64
	format      Format
	compression string
	table       *Table
	header      []string // of CSV
}

// Unplaced is a file that no table was found for.
type Unplaced struct {
	Path string
	Err  error
}

// find walks paths in order and finds each file's table, by its name first and
// by its columns where the name says nothing. Files whose names begin with a dot
// are passed over, and so are files of other kinds inside folders.
func find(paths []string, only *Table, tables []*Table) (jobs []job, unplaced []Unplaced) {
	for _, path := range paths {
		found := 0
		err := filepath.WalkDir(followed(path), func(file string, entry fs.DirEntry, err error) error {
			if err != nil {
				unplaced = append(unplaced, Unplaced{file, plainPathError(err)})
				found++
				return nil
			}
			hidden := strings.HasPrefix(entry.Name(), ".") && file != followed(path)
			if entry.IsDir() {
				if hidden {
					return fs.SkipDir
				}
				return nil
			}
			if format, _ := formatOf(file); hidden || format == "" && file != followed(path) {
				return nil
			}
			found++
			j, err := place(file, only, tables)
			if err != nil {
				unplaced = append(unplaced, Unplaced{file, err})
			} else {
				jobs = append(jobs, j)
			}
			return nil
		})
		if err != nil {
			unplaced = append(unplaced, Unplaced{path, err})
		} else if found == 0 {
			unplaced = append(unplaced, Unplaced{path, errors.New("holds no .csv, .ndjson, .jsonl or .parquet file (.gz and .zst are read too)")})
		}
	}
	return jobs, unplaced
}

// followed is path, or where it leads if it is a link, which a walk would not
// follow.
func followed(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}

// place finds the table of one file. It reads no more than the beginning.
func place(path string, only *Table, tables []*Table) (job, error) {
	info, err := os.Stat(path)
	if err != nil {
		return job{}, plainPathError(err)
	}
	if !info.Mode().IsRegular() {
		return job{}, errors.New("is no regular file")
	}
	j := job{path: path, size: info.Size(), table: only}
	j.format, j.compression = formatOf(path)
	if j.format == "" {
		return job{}, errors.New("is no CSV, NDJSON or Parquet file by its name: end it in .csv, .ndjson, .jsonl or .parquet, and .gz or .zst")
	}
	names, err := columnsOf(path, j.format, j.compression)
	if err != nil {
		return job{}, err
	}
	if j.table == nil {
		j.table = belongs(path, names, tables)
	}
	if j.table == nil {
		return job{}, fmt.Errorf("neither its name nor its columns (%s) say which table it belongs to: name it with --table", clip(strings.Join(names, ", ")))
	}
	if missing := j.table.missing(names); j.format != NDJSON && len(missing) > 0 {
		return job{}, fmt.Errorf("has no column %s, which %s needs; it has %s", strings.Join(missing, ", "), j.table.File, clip(strings.Join(names, ", ")))
	}
	j.header = names
	return j, nil
}

func clip(s string) string {
	if len(s) > 200 {
		return strings.ToValidUTF8(s[:200], "") + "…"
	}
	return s
}

// plainPathError leaves the path to whoever prints it.
func plainPathError(err error) error {
	var p *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("does not exist")
	case errors.As(err, &p):
		return p.Err
	}
	return err
}
