package postgres

import (
	"context"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// windows are updates of different windows of one grain.
type windows []record.Update

var (
	mergeMinutes = mergeWindows("live_minute", pgtype.TimestamptzOID)
	mergeDays    = mergeWindows("live_daily", pgtype.DateOID)
)

// windowColumns are a window's, with the type of its beginning.
func windowColumns(start uint32) columns {
	return columns{
		{"start", start}, {"store", pgtype.UUIDOID}, {"kind", pgtype.TextOID}, {"product", pgtype.UUIDOID}, {"source", pgtype.TextOID},
		{"views", pgtype.Int8OID}, {"carts", pgtype.Int8OID}, {"checkouts", pgtype.Int8OID}, {"purchases", pgtype.Int8OID}, {"units", pgtype.Int8OID},
		{"cents", pgtype.Int8OID}, {"revision", pgtype.Int8OID}, {"sketch", pgtype.ByteaOID},
	}
}

// mergeWindows is the statement that writes windows; the partition is its last
// parameter. Of one revision only a sketch may be new, when it comes after the counts.
func mergeWindows(table string, start uint32) string {
	of := windowColumns(start)
	return fmt.Sprintf(`INSERT INTO tiendi.%s AS t (partition, window_start, store_id, kind, product_id, source,
			views, carts, checkouts, purchases, units, live_revenue, revision, visitors_sketch)
		SELECT $%d, u.start, u.store, u.kind, u.product, u.source,
			u.views, u.carts, u.checkouts, u.purchases, u.units, u.cents * 0.01, u.revision, u.sketch
		FROM %s
		ON CONFLICT (store_id, kind, window_start, product_id, source, partition) DO UPDATE SET
			views = excluded.views, carts = excluded.carts, checkouts = excluded.checkouts, purchases = excluded.purchases,
			units = excluded.units, live_revenue = excluded.live_revenue, revision = excluded.revision,
			visitors_sketch = coalesce(excluded.visitors_sketch, t.visitors_sketch)
		WHERE excluded.revision > t.revision OR (excluded.revision = t.revision
			AND excluded.visitors_sketch IS NOT NULL AND excluded.visitors_sketch IS DISTINCT FROM t.visitors_sketch)`,
		table, len(of)+1, rowsOf(of))
}

// writeMinutes merges windows that are minutes.
func (w windows) writeMinutes(ctx context.Context, tx pgx.Tx, partition int) error {
	return w.write(ctx, tx, mergeMinutes, partition, pgtype.TimestamptzOID, func(a *arrays, start time.Time) { a.time(start) })
}

// writeDays merges windows that are days of a time zone.
func (w windows) writeDays(ctx context.Context, tx pgx.Tx, partition int, zone *time.Location) error {
	return w.write(ctx, tx, mergeDays, partition, pgtype.DateOID, func(a *arrays, start time.Time) { a.date(start, zone) })
}

func (w windows) write(ctx context.Context, tx pgx.Tx, merge string, partition int, start uint32, begin func(*arrays, time.Time)) error {
	a := newArrays(windowColumns(start))
	for i := range w {
		u := &w[i]
		begin(a, time.Unix(u.Start, 0))
		a.uuid(u.StoreID)
		a.text(u.By.String())
		a.uuid(u.ProductID)
		a.text(u.Source)
		for _, n := range [...]uint64{u.Views, u.Carts, u.Checkouts, u.Purchases, u.Units} {
			a.count(n)
		}
		a.int64(cents(u.Revenue))
		a.count(u.Revision)
		if u.Visitors == nil {
			a.null()
		} else {
			a.bytes(u.Visitors)
		}
	}
	return a.merge(ctx, tx, merge, binary.BigEndian.AppendUint32(nil, uint32(partition)))
}

// cents are an amount that the column holds: one that it refuses would stop the
// partition.
func cents(amount int64) int64 { return event.AddMoney(amount, 0) }
