package clickhouse_test

import (
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cespare/xxhash/v2"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
	"github.com/tiendi/tiendi/internal/stream/sink/clickhouse"
	"github.com/tiendi/tiendi/internal/warehouse"
	"github.com/tiendi/tiendi/internal/warehouse/warehousetest"
)

// someEvents are n events up to now, over so many months. One in four is a
// purchase of 10.25.
func someEvents(n, months int) []record.Event {
	r := rand.New(rand.NewPCG(uint64(n), uint64(months)))
	id := func() (id event.ID) {
		for i := range id {
			id[i] = byte(r.Uint32())
		}
		return id
	}
	stores := make([]event.ID, 50)
	for i := range stores {
		stores[i] = id()
	}
	types := []event.Type{event.PageView, event.ProductViewed, event.AddToCart, event.PurchaseCompleted}
	rows := make([]record.Event, n)
	for i := range rows {
		rows[i] = record.Event{Country: "MX", Source: "search", BaseEvent: event.BaseEvent{
			EventID: id(), Type: types[i%4], SessionID: id(), UserID: id(), StoreID: stores[r.IntN(len(stores))],
			Timestamp: time.Now().AddDate(0, -r.IntN(months), 0).Add(-time.Duration(i) * time.Millisecond).UTC().Truncate(time.Millisecond),
			Context: event.Context{
				IP: "10.1.2.0", UserAgent: "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/119.0 Mobile Safari/537.36",
				Referrer: "https://www.google.com/", PageURL: fmt.Sprintf("https://shop.example/products/%d", r.IntN(10000)),
				DeviceType: event.Mobile, OS: "Android", Browser: "Chrome", PageViewID: id(),
			},
			Properties: fmt.Appendf(nil, `{"product_id":"%s","product_name":"Camisa de algodón","category":"ropa","total":10.25,"currency":"MXN","position":%d}`, id(), i),
		}}
	}
	return rows
}

// batches puts events together as the stream does, a thousand in each, in place of those
// before.
func batches(events []record.Event) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		var body []byte
		for some := range slices.Chunk(events, 1000) {
			if body = record.AppendBatch(body[:0], &record.Batch{Events: some}); !yield(body) {
				return
			}
		}
	}
}

