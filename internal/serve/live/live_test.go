package live_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/cache/cachetest"
	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/serve/live"
	"github.com/tiendi/tiendi/internal/stream/record"
	"github.com/tiendi/tiendi/internal/stream/sink/redis"
	"github.com/tiendi/tiendi/internal/stream/sketch"
)

var (
	madrid, _ = time.LoadLocation("Europe/Madrid")
	// now is half past midnight in Madrid, and still yesterday in UTC.
	now   = time.Date(2026, 11, 19, 23, 30, 20, 0, time.UTC)
	store = event.ID{15: 1}
	shoe  = event.ID{15: 2}
)

// window is one of today's, or of a minute that began so long ago.
func window(grain record.Grain, by record.By, ago time.Duration, source string, c record.Counts) record.Update {
	w := record.Window{Grain: grain, By: by, StoreID: store, Source: source, Start: now.Truncate(time.Minute).Add(-ago).Unix()}
	if grain == record.Day {
		w.Start = time.Date(2026, 11, 20, 0, 0, 0, 0, madrid).Unix()
	}
	if by == record.ByProduct {
		w.ProductID = shoe
	}
	return record.Update{Window: w, Counts: c, Revision: 1}
}

// TestReadsWhatTheStreamWrites has the sink write, so that the two agree on the keys.
func TestReadsWhatTheStreamWrites(t *testing.T) {
	address := "unix://" + cachetest.Start(t)
	target, err := redis.New(redis.Config{URL: address, Zone: madrid})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = target.Close() })
	r, err := live.New(address, madrid)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	empty, err := r.Read(t.Context(), store, now)
	if err != nil || empty.Today != (live.Counts{}) || empty.AsOf != nil || len(empty.Minutes) != 60 || empty.Products == nil {
		t.Fatalf("before anything: %+v, %v", empty, err)
	}
	whole := window(record.Day, record.ByStore, 0, "", record.Counts{Views: 7, Carts: 3, Checkouts: 2, Purchases: 1, Units: 4, Revenue: 1203350})
	whole.Visitors = visitors(5)
	for partition, p := range []*record.Publication{
		{Watermark: now.Add(-time.Second), Updates: []record.Update{
			whole,
			window(record.Day, record.ByProduct, 0, "", record.Counts{Views: 6}),
			window(record.Day, record.ByStoreSource, 0, "ñandú & co", record.Counts{Views: 4}),
			window(record.Day, record.ByStoreSource, 0, "", record.Counts{Views: 3}),
			window(record.Minute, record.ByStore, 0, "", record.Counts{Views: 2}),
			window(record.Minute, record.ByStore, 59*time.Minute, "", record.Counts{Views: 5, Revenue: -99}),
			window(record.Minute, record.ByStore, 60*time.Minute, "", record.Counts{Views: 100}),
		}},
		{Watermark: now.Add(-2 * time.Second), Live: []record.Live{{StoreID: store, Sessions: 1}, {Sessions: 2}}},
	} {
		from := broker.Progress{Partition: partition}
		if err := target.Apply(t.Context(), from, broker.Progress{Log: "log", Partition: partition, Next: 1}, []*record.Publication{p}); err != nil {
			t.Fatal(err)
		}
	}
	got, err := r.Read(t.Context(), store, now)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"store":"00000000-0000-0000-0000-000000000001","day":"2026-11-20"`,
		`"today":{"views":7,"carts":3,"checkouts":2,"purchases":1,"units":4,"live_revenue":"12033.50"},"visitors":5,"sessions":1`,
		`"minutes":[{"start":"2026-11-19T22:31:00Z","views":5,"carts":0,"checkouts":0,"purchases":0,"units":0,"live_revenue":"-0.99"},`,
		`{"start":"2026-11-19T23:30:00Z","views":2,`,
		`"products":[{"name":"00000000-0000-0000-0000-000000000002","views":6}]`,
		`"sources":[{"name":"ñandú \u0026 co","views":4},{"name":"","views":3}]`,
		`"as_of":"2026-11-19T23:30:18Z"`,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%s\nlacks %s", text, want)
		}
	}
	if other, err := r.Read(t.Context(), event.ID{15: 9}, now); err != nil || other.Today.Views != 0 || other.Sessions != 0 {
		t.Errorf("another store: %+v, %v", other, err)
	}
}

func visitors(n int) []byte {
	var s sketch.Sketch
	for i := range n {
		s.Add(sketch.Hash([]byte(fmt.Sprint(i))))
	}
	return s.AppendRedis(nil)
}

func TestRedisIsStrangeOrAway(t *testing.T) {
	s := cachetest.New(t)
	r, err := live.New("redis://"+s.Addr, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	c := goredis.NewClient(&goredis.Options{Addr: s.Addr})
	t.Cleanup(func() { _ = c.Close() })
	if err := c.HSet(t.Context(), "tiendi:day:2026-11-19:"+store.String(), "views", "many").Err(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Read(t.Context(), store, now); err == nil || !strings.Contains(err.Error(), "is no number") {
		t.Errorf("a figure that is none: %v", err)
	}
	s.Kill()
	if _, err := r.Read(t.Context(), store, now); err == nil || !strings.Contains(err.Error(), "live figures from Redis") {
		t.Errorf("Redis is away: %v", err)
	}
	if _, err := live.New("redis://user:hunter2@[x", time.UTC); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("a bad URL: %v", err)
	}
}
