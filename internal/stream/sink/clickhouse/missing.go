package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/cespare/xxhash/v2"

	"github.com/tiendi/tiendi/internal/stream/record"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// A server that dies while it commits a part may remember the part's token without
// having the part: it notes the token first. Sent again, such rows are taken for
// doubled and are lost. (Tables that replicate do both in one step.) So where a
// server took anything for doubled, the rows of the insert are looked for, and
// those that are missing are brought in.

// duplicates is the server's count of blocks that it took for doubled, since it
// started.
type duplicates struct {
	blocks uint64
	uptime uint32 // seconds
}

func (s *Events) duplicates(ctx context.Context) (d duplicates, err error) {
	err = each(ctx, s.o.Warehouse, "SELECT sum(value), uptime() FROM system.events WHERE event = 'DuplicatedInsertedBlocks'",
		func(rows *warehouse.Rows) error { return rows.Scan(&d.blocks, &d.uptime) })
	if err != nil {
		return d, fmt.Errorf("ask whether inserts were doubled: %w", err)
	}
	return d, nil
}

// errUnderWay: an insert under the same token has not ended yet.
var errUnderWay = errors.New("the server is still at the same insert, whose client has died or given up")

// alone is errUnderWay while the server works on an insert under the token: what it
// remembers of that need not be there yet, and would be taken for lost.
func (s *Events) alone(ctx context.Context, token string) error {
	running := uint64(0)
	err := each(ctx, s.o.Warehouse, "SELECT count() FROM system.processes WHERE Settings['insert_deduplication_token'] = "+warehouse.Literal(token),
		func(rows *warehouse.Rows) error { return rows.Scan(&running) })
	switch {
	case err != nil:
		return fmt.Errorf("ask whether an insert is under way: %w", err)
	case running > 0:
		return errUnderWay
	}
	return nil
}

// none says that nothing was taken for doubled between then and now.
func (d duplicates) none(now duplicates) bool {
	return d.blocks == now.blocks && d.uptime <= now.uptime
}

// addMissing brings in those rows of an insert that the table lacks. It attaches
// them, which materialized views do not see: they have had the whole block.
func (s *Events) addMissing(ctx context.Context, batch string, batches [][]byte) error {
	c := newEventColumns()
	if err := s.missing(ctx, c, batch, batches); err != nil || c.columns.Rows() == 0 {
		return err
	}
	// The name follows from the batch, so that whoever repeats it removes what a
	// dead process left.
	stage := fmt.Sprintf("_tiendi_stream_%016x", xxhash.Sum64String(batch))
	table, aside := qualified(s.o.Database, eventsTable), qualified(s.o.Database, stage)
	if err := s.run(ctx, "DROP TABLE IF EXISTS "+aside+" SYNC", "CREATE TABLE "+aside+" AS "+table); err != nil {
		return err
	}
	c.table = stage
	if err := c.insert(ctx, s.o.Warehouse, s.o.Database, map[string]any{"max_partitions_per_insert_block": 0}); err != nil {
		return err
	}
	s.o.Logger.WarnContext(ctx, "the server had lost rows of an insert that it remembered; they are back, but views may lack them",
		"table", eventsTable, "rows", c.columns.Rows(), "batch", batch)
	return s.run(ctx, "ALTER TABLE "+table+" ATTACH PARTITION ALL FROM "+aside, "DROP TABLE "+aside+" SYNC")
}

// missing fills c with the rows that are not in the table though it keeps rows of
// their time.
func (s *Events) missing(ctx context.Context, c *eventColumns, batch string, batches [][]byte) error {
	there, err := s.there(ctx, c, batch, batches)
	if err != nil {
		return fmt.Errorf("look for the rows of %s: %w", batch, err)
	}
	oldest := s.keeps.oldest(s.o.Now())
	return c.each(batches, func(index int, e *record.Event) {
		if !there[uint64(index)] && !e.Timestamp.Before(oldest) {
			c.add(batch, index, e)
		}
	})
}

// there is which positions of a batch the table holds.
func (s *Events) there(ctx context.Context, c *eventColumns, batch string, batches [][]byte) (map[uint64]bool, error) {
	var from, to time.Time
	err := c.each(batches, func(index int, e *record.Event) {
		if index == 0 || e.Timestamp.Before(from) {
			from = e.Timestamp
		}
		if index == 0 || e.Timestamp.After(to) {
			to = e.Timestamp
		}
	})
	if err != nil {
		return nil, err
	}
	there := map[uint64]bool{}
	sql := fmt.Sprintf("SELECT _position FROM %s WHERE _batch = %s AND timestamp BETWEEN fromUnixTimestamp64Milli(%d) AND fromUnixTimestamp64Milli(%d)",
		qualified(s.o.Database, eventsTable), warehouse.Literal(batch), from.UnixMilli(), to.UnixMilli())
	return there, each(ctx, s.o.Warehouse, sql, func(r *warehouse.Rows) error {
		var position uint64
		err := r.Scan(&position)
		there[position] = true
		return err
	})
}

func (s *Events) run(ctx context.Context, statements ...string) error {
	for _, sql := range statements {
		if _, err := s.o.Warehouse.Exec(ctx, sql); err != nil {
			verb, _, _ := strings.Cut(sql, " TABLE ")
			return fmt.Errorf("add lost rows to %s: %s: %w", eventsTable, strings.ToLower(verb), err)
		}
	}
	return nil
}
