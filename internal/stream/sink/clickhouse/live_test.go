package clickhouse_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
	"github.com/tiendi/tiendi/internal/stream/sink"
	"github.com/tiendi/tiendi/internal/stream/sink/clickhouse"
	"github.com/tiendi/tiendi/internal/warehouse"
	"github.com/tiendi/tiendi/internal/warehouse/warehousetest"
)

var (
	today = time.Now().UTC().Truncate(24 * time.Hour)
	store = event.ID{15: 1}
)

// progress is a position with producers, as readers make it.
func progress(t *testing.T, partition int, next uint64) (p broker.Progress) {
	t.Helper()
	text := `{"log":"l","epoch":3,"producers":{"b":{},"a":{}}}`
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		t.Fatal(err)
	}
	p.Partition, p.Next = partition, next
	return p
}

func update(grain record.Grain, revision, views uint64) record.Update {
	return record.Update{
		Window: record.Window{Grain: grain, By: record.ByStore, Start: today.Unix(), StoreID: store},
		Counts: record.Counts{Views: views, Carts: 1, Checkouts: 2, Purchases: 3, Units: 4, Revenue: -1050}, Revision: revision,
	}
}

func publish(updates ...record.Update) []*record.Publication {
	return []*record.Publication{{Kind: record.Tick}, {Updates: updates}}
}

func apply(t *testing.T, l *clickhouse.Live, from, to broker.Progress, p []*record.Publication) {
	t.Helper()
	if err := l.Apply(t.Context(), from, to, p); err != nil {
		t.Fatal(err)
	}
	got, err := l.Applied(t.Context(), to.Partition)
	if err != nil || !reflect.DeepEqual(got, to) {
		t.Fatalf("applied is %+v (%v), want %+v", got, err, to)
	}
}

func openLive(t *testing.T) (*warehouse.Client, *clickhouse.Live) {
	db := warehousetest.Open(t)
	build(t, db, append(clickhouse.LiveTables(), "live_minute", "live_daily", "live_sessions")...)
	return db, clickhouse.NewLive(db, db.Config().Database)
}

func TestWindows(t *testing.T) {
	db, l := openLive(t)
	first, second := progress(t, 0, 7), progress(t, 0, 12)
	sketched := update(record.Minute, 5, 10)
	sketched.Visitors = []byte("HYLL\x00\xff")
	apply(t, l, broker.Progress{}, first, publish(sketched, update(record.Day, 5, 10)))
	apply(t, l, broker.Progress{Partition: 1}, progress(t, 1, 3), publish(update(record.Minute, 1, 100)))
	apply(t, l, first, second, publish(update(record.Minute, 9, 11), update(record.Day, 4, 9)))
	want(t, db, "SELECT minute = today(), dimensions, store_id, traffic_source, views, carts, checkouts, purchases, units, live_revenue FROM live_minute",
		"1 store "+store.String()+"  111 2 4 6 8 -21")
	want(t, db, "SELECT date = today(), views, live_revenue FROM live_daily", "1 10 -10.5")
	// The sketch stays although a later update has none.
	want(t, db, "SELECT hex(visitors), revision, stream_partition FROM live_visitors_raw FINAL", "48594C4C00FF 5 0")
}

func TestMoved(t *testing.T) {
	db, l := openLive(t)
	first := progress(t, 0, 7)
	apply(t, l, broker.Progress{}, first, publish(update(record.Day, 5, 10)))
	for _, from := range []broker.Progress{{}, progress(t, 0, 6)} {
		if err := l.Apply(t.Context(), from, progress(t, 0, 9), publish(update(record.Day, 8, 99))); !errors.Is(err, sink.ErrMoved) {
			t.Errorf("from %d: %v", from.Next, err)
		}
	}
	want(t, db, "SELECT views FROM live_daily", "10")
	// A log that was made again begins at lower offsets.
	apply(t, l, first, progress(t, 0, 1), nil)
}

func TestSessions(t *testing.T) {
	db, l := openLive(t)
	s := record.Session{
		SessionID: event.ID{1}, StartedAt: today, EndedAt: today.Add(1500 * time.Millisecond), UserID: event.ID{2}, Revision: 4,
		Events: 3, PageViews: 2, EntryURL: "in", ExitURL: "out", Device: event.Mobile, OS: "iOS", Browser: "Safari", Country: "MX", Source: "direct",
		Stores: []event.ID{store}, HasProductView: true, HasCheckout: true, PurchaseAfterCart: true, Bounced: true, ReachedStep: 5, Revenue: 1999,
	}
	other := s
	other.StartedAt = today.Add(time.Second)
	later, gone := s, other
	later.Revision, later.Closed, later.Events = 6, true, 4
	gone.Revision, gone.Gone = 6, true
	at, then := progress(t, 2, 5), progress(t, 2, 8)
	apply(t, l, broker.Progress{Partition: 2}, at, []*record.Publication{{Sessions: []record.Session{s, other}}})
	apply(t, l, at, then, []*record.Publication{{Sessions: []record.Session{later, gone}}, {Sessions: []record.Session{s}}})
	want(t, db, "SELECT session_id, session_started_at = today(), date = today(), duration_ms, is_closed, user_id, events, page_views, entry_url, exit_url, device_type, os, browser, country, traffic_source, store_ids FROM live_sessions",
		s.SessionID.String()+" 1 1 1500 1 "+s.UserID.String()+" 4 2 in out mobile iOS Safari MX direct ["+store.String()+"]")
	want(t, db, "SELECT has_product_view, has_cart, has_checkout, has_purchase, has_purchase_after_cart, has_purchase_after_checkout, is_bounce, is_engaged, reached_step, live_revenue FROM live_sessions",
		"1 0 1 0 1 0 1 0 5 19.99")
}

// dying fails the n-th insert, or loses the answer to it.
type dying struct {
	*warehouse.Client
	n        int
	answered bool
}

var errDead = errors.New("dead")

func (d *dying) InsertStream(ctx context.Context, sql string, r io.Reader, encoding string, opts ...warehouse.Option) (warehouse.Stats, error) {
	if d.n--; d.n != 0 {
		return d.Client.InsertStream(ctx, sql, r, encoding, opts...)
	}
	if d.answered {
		_, _ = d.Client.InsertStream(ctx, sql, r, encoding, opts...)
	}
	return warehouse.Stats{}, errDead
}

// TestDeathInApply dies around each insert in turn; whoever comes next asks where
// the tables are and goes on from there.
func TestDeathInApply(t *testing.T) {
	db, l := openLive(t)
	from := broker.Progress{}
	for step := range uint64(8) {
		to := progress(t, 0, 10*(step+1))
		u := update(record.Day, 10*step, 10*step+1)
		u.Visitors = []byte("HYLL")
		s := record.Session{SessionID: event.ID{1}, StartedAt: today, EndedAt: today, Revision: 10 * step, Events: 10*step + 1}
		p := []*record.Publication{{Updates: []record.Update{u}, Sessions: []record.Session{s}}}
		dead := clickhouse.NewLive(&dying{Client: db, n: int(step/2) + 1, answered: step%2 == 1}, db.Config().Database)
		if err := dead.Apply(t.Context(), from, to, p); !errors.Is(err, errDead) {
			t.Fatal(err)
		}
		at, err := l.Applied(t.Context(), 0)
		if err != nil {
			t.Fatal(err)
		}
		if at.Next != to.Next {
			apply(t, l, at, to, p)
		}
		from = to
		want(t, db, "SELECT (SELECT views FROM live_daily), (SELECT events FROM live_sessions)", fmt.Sprint(10*step+1, 10*step+1))
	}
}
