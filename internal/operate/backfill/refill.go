package backfill

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"
)

// Archive holds raw events as they came.
type Archive interface {
	// Events calls each with every line, one JSON object, that may be an event whose
	// time lies in [from, to). A line is good until the next one. It ends with the first
	// error.
	Events(ctx context.Context, from, to time.Time, each func(line []byte) error) error
}

// Loader brings files of events into the raw table as tiendi load does: rows
// that the table has are left out, whoever brought them.
type Loader interface {
	Load(ctx context.Context, path string) error
	// Time reads an event's time as Load does, and says whether it is one.
	Time(text string) (time.Time, bool)
}

// refill brings the archive's events of the range into the raw table, day by
// day. Nothing is replaced there, since streams may be writing: what is missing
// is added, and a row is known again by its content.
func (b *Backfill) refill(ctx context.Context) error {
	if b.Archive == nil {
		return nil
	}
	dir, leave, err := makeRoom(b.Run.TargetDir)
	if err != nil {
		return fmt.Errorf("make room for the archive's events: %w", err)
	}
	defer leave()
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

// fetch writes the events of a day into a file and says how many there are. Of those
// with one id the first stays, as with the streams: what was sent again is in the
// archive twice.
func (b *Backfill) fetch(ctx context.Context, path string, day Slice) (n int, err error) {
	f, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	w, seen := bufio.NewWriterSize(f, 1<<16), map[uuid.UUID]bool{}
	err = b.Archive.Events(ctx, day.From, day.To, func(line []byte) error {
		id, ok := isOf(line, day, b.Loader.Time)
		if !ok || seen[id] {
			return ctx.Err()
		}
		if id != uuid.Nil && len(seen) < maxSeen {
			seen[id] = true
		}
		n++
		_, err := w.Write(line)
		return errors.Join(err, w.WriteByte('\n'))
	})
	return n, errors.Join(err, w.Flush(), f.Close())
}

// maxSeen bounds the ids of a day that are remembered, at some 30 bytes each; staging
// settles the rest.
const maxSeen = 16_000_000

// isOf says whether a line is an event whose time lies in a slice, and which: one that
// has no time that can be read is no event, and one without an id is like no other.
func isOf(line []byte, s Slice, timeOf func(text string) (time.Time, bool)) (id uuid.UUID, ok bool) {
	var e struct {
		ID        string `json:"event_id"`
		Timestamp string `json:"timestamp"`
	}
	if json.Unmarshal(line, &e) != nil {
		return id, false
	}
	if at, ok := timeOf(e.Timestamp); !ok || at.Before(s.From) || !at.Before(s.To) {
		return id, false
	}
	id, _ = uuid.Parse(e.ID) // else the zero id
	return id, true
}
