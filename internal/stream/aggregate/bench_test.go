package aggregate

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// traffic is batches of 500 events of a shop: 200 stores and their 5,000 products of which
// few are popular, 20,000 visitors, so long.
func traffic(batches int, long time.Duration) []record.Batch {
	r := rand.New(rand.NewPCG(1, 1))
	products := rand.NewZipf(r, 1.1, 10, 4999)
	funnel := []event.Type{event.PageView, event.StoreVisited, event.ProductViewed, event.ProductViewed, event.ProductViewed, event.ProductViewed, event.ProductClick, event.AddToCart}
	log := make([]record.Batch, batches)
	for i := range log {
		at := begin.Add(time.Duration(i) * long / time.Duration(batches))
		log[i] = record.Batch{At: at, Events: make([]record.Event, 500)}
		for j := range log[i].Events {
			e := &log[i].Events[j]
			visitor, product := r.IntN(20_000), products.Uint64()
			e.SessionID, e.StoreID, e.Timestamp = id('s', visitor), id('t', int(product%200)), at.Add(-time.Duration(r.IntN(5000))*time.Millisecond)
			e.Source = []string{"direct", "search", "social", "newsletter"}[visitor%4]
			if e.Type = funnel[r.IntN(len(funnel))]; r.IntN(30) == 0 {
				e.Type = []event.Type{event.CheckoutStarted, event.PurchaseCompleted}[r.IntN(2)]
			}
			store, shown := e.StoreID, id('p', int(product))
			switch e.Type {
			case event.CheckoutStarted, event.PurchaseCompleted:
				e.Properties = fmt.Appendf(nil, `{"order_id":"%s","store_id":"%s","total":44.8,"subtotal":39.8,"delivery_fee":5,"items":[{"product_id":"%s","quantity":2,"price":19.9}],"payment_method":"card"}`, shown, store, shown)
			default:
				e.Properties = fmt.Appendf(nil, `{"product_id":"%s","store_id":"%s","product_name":"Termo 1 L","product_price":35.79,"product_category":"hogar","store_name":"La Esquina"}`, shown, store)
			}
		}
	}
	return log
}

func BenchmarkFold(b *testing.B) {
	log := traffic(400, 10*time.Minute)
	b.Run("flush=false", func(b *testing.B) { benchmarkLog(b, log, 0, 0) })
	b.Run("flush=true", func(b *testing.B) { benchmarkLog(b, log, 20, 0) }) // half a minute of it, 10,000 events
}

// BenchmarkPublish is two minutes of a partition that has 2,500 events a second, as a
// worker flushes it and keeps its state: what all sinks have to take for an event.
func BenchmarkPublish(b *testing.B) { benchmarkLog(b, traffic(600, 2*time.Minute), 5, 50) }

// benchmarkLog folds a log, flushes after so many batches, and keeps the state after so
// many; 0 for never.
func benchmarkLog(b *testing.B, log []record.Batch, flush, keep int) {
	events, sent := 0, 0
	for b.Loop() {
		a := New(someOptions())
		for i := range log {
			a.Fold(&log[i], uint64(i))
			events += len(log[i].Events)
			if flush > 0 && (i+1)%flush == 0 {
				_ = a.Flush(false, func(updates []record.Update) error { sent += len(updates); return nil })
			}
			if keep > 0 && (i+1)%keep == 0 {
				_ = a.Snapshot(io.Discard)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(events), "ns/event")
	b.ReportMetric(float64(sent)/float64(events), "updates/event")
}

// hundredThousand holds so many windows with 3 visitors each.
func hundredThousand() *Aggregator {
	a := New(someOptions())
	batch := record.Batch{At: begin}
	for i := range 50_000 {
		batch.Events = batch.Events[:0]
		for v := range 3 {
			e := record.Event{}
			e.Type, e.Timestamp, e.SessionID, e.StoreID = event.ProductViewed, begin, id('s', 3*i+v), id('t', i%100)
			e.Properties = []byte(`{"product_id":"` + id('p', i).String() + `"}`)
			batch.Events = append(batch.Events, e)
		}
		a.Fold(&batch, uint64(i))
	}
	_ = a.Flush(true, func([]record.Update) error { return nil })
	return a
}

func BenchmarkSnapshot(b *testing.B) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	a := hundredThousand()
	a.sketches = nil
	runtime.GC()
	runtime.ReadMemStats(&after)
	heap, windows := float64(after.HeapAlloc-before.HeapAlloc), float64(a.Stats().Windows)
	var snapshot bytes.Buffer
	b.Run("write", func(b *testing.B) {
		for b.Loop() {
			snapshot.Reset()
			if err := a.Snapshot(&snapshot); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(heap/windows, "heap-B/window")
		b.ReportMetric(float64(snapshot.Len())/windows, "B/window")
		b.ReportMetric(windows, "windows")
	})
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			if err := a.Restore(bytes.NewReader(snapshot.Bytes())); err != nil {
				b.Fatal(err)
			}
		}
	})
}
