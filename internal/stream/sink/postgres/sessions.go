package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// sessions are different ones.
type sessions []*record.Session

// mergeSessions writes sessions from arrays. Those of stores come as text, since
// unnest would take arrays of arrays apart.
const mergeSessions = `INSERT INTO tiendi.live_sessions AS t (session_id, started_at, ended_at, user_id, revision, events, page_views,
		live_revenue, reached_step, entry_url, exit_url, device_type, os, browser, country, source, store_ids,
		closed, gone, has_product_view, has_cart, has_checkout, has_purchase, purchase_after_cart, purchase_after_checkout, bounced, engaged)
	SELECT session, started, ended, person, revision, events, page_views,
		cents * 0.01, step, entry, exit, device, os, browser, country, source, stores::uuid[],
		flags & 1 <> 0, flags & 2 <> 0, flags & 4 <> 0, flags & 8 <> 0, flags & 16 <> 0, flags & 32 <> 0, flags & 64 <> 0,
		flags & 128 <> 0, flags & 256 <> 0, flags & 512 <> 0
	FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::uuid[], $5::bigint[], $6::bigint[], $7::bigint[],
		$8::bigint[], $9::smallint[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[],
		$17::text[], $18::int[])
		AS u (session, started, ended, person, revision, events, page_views, cents, step, entry, exit, device, os, browser,
			country, source, stores, flags)
	ON CONFLICT (session_id, started_at) DO UPDATE SET
		ended_at = excluded.ended_at, user_id = excluded.user_id, revision = excluded.revision, events = excluded.events,
		page_views = excluded.page_views, live_revenue = excluded.live_revenue, reached_step = excluded.reached_step,
		entry_url = excluded.entry_url, exit_url = excluded.exit_url, device_type = excluded.device_type, os = excluded.os,
		browser = excluded.browser, country = excluded.country, source = excluded.source, store_ids = excluded.store_ids,
		closed = excluded.closed, gone = excluded.gone, has_product_view = excluded.has_product_view,
		has_cart = excluded.has_cart, has_checkout = excluded.has_checkout, has_purchase = excluded.has_purchase,
		purchase_after_cart = excluded.purchase_after_cart, purchase_after_checkout = excluded.purchase_after_checkout,
		bounced = excluded.bounced, engaged = excluded.engaged
	WHERE excluded.revision > t.revision`

func (list sessions) write(ctx context.Context, tx pgx.Tx) error {
	var n integers
	text := func(of func(*record.Session) string) []string {
		return column(list, func(s **record.Session) string { return plainText(of(*s)) })
	}
	number := func(of func(*record.Session) int64) []int64 {
		return column(list, func(s **record.Session) int64 { return of(*s) })
	}
	id := func(of func(*record.Session) pgtype.UUID) []pgtype.UUID {
		return column(list, func(s **record.Session) pgtype.UUID { return of(*s) })
	}
	_, err := tx.Exec(ctx, mergeSessions,
		id(func(s *record.Session) pgtype.UUID { return uuid(s.SessionID) }),
		column(list, func(s **record.Session) time.Time { return (*s).StartedAt }),
		column(list, func(s **record.Session) time.Time { return (*s).EndedAt }),
		id(func(s *record.Session) pgtype.UUID { return pgtype.UUID{Bytes: s.UserID, Valid: !s.UserID.IsZero()} }),
		number(func(s *record.Session) int64 { return n.of(s.Revision) }),
		number(func(s *record.Session) int64 { return n.of(s.Events) }),
		number(func(s *record.Session) int64 { return n.of(s.PageViews) }),
		number(func(s *record.Session) int64 { return cents(s.Revenue) }),
		column(list, func(s **record.Session) int16 { return int16((*s).ReachedStep) }),
		text(func(s *record.Session) string { return s.EntryURL }),
		text(func(s *record.Session) string { return s.ExitURL }),
		text(func(s *record.Session) string { return string(s.Device) }),
		text(func(s *record.Session) string { return s.OS }),
		text(func(s *record.Session) string { return s.Browser }),
		text(func(s *record.Session) string { return s.Country }),
		text(func(s *record.Session) string { return s.Source }),
		text(func(s *record.Session) string { return storeArray(s.Stores) }),
		column(list, func(s **record.Session) int32 { return flags(*s) }),
	)
	return n.or(err)
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

// storeArray is how PostgreSQL writes an array of UUIDs: {a,b}.
func storeArray(ids []event.ID) string {
	text := []byte{'{'}
	for i, id := range ids {
		if i > 0 {
			text = append(text, ',')
		}
		text = event.AppendID(text, id)
	}
	return string(append(text, '}'))
}
