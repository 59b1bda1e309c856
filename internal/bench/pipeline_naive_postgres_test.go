package bench

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

// naiveTables have the columns of tiendi's, but for those that only a guarantee needs;
// money is in hundredths.
const naiveTables = `
CREATE TABLE live_minute (
	kind text, store_id uuid, window_start timestamptz, product_id uuid, source text,
	views bigint, carts bigint, checkouts bigint, purchases bigint, units bigint, live_revenue bigint,
	PRIMARY KEY (store_id, kind, window_start, product_id, source)) WITH (fillfactor = 75);
CREATE TABLE live_daily (LIKE live_minute INCLUDING ALL) WITH (fillfactor = 75);
CREATE TABLE live_sessions (
	session_id uuid, started_at timestamptz, ended_at timestamptz, user_id uuid, closed boolean, events bigint, page_views bigint,
	entry_url text, exit_url text, device_type text, os text, browser text, source text, store_ids uuid[],
	has_product_view boolean, has_cart boolean, has_checkout boolean, has_purchase boolean,
	purchase_after_cart boolean, purchase_after_checkout boolean, bounced boolean, engaged boolean, reached_step smallint, live_revenue bigint,
	PRIMARY KEY (session_id, started_at)) WITH (fillfactor = 75);
CREATE TEMP TABLE some_windows (LIKE live_minute);
CREATE TEMP TABLE some_sessions (LIKE live_sessions)`

// naiveMerge adds to windows of a table, TABLE.
const naiveMerge = `INSERT INTO TABLE AS t SELECT * FROM some_windows
	ON CONFLICT (store_id, kind, window_start, product_id, source) DO UPDATE SET
	views = t.views + excluded.views, carts = t.carts + excluded.carts, checkouts = t.checkouts + excluded.checkouts,
	purchases = t.purchases + excluded.purchases, units = t.units + excluded.units, live_revenue = t.live_revenue + excluded.live_revenue`

// naiveUpdate writes what can change of a session. Every one is there: that it is an
// upsert keeps the planner from reading the whole table.
const naiveUpdate = `INSERT INTO live_sessions SELECT * FROM some_sessions ON CONFLICT (session_id, started_at) DO UPDATE SET
	ended_at = excluded.ended_at, user_id = excluded.user_id, closed = excluded.closed, events = excluded.events,
	page_views = excluded.page_views, exit_url = excluded.exit_url, store_ids = excluded.store_ids,
	has_product_view = excluded.has_product_view, has_cart = excluded.has_cart, has_checkout = excluded.has_checkout,
	has_purchase = excluded.has_purchase, purchase_after_cart = excluded.purchase_after_cart,
	purchase_after_checkout = excluded.purchase_after_checkout, bounced = excluded.bounced, engaged = excluded.engaged,
	reached_step = excluded.reached_step, live_revenue = excluded.live_revenue`

// naivePostgres adds minutes and days, and writes sessions.
func naivePostgres(s *naiveSettings) (func(*naiveFigures) error, error) {
	conn, err := pgx.Connect(context.Background(), s.Postgres)
	if err != nil {
		return nil, err
	}
	db := naiveDatabase{conn}
	_, err = conn.Exec(context.Background(), naiveTables)
	return func(f *naiveFigures) error {
		if err := db.windows(f.windows); err != nil {
			return err
		}
		return db.sessions(f.sessions)
	}, err
}

// The columns in the order in which rows have them.
var (
	naiveWindowNames  = strings.Fields("kind store_id window_start product_id source views carts checkouts purchases units live_revenue")
	naiveSessionNames = strings.Fields("session_id started_at ended_at user_id closed events page_views entry_url exit_url device_type os browser source store_ids " +
		"has_product_view has_cart has_checkout has_purchase purchase_after_cart purchase_after_checkout bounced engaged reached_step live_revenue")
)

// naiveDatabase is a connection.
type naiveDatabase struct{ conn *pgx.Conn }

func (db naiveDatabase) windows(all naiveWindows) error {
	var minutes, days [][]any
	for w, sum := range all {
		if w.day {
			days = append(days, w.row(sum))
		} else {
			minutes = append(minutes, w.row(sum))
		}
	}
	if err := db.by("some_windows", naiveWindowNames, minutes, strings.Replace(naiveMerge, "TABLE", "live_minute", 1)); err != nil {
		return err
	}
	return db.by("some_windows", naiveWindowNames, days, strings.Replace(naiveMerge, "TABLE", "live_daily", 1))
}

// sessions copies those that begin into the table itself.
func (db naiveDatabase) sessions(all []naiveSession) error {
	var begun, changed [][]any
	for i := range all {
		if s := &all[i]; s.written {
			changed = append(changed, s.row())
		} else {
			begun = append(begun, s.row())
		}
	}
	if err := db.copy("live_sessions", naiveSessionNames, begun); err != nil {
		return err
	}
	return db.by("some_sessions", naiveSessionNames, changed, naiveUpdate)
}

func (db naiveDatabase) copy(table string, names []string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	_, err := db.conn.CopyFrom(context.Background(), pgx.Identifier{table}, names, pgx.CopyFromRows(rows))
	return err
}

// by copies rows into a temporary table, and has a statement take them from there.
func (db naiveDatabase) by(table string, names []string, rows [][]any, statement string) error {
	if len(rows) == 0 {
		return nil
	}
	if _, err := db.conn.Exec(context.Background(), "TRUNCATE "+table); err != nil {
		return err
	}
	if err := db.copy(table, names, rows); err != nil {
		return err
	}
	_, err := db.conn.Exec(context.Background(), statement)
	return err
}

func (w *naiveWindow) row(c *counts) []any {
	return []any{
		w.by, pgtype.UUID{Bytes: w.store, Valid: true}, time.Unix(w.start, 0), pgtype.UUID{Bytes: w.product, Valid: true}, w.source,
		c.views, c.carts, c.checkouts, c.purchases, c.units, c.revenue,
	}
}

func (s *naiveSession) row() []any {
	stores := make([]pgtype.UUID, len(s.stores))
	for i, id := range s.stores {
		stores[i] = pgtype.UUID{Bytes: id, Valid: true}
	}
	return []any{
		pgtype.UUID{Bytes: s.id, Valid: true}, s.started, s.ended, pgtype.UUID{Bytes: s.user, Valid: s.user != [16]byte{}}, s.closed, s.events, s.pageViews,
		s.entry, s.exit, s.device, s.os, s.browser, s.source, stores,
		s.product, s.cart, s.checkout, s.purchase,
		s.afterCart, s.afterCheckout, s.bounced(), s.engaged(), int16(s.step), s.revenue,
	}
}
