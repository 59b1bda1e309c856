package archive

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/tiendi/tiendi/internal/blob"
)

// extents say what must be there of a partition: of each log the files that lie end to
// end from one offset to another. They are noted after a file is written and before one
// is deleted, so what is there may be more for a moment, and is never less.
type extents struct {
	Format int      `json:"tiendi_archive"`
	Logs   []extent `json:"logs"` // the newest last
}

type extent struct {
	Log  string `json:"log"`
	From uint64 `json:"from"`
	To   uint64 `json:"to"` // behind the last offset
}

func (a *Archive) extentName(topic string, partition int) string {
	return fmt.Sprintf("%s%s/partition=%04d.json", a.prefix, topic, partition)
}

// maxExtents bounds the object, in bytes: 10,000 logs.
const maxExtents = 1 << 20

// readExtents reads them. Those that are missing are made again of the names of files.
func (a *Archive) readExtents(ctx context.Context, topic string, partition int) (extents, error) {
	e, err := a.loadExtents(ctx, topic, partition)
	if errors.Is(err, blob.ErrMissing) {
		return a.collectExtents(ctx, topic, partition)
	}
	return e, err
}

func (a *Archive) loadExtents(ctx context.Context, topic string, partition int) (e extents, err error) {
	name := a.extentName(topic, partition)
	r, err := a.bucket.Open(ctx, name, 0, maxExtents)
	if err != nil {
		return e, err
	}
	text, err := io.ReadAll(r)
	if err = errors.Join(err, r.Close()); err != nil {
		return e, fmt.Errorf("%s: %w", name, err)
	}
	if err := json.Unmarshal(text, &e); err != nil || e.Format != format {
		return e, fmt.Errorf("%s: %w: it is no extent of format %d; remove it, and it is made again of the files that are there",
			name, ErrDamaged, format)
	}
	return e, nil
}

func (a *Archive) collectExtents(ctx context.Context, topic string, partition int) (extents, error) {
	e := extents{Format: format}
	for f, err := range a.List(ctx, topic, time.Time{}, time.Time{}) {
		if err != nil {
			return e, err
		}
		if f.Partition == partition {
			e.add(f.Log, f.From, f.To)
		}
	}
	return e, nil
}

// add takes in a file.
func (e *extents) add(log string, from, to uint64) {
	i := slices.IndexFunc(e.Logs, func(x extent) bool { return x.Log == log })
	if i < 0 {
		e.Logs = append(e.Logs, extent{Log: log, From: from, To: to})
		return
	}
	e.Logs[i].From = min(e.Logs[i].From, from)
	e.Logs[i].To = max(e.Logs[i].To, to)
}

func (a *Archive) writeExtents(ctx context.Context, topic string, partition int, e extents) error {
	text, err := json.Marshal(e)
	if err != nil {
		return err
	}
	return a.bucket.Put(ctx, a.extentName(topic, partition), append(text, '\n'))
}

func (a *Archive) extend(ctx context.Context, s Span) error {
	e, err := a.readExtents(ctx, s.Topic, s.Partition)
	if err != nil {
		return err
	}
	e.add(s.Log, s.From, s.To)
	return a.writeExtents(ctx, s.Topic, s.Partition, e)
}

// End is how far the archive goes in a log of a partition: the offset behind the last,
// 0 where it has nothing of it. It is for the partition's owner.
func (a *Archive) End(ctx context.Context, topic string, partition int, log string) (uint64, error) {
	e, err := a.loadExtents(ctx, topic, partition)
	if errors.Is(err, blob.ErrMissing) {
		// Whoever wrote the first file may have died before it was noted.
		if e, err = a.collectExtents(ctx, topic, partition); err == nil && len(e.Logs) > 0 {
			err = a.writeExtents(ctx, topic, partition, e)
		}
	}
	for _, x := range e.Logs {
		if x.Log == log {
			return x.To, err
		}
	}
	return 0, err
}

// Trim deletes the files of a partition that are not to be kept any longer at that
// time.
func (a *Archive) Trim(ctx context.Context, topic string, partition int, now time.Time) error {
	if a.keep == 0 {
		return nil
	}
	// The hour that a file belongs to ends an hour after it begins.
	var old []File
	for f, err := range a.List(ctx, topic, time.Time{}, now.Add(-a.keep-time.Hour)) {
		if err != nil {
			return err
		}
		if f.Partition == partition {
			old = append(old, f)
		}
	}
	if len(old) == 0 {
		return nil
	}
	e, err := a.readExtents(ctx, topic, partition)
	if err != nil {
		return err
	}
	for _, f := range old {
		e.drop(f)
	}
	if err := a.writeExtents(ctx, topic, partition, e); err != nil {
		return err
	}
	for _, f := range old {
		if err := a.bucket.Delete(ctx, a.prefix+f.Name()); err != nil {
			return err
		}
	}
	return nil
}

// drop takes out a file at the beginning. A log of which nothing is left stays, so that
// writing goes on where it was.
func (e *extents) drop(f File) {
	for i := range e.Logs {
		if x := &e.Logs[i]; x.Log == f.Log {
			x.From = min(max(x.From, f.To), x.To)
		}
	}
}
