package postgres_test

import (
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

func TestWindows(t *testing.T) {
	zone, err := time.LoadLocation("America/Mexico_City")
	if err != nil {
		t.Fatal(err)
	}
	p := open(t, zone)
	day := time.Date(2026, 3, 4, 0, 0, 0, 0, zone).Unix()
	minute := record.Window{Grain: record.Minute, By: record.ByStore, Start: day + 60, StoreID: id(1)}
	product := record.Window{Grain: record.Day, By: record.ByProduct, Start: day, StoreID: id(1), ProductID: id(2)}
	source := record.Window{Grain: record.Day, By: record.ByStoreSource, Start: day, StoreID: id(1), Source: "search"}
	first := &record.Publication{Updates: []record.Update{
		{Window: minute, Counts: record.Counts{Views: 1}, Revision: 5, Visitors: []byte{1}},
		{Window: product, Counts: record.Counts{Views: 1, Carts: 2, Checkouts: 3, Purchases: 4, Units: 5, Revenue: 12345678901234567}, Revision: 5},
		{Window: source, Counts: record.Counts{Revenue: -6}, Revision: 5},
		{Window: minute, Counts: record.Counts{Views: 2}, Revision: 6, Visitors: []byte{2}},
		{Window: minute, Counts: record.Counts{Views: 3}, Revision: 7},
		{Window: minute, Counts: record.Counts{Views: 2}, Revision: 6, Visitors: []byte{2}},
	}}
	apply(t, p, at(0, 0), at(0, 1), first)
	apply(t, p, at(1, 0), at(1, 1), &record.Publication{Updates: []record.Update{{Window: minute, Counts: record.Counts{Views: 10}, Revision: 1}}})
	const minutes = "SELECT partition, window_start AT TIME ZONE 'UTC', kind, store_id, views, revision, visitors_sketch FROM tiendi.live_minute ORDER BY 1"
	store := "00000000-0000-0000-0000-000000000001"
	p.expect(t, minutes, `(0,"2026-03-04 06:01:00",store,`+store+`,3,7,"\\x02")`, `(1,"2026-03-04 06:01:00",store,`+store+`,10,1,)`)
	p.expect(t, "SELECT kind, window_start, store_id, product_id, source, views, carts, checkouts, purchases, units, live_revenue FROM tiendi.live_daily ORDER BY 1",
		"(product,2026-03-04,"+store+",00000000-0000-0000-0000-000000000002,\"\",1,2,3,4,5,123456789012345.67)",
		"(store_source,2026-03-04,"+store+",00000000-0000-0000-0000-000000000000,search,0,0,0,0,0,-0.06)")
	p.expect(t, "SELECT views, live_revenue FROM tiendi.live_minute_totals", "(13,0.00)")
	p.expect(t, "SELECT kind, units, live_revenue FROM tiendi.live_daily_totals ORDER BY 1", "(product,5,123456789012345.67)", "(store_source,0,-0.06)")

	// What is older stays out, and a sketch may come after its counts.
	apply(t, p, at(0, 1), at(0, 2), &record.Publication{Updates: []record.Update{{Window: minute, Counts: record.Counts{Views: 99}, Revision: 6, Visitors: []byte{9}}}})
	p.expect(t, minutes+" LIMIT 1", `(0,"2026-03-04 06:01:00",store,`+store+`,3,7,"\\x02")`)
	apply(t, p, at(0, 2), at(0, 3), &record.Publication{Updates: []record.Update{{Window: minute, Counts: record.Counts{Views: 3}, Revision: 7, Visitors: []byte{3}}}})
	p.expect(t, minutes+" LIMIT 1", `(0,"2026-03-04 06:01:00",store,`+store+`,3,7,"\\x03")`)
	apply(t, p, at(0, 3), at(0, 4), &record.Publication{Updates: []record.Update{{Window: minute, Counts: record.Counts{Views: 4}, Revision: 8}}})
	p.expect(t, minutes+" LIMIT 1", `(0,"2026-03-04 06:01:00",store,`+store+`,4,8,"\\x03")`)
}

func TestSessions(t *testing.T) {
	p := open(t, time.UTC)
	start := time.UnixMilli(1795000000123)
	s := record.Session{
		SessionID: id(1), StartedAt: start, EndedAt: start.Add(time.Second), UserID: id(2), Revision: 3, Closed: true, Events: 4, PageViews: 2,
		EntryURL: "a\x00\xffb", ExitURL: "{\"b\",}", Device: event.Desktop, OS: "o", Browser: "w", Country: "MX", Source: "s",
		Stores: []event.ID{id(7), id(8)}, HasCart: true, PurchaseAfterCheckout: true, Engaged: true, ReachedStep: 5, Revenue: 12345,
	}
	other := record.Session{SessionID: id(1), StartedAt: start.Add(time.Minute), EndedAt: start.Add(time.Minute), Revision: 1, HasProductView: true}
	apply(t, p, at(9, 0), at(9, 1), &record.Publication{Sessions: []record.Session{s, other}})
	const columns = `SELECT extract(epoch FROM started_at)::numeric(14,3), extract(epoch FROM ended_at - started_at)::numeric(9,3), user_id, revision, events,
		page_views, entry_url, exit_url, device_type, os, browser, country, source, store_ids, live_revenue, reached_step,
		closed, gone, has_product_view, has_cart, has_checkout, has_purchase, purchase_after_cart, purchase_after_checkout, bounced, engaged
		FROM tiendi.sessions ORDER BY 1`
	p.expect(t, columns,
		`(1795000000.123,1.000,00000000-0000-0000-0000-000000000002,3,4,2,a��b,"{""b"",}",desktop,o,w,MX,s,`+
			`"{00000000-0000-0000-0000-000000000007,00000000-0000-0000-0000-000000000008}",123.45,5,t,f,f,t,f,f,f,t,f,t)`,
		`(1795000060.123,0.000,,1,0,0,"","","","","","","",{},0.00,0,f,f,t,f,f,f,f,f,f,f)`)

	// A session that is gone stays so, whatever comes late.
	gone := record.Session{SessionID: id(1), StartedAt: start, EndedAt: start, Revision: 6, Gone: true}
	late := s
	late.Revision = 5
	apply(t, p, at(9, 1), at(9, 2), &record.Publication{Sessions: []record.Session{gone}})
	apply(t, p, at(9, 2), at(9, 3), &record.Publication{Sessions: []record.Session{late}})
	p.expect(t, "SELECT revision FROM tiendi.sessions", "(1)")
	late.Revision = 7
	apply(t, p, at(9, 3), at(9, 4), &record.Publication{Sessions: []record.Session{late, gone}})
	p.expect(t, "SELECT revision FROM tiendi.sessions ORDER BY 1", "(1)", "(7)")
}
