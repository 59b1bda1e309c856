package archive_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/archive"
	"github.com/tiendi/tiendi/internal/blob/folder"
	"github.com/tiendi/tiendi/internal/stream/record"
	"github.com/tiendi/tiendi/internal/warehouse"
	"github.com/tiendi/tiendi/internal/warehouse/warehousetest"
)

const benchEvents = 50_000

// bodies are messages of 100 events each, of 700 bytes as a shop's are: ids that do not
// compress, and texts that do.
func bodies() (all [][]byte, size int64) {
	r := rand.New(rand.NewPCG(1, 1))
	id := func() string {
		var u uuid.UUID
		for i := range u {
			u[i] = byte(r.Uint32())
		}
		return u.String()
	}
	sessions, stores := make([]string, 500), make([]string, 50)
	for i := range sessions {
		sessions[i] = id()
	}
	for i := range stores {
		stores[i] = id()
	}
	at := began
	for range benchEvents / 100 {
		var b bytes.Buffer
		for range 100 {
			at = at.Add(time.Duration(r.IntN(100)) * time.Millisecond)
			store := r.IntN(len(stores))
			fmt.Fprintf(&b, `{"event_id":"%s","event_type":"product_viewed","timestamp":"%s","session_id":"%s","user_id":"%s","context":{"ip":"198.51.%d.0","user_agent":"Mozilla/5.0 (Linux; Android 14; SM-A546E) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Mobile Safari/537.36","referrer":"https://www.google.com/","page_url":"https://tiendi.example/t/store-%d/p/%d","device_type":"mobile","os":"Android","browser":"Chrome","page_view_id":"%s"},"properties":{"product_id":"%s","product_name":"Cuaderno %d","product_price":%d.90,"product_category":"papeleria","store_id":"%s","store_name":"Store %d"}}`+"\n",
				id(), at.Format("2006-01-02T15:04:05.000Z"), sessions[r.IntN(len(sessions))], sessions[r.IntN(len(sessions))], r.IntN(256), store, r.IntN(1000), id(), stores[r.IntN(len(stores))], r.IntN(1000), r.IntN(100), stores[store], store)
		}
		all = append(all, b.Bytes())
		size += int64(b.Len())
	}
	return all, size
}

// shelve writes them as one file.
func shelve(b *testing.B, a *archive.Archive, all [][]byte) {
	b.Helper()
	p := archive.NewPart(record.TopicRaw)
	for _, body := range all {
		if err := p.Add(body); err != nil {
			b.Fatal(err)
		}
	}
	span := archive.Span{Topic: record.TopicRaw, Log: log, To: uint64(len(all)), Began: began}
	if err := a.Write(b.Context(), span, p); err != nil {
		b.Fatal(err)
	}
}

// processorTime is what this process has used. The machine may have other work.
func processorTime(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func perEvent(b *testing.B, before time.Duration) {
	b.ReportMetric(float64((processorTime(b)-before).Nanoseconds())/1e3/float64(b.N)/benchEvents, "cpu-µs/event")
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/benchEvents, "µs/event")
	b.ReportMetric(float64(b.N)*benchEvents/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkWrite is what archiving costs a worker, the disk included.
func BenchmarkWrite(b *testing.B) {
	all, size := bodies()
	a := archive.New(folder.New(b.TempDir()), "", 0)
	b.SetBytes(size)
	before := processorTime(b)
	for b.Loop() {
		shelve(b, a, all)
	}
	perEvent(b, before)
	for f, err := range a.List(b.Context(), record.TopicRaw, time.Time{}, time.Time{}) {
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(size)/float64(f.Size), "ratio")
	}
}

// BenchmarkRead is reading back with all that is checked.
func BenchmarkRead(b *testing.B) {
	all, size := bodies()
	a := archive.New(folder.New(b.TempDir()), "", 0)
	shelve(b, a, all)
	b.SetBytes(size)
	before := processorTime(b)
	for b.Loop() {
		n := 0
		for f, err := range a.List(b.Context(), record.TopicRaw, time.Time{}, time.Time{}) {
			if err == nil {
				_, err = a.Read(b.Context(), f, func([]byte) error { n++; return nil })
			}
			if err != nil {
				b.Fatal(err)
			}
		}
		if n != benchEvents {
			b.Fatalf("%d lines", n)
		}
	}
	perEvent(b, before)
}

// BenchmarkClickHouse is the engine reading the same files by itself.
func BenchmarkClickHouse(b *testing.B) {
	db := warehousetest.Open(b)
	all, size := bodies()
	dir := b.TempDir()
	shelve(b, archive.New(folder.New(dir), "", 0), all)
	from := "file(" + warehouse.Literal(dir+"/analytics.raw/date=*/hour=*/*.ndjson.zst") +
		", 'JSONEachRow', 'event_id UUID, event_type String, timestamp String, session_id UUID, user_id UUID, context String, properties String')"
	b.SetBytes(size)
	before := processorTime(b)
	for b.Loop() {
		rows, err := db.Query(b.Context(), "SELECT count(), sum(cityHash64(event_id, event_type, timestamp, session_id, user_id, context, properties)) FROM "+from)
		if err != nil {
			b.Fatal(err)
		}
		var n, sum uint64
		if !rows.Next() || rows.Scan(&n, &sum) != nil || n != benchEvents {
			b.Fatalf("%d rows, %v", n, rows.Err())
		}
		_ = rows.Close()
	}
	perEvent(b, before)
}
