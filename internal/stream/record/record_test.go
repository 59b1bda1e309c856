package record

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"reflect"
	"runtime"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/event"
)

func someBatch() *Batch {
	at := time.UnixMilli(1795000000123).UTC()
	full := Event{Country: "MX", Source: "search", Bot: true, Unsettled: true}
	full.BaseEvent = event.BaseEvent{
		EventID: event.ID(uuid.New()), Type: event.ProductViewed, Timestamp: at, SessionID: event.ID(uuid.New()),
		UserID: event.ID(uuid.New()), StoreID: event.ID(uuid.New()), Properties: []byte(`{"a":"ñ"}`),
		Context: event.Context{
			IP: "10.0.0.0", UserAgent: "agent", Referrer: "r", PageURL: "https://x", DeviceType: event.Mobile,
			OS: "iOS", Browser: "Safari", PageViewID: event.ID(uuid.New()),
		},
	}
	bare := Event{BaseEvent: event.BaseEvent{EventID: event.ID(uuid.New()), Type: event.HealthProbe, Timestamp: at.Add(-time.Hour), SessionID: event.ID(uuid.New())}}
	return &Batch{At: at, Source: Source{Log: "log", Next: 1 << 40, Prev: 7}, Run: "run", Events: []Event{full, bare}}
}

func somePublication() *Publication {
	id := func() event.ID { return event.ID(uuid.New()) }
	return &Publication{
		Kind: End, Watermark: time.UnixMilli(-5).UTC(), Run: "r",
		Updates: []Update{{
			Window:   Window{Grain: Day, By: ByStoreSource, Start: -60, StoreID: id(), ProductID: id(), Source: "direct"},
			Counts:   Counts{Views: 1, Carts: 2, Checkouts: 3, Purchases: 4, Units: 5, Revenue: -600},
			Revision: 9, Visitors: []byte{1, 2, 3},
		}, {}},
		Sessions: []Session{{
			SessionID: id(), StartedAt: time.UnixMilli(1).UTC(), EndedAt: time.UnixMilli(5000).UTC(), UserID: id(), Revision: 3,
			Closed: true, Events: 4, PageViews: 2, EntryURL: "a", ExitURL: "b", Device: event.Desktop, OS: "o", Browser: "b", Country: "c",
			Source: "s", Stores: []event.ID{id(), id()}, HasCart: true, PurchaseAfterCheckout: true, Engaged: true, ReachedStep: 5, Revenue: 12345,
		}, {Gone: true, Bounced: true, Stores: []event.ID{}, StartedAt: time.UnixMilli(0).UTC(), EndedAt: time.UnixMilli(0).UTC()}},
		Live: []Live{{StoreID: id(), Sessions: 300}, {Sessions: 1}},
	}
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	want := someBatch()
	var got Batch
	if err := ReadBatch(AppendBatch(nil, want), &got); err != nil || !reflect.DeepEqual(&got, want) {
		t.Errorf("a batch came back as\n%+v (%v), want\n%+v", got, err, want)
	}
	p := somePublication()
	back, err := ReadPublication(AppendPublication(nil, p))
	if err != nil || !reflect.DeepEqual(back, p) {
		t.Errorf("a publication came back as\n%+v (%v), want\n%+v", back, err, p)
	}
}

// TestDamage cuts and changes bytes: an error or another record, never a panic.
func TestDamage(t *testing.T) {
	batch, publication := AppendBatch(nil, someBatch()), AppendPublication(nil, somePublication())
	for n := range batch {
		if err := ReadBatch(batch[:n], new(Batch)); !errors.Is(err, ErrFormat) {
			t.Errorf("a batch of %d bytes: %v", n, err)
		}
	}
	for n := range publication {
		if _, err := ReadPublication(publication[:n]); !errors.Is(err, ErrFormat) {
			t.Errorf("a publication of %d bytes: %v", n, err)
		}
	}
	if err := ReadBatch(append(batch, 0), new(Batch)); !errors.Is(err, ErrFormat) {
		t.Errorf("a byte too many: %v", err)
	}
}

