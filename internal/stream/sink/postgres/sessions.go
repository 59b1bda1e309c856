package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/tiendi/tiendi/internal/stream/record"
)

// sessions are different ones.
type sessions []*record.Session

// sessionColumns are a session's.
var sessionColumns = columns{
	{"session", pgtype.UUIDOID}, {"started", pgtype.TimestamptzOID}, {"ended", pgtype.TimestamptzOID}, {"person", pgtype.UUIDOID},
	{"revision", pgtype.Int8OID}, {"events", pgtype.Int8OID}, {"page_views", pgtype.Int8OID}, {"cents", pgtype.Int8OID}, {"step", pgtype.Int2OID},
	{"entry", pgtype.TextOID}, {"exit", pgtype.TextOID}, {"device", pgtype.TextOID}, {"os", pgtype.TextOID}, {"browser", pgtype.TextOID},
	{"country", pgtype.TextOID}, {"source", pgtype.TextOID}, {"first", pgtype.Int4OID}, {"last", pgtype.Int4OID}, {"flags", pgtype.Int4OID},
}

// storeColumn has the stores of all sessions.
var storeColumn = columns{{"stores", pgtype.UUIDOID}}

// mergeSessions writes sessions. The stores of all of them are its last parameter, and
// each says from where to where its own are.
var mergeSessions = fmt.Sprintf(`INSERT INTO tiendi.live_sessions AS t (session_id, started_at, ended_at, user_id, revision, events, page_views,
		live_revenue, reached_step, entry_url, exit_url, device_type, os, browser, country, source, store_ids,
		closed, gone, has_product_view, has_cart, has_checkout, has_purchase, purchase_after_cart, purchase_after_checkout, bounced, engaged)
	SELECT session, started, ended, person, revision, events, page_views,
		cents * 0.01, step, entry, exit, device, os, browser, country, source, ($%d::uuid[])[first:last],
		flags & 1 <> 0, flags & 2 <> 0, flags & 4 <> 0, flags & 8 <> 0, flags & 16 <> 0, flags & 32 <> 0, flags & 64 <> 0,
		flags & 128 <> 0, flags & 256 <> 0, flags & 512 <> 0
	FROM %s
	ON CONFLICT (started_at, session_id) DO UPDATE SET
		ended_at = excluded.ended_at, user_id = excluded.user_id, revision = excluded.revision, events = excluded.events,
		page_views = excluded.page_views, live_revenue = excluded.live_revenue, reached_step = excluded.reached_step,
		entry_url = excluded.entry_url, exit_url = excluded.exit_url, device_type = excluded.device_type, os = excluded.os,
		browser = excluded.browser, country = excluded.country, source = excluded.source, store_ids = excluded.store_ids,
		closed = excluded.closed, gone = excluded.gone, has_product_view = excluded.has_product_view,
		has_cart = excluded.has_cart, has_checkout = excluded.has_checkout, has_purchase = excluded.has_purchase,
		purchase_after_cart = excluded.purchase_after_cart, purchase_after_checkout = excluded.purchase_after_checkout,
		bounced = excluded.bounced, engaged = excluded.engaged
	WHERE excluded.revision > t.revision`,
	len(sessionColumns)+1, rowsOf(sessionColumns))

func (list sessions) write(ctx context.Context, tx pgx.Tx) error {
	a, stores, n := newArrays(sessionColumns), newArrays(storeColumn), int32(0)
	for _, s := range list {
		a.uuid(s.SessionID)
		a.time(s.StartedAt)
		a.time(s.EndedAt)
		if s.UserID.IsZero() {
			a.null()
		} else {
			a.uuid(s.UserID)
		}
		a.count(s.Revision)
		a.count(s.Events)
		a.count(s.PageViews)
		a.int64(cents(s.Revenue))
		a.int16(int16(s.ReachedStep))
		for _, t := range [...]string{s.EntryURL, s.ExitURL, string(s.Device), s.OS, s.Browser, s.Country, s.Source} {
			a.text(plainText(t))
		}
		a.int32(n + 1)
		for _, id := range s.Stores {
			stores.uuid(id)
			n++
		}
		a.int32(n)
		a.int32(flags(s))
	}
	return a.merge(ctx, tx, mergeSessions, stores.columns[0])
}

// flags are a session's booleans, as mergeSessions takes them apart.
func flags(s *record.Session) (bits int32) {
	for i, set := range [...]bool{
		s.Closed, s.Gone, s.HasProductView, s.HasCart, s.HasCheckout, s.HasPurchase,
		s.PurchaseAfterCart, s.PurchaseAfterCheckout, s.Bounced, s.Engaged,
	} {
		if set {
			bits |= 1 << i
		}
	}
	return bits
}
