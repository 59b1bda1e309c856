package postgres

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// windows are updates of different windows of one grain.
type windows []record.Update

var (
	mergeMinutes = mergeWindows("live_minute", "timestamptz")
	mergeDays    = mergeWindows("live_daily", "date")
)

// mergeWindows is the statement that writes windows: $1 the partition, all others
// arrays. Of one revision only a sketch may be new, when it comes after the counts.
func mergeWindows(table, start string) string {
	return fmt.Sprintf(`INSERT INTO tiendi.%s AS t (partition, window_start, store_id, kind, product_id, source,
			views, carts, checkouts, purchases, units, live_revenue, revision, visitors_sketch)
		SELECT $1, u.start, u.store, u.kind, u.product, u.source,
			u.views, u.carts, u.checkouts, u.purchases, u.units, u.cents * 0.01, u.revision, u.sketch
		FROM unnest($2::%s[], $3::uuid[], $4::text[], $5::uuid[], $6::text[], $7::bigint[], $8::bigint[], $9::bigint[],
			$10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bytea[])
			AS u (start, store, kind, product, source, views, carts, checkouts, purchases, units, cents, revision, sketch)
		ON CONFLICT (store_id, kind, window_start, product_id, source, partition) DO UPDATE SET
			views = excluded.views, carts = excluded.carts, checkouts = excluded.checkouts, purchases = excluded.purchases,
			units = excluded.units, live_revenue = excluded.live_revenue, revision = excluded.revision,
			visitors_sketch = coalesce(excluded.visitors_sketch, t.visitors_sketch)
		WHERE excluded.revision > t.revision OR (excluded.revision = t.revision
			AND excluded.visitors_sketch IS NOT NULL AND excluded.visitors_sketch IS DISTINCT FROM t.visitors_sketch)`, table, start)
}

// write merges the windows; starts are the beginnings as the table has them.
func (w windows) write(ctx context.Context, tx pgx.Tx, merge string, partition int, starts any) error {
	var n integers
	_, err := tx.Exec(ctx, merge, partition, starts,
		column(w, func(u *record.Update) pgtype.UUID { return uuid(u.StoreID) }),
		column(w, func(u *record.Update) string { return u.By.String() }),
		column(w, func(u *record.Update) pgtype.UUID { return uuid(u.ProductID) }),
		column(w, func(u *record.Update) string { return u.Source }),
		column(w, func(u *record.Update) int64 { return n.of(u.Views) }),
		column(w, func(u *record.Update) int64 { return n.of(u.Carts) }),
		column(w, func(u *record.Update) int64 { return n.of(u.Checkouts) }),
		column(w, func(u *record.Update) int64 { return n.of(u.Purchases) }),
		column(w, func(u *record.Update) int64 { return n.of(u.Units) }),
		column(w, func(u *record.Update) int64 { return cents(u.Revenue) }),
		column(w, func(u *record.Update) int64 { return n.of(u.Revision) }),
		column(w, func(u *record.Update) []byte { return u.Visitors }),
	)
	return n.or(err)
}

func (w windows) starts() []time.Time { return column(w, startOf) }

// dates are the days that the windows begin with in a time zone.
func (w windows) dates(zone *time.Location) []pgtype.Date {
	return column(w, func(u *record.Update) pgtype.Date {
		year, month, day := startOf(u).In(zone).Date()
		return pgtype.Date{Time: time.Date(year, month, day, 0, 0, 0, 0, time.UTC), Valid: true}
	})
}

func uuid(id [16]byte) pgtype.UUID { return pgtype.UUID{Bytes: id, Valid: true} }

// cents are an amount that the column holds: one that it refuses would stop the
// partition.
func cents(amount int64) int64 { return event.AddMoney(amount, 0) }

// integers makes bigints, and remembers one that does not fit.
type integers struct{ tooLarge uint64 }

func (n *integers) of(v uint64) int64 {
	if v > math.MaxInt64 {
		n.tooLarge = v
	}
	return int64(v)
}

// or is an error about a number that did not fit, else err.
func (n *integers) or(err error) error {
	if n.tooLarge > 0 {
		return fmt.Errorf("%d is larger than PostgreSQL's integers", n.tooLarge)
	}
	return err
}