// TestCounts: a damaged count asks for no more memory than what is there can fill.
func TestCounts(t *testing.T) {
	const size = 1 << 20
	head := AppendHead(nil, &Batch{At: time.UnixMilli(0)}, size)
	batch := append(head, bytes.Repeat([]byte{0xff}, size)...)
	publication := append(binary.AppendUvarint([]byte{version, 0, 0, 0}, size), bytes.Repeat([]byte{0xff}, size)...)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if err := ReadBatch(batch, new(Batch)); !errors.Is(err, ErrFormat) {
		t.Errorf("a batch: %v", err)
	}
	if _, err := ReadPublication(publication); !errors.Is(err, ErrFormat) {
		t.Errorf("a publication: %v", err)
	}
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 8<<20 {
		t.Errorf("%d MB were allocated for two bodies of 1 MB", n>>20)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(AppendBatch(nil, someBatch()))
	f.Add(AppendPublication(nil, somePublication()))
	f.Fuzz(func(t *testing.T, body []byte) {
		var b Batch
		if ReadBatch(body, &b) == nil {
			var again Batch
			if err := ReadBatch(AppendBatch(nil, &b), &again); err != nil || len(again.Events) != len(b.Events) {
				t.Errorf("read, written, read: %v", err)
			}
		}
		if p, err := ReadPublication(body); err == nil {
			once := AppendPublication(nil, p)
			if q, err := ReadPublication(once); err != nil || !bytes.Equal(AppendPublication(nil, q), once) {
				t.Errorf("read, written, read: %v", err)
			}
		}
	})
}

func TestClock(t *testing.T) {
	start := time.UnixMilli(1795000000000).UTC()
	history := start.AddDate(-7, 0, 0)
	event := func(ts time.Time) []Event { return []Event{{BaseEvent: event.BaseEvent{Timestamp: ts}}} }
	var c Clock
	if w := c.Watermark(time.Minute); !w.IsZero() {
		t.Errorf("a clock that saw nothing: %v", w)
	}
	c.Fold(&Batch{Kind: Tick, At: start})
	for _, step := range []struct {
		b    Batch
		want time.Time
	}{
		{Batch{At: start, Events: event(history)}, history},
		{Batch{At: start.Add(time.Hour), Events: event(history.Add(-time.Hour))}, history}, // late
		{Batch{Kind: Tick, At: start.Add(2 * time.Hour)}, history.Add(2 * time.Hour)},
		{Batch{At: start.Add(3 * time.Hour), Events: event(history.Add(time.Hour))}, history.Add(2 * time.Hour)}, // later, and behind time
		{Batch{At: start.Add(4 * time.Hour), Events: event(history.Add(3 * time.Hour))}, history.Add(3 * time.Hour)},
		{Batch{Kind: Tick, At: start.Add(4*time.Hour + time.Second)}, history.Add(3*time.Hour + time.Second)},
	} {
		c.Fold(&step.b)
		if w := c.Watermark(time.Minute); !w.Equal(step.want.Add(-time.Minute)) {
			t.Errorf("after %+v: the watermark is %v, want %v", step.b, w, step.want.Add(-time.Minute))
		}
	}
}

func BenchmarkBatch(b *testing.B) {
	batch := someBatch()
	e := batch.Events[0]
	e.Properties = bytes.Repeat([]byte("x"), 200)
	e.Context.UserAgent = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/119.0 Mobile Safari/537.36"
	for batch.Events = nil; len(batch.Events) < 500; {
		e.EventID[0] = byte(rand.Uint32())
		batch.Events = append(batch.Events, e)
	}
	body := AppendBatch(nil, batch)
	b.Run("append", func(b *testing.B) {
		for b.Loop() {
			body = AppendBatch(body[:0], batch)
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(batch.Events)), "ns/event")
	})
	b.Run("read", func(b *testing.B) {
		var into Batch
		for b.Loop() {
			if err := ReadBatch(body, &into); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(batch.Events)), "ns/event")
	})
}
