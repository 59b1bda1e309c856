package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/tiendi/tiendi/internal/archive"
	"github.com/tiendi/tiendi/internal/ingest/load"
	"github.com/tiendi/tiendi/internal/operate/backfill"
	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// archiveOfTarget is --from-archive without a folder.
const archiveOfTarget = "profile"

// wireArchive says where raw events come from, and how they get into the table; and so
// for database changes, where raw tables that take them are selected.
func (s *session) wireArchive(ctx context.Context, from string, b *backfill.Options, selected []*project.Node) error {
	if err := s.archived(from, b, selected); err != nil {
		return fmt.Errorf("--from-archive: %w", err)
	}
	options, err := s.loadOptions(ctx, &loadOptions{table: "events", reload: true})
	if err != nil {
		return err
	}
	options.Progress = func(load.Progress) {}
	b.Loader = &eventLoader{app: s.app, options: options}
	return nil
}

func (s *session) archived(from string, b *backfill.Options, selected []*project.Node) error {
	if from == archiveOfTarget {
		a, err := openArchive(s.settings.Archive)
		if errors.Is(err, errNoArchive) {
			err = fmt.Errorf("%w; or give a folder that holds files of events, --from-archive=FOLDER", err)
		}
		if err != nil {
			return err
		}
		b.Archive = &targetArchive{Archive: a, all: b.Range}
		s.wireChanges(b, a, selected)
		return nil
	}
	if info, err := os.Stat(from); err != nil || !info.IsDir() {
		return fmt.Errorf("there is no such folder: %s", from)
	}
	b.Archive = folderArchive(from)
	return nil
}

// targetArchive is what tiendi stream has kept. What its files hold is asked once for
// the whole range, since that looks at all of them, however many the days are.
type targetArchive struct {
	*archive.Archive
	all   backfill.Range
	files []archive.Held
	asked bool
}

// Events implements backfill.Archive. Each file is checked before a line of it is used.
func (a *targetArchive) Events(ctx context.Context, from, to time.Time, each func(line []byte) error) error {
	if !a.asked {
		files, err := a.Holding(ctx, record.TopicRaw, a.all.From, a.all.To)
		if err != nil {
			return archiveError(err)
		}
		a.files, a.asked = files, true
	}
	for _, f := range a.files {
		if !f.Manifest.Overlaps(from, to) {
			continue
		}
		if _, err := a.Read(ctx, f.File, each); err != nil {
			return archiveError(err)
		}
	}
	return nil
}

// folderArchive is files of NDJSON, plain, .gz or .zst, below a folder. Nothing in
// their names says when their events were, so that all of them are read.
type folderArchive string

// Events implements backfill.Archive.
func (dir folderArchive) Events(_ context.Context, _, _ time.Time, each func(line []byte) error) error {
	return filepath.WalkDir(string(dir), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		base := strings.TrimSuffix(strings.TrimSuffix(path, ".gz"), ".zst")
		if !strings.HasSuffix(base, ".ndjson") && !strings.HasSuffix(base, ".jsonl") {
			return nil
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }()
		r, err := unpacked(path, f)
		if err == nil {
			err = eachLine(r, each)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		return nil
	})
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

// unpacked reads a file by the end of its name.
func unpacked(path string, r io.Reader) (io.Reader, error) {
	switch filepath.Ext(path) {
	case ".gz":
		return gzip.NewReader(r)
	case ".zst":
		d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(256<<20))
		if err != nil {
			return nil, err
		}
		return d.IOReadCloser(), nil
	}
	return r, nil
}
