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
}

var _ sink.Target = (*Live)(nil)

// NewLive writes into the tables of a database.
func NewLive(w Warehouse, database string) *Live { return &Live{warehouse: w, database: database} }

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
	windows, visitors, sessions := newWindowColumns(), newVisitorColumns(), newSessionColumns()
	rows := newestOf(publications)
	for _, u := range rows.windows.rows {
		windows.add(to.Partition, u)
	}
	for _, u := range rows.visitors.rows {
		visitors.add(to.Partition, u)
	}
	for _, session := range rows.sessions.rows {
		sessions.add(session)
	}
	for _, b := range []*block{&windows.block, &visitors.block, &sessions.block} {
		if err := b.insert(ctx, l.warehouse, l.database, liveSettings); err != nil {
			return err
		}
	}
	return l.move(ctx, p, to)
}