func open(t testing.TB, db *warehouse.Client, log *records) *clickhouse.Events {
	t.Helper()
	s, err := clickhouse.OpenEvents(t.Context(), clickhouse.Options{Warehouse: db, Database: db.Config().Database, Now: time.Now, Logger: log.logger()})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func insert(t testing.TB, s *clickhouse.Events, token string, rows []record.Event) {
	t.Helper()
	if err := s.Insert(t.Context(), token, batches(rows)); err != nil {
		t.Fatal(err)
	}
}

func TestEveryColumn(t *testing.T) {
	db := warehousetest.Open(t)
	build(t, db, "events_raw")
	s := open(t, db, new(records))
	insert(t, s, "none", nil)
	e := someEvents(1, 1)[0]
	e.Bot, e.Context.PageViewID = true, event.ID{}
	insert(t, s, "enriched/3@7-9", append(someEvents(2, 1), e))
	want(t, db, "SELECT * EXCEPT ingested_at FROM events_raw WHERE is_bot", strings.TrimSpace(fmt.Sprintln(
		e.EventID, e.Type, e.Timestamp, e.SessionID, e.UserID, e.StoreID, e.Context.IP, e.Context.UserAgent, e.Context.Referrer, e.Context.PageURL, "",
		e.Context.DeviceType, e.Context.OS, e.Context.Browser, e.Country, e.Source, 1, string(e.Properties), "stream/enriched/3@7-9", 2)))
	want(t, db, "SELECT count(), countIf(length(page_view_id) = 36), uniqExact(_position), uniqExact(ingested_at), abs(max(ingested_at) - now64(6)) < 60 FROM events_raw", "3 2 3 1 1")
}

// TestHalfAnInsert has a batch that cannot be read behind blocks that were sent.
func TestHalfAnInsert(t *testing.T) {
	db := warehousetest.Open(t)
	build(t, db, "events_raw")
	s := open(t, db, new(records))
	rows := someEvents(20000, 3)
	err := s.Insert(t.Context(), "a", func(yield func([]byte) bool) {
		for body := range batches(rows) {
			if !yield(body) {
				return
			}
		}
		yield([]byte("no batch"))
	})
	if !errors.Is(err, record.ErrFormat) {
		t.Errorf("%v", err)
	}
	want(t, db, "SELECT count() FROM events_raw", "0")
	insert(t, s, "a", rows)
	want(t, db, "SELECT count(), uniqExact(_position) FROM events_raw", "20000 20000")
}

// TestAgain takes months out of the table, and more of them out of a view's target,
// as if the insert had died before it came to them: in more months than an insert
// may have by default.
func TestAgain(t *testing.T) {
	db := warehousetest.Open(t)
	build(t, db, "events_raw", "daily_metrics_mv")
	exec(t, db, "ALTER TABLE events_raw REMOVE TTL")
	var log records
	s := open(t, db, &log)
	rows := someEvents(1000, 110)
	insert(t, s, "a", rows)
	for table, share := range map[string]int{"events_raw": 20, "daily_metrics_mv": 10} {
		parts := values(t, db, fmt.Sprintf("SELECT DISTINCT partition FROM system.parts WHERE database = currentDatabase() AND table = '%s' AND active ORDER BY 1", table))
		for i, month := range strings.Fields(parts) {
			if i%share == 0 {
				exec(t, db, "ALTER TABLE "+table+" DROP PARTITION "+month)
			}
		}
	}
	for range 2 {
		insert(t, s, "a", rows)
		want(t, db, "SELECT count(), uniqExact(event_id) FROM events_raw", "1000 1000")
		want(t, db, "SELECT sum(purchases), sum(revenue) FROM daily_metrics_mv", "250 2562.5")
	}
	insert(t, s, "b", rows[:10])
	want(t, db, "SELECT count(), uniqExact(event_id) FROM events_raw", "1010 1000")
	if strings.Contains(log.String(), "lost") {
		t.Error(log.String())
	}
}

// TestRememberedButLost takes rows away behind the back of the tokens, as a server
// does that dies between noting a token and having its part.
func TestRememberedButLost(t *testing.T) {
	db := warehousetest.Open(t)
	build(t, db, "events_raw", "daily_metrics_mv")
	var log records
	s := open(t, db, &log)
	rows := someEvents(2000, 5)
	insert(t, s, "a", rows)
	insert(t, s, "b", rows[:100])
	exec(t, db, "ALTER TABLE events_raw DELETE WHERE _batch = 'stream/a' AND toMonth(timestamp) = toMonth(now()) SETTINGS mutations_sync = 2",
		fmt.Sprintf("CREATE TABLE _tiendi_stream_%016x (left_by UInt8) ENGINE = Memory", xxhash.Sum64String("events_rawstream/a")))
	for range 2 {
		insert(t, s, "a", rows)
		want(t, db, "SELECT count(), uniqExact(event_id), uniqExact(_position) FROM events_raw WHERE _batch = 'stream/a'", "2000 2000 2000")
		want(t, db, "SELECT count() FROM events_raw", "2100")
		want(t, db, "SELECT sum(purchases) FROM daily_metrics_mv", "525")
	}
	if !strings.Contains(log.String(), "lost rows") {
		t.Errorf("logged %q", log.String())
	}
	want(t, db, "SELECT name FROM system.tables WHERE database = currentDatabase() AND startsWith(name, '_tiendi')", "")
}

// TestViewsOfManyGroups has a view whose result comes in pieces, and a server that
// would cut blocks.
func TestViewsOfManyGroups(t *testing.T) {
	db := warehousetest.Open(t)
	build(t, db, "events_raw")
	exec(t, db,
		"CREATE TABLE by_event (event_id UUID, n UInt64) ENGINE = SummingMergeTree ORDER BY event_id",
		"CREATE MATERIALIZED VIEW by_event_mv TO by_event AS SELECT event_id, count() AS n FROM events_raw GROUP BY event_id",
		"CREATE MATERIALIZED VIEW own ENGINE = SummingMergeTree ORDER BY store_id AS SELECT store_id, count() AS n FROM events_raw GROUP BY store_id",
		"CREATE TABLE last (n UInt64) ENGINE = MergeTree ORDER BY n",
		"CREATE MATERIALIZED VIEW last_mv TO last AS SELECT n FROM by_event")
	cfg := db.Config()
	cfg.Settings = map[string]any{
		"max_insert_block_size": 1000, "use_strict_insert_block_limits": 1, "min_insert_block_size_rows": 10, "min_insert_block_size_bytes": 10,
		"group_by_two_level_threshold": 100, "max_threads": 4,
	}
	cutting, err := warehouse.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cutting.Close() })
	var log records
	s := open(t, cutting, &log)
	for _, table := range []string{"by_event", ".inner_id.", "last"} {
		if !strings.Contains(log.String(), table) {
			t.Errorf("%s does not remember inserts:\n%s", table, log.String())
		}
	}
	rows := someEvents(20000, 3)
	for range 3 {
		insert(t, s, "a", rows)
		for _, table := range []string{"by_event", "own", "last"} {
			want(t, db, "SELECT sum(n) FROM "+table, "20000")
		}
	}
	want(t, db, "SELECT table, count() FROM system.parts WHERE database = currentDatabase() AND NOT startsWith(table, '.') GROUP BY table ORDER BY table", "by_event 1\nevents_raw 3\nlast 1")
	log.text.Reset()
	if open(t, db, &log); log.String() != "" {
		t.Errorf("opened again, it says %s", log.String())
	}
}

func TestTableThatIsNotThere(t *testing.T) {
	db := warehousetest.Open(t)
	_, err := clickhouse.OpenEvents(t.Context(), clickhouse.Options{Warehouse: db, Database: db.Config().Database, Logger: new(records).logger()})
	if err == nil || !strings.Contains(err.Error(), "there is no table") {
		t.Errorf("%v", err)
	}
}

// TestExpiredEvents counts what the table gives up at once.
func TestExpiredEvents(t *testing.T) {
	db := warehousetest.Open(t)
	build(t, db, "events_raw")
	var log records
	s := open(t, db, &log)
	rows := someEvents(10, 1)
	for i := range 3 {
		rows[i].Timestamp = time.Now().AddDate(-2, 0, -1)
	}
	insert(t, s, "a", rows)
	exec(t, db, "OPTIMIZE TABLE events_raw FINAL") // at the latest now
	want(t, db, "SELECT count() FROM events_raw", "7")
	if !strings.Contains(log.String(), "expired=3 rows=10") {
		t.Errorf("logged %q", log.String())
	}
}
