package clickhouse

import (
	"context"
	"io"
	"sync"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/stream/record"
	"github.com/tiendi/tiendi/internal/stream/sink"
)

// LiveTables are the raw models that Live writes to.
func LiveTables() []string {
	return []string{"live_windows_raw", "live_visitors_raw", "live_sessions_raw", appliedTable}
}

// Live writes windows and sessions into the live tables. It is safe for concurrent
// use, by one caller a partition.
type Live struct {
	warehouse Warehouse
	database  string
	columns   sync.Pool // of *liveColumns that no call uses
}

// liveColumns are those of the tables.
type liveColumns struct {
	windows  *windowColumns
	visitors *visitorColumns
	sessions *sessionColumns
}

var _ sink.Target = (*Live)(nil)

// NewLive writes into the tables of a database.
func NewLive(w Warehouse, database string) *Live {
	return &Live{warehouse: w, database: database, columns: sync.Pool{New: func() any {
		return &liveColumns{newWindowColumns(), newVisitorColumns(), newSessionColumns()}
	}}}
}

// Applied is how far a partition of the aggregated topic is in the tables.
func (l *Live) Applied(ctx context.Context, partition int) (broker.Progress, error) {
	p, err := l.position(ctx, partition)
	return p.progress, err
}

// liveSettings are those of inserts. A late window or a session of history can lie in any
// month. Of each key a block has one row already, so the server need not merge what it
// takes: that was a tenth of what it spent on a row.
var liveSettings = map[string]any{"max_partitions_per_insert_block": 0, "optimize_on_insert": 0}

// Apply writes the rows first and the position last. What stops it in between
// leaves rows beyond the position, which are written again: of two with one key the
// tables keep the higher revision, and of those in one call only that is sent.
// Readers can see windows before sessions.
func (l *Live) Apply(ctx context.Context, from, to broker.Progress, publications []*record.Publication) error {
	p, err := l.position(ctx, from.Partition)
	if err != nil {
		return err
	}
	if err := p.expect(from); err != nil {
		return err
	}
	if err := l.write(ctx, to.Partition, newestOf(publications)); err != nil {
		return err
	}
	return l.move(ctx, p, to)
}

func (l *Live) write(ctx context.Context, partition int, rows *liveRows) error {
	c := l.columns.Get().(*liveColumns)
	defer l.columns.Put(c)
	err := streamRows(ctx, l, &c.windows.block, rows.windows.rows, func(u *record.Update) { c.windows.add(partition, u) })
	if err == nil {
		err = streamRows(ctx, l, &c.visitors.block, rows.visitors.rows, func(u *record.Update) { c.visitors.add(partition, u) })
	}
	if err == nil {
		err = streamRows(ctx, l, &c.sessions.block, rows.sessions.rows, c.sessions.add)
	}
	return err
}

// streamRows sends rows, which add takes into the columns of b.
func streamRows[R any](ctx context.Context, l *Live, b *block, rows []R, add func(R)) error {
	if len(rows) == 0 {
		return nil
	}
	b.columns.Reset()
	return b.stream(ctx, l.warehouse, l.database, liveSettings, func(w io.Writer) error {
		for _, row := range rows {
			add(row)
			if err := b.flushFrom(blockRows, w); err != nil {
				return err
			}
		}
		return b.flushFrom(1, w)
	})
}
