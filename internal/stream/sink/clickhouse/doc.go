// Package clickhouse writes the streams' results into the warehouse: enriched
// events into events_raw (Events), windows and sessions into the live tables
// (Live), database changes into the tables of their names (Changes). The tables are
// the project's raw models; those of events and the live ones must be there.
//
// Nothing here is a transaction, since ClickHouse has none: a block that spans
// table partitions is committed part by part, each of them before the
// materialized views see it. So every write may be repeated without harm: events
// and changes by a deduplication token that each table remembers, the rest because the
// row of the higher revision stays.
//
// Blocks go out in the Native format over HTTP, encoded by ch-go's columns. The
// driver's own batches took 1.7 to 2 times as long, and three times the processor.
package clickhouse

import (
	"context"
	"io"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// Warehouse is where rows go; *warehouse.Client is one. Its HTTP address must be
// known: inserts fail with warehouse.ErrNoHTTP otherwise.
type Warehouse interface {
	Exec(ctx context.Context, sql string, opts ...warehouse.Option) (warehouse.Stats, error)
	Query(ctx context.Context, sql string, opts ...warehouse.Option) (*warehouse.Rows, error)
	InsertStream(ctx context.Context, insert string, r io.Reader, encoding string, opts ...warehouse.Option) (warehouse.Stats, error)
}
