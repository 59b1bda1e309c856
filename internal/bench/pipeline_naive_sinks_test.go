package bench

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	goredis "github.com/redis/go-redis/v9"
)

// naiveRedis adds what has been counted.
func naiveRedis(s *naiveSettings) (func(*naiveBatch) error, error) {
	options, err := goredis.ParseURL(s.Redis)
	if err != nil {
		return nil, err
	}
	client, ctx := goredis.NewClient(options), context.Background()
	return func(b *naiveBatch) error {
		p := client.Pipeline()
		send := func(most int) error {
			if p.Len() <= most {
				return nil
			}
			_, err := p.Exec(ctx)
			return err
		}
		for w, c := range b.windows {
			key := w.key()
			for field, n := range map[string]int64{
				"views": c.views, "carts": c.carts, "checkouts": c.checkouts,
				"purchases": c.purchases, "units": c.units, "revenue": c.revenue,
			} {
				if n != 0 {
					p.HIncrBy(ctx, key, field, n)
				}
			}
			if visitors := b.visitors[w]; len(visitors) > 0 {
				p.PFAdd(ctx, key+":visitors", visitors...)
			}
			if err := send(10_000); err != nil {
				return err
			}
		}
		return send(0)
	}, nil
}

func (w *naiveWindow) key() string {
	unit := fmt.Sprintf("naive:minute:%d:", w.start)
	if w.day {
		unit = "naive:day:" + time.Unix(w.start, 0).UTC().Format(time.DateOnly) + ":"
	}
	switch unit += w.store.String(); w.by {
	case "product":
		return unit + ":product:" + w.product.String()
	case "store_source":
		return unit + ":source:" + w.source
	}
	return unit
}

const naiveTables = `CREATE TABLE IF NOT EXISTS naive_minute (
	kind text, store_id uuid, window_start timestamptz, product_id uuid, source text,
	views bigint, carts bigint, checkouts bigint, purchases bigint, units bigint, live_revenue bigint,
	PRIMARY KEY (store_id, kind, window_start, product_id, source)) WITH (fillfactor = 75);
CREATE TEMP TABLE batch (LIKE naive_minute)`

const naiveMerge = `INSERT INTO naive_minute AS t SELECT * FROM batch
	ON CONFLICT (store_id, kind, window_start, product_id, source) DO UPDATE SET
	views = t.views + excluded.views, carts = t.carts + excluded.carts, checkouts = t.checkouts + excluded.checkouts,
	purchases = t.purchases + excluded.purchases, units = t.units + excluded.units, live_revenue = t.live_revenue + excluded.live_revenue`

// naivePostgres adds the minutes.
func naivePostgres(s *naiveSettings) (func(*naiveBatch) error, error) {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, s.Postgres)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, naiveTables); err != nil {
		return nil, err
	}
	return func(b *naiveBatch) error {
		var rows [][]any
		for w, c := range b.windows {
			if !w.day {
				rows = append(rows, []any{
					w.by, pgtype.UUID{Bytes: w.store, Valid: true}, time.Unix(w.start, 0), pgtype.UUID{Bytes: w.product, Valid: true}, w.source,
					c.views, c.carts, c.checkouts, c.purchases, c.units, c.revenue,
				})
			}
		}
		names := []string{"kind", "store_id", "window_start", "product_id", "source", "views", "carts", "checkouts", "purchases", "units", "live_revenue"}
		if _, err := conn.Exec(ctx, "TRUNCATE batch"); err != nil {
			return err
		}
		if _, err := conn.CopyFrom(ctx, pgx.Identifier{"batch"}, names, pgx.CopyFromRows(rows)); err != nil {
			return err
		}
		_, err := conn.Exec(ctx, naiveMerge)
		return err
	}, nil
}
