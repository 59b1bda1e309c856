package verify

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/tiendi/tiendi/internal/archive"
	"github.com/tiendi/tiendi/internal/stream/record"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// Archived is what was found in the archive.
type Archived struct {
	Table string    // in the warehouse, SQL: event_id, timestamp and whether it is settled
	Began time.Time // what came in from then on is in the archive
}

// Events is the archive, as far as it is needed here.
type Events interface {
	List(ctx context.Context, topic string, from, to time.Time) iter.Seq2[archive.File, error]
	Holding(ctx context.Context, topic string, from, to time.Time) ([]archive.Held, error)
	Read(ctx context.Context, f archive.File, do func(line []byte) error) (archive.Manifest, error)
}

// The ids of the archive's events lie in a table for as long as they are compared: the
// warehouse can do so on disk, however many there are. One that a killed run has left is
// dropped by a later one.
const (
	idsPrefix = "tiendi_verify_"
	idsLast   = 24 * time.Hour
)

// archive brings the ids of the range into the warehouse, and says where they are; nil
// where the archive has no events at all.
func (r *runner) archive(ctx context.Context) (*Archived, error) {
	began, err := r.began(ctx)
	if err != nil || began.IsZero() {
		return nil, err
	}
	held, err := r.Archive.Holding(ctx, record.TopicRaw, r.Shape.From.Add(-margin), r.Shape.To.Add(margin))
	if err != nil {
		return nil, err
	}
	if err := r.sweep(ctx); err != nil {
		return nil, err
	}
	var random [8]byte
	_, _ = rand.Read(random[:]) // it never fails
	r.ids = idsPrefix + hex.EncodeToString(random[:])
	table := r.qualified(r.ids)
	if _, err := r.Warehouse.Exec(ctx, "CREATE TABLE "+table+" (event_id UUID, timestamp DateTime64(3, 'UTC'), settled UInt8) ENGINE = MergeTree ORDER BY event_id"); err != nil {
		return nil, err
	}
	for i, h := range held {
		r.tell(fmt.Sprintf("Reading the archive: %d of %d files", i, len(held)))
		if err := r.copyIDs(ctx, table, h); err != nil {
			return nil, err
		}
	}
	// Partitions may have begun anywhere in the first hour.
	return &Archived{Table: table, Began: began.Add(time.Hour)}, nil
}

// began is the hour of the archive's first file, zero without one.
func (r *runner) began(ctx context.Context) (time.Time, error) {
	for f, err := range r.Archive.List(ctx, record.TopicRaw, time.Time{}, time.Time{}) {
		return f.Hour, err
	}
	return time.Time{}, nil
}

// sweep drops what killed runs have left.
func (r *runner) sweep(ctx context.Context) error {
	var old []string
	sql := fmt.Sprintf("SELECT name FROM system.tables WHERE database = %s AND startsWith(name, '%s') AND metadata_modification_time < now() - %d",
		warehouse.Literal(r.Database), idsPrefix, int(idsLast.Seconds()))
	err := r.each(ctx, sql, func(rows *warehouse.Rows) error {
		var name string
		err := rows.Scan(&name)
		old = append(old, name)
		return err
	})
	for _, name := range old {
		if _, dropped := r.Warehouse.Exec(ctx, "DROP TABLE IF EXISTS "+r.qualified(name)); dropped != nil {
			err = errors.Join(err, dropped)
		}
	}
	return err
}

// dropIDs removes the table of this run, also when it was stopped.
func (r *runner) dropIDs(ctx context.Context) error {
	if r.ids == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	_, err := r.Warehouse.Exec(ctx, "DROP TABLE IF EXISTS "+r.qualified(r.ids))
	return err
}

// copyIDs has the engine take the ids out of a file's lines.
func (r *runner) copyIDs(ctx context.Context, table string, h archive.Held) error {
	settled := 0
	if h.Manifest.Began.Before(r.Shape.Now.Add(-settling)) {
		settled = 1
	}
	insert := fmt.Sprintf("INSERT INTO %s SELECT toUUIDOrZero(event_id) AS id, parseDateTime64BestEffortOrZero(timestamp, 3, 'UTC'), %d "+
		"FROM input('event_id String, event_type String, timestamp String') WHERE id != %s AND event_type != '' FORMAT JSONEachRow", table, settled, noID)
	reader, writer := io.Pipe()
	go func() {
		var packed bytes.Buffer
		_, err := r.Archive.Read(ctx, h.File, func(line []byte) error {
			packed.Write(line)
			packed.WriteByte('\n')
			if packed.Len() < 1<<20 {
				return nil
			}
			_, err := packed.WriteTo(writer)
			return err
		})
		if err == nil {
			_, err = packed.WriteTo(writer)
		}
		writer.CloseWithError(err)
	}()
	_, err := r.Warehouse.InsertStream(ctx, insert, reader, "", warehouse.WithSettings(map[string]any{
		"input_format_skip_unknown_fields": 1, "input_format_null_as_default": 1, "input_format_json_read_numbers_as_strings": 1,
	}))
	_ = reader.Close()
	if err != nil {
		return fmt.Errorf("read %s: %w", h.Name(), err)
	}
	return nil
}
