package backfill

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
	"time"
)

// Archive holds raw events as they came, in files of NDJSON.
type Archive interface {
	// Events calls read with each file that may hold events whose time lies in
	// [from, to), unpacked. It ends with the first error.
	Events(ctx context.Context, from, to time.Time, read func(name string, r io.Reader) error) error
}

// Loader brings files of events into the raw table as tiendi load does: rows
// that the table has are left out, whoever brought them.
type Loader interface {
	Load(ctx context.Context, path string) error
}

// maxLine bounds an event; longer lines were refused when they came.
const maxLine = 4 << 20

// refill brings the archive's events of the range into the raw table, day by
// day. Nothing is replaced there, since streams may be writing: what is missing
// is added, and a row is known again by its content.
func (b *Backfill) refill(ctx context.Context) error {
	if b.Archive == nil {
		return nil
	}
	dir, err := os.MkdirTemp(b.Run.TargetDir, "archive-*")
	if err != nil {
		return fmt.Errorf("make room for the archive's events: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	return b.eachDay(ctx, archiveStep, b.Archived, func(ctx context.Context, day Slice) (string, error) {
		path := filepath.Join(dir, "events-"+day.From.In(b.Range.Zone).Format(time.DateOnly)+".ndjson")
		n, err := b.fetch(ctx, path, day)
		if err == nil && n > 0 {
			err = b.Loader.Load(ctx, path)
		}
		if err != nil {
			return "", fmt.Errorf("refill %s from the archive: %w", day.From.In(b.Range.Zone).Format(time.DateOnly), err)
		}
		return "", os.Remove(path)
	})
}

// fetch writes the events of a day into a file and says how many there are.
func (b *Backfill) fetch(ctx context.Context, path string, day Slice) (n int, err error) {
	f, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	w := bufio.NewWriterSize(f, 1<<16)
	err = b.Archive.Events(ctx, day.From, day.To, func(name string, r io.Reader) error {
		kept, err := within(w, r, day)
		n += kept
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		return ctx.Err()
	})
	return n, errors.Join(err, w.Flush(), f.Close())
}

// within copies the lines whose event time lies in a slice. A line that has no
// time that can be read is no event.
func within(w io.Writer, r io.Reader, s Slice) (n int, err error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 1<<16), maxLine)
	for lines.Scan() {
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		var e struct {
			Timestamp time.Time `json:"timestamp"`
		}
		if json.Unmarshal(line, &e) != nil || e.Timestamp.Before(s.From) || !e.Timestamp.Before(s.To) {
			continue
		}
		if _, err := w.Write(append(line, '\n')); err != nil {
			return n, err
		}
		n++
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return n, fmt.Errorf("a line is longer than %d MB: this is no file of events", maxLine>>20)
	}
	return n, lines.Err()
}
