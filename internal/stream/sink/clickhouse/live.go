package clickhouse

import (
	"context"

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
	idle      chan *liveColumns // that no call uses, as many as inserts at once
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
	l := &Live{warehouse: w, database: database, idle: make(chan *liveColumns, insertsAtOnce)}
	for range insertsAtOnce {
		l.idle <- &liveColumns{newWindowColumns(), newVisitorColumns(), newSessionColumns()}
	}
	return l
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
	select {
	case c := <-l.idle:
		err = l.write(ctx, c, to.Partition, newestOf(publications))
		l.idle <- c
	case <-ctx.Done():
		return ctx.Err()
	}
	if err != nil {
		return err
	}
	return l.move(ctx, p, to)
}

func (l *Live) write(ctx context.Context, c *liveColumns, partition int, rows *liveRows) error {
	err := streamRows(ctx, l, &c.windows.block, rows.windows.rows, func(u *record.Update) { c.windows.add(partition, u) })
	if err == nil {
		err = streamRows(ctx, l, &c.visitors.block, rows.visitors.rows, func(u *record.Update) { c.visitors.add(partition, u) })
	}
	if err == nil {
		err = streamRows(ctx, l, &c.sessions.block, rows.sessions.rows, c.sessions.add)
	}
	return err
}
