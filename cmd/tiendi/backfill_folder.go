package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/ingest/load"
)

// folderArchive is files of NDJSON, plain, .gz or .zst, below a folder. Nothing in
// their names says when their events were: all of them are read once, and then those that
// had an event of the time.
type folderArchive struct {
	dir   string // absolute, and no link
	files []eventFile
}

// eventFile is one, and of which time its events are once it was read to its end.
type eventFile struct {
	path        string
	read        bool
	first, last time.Time // zero where it has none
}

// openFolderArchive looks for files. A folder without any is refused: whoever names it
// expects events of it.
func openFolderArchive(dir string) (*folderArchive, error) {
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("there is no such folder: %s", dir)
	}
	real, err := filepath.EvalSymlinks(dir) // a walk follows no link
	if err == nil {
		real, err = filepath.Abs(real)
	}
	if err != nil {
		return nil, err
	}
	a := &folderArchive{dir: real}
	err = filepath.WalkDir(real, func(path string, d os.DirEntry, err error) error {
		base := strings.TrimSuffix(strings.TrimSuffix(path, ".gz"), ".zst")
		if err == nil && !d.IsDir() && (strings.HasSuffix(base, ".ndjson") || strings.HasSuffix(base, ".jsonl")) {
			a.files = append(a.files, eventFile{path: path})
		}
		return err
	})
	if err == nil && len(a.files) == 0 {
		err = fmt.Errorf("there are no files of events (.ndjson or .jsonl, also with .gz or .zst) in %s", dir)
	}
	return a, err
}

// Events implements backfill.Archive.
func (a *folderArchive) Events(_ context.Context, from, to time.Time, each func(line []byte) error) error {
	for i := range a.files {
		f := &a.files[i]
		if f.read && (f.first.IsZero() || !f.first.Before(to) || f.last.Before(from)) {
			continue
		}
		if err := f.events(each); err != nil {
			return fmt.Errorf("%s: %w", f.path, err)
		}
	}
	return nil
}

func (f *eventFile) events(each func(line []byte) error) error {
	file, err := os.Open(f.path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	r, done, err := decompressed(file, f.path)
	if err != nil {
		return err
	}
	defer done()
	err = eachLine(r, func(line []byte) error {
		if !f.read {
			f.spread(line)
		}
		return each(line)
	})
	f.read = f.read || err == nil
	return err
}

// spread takes the time of an event in.
func (f *eventFile) spread(line []byte) {
	var e struct {
		Timestamp string `json:"timestamp"`
	}
	if json.Unmarshal(line, &e) != nil {
		return
	}
	at, ok := load.ParseTime(e.Timestamp)
	if ok && (f.first.IsZero() || at.Before(f.first)) {
		f.first = at
	}
	if ok && at.After(f.last) {
		f.last = at
	}
}

// maxEventLine bounds an event; longer lines were refused when they came.
const maxEventLine = 4 << 20

func eachLine(r io.Reader, each func(line []byte) error) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 1<<16), maxEventLine)
	for lines.Scan() {
		if line := bytes.TrimSpace(lines.Bytes()); len(line) > 0 {
			if err := each(line); err != nil {
				return err
			}
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return fmt.Errorf("a line is longer than %d MB: this is no file of events", maxEventLine>>20)
	}
	return lines.Err()
}
