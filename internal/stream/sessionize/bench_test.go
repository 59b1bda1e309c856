package sessionize

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// traffic is a shop's: a visit is some events a minute apart, on pages that many
// see, a page view id each.
type traffic struct {
	*rand.Rand
	pages  []string
	stores int
	sent   uint64
}

// id is one that a browser draws.
func (t *traffic) id(kind byte, n uint64) event.ID {
	var id event.ID
	binary.BigEndian.PutUint64(id[:], n*0x9E3779B97F4A7C15)
	id[6], id[15] = 0x40|id[6]&0x0f, kind
	return id
}

func (t *traffic) event(visit uint64, at time.Time) record.Event {
	t.sent++
	e := record.Event{Country: "MX", Source: "search"}
	e.EventID, e.SessionID, e.UserID = t.id(1, t.sent), t.id(2, visit), t.id(3, visit)
	e.Context.PageViewID, e.StoreID = t.id(4, t.sent), t.id(5, uint64(t.IntN(t.stores)))
	e.Type, e.Timestamp = event.ProductViewed, at
	e.Context.PageURL = t.pages[t.IntN(len(t.pages))]
	e.Context.DeviceType, e.Context.OS, e.Context.Browser = event.Mobile, "Android", "Chrome"
	e.Context.UserAgent = "Mozilla/5.0"
	return e
}

func newTraffic() *traffic {
	t := &traffic{Rand: rand.New(rand.NewPCG(1, 2)), stores: 2000}
	for i := range 20_000 {
		t.pages = append(t.pages, fmt.Sprintf("https://tiendi.example/p/d22b2662-23d9-53c3-a35a-%012d", i))
	}
	return t
}

// fill makes the next batch, of this many visitors at once, who stay for four
// events each. Who reads a batch has just decoded it, so it lies in the cache.
func (t *traffic) fill(b *record.Batch, visitors int) {
	b.Events = b.Events[:0]
	for range 500 {
		at := start.Add(time.Duration(t.sent) * time.Minute / time.Duration(visitors))
		visit := uint64(t.IntN(visitors)) + t.sent/uint64(visitors*4)*uint64(visitors)
		b.Events = append(b.Events, t.event(visit, at.Truncate(time.Millisecond)))
	}
	b.At = b.Events[0].Timestamp
}

// BenchmarkFold folds a million events, with a flush every 10,000.
func BenchmarkFold(b *testing.B) {
	for _, visitors := range []int{0, 1000, 100_000} {
		b.Run(fmt.Sprint(visitors), func(b *testing.B) {
			from := cpuTime(b)
			for b.Loop() {
				t, s, batch := newTraffic(), newSessionizer(b, shopOptions()), record.Batch{}
				for i := range uint64(2000) {
					t.fill(&batch, max(visitors, 1000))
					if visitors == 0 {
						continue // what the test itself costs
					}
					s.Fold(&batch, i)
					if i%20 == 19 {
						flushAway(b, s)
					}
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1e6, "ns/event")
			b.ReportMetric(float64((cpuTime(b)-from).Nanoseconds())/float64(b.N)/1e6, "cpu-ns/event")
		})
	}
}

func flushAway(b *testing.B, s *Sessionizer) {
	if err := s.Flush(false, func([]record.Session) error { return nil }); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkMillion holds a million open sessions of three or four events each.
func BenchmarkMillion(b *testing.B) {
	for b.Loop() {
		before, from := heap(), cpuTime(b)
		t, s, batch := newTraffic(), newSessionizer(b, shopOptions()), record.Batch{}
		for n := range uint64(3_400_000) {
			batch.Events = append(batch.Events, t.event(n%1_000_000, start.Add(time.Duration(n/4000)*time.Second)))
			if len(batch.Events) == 500 {
				s.Fold(&batch, n)
				batch.Events = batch.Events[:0]
			}
			if n%10_000 == 9999 {
				flushAway(b, s)
			}
		}
		if got := s.Stats(); got.Visitors != 1_000_000 {
			b.Fatalf("%+v is not a million sessions", got)
		}
		b.ReportMetric(float64((cpuTime(b)-from).Nanoseconds())/3.4e6, "cpu-ns/event")
		b.ReportMetric(float64(heap()-before)/1e6, "heap-MB")
		b.ReportMetric(float64(s.visitors.memory.Bytes())/1e6, "outside-MB")
		snapshotOfMany(b, s)
	}
}

func snapshotOfMany(b *testing.B, s *Sessionizer) {
	var kept bytes.Buffer
	kept.Grow(256 << 20) // a buffer that grows costs more than the snapshot
	from := cpuTime(b)
	if err := s.Snapshot(&kept); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64((cpuTime(b) - from).Milliseconds()), "snapshot-cpu-ms")
	b.ReportMetric(float64(kept.Len())/1e6, "snapshot-MB")
	other := newSessionizer(b, shopOptions())
	from = cpuTime(b)
	if err := other.Restore(&kept); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64((cpuTime(b) - from).Milliseconds()), "restore-cpu-ms")
}

// cpuTime is what the process has used of the processors, its collector included:
// on a machine that does other work, the clock tells nothing.
func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
